"""An organization around the accounts of a test: units, service control and resource control policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from hashlib import sha256
from typing import Any, TypeAlias

from iamsim.errors import UsageError
from iamsim.organization import ROOT, Organization, Organizations, units_down_to
from iamsim.policy import Policy, PolicySyntaxError, PolicyType
from iamsim.policy.validation import validate
from iamsim.testing.active import ACTIVE
from iamsim.testing.given_policies import Given, GivenPolicy, given_policies

Policies: TypeAlias = Given | Sequence[Given] | Mapping[str, Given]
ByTarget: TypeAlias = Policies | Mapping[str, Policies]

MANAGEMENT_ACCOUNT = "999999999999"
KINDS = {PolicyType.SCP: "service_control_policy", PolicyType.RCP: "resource_control_policy"}
FULL_ACCESS = {PolicyType.SCP: "FullAWSAccess", PolicyType.RCP: "RCPFullAWSAccess"}
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def organization(
    accounts: Mapping[str, str] | Sequence[str] | None = None,
    *,
    scps: ByTarget | None = None,
    rcps: ByTarget | None = None,
    without_full_access: Sequence[str] = (),
    management: str = MANAGEMENT_ACCOUNT,
    organization_id: str | None = None,
) -> Organization:
    """Make an organization of these accounts: `{"222222222222": "Workloads/Prod"}` says in which unit each is.

    Without `accounts` it is the simulator's own account, below the root. `scps` and `rcps` are attached to the root, or
    by `"root"`, unit or account: `{"Workloads": "policies/regions.json", "222222222222": [...]}`. FullAWSAccess is
    attached everywhere but where `without_full_access` says. Called again for the same management account, it replaces
    the organization.

    Raises UsageError for a unit or account that is not there, and for a policy that AWS Organizations would refuse.
    """
    cloud = ACTIVE.simulator.cloud
    named = {cloud.account: ROOT} if accounts is None else accounts
    members = {account: unit.strip("/") for account, unit in named.items()} if isinstance(named, Mapping) else {}
    members = members or dict.fromkeys(named, ROOT)
    members.setdefault(management, ROOT)
    for account in members:
        if not (account.isdigit() and len(account) == 12):
            raise UsageError(f"`{account}` is no account: give its number of 12 digits")
    root_id = f"r-{_letters(4, management, 'root')}"
    paths = {each for unit in members.values() for each in units_down_to(unit)}
    units = {path: f"ou-{root_id[2:]}-{_letters(8, management, path)}" for path in sorted(paths)}
    made = Organization(
        id=organization_id or f"o-{_letters(10, management)}",
        root_id=root_id,
        management_account=management,
        units=units,
        accounts=members,
    )
    bare = {_target(each, made, "without_full_access") for each in without_full_access}
    made = replace(
        made,
        scps=None if scps is None and not bare else _attached(scps, PolicyType.SCP, made, bare),
        rcps=None if rcps is None else _attached(rcps, PolicyType.RCP, made, bare),
    )
    _keep(made)
    return made


def _keep(made: Organization) -> None:
    cloud = ACTIVE.simulator.cloud
    if cloud.organizations is None:
        cloud.organizations = Organizations()
    if not isinstance(cloud.organizations, Organizations):
        raise UsageError("the simulator's organizations are kept by a mock: make them with its API")
    for account in made.accounts:
        other = cloud.organizations.of(account)
        if other is not None and other.management_account != made.management_account:
            raise UsageError(f"account {account} already belongs to the organization {other.id}")
    cloud.organizations.save(made)


def _attached(
    given: ByTarget | None, kind: PolicyType, made: Organization, bare: set[str]
) -> dict[str, tuple[Policy, ...]]:
    """The policies by target. RCPFullAWSAccess cannot be detached (R-88)."""
    what = f"{kind.name.lower()}s"

    def at_first(target: str) -> tuple[Policy, ...]:
        return () if kind is PolicyType.SCP and target in bare else (_full_access(kind),)

    attached = {target: at_first(target) for target in (ROOT, *made.units, *made.accounts)}
    is_by_target = isinstance(given, Mapping) and not given.keys() & {"Statement", "Version", "Effect", "document"}
    by_target: Mapping[str, Any] = given if is_by_target and isinstance(given, Mapping) else {"root": given}
    for target, policies in by_target.items():
        where = f"{what}[{target!r}]" if is_by_target else what
        found = tuple(_policy(each, kind, made, where) for each in given_policies(policies, where))
        attached[_target(target, made, what)] += found
    return attached


def _target(name: str, made: Organization, what: str) -> str:
    """The root, unit or account that `name` means."""
    if name == "root":
        return ROOT
    bare = name.strip("/")
    if bare in made.units or bare in made.accounts:
        return bare
    known = ["root", *made.units, *made.accounts]
    near = get_close_matches(bare, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
    raise UsageError(f"`{what}` has `{name}`, which is no unit or account of the organization: {hint}")


def _policy(given: GivenPolicy, kind: PolicyType, made: Organization, where: str) -> Policy:
    full = _full_access(kind)
    if given.arn == full.arn:
        return full
    if given.text is None:
        raise UsageError(f"`{where}` has `{given.arn}`, which is not known: give its document")
    name = given.name or f"{kind.name}-{_letters(4, given.text)}"
    try:
        findings = validate(given.text, kind)
        if findings:
            raise UsageError(f"`{where}`: {findings[0].message} ({findings[0].detail or findings[0].rule})")
        policy_id = f"p-{_letters(8, made.id, name, given.text)}"
        arn = f"arn:aws:organizations::{made.management_account}:policy/{made.id}/{KINDS[kind]}/{policy_id}"
        return Policy.parse(given.text, name=name, arn=arn, source=given.name)
    except PolicySyntaxError as problem:
        raise UsageError(f"`{where}`: {problem}") from None


def _full_access(kind: PolicyType) -> Policy:
    everyone = '"Principal":"*",' if kind is PolicyType.RCP else ""
    statement = f'{{"Effect":"Allow",{everyone}"Action":"*","Resource":"*"}}'
    arn = f"arn:aws:organizations::aws:policy/{KINDS[kind]}/p-{FULL_ACCESS[kind]}"
    return Policy.parse(f'{{"Version":"2012-10-17","Statement":[{statement}]}}', name=FULL_ACCESS[kind], arn=arn)


def _letters(count: int, *parts: str) -> str:
    """Letters for an id, the same for the same `parts`, so that a test finds them in every run."""
    number = int.from_bytes(sha256("\n".join(parts).encode()).digest(), "big")
    found = ""
    for _ in range(count):
        number, index = divmod(number, len(LETTERS))
        found += LETTERS[index]
    return found
