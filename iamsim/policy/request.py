"""One request in the form in which statements are asked about it; what is costly is made when first needed."""

from __future__ import annotations

from iamsim.policy.access import Access
from iamsim.policy.context import RequestContext
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.policy.principal_element import Caller, caller_of, partition_of
from iamsim.policy.resource_element import ResourceName, resource_name

NO_RESOURCE = resource_name("*")


class Request:
    """An Access, ready for matching."""

    __slots__ = (
        "_caller", "_context", "access", "action", "crosses_accounts", "has_account", "principal", "resource",
    )  # fmt: skip

    access: Access
    principal: Principal
    action: str  # lower case
    resource: ResourceName  # `*` for an action without resource types (L-45)
    has_account: bool  # the principal belongs to an account, whose policies then count
    crosses_accounts: bool  # two accounts must allow

    def __init__(self, access: Access) -> None:
        self.access = access
        self.principal = access.principal
        self.action = access.action.lower()
        self.resource = NO_RESOURCE if access.wildcard_only else resource_name(access.resource)
        self.has_account = self.principal.kind not in WITHOUT_ACCOUNT
        owner = self.resource_account if access.resource_account is None else access.resource_account
        self.crosses_accounts = self.has_account and (owner != self.principal.account or self.crosses_partitions)
        self._context: RequestContext | None = None
        self._caller: Caller | None = None

    def context(self) -> RequestContext:
        """The request context by lower-case key."""
        if self._context is None:
            self._context = RequestContext(self.access.context)
        return self._context

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.action.partition(":")[0]

    @property
    def caller(self) -> Caller:
        """The names under which the principal can be meant."""
        if self._caller is None:
            self._caller = caller_of(self.principal)
        return self._caller

    @property
    def resource_account(self) -> str:
        """The account that owns the resource: as given, else the ARN's, else the principal's."""
        if self.access.resource_account is not None:
            return self.access.resource_account
        segments = self.resource.segments
        return segments[4] if segments is not None and segments[4].isdigit() else self.principal.account

    @property
    def crosses_partitions(self) -> bool:
        """Whether principal and resource are in different partitions, which nothing can bridge (R-35)."""
        segments = self.resource.segments
        if segments is None or not self.has_account or self.principal.arn.startswith("arn:" + segments[1] + ":"):
            return False
        return partition_of(self.principal.arn) != "" and segments[1] != "*"


WITHOUT_ACCOUNT = (PrincipalKind.ANONYMOUS, PrincipalKind.SERVICE, PrincipalKind.IDENTITY_PROVIDER)
