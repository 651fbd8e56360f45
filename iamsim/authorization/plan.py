"""What any call of any service must be allowed, by AWS's reference and the rules in `planned/`: no state is asked.

The order is that in which a denial is reported (O-9): main action, further resources, tags, PassRole, forwarded calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from botocore import xform_name

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_keys import add_keys, add_mirrors
from iamsim.authorization.planned_kms import kms_checks
from iamsim.authorization.planned_roles import passed_roles
from iamsim.authorization.planned_tags import request_tags, tags_of
from iamsim.reference.actions import action
from iamsim.reference.default_access import NeededAction, OperationAccess
from iamsim.reference.operation_access import operation_access
from iamsim.reference.values import reader

Rule = Callable[[Asked], Iterable[Check]]
DEFAULTS = {  # what a call means that names none
    "athena": ("WorkGroup", "primary"),
    "ecs": ("cluster", "default"),
    "scheduler": ("GroupName", "default"),
}
VERBS = ("Create", "Put", "Register", "Import", "Allocate", "Start", "Run", "Request", "Copy", "Restore", "Purchase")


def planned(asked: Asked) -> list[Check]:
    """All checks of the call; none for an operation that needs no permission."""
    access = known_access(asked.service, asked.operation)
    rule = rule_of(asked.service, asked.operation)
    member, value = DEFAULTS.get(asked.service, ("", ""))
    shape = asked.model.input_shape
    if member and shape is not None and member in shape.members and member not in asked.params:
        asked = replace(asked, params={**asked.params, member: value})
    if rule is None and not access.needed:
        return _with_keys(asked, [Check(access.assumed)]) if access.assumed else []  # O-8
    checks = list(rule(asked)) if rule is not None else list(main_checks(asked, access))
    refine = getattr(rules_of(asked.service), "refine", None)
    if refine is not None and rule is None:
        checks = list(refine(asked, checks))
    tagging, beside = _beside(asked, access, checks)
    _add(checks, tagging, *_from_outside(asked, access), beside)
    return _with_keys(asked, checks)


def with_outside(asked: Asked, checks: list[Check]) -> list[Check]:
    """`checks` of a mock with those that other services make: iam:PassRole and KMS."""
    without_state = getattr(rules_of(asked.service), "without_state", None)
    if without_state is not None:
        without_state(asked, checks)
    _add(checks, *_from_outside(asked, known_access(asked.service, asked.operation)))
    for check in checks:
        add_keys(asked, check, {}, {})
    return checks


def _from_outside(asked: Asked, access: OperationAccess) -> Iterator[Iterable[Check]]:
    rules = rules_of(asked.service)
    yield passed_roles(asked, access)
    under = getattr(rules, "encryption_context", None)
    yield kms_checks(asked, access, under(asked) if under is not None else {})
    forwarded = getattr(rules, "forwarded", None)
    if forwarded is not None:
        yield forwarded(asked)


def _add(checks: list[Check], *others: Iterable[Check]) -> None:
    """Add the others to the checks, each action and resource once."""
    known = {(check.action, check.resource) for check in checks}
    for other in others:
        for check in other:
            if (check.action, check.resource) not in known:
                known.add((check.action, check.resource))
                checks.append(check)


def _with_keys(asked: Asked, checks: list[Check]) -> list[Check]:
    """The checks with the condition keys that follow from the input; those that a check has already are kept."""
    tags = request_tags(asked)
    more = getattr(rules_of(asked.service), "keys", None)
    own = more(asked) if more is not None else {}
    for check in checks:
        add_keys(asked, check, tags, own)
        if check.action.startswith(asked.prefix):
            add_mirrors(asked, check)
    return checks


def main_checks(asked: Asked, access: OperationAccess) -> Iterator[Check]:
    """The operation's own actions on the resources that the input names."""
    for needed in access.needed:
        if not needed.dependent:
            for arn in arns_of(needed, asked):
                yield Check(needed.action, arn)


