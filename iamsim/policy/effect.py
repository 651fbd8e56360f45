"""The words of a decision, as AWS's IAM Toolbox API writes them. Source: evaluation-logic section 18."""

from __future__ import annotations

from enum import Enum


class Effect(Enum):
    """The evaluated effect of a decision or of one check. NO_IMPACT: nothing matched and nothing had to."""

    ALLOW = "ALLOW"
    EXPLICIT_DENY = "EXPLICIT_DENY"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    NO_IMPACT = "NO_IMPACT"


class PolicyType(Enum):
    """The types of policy. TRUST is the resource-based policy of a role, which has its own rules and wording."""

    IDENTITY = "IDENTITY_BASED_POLICY"
    RESOURCE = "RESOURCE_BASED_POLICY"
    TRUST = "ROLE_TRUST_POLICY"
    BOUNDARY = "PERMISSIONS_BOUNDARY"
    SESSION = "SESSION_POLICY"
    SCP = "SERVICE_CONTROL_POLICY"
    RCP = "RESOURCE_CONTROL_POLICY"
    VPC_ENDPOINT = "VPC_ENDPOINT_POLICY"

    @property
    def has_principals(self) -> bool:
        """Whether statements of this type say whom they are for (policy-language section 3)."""
        return self in (PolicyType.RESOURCE, PolicyType.TRUST, PolicyType.RCP, PolicyType.VPC_ENDPOINT)


class CheckType(Enum):
    """The checks that a decision consists of, in the order in which they are listed."""

    RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"
    SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
    VPC_ENDPOINT = "VPC_ENDPOINT"
    RESOURCE = "RESOURCE"
    PRINCIPAL = "PRINCIPAL"
    PERMISSIONS_BOUNDARY = "PERMISSIONS_BOUNDARY"
    SESSION = "SESSION"
