"""What a call must be allowed: which actions, on which resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.reference.tags import tags_in
from iamsim.request import Call, Required, Target


def required(call: Call) -> list[Required]:
    """Everything that must be allowed for `call` to run, in the order in which a denial is reported (O-9).

    The rule is the operation's own name on the resources that it names (O-1), unless service.yaml says otherwise.
    """
    definition, name = call.definition, call.operation.name
    rule = definition.rule(name)
    if not rule.needs_permission:
        return []
    if rule.function is not None:
        return list(definition.functions[rule.function](call))
    action = rule.action or f"{definition.prefix}:{name}"
    if rule.resource is not None and (rule.resource == "*" or rule.resource.startswith("arn:")):
        needed = [Required(action, _filled_in(rule.resource, call))]
    elif call.targets:
        needed = [Required(action, target.arn, _tags_to_be(call, target), target) for target in call.targets]
    else:
        needed = [Required(action)]
    needed += _tagging(call)
    return needed


def _tagging(call: Call) -> Iterator[Required]:
    """The permission to tag, where a call creates a resource with tags (O section 7)."""
    for target in call.targets:
        tags = call.definition.nouns[target.kind].tags
        if tags and tags.at_create and tags.tag and call.operation.name != tags.tag and call.params.get(tags.at_create):
            rule = call.definition.rule(tags.tag)
            action = rule.action or f"{call.definition.prefix}:{tags.tag}"
            yield Required(action, target.arn, _tags_to_be(call, target), target)


def _tags_to_be(call: Call, target: Target) -> dict[str, Any]:
    """aws:ResourceTag/* of a resource that the call creates: the tags that it will have (context-keys section 4)."""
    tags = call.definition.nouns[target.kind].tags
    if target.resource is not None or tags is None or tags.tag is None or tags.at_create is None:
        return {}
    if call.operation.name == tags.tag:
        return {}
    return {f"aws:ResourceTag/{key}": value for key, value in tags_in(call.params.get(tags.at_create)).items()}


def _filled_in(template: str, call: Call) -> str:
    return template.format(
        partition=call.operation.partition,
        region=call.operation.region,
        account=call.principal.account or call.cloud.account,
    )
