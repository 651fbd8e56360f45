"""SimulateCustomPolicy and SimulatePrincipalPolicy. Source: IAM API reference; rules A-80 to A-94."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iamsim.kit import Arn, Call, Policies, Policy, Principal, PrincipalKind, Reply, operation

from .context_keys import parsed, policy_source
from .failures import InvalidInput
from .simulation import Simulation
from .user import User

PAGE_SIZE = 100
CALLERS = ("user", "group", "role")
Entries = list[dict[str, Any]]
Levels = list[dict[str, list[str]]]


@operation
def simulate_custom_policy(
    call: Call,
    *,
    policy_input_list: list[str],
    action_names: list[str],
    permissions_boundary_policy_input_list: list[str] | None = None,
    ordered_organization_policy_input_list: Levels | None = None,
    resource_arns: list[str] | None = None,
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Entries | None = None,
) -> Reply:
    """The policies given, and nothing else. Raises InvalidInput."""
    levels = ordered_organization_policy_input_list
    policies = Policies(
        identity=tuple(parsed(text, index) for index, text in enumerate(policy_input_list)),
        boundary=_boundary(permissions_boundary_policy_input_list),
        resource=_resource(resource_policy, caller_arn),
        scps=None if levels is None else tuple(_scps(level) for level in levels),
    )
    caller = caller_arn or f"arn:{call.operation.partition}:iam::{call.account}:user/simulated"
    return _answer(call, policies, caller, action_names, resource_arns, resource_owner, context_entries)


@operation
def simulate_principal_policy(
    call: Call,
    *,
    policy_source_arn: str,
    action_names: list[str],
    policy_input_list: list[str] | None = None,
    permissions_boundary_policy_input_list: list[str] | None = None,
    resource_arns: list[str] | None = None,
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Entries | None = None,
) -> Reply:
    """The policies of a user (and its groups), group or role, and those given. Raises InvalidInput or NoSuchEntity.

    A boundary that is given takes the place of the attached one (A-89). SCPs are those of the caller's account (A-86).
    """
    source = policy_source(call, policy_source_arn)
    given = tuple(parsed(text, index) for index, text in enumerate(policy_input_list or []))
    attached = source.boundary.parsed() if source.boundary is not None else None
    caller = caller_arn or (policy_source_arn if isinstance(source, User) else None)
    policies = Policies(
        identity=(*source.policies(), *given),
        boundary=_boundary(permissions_boundary_policy_input_list) or attached,
        resource=_resource(resource_policy, caller),
        scps=_scps_of(call, _read(caller or policy_source_arn).account),
    )
    return _answer(
        call, policies, caller or policy_source_arn, action_names, resource_arns, resource_owner, context_entries
    )


def _answer(
    call: Call,
    policies: Policies,
    caller: str,
    actions: Sequence[str],
    resources: Sequence[str] | None,
    owner: str | None,
    entries: Entries | None,
) -> Reply:
    simulation = Simulation(
        principal=_principal(caller),
        policies=policies,
        context={entry["ContextKeyName"]: _values(entry) for entry in entries or []},
        resources=resources or ["*"],
        resource_account=_account(owner) if owner else None,
    )
    return call.page([simulation.result(action) for action in actions], limit=PAGE_SIZE)


def _principal(arn: str) -> Principal:
    """A user; for a role, a session of it."""
    parsed_arn = _read(arn)
    if parsed_arn.service != "iam" or parsed_arn.type not in CALLERS:
        raise InvalidInput(f"ARN {arn} is not that of a user, group or role.")
    kind = PrincipalKind.ROLE_SESSION if parsed_arn.type == "role" else PrincipalKind.USER
    return Principal(kind, parsed_arn.account, arn, parsed_arn.name, entity_arn=arn)


def _values(entry: dict[str, Any]) -> str | list[str]:
    values: list[str] = list(entry.get("ContextKeyValues", []))
    if entry.get("ContextKeyType", "string").endswith("List"):
        return values
    if len(values) != 1:
        raise InvalidInput(f"{entry['ContextKeyName']} takes one value")
    return values[0]


def _boundary(documents: list[str] | None) -> Policy | None:
    if not documents:
        return None
    if len(documents) > 1:
        raise InvalidInput("Only one permissions boundary policy can be given")
    return parsed(documents[0], 0, "PermissionsBoundaryPolicyInputList")


def _resource(document: str | None, caller: str | None) -> tuple[Policy, ...]:
    if document is None:
        return ()
    if caller is None:
        raise InvalidInput("CallerArn is required when a ResourcePolicy is given")
    return (parsed(document, 0, "ResourcePolicy"),)


def _scps(level: dict[str, list[str]]) -> tuple[Policy, ...]:
    documents = level.get("ServiceControlPolicyInputList", [])
    return tuple(parsed(text, index, "ServiceControlPolicyInputList") for index, text in enumerate(documents))


def _scps_of(call: Call, account: str) -> tuple[tuple[Policy, ...], ...] | None:
    """The SCPs of the account's organization, by level; None for who is not subject to any (R-81)."""
    organizations = call.cloud.organizations
    membership = organizations.membership(account) if organizations is not None else None
    return membership.scps if membership is not None and not membership.is_management_account else None


def _account(owner: str) -> str:
    return _read(owner).account


def _read(arn: str) -> Arn:
    if not Arn.looks_like(arn):
        raise InvalidInput(f"ARN {arn} is not valid.")
    return Arn.parse(arn)
