"""What is known of an operation before any call of it comes, so that a call looks only for what can be there.

Source: AWS's reference and `reference/operations/`, and the functions of `planned/<service>_rules.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from botocore import xform_name

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_kms import HOLDS_A_KEY
from iamsim.authorization.planned_roles import HOLDS_A_ROLE
from iamsim.authorization.planned_tags import UNTAGS, tag_members
from iamsim.reference.actions import action
from iamsim.reference.default_access import NeededAction, OperationAccess
from iamsim.reference.operation_access import operation_access
from iamsim.reference.overlay import is_declared
from iamsim.reference.service_model import service_model

Rule = Callable[[Asked], Iterable[Check]]
Refine = Callable[[Asked, list[Check]], list[Check]]
Keys = Callable[[Asked], dict[str, Any]]
DEFAULTS = {  # what a call means that names none
    "athena": {"WorkGroup": "primary"},
    "ecs": {"cluster": "default", "clusterName": "default"},
    "scheduler": {"GroupName": "default"},
}


@dataclass(frozen=True, slots=True)
class Outline:
    """One operation: what the layers below a mock say of it, and what its input can have in it."""

    access: OperationAccess
    main: tuple[NeededAction, ...]  # of `access`: the operation's own actions,
    tagging: tuple[NeededAction, ...]  # what it takes to tag what is made,
    beside: tuple[NeededAction, ...]  # and what else depends on them
    rule: Rule | None  # the main checks, instead of those that follow from `access`
    refine: Refine | None  # the main checks that follow from `access`, made better
    keys: Keys | None  # condition keys of every call
    forwarded: Rule | None  # what the service asks of other services for the caller
    encrypted: Keys | None  # the encryption context under which the service uses a KMS key
    default: tuple[str, str] | None  # a member, and what a call means that leaves it out
    tag_members: tuple[str, ...]
    untags: bool
    may_hold_roles: bool
    may_hold_keys: bool

    @property
    def reaches_out(self) -> bool:
        """Whether another service may ask for something, too."""
        return self.may_hold_roles or self.may_hold_keys or self.forwarded is not None

    @property
    def is_unknown(self) -> bool:
        """Whether nobody says which action allows the operation."""
        return self.access.assumed is not None and self.rule is None


@lru_cache(maxsize=8192)
def outline(service: str, operation: str) -> Outline:
    """What is known of the operation of botocore's `service`."""
    rules, shape = rules_of(service), service_model(service).operation_model(operation).input_shape
    names = set(_names(shape, set())) if shape is not None else set()
    access = known_access(service, operation)
    main = tuple(needed for needed in access.needed if not needed.dependent)
    prefix = main[0].action.partition(":")[0] if main else ""
    dependent = [needed for needed in access.needed if needed.dependent]
    tagging = tuple(needed for needed in dependent if _tags(needed, prefix))
    members = shape.members if shape is not None else ()
    defaults = (each for each in DEFAULTS.get(service, {}).items() if each[0] in members)
    return Outline(
        access=access,
        main=main,
        tagging=tagging,
        beside=tuple(needed for needed in dependent if needed not in tagging and _is_beside(needed, prefix)),
        rule=rule_of(service, operation) if not is_declared(service, operation) else None,
        refine=getattr(rules, "refine", None),
        keys=getattr(rules, "keys", None),
        forwarded=getattr(rules, "forwarded", None),
        encrypted=getattr(rules, "encryption_context", None),
        default=next(defaults, None),
        tag_members=tag_members(service, operation),
        untags=operation.startswith(UNTAGS),
        may_hold_roles=any(map(HOLDS_A_ROLE.search, names)),
        may_hold_keys=any(map(HOLDS_A_KEY.search, names)) or (service, operation) == ("ssm", "PutParameter"),
    )


@lru_cache(maxsize=4096)
def known_access(service: str, operation: str) -> OperationAccess:
    """What the reference says of the operation, kept."""
    return operation_access(service, operation)


@lru_cache(maxsize=4096)
def rule_of(service: str, operation: str) -> Rule | None:
    """The function of `planned/<service>_rules.py` that is named as the operation is."""
    module = rules_of(service)
    return getattr(module, xform_name(operation), None) if module is not None else None


@lru_cache(maxsize=512)
def rules_of(service: str) -> ModuleType | None:
    """The module with the rules of botocore's `service`, None if it needs none."""
    name = f"iamsim.authorization.planned.{service.replace('-', '_')}_rules"
    return import_module(name) if find_spec(name) is not None else None


def _tags(needed: NeededAction, prefix: str) -> bool:
    found = action(needed.action)
    return found is not None and found.access_level == "Tagging" and found.prefix == prefix


def _is_beside(needed: NeededAction, prefix: str) -> bool:
    """Whether it is for beside(): planned_roles.py has those of IAM, planned_kms.py those of KMS for other services."""
    found = action(needed.action)
    if needed.action.startswith("iam:") or (needed.action.startswith("kms:") and prefix != "kms"):
        return False
    return bool(needed.resources) and not (found is not None and found.access_level == "Tagging")


def _names(shape: Any, seen: set[str]) -> Iterator[str]:
    """The names of all members of the shape, at any depth."""
    if shape.type_name == "list":
        yield from _names(shape.member, seen)
    elif shape.type_name == "map":
        yield from _names(shape.value, seen)
    elif shape.type_name == "structure" and shape.name not in seen:
        seen.add(shape.name)
        for name, member in shape.members.items():
            yield name
            yield from _names(member, seen)
