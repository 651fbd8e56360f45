"""One scenario: a request, every policy that can bear on it, and for a test the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from iamsim.errors import UsageError
from iamsim.policy import Access, Policies, Policy, PolicySyntaxError, PolicyType, Principal, PrincipalKind
from iamsim.policy.validation import Finding, validate
from iamsim.tools.infer_context import inferred_context
from iamsim.tools.principals import principal_named

FIELDS = (
    "id", "principal", "action", "resource", "resource_account", "wildcard_only_action", "context", "infer_context",
    "identity_policies", "permissions_boundary", "session_policies", "resource_policy", "scps", "rcps",
    "vpc_endpoint_policy", "settings", "expect", "expect_blocked_by", "group", "note",
)  # fmt: skip
SETTINGS = ("s3_block_public_access",)
DECISIONS = ("allowed", "explicitDeny", "implicitDeny")
LAYERS = (
    "rcps", "scps", "vpc_endpoint_policy", "resource_policy", "s3_block_public_access", "identity_policies",
    "permissions_boundary", "session_policies",
)  # fmt: skip
# What AWS refuses when a policy is saved today, while it still honours such policies that were saved earlier (L-12),
# and what depends on where a policy is saved.
STILL_HONOURED = frozenset({"M-2", "section 10"})

IsWildcardOnly = Callable[[str], bool]  # whether an action has no resource types


class PolicyProblem(UsageError):
    """A policy of a scenario that cannot be used: which one, what is wrong, and where in it."""

    def __init__(self, policy: str, message: str, line: int | None, column: int | None) -> None:
        place = f", line {line}, column {column}" if line is not None else ""
        super().__init__(f"{policy}{place}: {message}")
        self.policy, self.message, self.line, self.column = policy, message, line, column


@dataclass(frozen=True)
class Scenario:
    """A scenario, read and checked."""

    id: str | None
    access: Access
    policies: Policies
    expect: str | None = None
    expect_blocked_by: tuple[str, ...] | None = None
    infer_context: bool = False


def read_scenario(data: Mapping[str, Any], is_wildcard_only: IsWildcardOnly) -> Scenario:
    """The scenario in `data`. Raises UsageError that names the field, or PolicyProblem for a bad policy."""
    _check_fields(data, FIELDS, "scenario")
    for name in ("principal", "action"):
        if not isinstance(data.get(name), str):
            raise UsageError(f"`{name}` is missing or not text")
    principal = principal_named(data["principal"], data["action"])
    settings = data.get("settings") or {}
    _check_fields(settings, SETTINGS, "`settings`")
    expect = data.get("expect")
    if expect is not None and expect not in DECISIONS:
        raise UsageError(f"`expect` is `{expect}`: it must be one of {', '.join(DECISIONS)}")
    blocked = data.get("expect_blocked_by")
    for layer in blocked or ():
        if layer not in LAYERS:
            raise UsageError(f"`expect_blocked_by` has `{layer}`{_near(layer, LAYERS)}")
    access = access_of(data, principal, is_wildcard_only)
    identifier = data.get("id")
    return Scenario(
        id=None if identifier is None else str(identifier),
        access=access,
        policies=_policies(data, access, bool(settings.get("s3_block_public_access"))),
        expect=expect,
        expect_blocked_by=tuple(blocked) if blocked is not None else None,
        infer_context=bool(data.get("infer_context")),
    )


def access_of(data: Mapping[str, Any], principal: Principal, is_wildcard_only: IsWildcardOnly) -> Access:
    """What the scenario, or one request of many, asks for."""
    action = str(data["action"])
    resource = data.get("resource") or "*"
    account = data.get("resource_account")
    wildcard_only = data.get("wildcard_only_action")
    context = {str(key): _context_value(key, value) for key, value in (data.get("context") or {}).items()}
    access = Access(
        principal=principal,
        action=action,
        resource=str(resource),
        resource_account=None if account is None else str(account),
        context=context,
        wildcard_only=is_wildcard_only(action) if wildcard_only is None else bool(wildcard_only),
    )
    if data.get("infer_context"):
        return inferred_context(access)
    return access


def _context_value(key: Any, value: Any) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [_text(key, each) for each in value]
    return _text(key, value)


def _text(key: Any, value: Any) -> str:
    """Booleans and numbers are read as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise UsageError(f"`context` has `{key}` with a value that is neither text, number, boolean nor a list of them")


