"""When Amazon S3 calls a bucket policy public (R-135).

Every Allow is presumed public unless it is limited to fixed values of a principal or of one of certain condition keys.
Source: S3 User Guide, access-control-block-public-access.
"""

from __future__ import annotations

from functools import lru_cache

from iamsim.policy.arn_pattern import segments_of
from iamsim.policy.conditions import Condition, Quantifier, operator
from iamsim.policy.conditions.addresses import Range, range_of
from iamsim.policy.document import Document
from iamsim.policy.glob import has_wildcard
from iamsim.policy.statement import Statement

LIMITING_KEYS = frozenset(
    {
        "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid",
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourceorgid",
        "aws:sourceorgpaths", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointaccount",
    }
)  # fmt: skip
SOURCE_IP = "aws:sourceip"
ACCESS_POINT = "s3:dataaccesspointarn"
LIMITING_OPERATORS = frozenset(
    {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"}
)
WIDEST = {4: 32 - 8, 6: 128 - 32}  # free bits of a /8 and of a /32
PRIVATE = [
    found for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7") if (found := range_of(text))
]  # fmt: skip


@lru_cache(maxsize=2048)
def public_statements(document: Document) -> tuple[Statement, ...]:
    """The statements that make `document` public; none if it is not."""
    return tuple(statement for statement in document.statements if statement.allows and _is_public(statement))


def _is_public(statement: Statement) -> bool:
    names_everyone = statement.principal is None or statement.principal.everyone
    return names_everyone and not any(_limits(condition) for condition in statement.conditions)


def _limits(condition: Condition) -> bool:
    """Whether `condition` holds only for fixed values of a key that says who asks, or from where."""
    found, key = operator(condition.operator), condition.key.lower()
    if found is None or found.if_exists or found.quantifier is Quantifier.ALL:
        return False
    if found.base_name not in LIMITING_OPERATORS or not condition.values:
        return False
    if key == SOURCE_IP:
        return found.base_name == "IpAddress" and all(map(_is_narrow, condition.values))
    if key == ACCESS_POINT:
        return all(map(_has_fixed_account, condition.values))
    return key in LIMITING_KEYS and not any(has_wildcard(value) or "${" in value for value in condition.values)


def _is_narrow(cidr: str) -> bool:
    found = range_of(cidr)
    return found is not None and (found.shift <= WIDEST[found.version] or any(_lies_in(found, one) for one in PRIVATE))


def _lies_in(inner: Range, outer: Range) -> bool:
    difference = outer.shift - inner.shift
    return inner.version == outer.version and difference >= 0 and inner.prefix >> difference == outer.prefix


def _has_fixed_account(arn: str) -> bool:
    segments = segments_of(arn)
    return segments is not None and segments[4].isdigit() and "${" not in arn
