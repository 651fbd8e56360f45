"""What the authoriser asks of IAM: a principal's policies, its permissions boundary and its tags."""

from __future__ import annotations

from collections.abc import Mapping

from iamsim.kit import Arn, Cloud, Policy, PolicySource, Principal, provides

from .managed_policy import ManagedPolicy, aws_policy
from .policy_holder import PolicyHolder
from .role import Role
from .user import User

NO_TAGS: Mapping[str, str] = {}
# A federated user session that the root user has issued: root has no policies, and may do everything.
EVERYTHING = Policy.parse(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="root user"
)


@provides(PolicySource)
class Directory:
    """Looks users and roles up by ARN, in the entity's own account."""

    def __init__(self, cloud: Cloud) -> None:
        self._resources = cloud.resources

    def identity_policies(self, principal: Principal) -> tuple[Policy, ...]:
        """The policies of the principal's user (and its groups) or role (R-6)."""
        entity = self._entity(principal)
        if entity is None:
            return (EVERYTHING,) if principal.entity_arn.endswith(":root") else ()
        return entity.policies()

    def permissions_boundary(self, principal: Principal) -> Policy | None:
        entity = self._entity(principal)
        return entity.boundary.parsed() if entity is not None and entity.boundary is not None else None

    def tags(self, principal: Principal) -> Mapping[str, str]:
        entity = self._entity(principal)
        return NO_TAGS if entity is None else entity.tags

    def managed_policy(self, arn: str, account: str) -> Policy | None:
        """The managed policy of that ARN, which must be AWS's or the account's."""
        policy = aws_policy(arn)
        if policy is None and Arn.looks_like(arn) and Arn.parse(arn).account == account:
            policy = self._resources.find(ManagedPolicy, Arn.parse(arn))
        return policy.parsed() if policy is not None else None

    def _entity(self, principal: Principal) -> PolicyHolder | None:
        """The principal's user or role; None if there is none, or it is another that was made under the same name."""
        if not principal.entity_arn:
            return None
        arn = Arn.parse(principal.entity_arn)
        cls: type[PolicyHolder] = User if arn.resource.startswith("user/") else Role
        entity = self._resources.find(cls, arn)
        if entity is None or (principal.entity_id and entity.unique_id != principal.entity_id):
            return None
        return entity
