"""What IAM says to the elements of an identity-based policy, message by message (M-2 to M-15)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamsim.policy.arn_pattern import segments_of
from iamsim.policy.conditions import operator
from iamsim.policy.conditions.dates import instant
from iamsim.policy.glob import has_wildcard
from iamsim.policy.structure import EFFECTS
from iamsim.policy.syntax import Path
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Findings

PARTITIONS = frozenset(
    {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}
)  # fmt: skip
IAM_PATHS = (
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
    "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
)  # fmt: skip
VENDOR = re.compile(r"[A-Za-z0-9*?-]+")
SID = re.compile(r"[0-9A-Za-z]*")


def version(draft: Draft) -> Findings:
    if draft.members.get("Version") != "2012-10-17":
        yield draft.finding("M-2", "Policy document must be version 2012-10-17 or greater.", ("Version",))


def legacy_parsing(draft: Draft) -> Findings:
    message = "The policy failed legacy parsing"
    for path, statement in draft.statements():
        if statement["Effect"] not in EFFECTS:
            yield draft.finding("M-3", message, (*path, "Effect"), detail='Effect is "Allow" or "Deny"')
    for path, detail in _bad_dates(draft):
        yield draft.finding("M-3", message, path, detail=detail)
    for path, text in draft.lines("Resource", "NotResource"):
        if text.startswith("arn:") and segments_of(text) is None:
            yield draft.finding("M-3", message, path, detail=f"`{text}` has fewer than six segments")


def _bad_dates(draft: Draft) -> Iterator[tuple[Path, str]]:
    for path, statement in draft.statements():
        for name, keys in statement.get("Condition", {}).items():
            found = operator(name)
            if found is None or not found.base_name.startswith("Date"):
                continue
            for key, given in keys.items():
                for value in given if isinstance(given, list) else [given]:
                    if instant(str(value)) is None:
                        yield (*path, "Condition", name, key), f"`{value}` is no date"


def unique_sids(draft: Draft) -> Findings:
    seen = set()
    for path, statement in draft.statements():
        sid = statement.get("Sid")
        if sid and sid in seen:
            yield draft.finding("M-4", "Statement IDs (SID) in a single policy must be unique.", (*path, "Sid"))
        seen.add(sid)


def plain_sids(draft: Draft) -> Findings:
    """Letters and digits only (section 3; the text is unverified)."""
    message = (
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )
    for path, statement in draft.statements():
        if not SID.fullmatch(statement.get("Sid", "")):
            yield draft.finding("section 3", message, (*path, "Sid"))


def has_actions(draft: Draft) -> Findings:
    for path, statement in draft.statements():
        if not (statement.get("Action") or statement.get("NotAction")):
            yield draft.finding("M-5", "Policy statement must contain actions.", path)


def resource_format(draft: Draft) -> Findings:
    for path, text in draft.lines("Resource", "NotResource"):
        if text != "*" and not text.startswith("arn:"):
            yield draft.finding("M-6", f'Resource {text} must be in ARN format or "*".', path)


def resource_partition(draft: Draft) -> Findings:
    for path, text, segments in _arns(draft):
        partition = segments[1]
        if partition not in PARTITIONS and not has_wildcard(partition):
            yield draft.finding("M-7", f'Partition "{partition}" is not valid for resource "{text}".', path)


def resource_vendor(draft: Draft) -> Findings:
    for path, _, segments in _arns(draft):
        if has_wildcard(segments[2]):
            message = "Resource vendor must be fully qualified and cannot contain regexes."
            yield draft.finding("M-8", message, path)


def iam_resource_path(draft: Draft) -> Findings:
    for path, _, segments in _arns(draft):
        if segments[2] == "iam" and segments[5] not in ("*", "root") and not segments[5].startswith(IAM_PATHS):
            message = f'IAM resource path must either be "*" or start with {", ".join(IAM_PATHS)}.'
            yield draft.finding("M-9", message, path)


def resource_region(draft: Draft) -> Findings:
    """S3 access points do have a Region; their ARNs also have an account, as those of buckets have not."""
    for path, text, segments in _arns(draft):
        if segments[2] == "iam" and segments[3]:
            yield draft.finding("M-10", f"IAM resource {text} cannot contain region information.", path)
        elif segments[2] == "s3" and segments[3] and not segments[4]:
            yield draft.finding("M-10", f"Resource {text} can not contain region information.", path)


def action_vendor(draft: Draft) -> Findings:
    for path, text in draft.lines("Action", "NotAction"):
        if text != "*" and ":" not in text:
            message = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
            yield draft.finding("M-11", message, path)


def action_colons(draft: Draft) -> Findings:
    for path, text in draft.lines("Action", "NotAction"):
        if text.count(":") > 1:
            yield draft.finding("M-12", "Actions/Condition can contain only one colon.", path)


def action_vendor_name(draft: Draft) -> Findings:
    for path, text in draft.lines("Action", "NotAction"):
        vendor, colon, _ = text.partition(":")
        if colon and not VENDOR.fullmatch(vendor):
            yield draft.finding("M-13", f"Vendor {vendor} is not valid", path)


def has_resources(draft: Draft) -> Findings:
    for path, statement in draft.statements():
        if not (statement.get("Resource") or statement.get("NotResource")):
            yield draft.finding("M-14", "Policy statement must contain resources.", path)


def no_principals(draft: Draft) -> Findings:
    for path, statement in draft.statements():
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                yield draft.finding("M-15", "Policy document should not specify a principal.", (*path, name))


def _arns(draft: Draft) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for path, text in draft.lines("Resource", "NotResource"):
        segments = segments_of(text)
        if segments is not None:
            yield path, text, segments
