"""Session policies: what limits a session beyond the policies of its user or role (R-77)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from iamsim.kit import ApiError, Call, Policy, PolicyType, validate

from .failures import MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError

MAX_ARNS = 10
MAX_CHARACTERS = 2_048  # the inline policy and the ARNs together
PACKED_BYTES = 2_048


@dataclass(frozen=True)
class Passed:
    """The policies that a call passes; `policies` is None where it passes none."""

    policies: tuple[Policy, ...] | None
    text: str  # as far as it counts against the quota


def passed_policies(call: Call, account: str) -> Passed:
    """The inline policy and the managed policies of the call, the latter as AWS's or of `account`.

    Raises MalformedPolicyDocument, PackedPolicyTooLarge or ValidationError.
    """
    inline: str | None = call.params.get("Policy")
    arns = [descriptor.get("arn", "") for descriptor in call.params.get("PolicyArns", [])]
    if inline is None and not arns:
        return Passed(None, "")
    if len(arns) > MAX_ARNS:
        raise ValidationError(
            f"1 validation error detected: Value '[{', '.join(arns)}]' at 'policyArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_ARNS}"
        )
    policies = [] if inline is None else [_inline(inline)]
    source = call.cloud.policies
    for arn in arns:
        policy = source.managed_policy(arn, account) if source is not None else None
        if policy is None:
            raise MalformedPolicyDocument(f"Policy {arn} does not exist or is not attachable.")
        policies.append(policy)
    text = (inline or "") + "".join(arns)
    if len(text) > MAX_CHARACTERS:
        raise PackedPolicyTooLarge(
            f"Packed size of session policy consumes {-(-100 * len(text) // MAX_CHARACTERS)}% of allotted space."
        )
    return Passed(tuple(policies), text)


def packed_size(passed: Passed, tags: Mapping[str, str]) -> dict[str, int]:
    """PackedPolicySize as a member of the answer; {} where neither policies nor tags are passed (A-58).

    An estimate: the size of policies and tags, compressed, in percent of 2,048 bytes. AWS does not say how it packs.
    Raises PackedPolicyTooLarge over 100 percent.
    """
    if passed.policies is None and not tags:
        return {}
    tag_text = "".join(f"{key}={value};" for key, value in tags.items())
    percent = -(-100 * len(zlib.compress((passed.text + tag_text).encode(), 9)) // PACKED_BYTES)
    if percent > 100:
        what = "tags" if len(tag_text) > len(passed.text) else "policy"
        raise PackedPolicyTooLarge(f"Packed size of session {what} consumes {percent}% of allotted space.")
    return {"PackedPolicySize": percent}


def _inline(text: str) -> Policy:
    for finding in validate(text, PolicyType.SESSION):
        if finding.is_error and finding.code != PackedPolicyTooLarge.code:  # that counts with the ARNs
            raise ApiError(finding.message, code=finding.code)
    return Policy.parse(text, source="session policy")
