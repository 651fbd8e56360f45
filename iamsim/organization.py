"""Organizations of AWS Organizations: their accounts and organizational units, and the policies on each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iamsim.policy.document import Policy

ROOT = ""  # the path of the root among organizational units
Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an account stands in its organization.

    `levels` are the ARNs of the root, of each organizational unit on the way and of the account; `scps` and `rcps` are
    the policies attached to each of them, None while the organization has not enabled that type of policy.
    """

    organization: str  # `o-...`
    path: str  # as aws:PrincipalOrgPaths has it: `o-.../r-.../ou-.../`
    is_management_account: bool
    levels: tuple[str, ...]
    scps: Levels | None = None
    rcps: Levels | None = None


@dataclass(frozen=True)
class Organization:
    """One organization. Organizational units are named by their path below the root, such as `Workloads/Prod`.

    `scps` and `rcps` are the policies by what they are attached to: ROOT, the path of a unit, or an account; None while
    that type is not enabled. FullAWSAccess is one of them where it is attached (R-82).
    """

    id: str  # `o-...`
    root_id: str  # `r-...`
    management_account: str
    units: Mapping[str, str]  # path -> id (`ou-...`)
    accounts: Mapping[str, str]  # account -> path of its unit, or ROOT; the management account is one of them
    scps: Mapping[str, tuple[Policy, ...]] | None = None
    rcps: Mapping[str, tuple[Policy, ...]] | None = None
    partition: str = "aws"

    def membership(self, account: str) -> Membership | None:
        """Where `account` stands; None if it is no member."""
        if account not in self.accounts:
            return None
        targets = [ROOT, *units_down_to(self.accounts[account]), account]
        return Membership(
            organization=self.id,
            path=self.path(self.accounts[account]),
            is_management_account=account == self.management_account,
            levels=tuple(map(self.arn, targets)),
            scps=None if self.scps is None else tuple(self.scps.get(target, ()) for target in targets),
            rcps=None if self.rcps is None else tuple(self.rcps.get(target, ()) for target in targets),
        )

    def path(self, unit: str = ROOT) -> str:
        """The organization's path to a unit, as policies name it: `o-.../r-.../ou-.../`.

        Raises KeyError if there is no such unit.
        """
        ids = [self.units[each] for each in units_down_to(unit)]
        return "/".join([self.id, self.root_id, *ids, ""])

    def arn(self, target: str) -> str:
        """The ARN of the root, a unit or an account. Raises KeyError if there is no such unit."""
        if target == ROOT:
            resource = f"root/{self.id}/{self.root_id}"
        elif target in self.accounts:
            resource = f"account/{self.id}/{target}"
        else:
            resource = f"ou/{self.id}/{self.units[target]}"
        return f"arn:{self.partition}:organizations::{self.management_account}:{resource}"


def units_down_to(path: str) -> list[str]:
    """The paths of the units from below the root to `path` itself: `Workloads`, `Workloads/Prod`."""
    names = path.split("/") if path else []
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]


@dataclass
class Organizations:
    """All organizations of a cloud. An account belongs to one at most."""

    _by_manager: dict[str, Organization] = field(default_factory=dict)
    _memberships: dict[str, Membership | None] = field(default_factory=dict)

    def save(self, organization: Organization) -> None:
        """Keep `organization`, in place of an older one of its management account."""
        self._by_manager[organization.management_account] = organization
        self._memberships.clear()

    def of(self, account: str) -> Organization | None:
        """The organization that `account` belongs to."""
        return next((each for each in self._by_manager.values() if account in each.accounts), None)

    def membership(self, account: str) -> Membership | None:
        """Where `account` stands in its organization; None if it is in none."""
        if account not in self._memberships:
            organization = self.of(account)
            self._memberships[account] = organization.membership(account) if organization else None
        return self._memberships[account]
