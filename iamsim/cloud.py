"""The state of one simulated AWS: every account, region and resource, its credentials and its clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from iamsim.arn import Arn
from iamsim.clock import Clock
from iamsim.policy.principal import Principal

if TYPE_CHECKING:
    from iamsim.network import VpcEndpoint
    from iamsim.organization import Membership
    from iamsim.policy.document import Policy

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an access key."""

    at: float  # seconds since the epoch
    service: str
    region: str


@dataclass(slots=True)
class Credential:
    """An access key and whom it stands for. `session_token` and `expires_at` only for temporary credentials."""

    access_key_id: str
    secret_access_key: str
    principal: Principal
    session_token: str | None = None
    expires_at: float | None = None  # seconds since the epoch
    is_active: bool = True
    is_for_default_regions: bool = False  # not for those that an account must opt in to
    last_used: Use | None = None


class PolicySource(Protocol):
    """What IAM knows of a principal: asked by the authoriser, answered by the mock that keeps users and roles."""

    def identity_policies(self, principal: Principal) -> tuple[Policy, ...]:
        """The inline and managed policies of the principal's user (and its groups) or role (R-6)."""

    def permissions_boundary(self, principal: Principal) -> Policy | None:
        """The boundary of the principal's user or role, if it has one."""

    def tags(self, principal: Principal) -> Mapping[str, str]:
        """The tags of the principal's user or role."""

    def managed_policy(self, arn: str, account: str) -> Policy | None:
        """The managed policy of that ARN if `account` can use it: its own, or one of AWS's."""


class ResourceSource(Protocol):
    """What a service's state knows of names that do not say by themselves which resource they mean.

    Asked by the authoriser, answered by the mock of the service. What is asked of whom:

    | service | kind | name |
    | --- | --- | --- |
    | iam | role | the ARN of an instance profile: the role in it |
    | iam | user, group, role, policy, instance-profile | a name: the ARN has the path |
    | kms | key | an alias, by name or ARN |
    | kms | customer-key | a key of the account's own, by alias, id or ARN; a key that AWS manages is none |
    | secretsmanager | secret | the name of a secret, or its ARN without the last six characters |
    | sns | topic | the ARN of a subscription |
    | ecs | task-definition | a family, whose newest revision it is |
    | athena | workgroup | the id of a query |
    | swf | domain | a task token |
    """

    def arn_meant(self, kind: str, name: str, *, account: str, region: str) -> str | None:
        """The ARN of the resource of type `kind` that `name` stands for there; None if nothing does."""


class OrganizationSource(Protocol):
    """What is known of organizations: asked by the authoriser, answered by who keeps them."""

    def membership(self, account: str) -> Membership | None:
        """Where `account` stands in its organization; None if it is in none."""


class ResourceLike(Protocol):
    """What the store and the authoriser need to know of a resource."""

    arn: Arn

    @property
    def account(self) -> str:
        """The account that owns it."""


R = TypeVar("R", bound=ResourceLike)


class Store:
    """Resources by class, account and region. A resource's own ARN selects where it is kept."""

    def __init__(self) -> None:
        self._shelves: dict[type[Any], dict[tuple[str, str], dict[Arn, Any]]] = {}

    def save(self, resource: R) -> R:
        """Keep `resource` under its ARN, in place of an older one."""
        shelf = self._shelves.setdefault(type(resource), {})
        shelf.setdefault((resource.account, resource.arn.region), {})[resource.arn] = resource
        return resource

    def find(self, kind: type[R], arn: Arn) -> R | None:
        """The resource of that class and ARN, or None."""
        shelves = self._shelves.get(kind)
        if shelves is None:
            return None
        if arn.account:
            return shelves.get((arn.account, arn.region), {}).get(arn)
        for shelf in shelves.values():  # account-less ARNs: S3 buckets
            if arn in shelf:
                return shelf[arn]  # type: ignore[no-any-return]  # the shelf is of this class
        return None

    def at(self, arn: Arn) -> Any:
        """The resource of that ARN, of whatever class, or None."""
        for kind in self._shelves:
            found = self.find(kind, arn)
            if found is not None:
                return found
        return None

    def delete(self, resource: ResourceLike) -> None:
        """Forget `resource`. Raises KeyError if it is not kept."""
        del self._shelves[type(resource)][(resource.account, resource.arn.region)][resource.arn]

    def all(self, kind: type[R], *, account: str, region: str) -> list[R]:
        """The resources of that class in one account and region, oldest first."""
        return list(self._shelves.get(kind, {}).get((account, region), {}).values())

    def everywhere(self, kind: type[R]) -> Iterator[R]:
        """The resources of that class in every account and region."""
        for shelf in list(self._shelves.get(kind, {}).values()):
            yield from list(shelf.values())

    def everything(self) -> Iterator[Any]:
        """All resources of all classes, accounts and regions."""
        for kind in list(self._shelves):
            yield from self.everywhere(kind)


class Cloud:
    """One simulated AWS. A reset is a new Cloud.

    `changed` is the lock under which mocks run; who waits for somebody else's change waits on it. `sources` says who
    knows the resources of a service; without it nothing is known of any state, and what depends on it is assumed.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        account: str = DEFAULT_ACCOUNT,
        policy_source: Callable[[Cloud], PolicySource] | None = None,
        resource_sources: Callable[[Cloud, str], ResourceSource | None] | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.account = account
        self.resources = Store()
        self.credentials: dict[str, Credential] = {}
        self.organizations: OrganizationSource | None = None  # None while no account is in one
        self.vpc_endpoints: dict[str, VpcEndpoint] = {}  # by id: those that requests can name by their DNS names
        self.issuers: dict[str, Mapping[str, Any]] = {}  # JWKS that identity providers publish, by URL without scheme
        self.changed = threading.Condition(threading.RLock())
        self._policy_source = policy_source
        self.sources = cache(partial(resource_sources, self)) if resource_sources is not None else None

    @cached_property
    def policies(self) -> PolicySource | None:
        """Who knows the principals' policies; None in a simulator without IAM."""
        return self._policy_source(self) if self._policy_source else None
