"""What a call must be allowed: which actions, on which resources, with which condition keys.

Three layers, each overriding the one before: AWS's reference (`reference/`); what the reference cannot say, as rules
(`reference/operations/`, `planned/`); and what the mock of the service says in its service.yaml and access.py. A mock
that says nothing of an operation has it from the layers below, with the resources that its nouns locate. `iamsim
authorize-plan` goes the same way, in a cloud in which nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from inspect import signature
from typing import Any

from iamsim.authorization.asked import Asked
from iamsim.authorization.outline import Outline, outline
from iamsim.authorization.plan import beside, from_outside, main_checks, tagging
from iamsim.authorization.planned_keys import add_mirrors
from iamsim.authorization.planned_tags import add_tag_keys
from iamsim.authorization.unknown import UnknownAction
from iamsim.reference.default_access import PASS_ROLE
from iamsim.reference.definition import AccessRule
from iamsim.reference.values import Setting
from iamsim.request import Call, Required

PASSED_TO = "iam:PassedToService"


def required(call: Call) -> list[Required]:
    """Everything that must be allowed for `call` to run, in the order in which a denial is reported (O-9).

    Raises UnknownAction for an operation of which nobody says what allows it, and what the mock's own rule raises.
    """
    rule = call.definition.rule(call.operation.name)
    if not rule.needs_permission:
        return []
    asked, known = asked_by(call)
    needed, further = said_by_mock(call, rule, partial(main_checks, asked, known)), []
    if needed is None:
        if known.is_unknown:
            raise UnknownAction(call.operation, known.access)
        needed = main_checks(asked, known)
        further = list(beside(asked, known, needed)) if known.beside else []
    if rule.function is None and not asked.tag_members.isdisjoint(asked.params):
        _add(needed, _tagging_by_mock(call))
    if rule.function is None and known.tagging:
        _add(needed, tagging(asked, known, needed))
    if known.reaches_out:
        _add(needed, from_outside(asked, known))
    _add(needed, further)
    _add_keys(call, asked, known, needed)
    return needed


def with_keys(call: Call, needed: Required) -> Required:
    """What a mock asks for while the call runs, with the condition keys that all checks of the call have."""
    asked, known = asked_by(call)
    _add_keys(call, asked, known, [needed])
    return needed


def asked_by(call: Call) -> tuple[Asked, Outline]:
    """The call as the rules see it, and what is known of its operation."""
    operation, definition, params = call.operation, call.definition, call.params
    known = outline(operation.service, operation.name)
    if known.default is not None and known.default[0] not in params:
        params = {**params, known.default[0]: known.default[1]}
    asked = Asked(
        operation.service,
        operation.name,
        operation.model,
        params,
        Setting(operation.partition, operation.region, _account(call)),
        definition.prefix,
        call.principal.arn,
        call.located,
        call.cloud.sources,
        definition.tag_members,
    )
    return asked, known


def said_by_mock(call: Call, rule: AccessRule, below: Callable[[], list[Required]]) -> list[Required] | None:
    """What the mock's service.yaml or access.py says of the operation; None if it says nothing.

    A function of access.py that takes two arguments is given `below`, which says what the layers below would.
    """
    if rule.function is not None:
        function = call.definition.functions[rule.function]
        return list(function(call, below) if _takes_two(function) else function(call))
    if rule.action is None and rule.resource is None:
        return None
    action = rule.action or f"{call.definition.prefix}:{call.operation.name}"
    if rule.resource is not None and (rule.resource == "*" or rule.resource.startswith("arn:")):
        return [Required(action, _filled_in(rule.resource, call))]
    return [Required(action, target.arn, target=target) for target in call.targets] or [Required(action)]


def _tagging_by_mock(call: Call) -> Iterator[Required]:
    """The permission to tag, where service.yaml says that a call makes a resource with tags (O section 7)."""
    for target in call.targets:
        tags = call.definition.nouns[target.kind].tags
        if tags and tags.at_create and tags.tag and call.operation.name != tags.tag and call.params.get(tags.at_create):
            rule = call.definition.rule(tags.tag)
            yield Required(rule.action or f"{call.definition.prefix}:{tags.tag}", target.arn, target=target)


def _add_keys(call: Call, asked: Asked, known: Outline, checks: list[Required]) -> None:
    """Add the condition keys that follow from the call. A key that a check has already stays as it is."""
    own: dict[str, Any] = known.keys(asked) if known.keys is not None else {}
    context = call.definition.context
    if context is not None:
        own = {**own, **call.definition.functions[context](call)}
    prefix = f"{asked.prefix}:"
    for check in checks:
        if check.action.startswith(prefix):
            check.context = {**own, **check.context} if own else check.context
    if known.tag_members or known.untags or not asked.tag_members.isdisjoint(asked.params):
        add_tag_keys(asked, checks, known.untags)
    for check in checks:
        if check.action.startswith(prefix):
            add_mirrors(asked, check)
        if check.context and None in check.context.values():
            check.context = {key: value for key, value in check.context.items() if value is not None}


def _add(checks: list[Required], others: Iterable[Required]) -> None:
    """Add the others to the checks, each action and resource once; a role, once for each service that gets it."""
    given = {_identity(check) for check in checks}
    for other in others:
        if _identity(other) not in given:
            given.add(_identity(other))
            checks.append(other)


def _identity(check: Required) -> tuple[str, str, Any]:
    return check.action, check.resource, check.context.get(PASSED_TO) if check.action == PASS_ROLE else None


@cache
def _takes_two(function: Callable[..., Any]) -> bool:
    return len(signature(function).parameters) == 2


def _filled_in(template: str, call: Call) -> str:
    return template.format(
        partition=call.operation.partition,
        region=call.operation.region,
        account=_account(call),
    )


def _account(call: Call) -> str:
    principal = call.principal
    return principal.account or principal.source_account or call.cloud.account
