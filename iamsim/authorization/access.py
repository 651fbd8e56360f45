"""What a call must be allowed: which actions, on which resources."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.request import Call, Required


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
        needed = [Required(action, target.arn, target=target) for target in call.targets]
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
            yield Required(rule.action or f"{call.definition.prefix}:{tags.tag}", target.arn, target=target)


def _filled_in(template: str, call: Call) -> str:
    return template.format(
        partition=call.operation.partition,
        region=call.operation.region,
        account=call.principal.account or call.cloud.account,
    )
