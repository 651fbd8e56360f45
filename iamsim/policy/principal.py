"""Who makes a request, as the decision sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iamsim.policy.document import Policy

NOTHING: Mapping[str, str] = MappingProxyType({})


class PrincipalKind(Enum):
    """The kinds of principal that IAM tells apart. Source: evaluation-logic section 5."""

    ROOT = "root"
    USER = "user"
    ROLE_SESSION = "role session"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    IDENTITY_PROVIDER = "identity provider"  # the unsigned AssumeRoleWithSAML and AssumeRoleWithWebIdentity
    ANONYMOUS = "anonymous"

    @property
    def type_name(self) -> str:
        """The kind as aws:PrincipalType names it. Source: context-keys section 1."""
        return TYPE_NAMES[self]

    @property
    def signs(self) -> bool:
        """Whether it signs its requests."""
        return self not in UNSIGNED


UNSIGNED = frozenset({PrincipalKind.ANONYMOUS, PrincipalKind.IDENTITY_PROVIDER})
TYPE_NAMES = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE_SESSION: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.SERVICE: "Service",
    PrincipalKind.IDENTITY_PROVIDER: "Anonymous",
    PrincipalKind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True, slots=True)
class Session:
    """What temporary credentials carry beyond the identity they were issued to."""

    issued_at: float  # seconds since the epoch
    expires_at: float
    policies: tuple[Policy, ...] | None = None  # session policies, None where none was passed
    tags: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    transitive_tag_keys: frozenset[str] = frozenset()
    source_identity: str | None = None
    mfa_at: float | None = None  # when the second factor was given, None where none was
    # Condition keys that last as long as the session: an identity provider's, or ec2:RoleDelivery and its like; a list
    # is a multivalued key.
    context: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    is_chained: bool = False  # issued to a role session

    def __deepcopy__(self, memo: object) -> Session:
        return self  # a value, which nobody can change

    is_federated: bool = False  # issued for an identity provider's word, so that nothing is known of a second factor


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request.

    `arn` is what GetCallerIdentity answers (`assumed-role/NAME/SESSION` for a role session); for a service it is the
    service principal's name, for an identity provider its ARN or name. `entity_arn` and `entity_id` name the IAM entity
    whose policies count: the user, the role (with its path), for a federated user session the user that issued it.
    """

    kind: PrincipalKind
    account: str  # "" for services, identity providers and anonymous
    arn: str
    user_id: str
    entity_arn: str = ""
    entity_id: str = ""
    session: Session | None = None
    called_via: tuple[str, ...] = ()  # the services that forward this principal's request, first to last
    source_arn: str | None = None  # a service principal's request: the resource on whose behalf it acts
    source_account: str | None = None
    canonical_id: str = ""  # the account's canonical user id, for `CanonicalUser` principals
    service_names: tuple[str, ...] = ()  # a service principal's: all names of the service, if there is more than `arn`

    @property
    def is_service_linked(self) -> bool:
        """Whether this is a session of a service-linked role (R-81, R-86)."""
        return self.kind is PrincipalKind.ROLE_SESSION and ":role/aws-service-role/" in self.entity_arn

    @staticmethod
    def anonymous() -> Principal:
        """The caller of an unsigned request."""
        return ANONYMOUS

    @staticmethod
    def root(account: str, partition: str = "aws") -> Principal:
        """The root user of `account`."""
        arn = f"arn:{partition}:iam::{account}:root"
        return Principal(PrincipalKind.ROOT, account, arn, account, entity_arn=arn, entity_id=account)

    @staticmethod
    def service(
        name: str,
        *,
        source_arn: str | None = None,
        source_account: str | None = None,
        service_names: tuple[str, ...] = (),
    ) -> Principal:
        """The service principal `name`, such as `sns.amazonaws.com`, acting for the resource `source_arn`."""
        return Principal(
            PrincipalKind.SERVICE,
            "",
            name,
            name,
            source_arn=source_arn,
            source_account=source_account,
            service_names=service_names,
        )


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, "", "anonymous", "anonymous")
