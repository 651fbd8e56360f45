"""What AWS says when a policy document is saved: the checks of each kind, in the order in which AWS makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from iamsim.policy.effect import PolicyType
from iamsim.policy.structure import problems
from iamsim.policy.syntax import Path, PolicySyntaxError, read, text_of
from iamsim.policy.validation import elements, organization, resource_based, trust
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Finding, Findings
from iamsim.policy.validation.quotas import QUOTAS, within_quota
from iamsim.policy.validation.trust import invalid_principal, is_principal

__all__ = ["QUOTAS", "Finding", "advise", "invalid_principal", "is_principal", "validate"]


class Kind(NamedTuple):
    """How documents of one type are examined."""

    code: str
    not_json: str
    bad_syntax: str
    checks: tuple[Callable[[Draft], Findings], ...]


SYNTAX = "Syntax errors in policy."
AFTER_VERSION = (
    elements.legacy_parsing,
    elements.unique_sids,
    elements.has_actions,
    elements.resource_format,
    elements.resource_partition,
    elements.resource_vendor,
    elements.iam_resource_path,
    elements.resource_region,
    elements.action_vendor,
    elements.action_colons,
    elements.action_vendor_name,
    elements.has_resources,
    elements.no_principals,
    elements.plain_sids,
)
IDENTITY = Kind("MalformedPolicyDocument", SYNTAX, SYNTAX, (elements.version, *AFTER_VERSION))
TRUST = Kind(
    "MalformedPolicyDocument",
    "This policy contains invalid Json",
    SYNTAX,
    (
        elements.version,
        elements.legacy_parsing,
        elements.unique_sids,
        elements.has_actions,
        trust.trust_actions,
        trust.no_resources,
        trust.valid_principals,
        trust.no_star,
        trust.has_principals,
    ),
)
ORGANIZATION = "MalformedPolicyDocumentException"
KINDS = {
    PolicyType.IDENTITY: IDENTITY,
    PolicyType.BOUNDARY: IDENTITY,
    PolicyType.SESSION: IDENTITY._replace(checks=AFTER_VERSION),
    PolicyType.TRUST: TRUST,
    PolicyType.SCP: Kind(ORGANIZATION, organization.MESSAGE, organization.MESSAGE, (organization.scp,)),
    PolicyType.RCP: Kind(ORGANIZATION, organization.MESSAGE, organization.MESSAGE, (organization.rcp,)),
    PolicyType.RESOURCE: Kind(
        "MalformedPolicy",
        "Policies must be valid JSON and the first byte must be '{'",
        "Invalid policy syntax.",
        (resource_based.resource_based,),
    ),
    PolicyType.VPC_ENDPOINT: Kind(
        "InvalidPolicyDocument", "Invalid policy syntax.", "Invalid policy syntax.", (resource_based.vpc_endpoint,)
    ),
}


def validate(document: str | Mapping[str, Any], kind: PolicyType) -> list[Finding]:
    """What AWS would say to `document` as a policy of that kind, in its order: the first is what a caller sees.

    Whether principals exist, and sums of sizes over an entity, are left to the service that holds them.
    """
    how = KINDS[kind]
    try:
        text = document if isinstance(document, str) else text_of(document)
        members = read(text)
    except PolicySyntaxError as problem:
        message, rule = (how.bad_syntax, "L-2") if problem.is_json else (how.not_json, _rule_of_json(kind))
        return [Finding("error", how.code, message, problem.line or 1, problem.column or 1, rule, problem.message)]
    draft = Draft(text, members if isinstance(members, dict) else {}, how.code)
    tells_effects_later = elements.legacy_parsing in how.checks  # M-3
    unreadable = [
        _unreadable(draft, how, kind, path, why)
        for path, why in problems(members)
        if not (tells_effects_later and _is_effect(path, why))
    ]
    if unreadable:
        return unreadable
    findings = [finding for check in how.checks for finding in check(draft)]
    return [*findings, *within_quota(draft, kind)]


def advise(document: str | Mapping[str, Any], kind: PolicyType) -> list[Finding]:
    """Warnings about `document` as a policy of that kind: AWS saves it so. None for one that cannot be read."""
    from iamsim.policy.validation.advice import warnings

    try:
        text = document if isinstance(document, str) else text_of(document)
        members = read(text)
    except PolicySyntaxError:
        return []
    return [] if any(problems(members)) else list(warnings(Draft(text, members, KINDS[kind].code), kind))


def _rule_of_json(kind: PolicyType) -> str:
    return "M-20" if kind is PolicyType.TRUST else "M-1"


def _is_effect(path: Path, why: str) -> bool:
    """Whether the problem is an Effect with another word, which IAM reports later and differently (M-3)."""
    return bool(path) and path[-1] == "Effect" and 'found "' in why


def _unreadable(draft: Draft, how: Kind, kind: PolicyType, path: Path, why: str) -> Finding:
    message = how.bad_syntax
    if kind is PolicyType.TRUST and why.startswith("unknown member"):
        message = f"Has prohibited field {path[-1]}."  # L-8
    elif kind is PolicyType.RESOURCE and why == "expected `Statement`, which is missing":
        message = "Missing required field Statement"
    elif kind is PolicyType.RESOURCE and _is_effect(path, why):
        message = f"Invalid effect: {why.rpartition('found ')[2].strip(chr(34))}"
    elif kind is PolicyType.RESOURCE and "Principal" in path[-2:]:
        message = "Invalid principal in policy"
    return draft.finding("M-1", message, path, detail=why)