def arns_of(needed: NeededAction, asked: Asked) -> list[str]:
    """The ARNs to decide on; where nothing names one, any of the one type that it can be, else `*`."""
    setting = asked.setting.owned_by(asked.params, asked.prefix)
    request = {"partition": setting.partition, "region": setting.region, "account": setting.account}
    found = needed.arns(asked.params, request)
    if len(found) < 2 or len(needed.resources) < 2 or found != [each.of_any(request) for each in needed.resources]:
        return found
    if any(each.required for each in needed.resources):
        return found
    noun = _noun(asked.operation)
    own = [each.of_any(request) for each in needed.resources if each.type.replace("-", "").lower() == noun]
    return own[:1] or (found if len({each.type for each in needed.resources}) == 1 else ["*"])


def _beside(asked: Asked, access: OperationAccess, checks: list[Check]) -> tuple[list[Check], list[Check]]:
    """Dependent actions: to tag, where there are tags; and what is done to resources that the input names in full.

    Without those that are among `checks` already.
    """
    given = {check.action for check in checks}
    tagging, beside = [], []
    for needed in access.needed:
        if not needed.dependent or needed.action.startswith("iam:") or needed.action in given:
            continue  # planned_roles.py
        if needed.action.startswith("kms:") and asked.prefix != "kms":
            continue  # planned_kms.py
        found = action(needed.action)
        if found is not None and found.access_level == "Tagging":
            if found.prefix == asked.prefix and tags_of(asked):
                key = f"{asked.prefix}:CreateAction"
                context = {key: asked.operation} if key in needed.condition_keys else {}
                tagging += [Check(needed.action, arn, dict(context)) for arn in _tagged(needed, asked, checks)]
        elif needed.resources and _names_all(needed, asked):
            beside += [Check(needed.action, arn) for arn in arns_of(needed, asked)]
    return tagging, beside


def _tagged(needed: NeededAction, asked: Asked, checks: list[Check]) -> list[str]:
    """What is tagged: of the main resources the first that can be, else what the input says."""
    found = arns_of(needed, asked)
    kinds = action(needed.action)
    templates = [each for kind in (kinds.resource_types if kinds else ()) for each in kind.type.templates]
    made = [check.resource for check in checks if any(reader(each).fullmatch(check.resource) for each in templates)]
    return found if not made or set(found) <= set(made) or needed.reason.startswith("written down") else made[:1]


def _names_all(needed: NeededAction, asked: Asked) -> bool:
    if needed.reason.startswith("written down") or any(not each.is_named_in_full for each in needed.resources):
        return False
    setting = asked.setting.owned_by(asked.params, asked.prefix)
    request = {"partition": setting.partition, "region": setting.region, "account": setting.account}
    return all(each.arns(asked.params, request) for each in needed.resources)


@lru_cache(maxsize=4096)
def known_access(service: str, operation: str) -> OperationAccess:
    """What the reference says of the operation, kept."""
    return operation_access(service, operation)


@lru_cache(maxsize=4096)
def rule_of(service: str, operation: str) -> Rule | None:
    """The function of `planned/<service>.py` that is named as the operation is."""
    module = rules_of(service)
    return getattr(module, xform_name(operation), None) if module is not None else None


@lru_cache(maxsize=512)
def rules_of(service: str) -> ModuleType | None:
    """The module with the rules of botocore's `service`, None if it needs none."""
    name = f"iamsim.authorization.planned.{service.replace('-', '_')}_rules"
    return import_module(name) if find_spec(name) is not None else None


@lru_cache(maxsize=4096)
def _noun(operation: str) -> str:
    """What the operation makes, in lower case: `loadbalancer` of `CreateLoadBalancer`."""
    verb: Any = next((each for each in VERBS if operation.startswith(each)), "")
    return operation[len(verb) :].lower() if verb else ""