def _policies(data: Mapping[str, Any], access: Access, restrict_public_buckets: bool) -> Policies:
    action = access.action.lower()
    is_trust = action.startswith("sts:") and ":role/" in access.resource
    is_key = action.startswith("kms:") and ":key/" in access.resource
    resource = data.get("resource_policy")
    session = tuple(_each(data, "session_policies", PolicyType.SESSION))
    federated = access.principal.kind is PrincipalKind.FEDERATED_USER
    return Policies(
        identity=tuple(_each(data, "identity_policies", PolicyType.IDENTITY)),
        boundary=_one(data, "permissions_boundary", PolicyType.BOUNDARY),
        session=session if session or federated else None,
        resource=(_policy(resource, "resource_policy", PolicyType.TRUST if is_trust else PolicyType.RESOURCE),)
        if resource
        else (),
        resource_must_allow=is_trust or is_key,
        is_trust=is_trust,
        scps=_levels(data, "scps", PolicyType.SCP),
        rcps=_levels(data, "rcps", PolicyType.RCP),
        vpc_endpoint=_one(data, "vpc_endpoint_policy", PolicyType.VPC_ENDPOINT),
        restrict_public_buckets=restrict_public_buckets,
    )


def _each(data: Mapping[str, Any], name: str, kind: PolicyType) -> list[Policy]:
    given = data.get(name) or []
    if not isinstance(given, list | tuple):
        raise UsageError(f"`{name}` must be a list of policies")
    return [_policy(each, f"{name}[{index}]", kind) for index, each in enumerate(given)]


def _one(data: Mapping[str, Any], name: str, kind: PolicyType) -> Policy | None:
    return _policy(data[name], name, kind) if data.get(name) else None


def _levels(data: Mapping[str, Any], name: str, kind: PolicyType) -> tuple[tuple[Policy, ...], ...] | None:
    levels = data.get(name) or []
    if not isinstance(levels, list | tuple) or not all(isinstance(level, list | tuple) for level in levels):
        raise UsageError(f"`{name}` must be a list of levels, root to account, each a list of policies")
    if not levels:
        return None
    return tuple(
        tuple(_policy(each, f"{name}[{number}][{index}]", kind) for index, each in enumerate(level))
        for number, level in enumerate(levels)
    )


def _policy(given: Any, where: str, kind: PolicyType) -> Policy:
    """A policy: `{"name", "document"}`, or the document itself."""
    if isinstance(given, Mapping) and "document" in given:
        _check_fields(given, ("name", "arn", "document"), where)
        name, arn, document = given.get("name"), given.get("arn"), given["document"]
    else:
        name, arn, document = None, None, given
    label = str(name) if name else where
    if not isinstance(document, str | Mapping):
        raise PolicyProblem(label, "the document must be an object or JSON text", None, None)
    try:
        policy = Policy.parse(document, name=label, arn=arn)
    except PolicySyntaxError as problem:
        raise PolicyProblem(label, problem.message, problem.line, problem.column) from None
    refusal = _refusal(policy.text, kind)
    if refusal is not None:
        detail = f" ({refusal.detail})" if refusal.detail else ""
        raise PolicyProblem(label, f"{refusal.message}{detail}", refusal.line, refusal.column)
    return policy


@lru_cache(maxsize=2048)
def _refusal(document: str, kind: PolicyType) -> Finding | None:
    """What AWS would refuse the document for; scenarios of one file mostly share their policies."""
    return next((each for each in validate(document, kind) if each.is_error and each.rule not in STILL_HONOURED), None)


def _check_fields(data: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(data, Mapping):
        raise UsageError(f"{where} must be an object")
    for name in data:
        if name not in known:
            raise UsageError(f"unknown field `{name}` in {where}{_near(str(name), known)}")


def _near(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return f": did you mean `{near[0]}`?" if near else f": known are {', '.join(known)}"
