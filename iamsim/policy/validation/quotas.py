"""How long a policy may be (policy-language section 10)."""

from __future__ import annotations

from typing import NamedTuple

from iamsim.policy.effect import PolicyType
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Findings


class Quota(NamedTuple):
    """A limit on the size of one document, and what is said beyond it."""

    characters: int
    code: str
    message: str
    counts_white_space: bool


# The 2,048, 5,120 and 10,240 characters of inline policies are sums over a user, group or role, so that IAM must count
# them; 6,144 for a managed policy. A resource policy's limit is its service's.
QUOTAS = {
    PolicyType.IDENTITY: Quota(10_240, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144", False),
    PolicyType.BOUNDARY: Quota(6_144, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144", False),
    PolicyType.TRUST: Quota(2_048, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", False),
    PolicyType.SESSION: Quota(
        2_048, "PackedPolicyTooLarge", "Packed size of session policy consumes more than 100% of allotted space.", True
    ),
    PolicyType.SCP: Quota(
        10_240, "ConstraintViolationException", "You have exceeded the maximum size of a policy document.", True
    ),
    PolicyType.RCP: Quota(
        5_120, "ConstraintViolationException", "You have exceeded the maximum size of a policy document.", True
    ),
    PolicyType.VPC_ENDPOINT: Quota(20_480, "InvalidPolicyDocument", "The policy exceeds 20480 characters.", True),
}


def within_quota(draft: Draft, kind: PolicyType) -> Findings:
    """Whether the document is short enough for any policy of its kind."""
    quota = QUOTAS.get(kind)
    if quota is not None:
        size = draft.size(counts_white_space=quota.counts_white_space)
        if size > quota.characters:
            detail = f"{size} characters count, of {quota.characters}"
            yield draft.finding("section 10", quota.message, detail=detail, code=quota.code)
