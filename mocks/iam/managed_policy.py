"""Managed policies and their versions: an account's own, and those that AWS manages."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from iamsim.kit import Arn, Call, ManagedPolicyData, Policy, aws_managed_policies

from .account import Entity
from .documents import encoded
from .failures import AccessDenied, InvalidInput, NoSuchEntity

SERVICE_ROLE_PATH = "/aws-service-role/"


@dataclass
class PolicyVersion:
    """One version of a managed policy."""

    id: str  # `v1`, `v2` and so on
    document: str
    created_at: float  # seconds since the epoch

    def described(self, *, is_default: bool, with_document: bool = True) -> dict[str, Any]:
        shown: dict[str, Any] = {"Document": encoded(self.document)} if with_document else {}
        return shown | {"VersionId": self.id, "IsDefaultVersion": is_default, "CreateDate": int(self.created_at)}


@dataclass(eq=False)
class ManagedPolicy(Entity, kind="policy"):
    """A managed policy."""

    description: str = ""
    updated_at: float = 0.0  # seconds since the epoch
    default_version: str = "v1"
    versions: dict[str, PolicyVersion] = field(default_factory=dict)  # by id, oldest first
    last_version: int = 1
    data: ManagedPolicyData | None = None  # of a policy that AWS manages: its document is read when somebody uses it

    @property
    def document(self) -> str:
        """The default version's document, which is the one in force."""
        return self.data.document if self.data is not None else self.versions[self.default_version].document

    @property
    def is_aws_managed(self) -> bool:
        return self.data is not None

    @property
    def is_for_service_roles(self) -> bool:
        """Whether only a service-linked role may have it."""
        return self.is_aws_managed and self.path.startswith(SERVICE_ROLE_PATH)

    def parsed(self, source: str | None = None) -> Policy:
        """As the decision wants it. `source` says what it is attached to."""
        return Policy.parse(self.document, name=self.name, arn=str(self.arn), source=source)


def find_policy(call: Call, arn: str) -> ManagedPolicy | None:
    """The managed policy of that ARN, the caller's own or AWS's; None if there is none. Raises InvalidInput."""
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        raise InvalidInput(f"ARN {arn} is not valid.") from None
    if parsed.account == "aws":
        return aws_policy(arn)
    return call.find(ManagedPolicy, parsed) if parsed.account == call.account else None


def get_policy_of(call: Call, arn: str) -> ManagedPolicy:
    """As `find_policy`, but raises NoSuchEntity if there is none."""
    policy = find_policy(call, arn)
    if policy is None:
        raise NoSuchEntity(f"Policy {arn} was not found.")
    return policy


def own_policy(call: Call, arn: str) -> ManagedPolicy:
    """The account's own policy of that ARN. Raises AccessDenied for one of AWS's or of another account."""
    if Arn.looks_like(arn) and Arn.parse(arn).account != call.account:
        raise AccessDenied("Policy is outside your own account.")
    return get_policy_of(call, arn)


@cache
def aws_policy(arn: str) -> ManagedPolicy | None:
    """The policy that AWS manages under that ARN. Nobody can change it, so every cloud has the same."""
    if arn not in aws_managed_policies():
        return None
    data = aws_managed_policies()[arn]
    digest = base64.b32encode(hashlib.sha256(arn.encode()).digest()).decode()
    return ManagedPolicy(
        Arn.parse(arn),
        unique_id="ANPA" + digest[:17],
        created_at=data.created_at,
        updated_at=data.updated_at,
        default_version=data.version_id,
        data=data,
    )


def described(policy: ManagedPolicy, attachments: int, boundaries: int, *, with_details: bool = True) -> dict[str, Any]:
    """The policy as IAM's answers show it; lists leave description and tags out."""
    shown: dict[str, Any] = {
        "PolicyName": policy.name,
        "PolicyId": policy.unique_id,
        "Arn": str(policy.arn),
        "Path": policy.path,
        "DefaultVersionId": policy.default_version,
        "AttachmentCount": attachments,
        "PermissionsBoundaryUsageCount": boundaries,
        "IsAttachable": True,
        "CreateDate": int(policy.created_at),
        "UpdateDate": int(policy.updated_at),
    }
    if with_details:
        if policy.description:
            shown["Description"] = policy.description
        shown["Tags"] = policy.tag_list()
    return shown


def version_of(policy: ManagedPolicy, version_id: str) -> PolicyVersion:
    """Raises NoSuchEntity if the policy has no such version."""
    if policy.is_aws_managed and version_id == policy.default_version:
        return PolicyVersion(version_id, policy.document, policy.updated_at)
    version = policy.versions.get(version_id)
    if version is None:
        raise NoSuchEntity(f"Policy {policy.arn} version {version_id} does not exist or is not attachable.")
    return version


def versions_of(policy: ManagedPolicy) -> list[PolicyVersion]:
    """The versions, newest first; of AWS's policies only the default one is known."""
    if policy.is_aws_managed:
        return [version_of(policy, policy.default_version)]
    return list(reversed(policy.versions.values()))
