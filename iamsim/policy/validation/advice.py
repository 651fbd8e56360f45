"""Warnings: what AWS saves without a word, and what IAM Access Analyzer or AWS's pages advise against.

The code of a warning is that of Access Analyzer where one is known: MISSING_VERSION, MISSING_QUALIFIER,
VARIABLE_UNSUPPORTED_IN_VERSION, FORALLVALUES_WITH_SINGLE_VALUED_KEY, PASS_ROLE_WITH_STAR_IN_RESOURCE. The other codes
and all texts are our own. Source: policy-language sections 2, 4, 5, 7.1 and 12.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from iamsim.policy.conditions import NULL, Operator, Quantifier, operator
from iamsim.policy.effect import PolicyType
from iamsim.policy.glob import glob, has_wildcard
from iamsim.policy.special_cases import words
from iamsim.policy.statement import texts
from iamsim.policy.syntax import Path
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Finding, Findings
from iamsim.policy.validation.resource_based import SENSITIVE_KEYS

# Which keys have several values. Source: context-keys, column V. Last compared: 2026-07.
MULTIVALUED = words(
    """
    aws:calledvia aws:principalorgpaths aws:principalservicenameslist aws:resourceorgpaths aws:sourceorgpaths
    aws:tagkeys aws:vpceorgpaths sts:transitivetagkeys sts:requestcontextproviders sts:identitytokenaudience
    s3:requestobjecttagkeys s3:inventoryaccessibleoptionalfields dynamodb:leadingkeys dynamodb:attributes
    dynamodb:firstpartitionkeyvalues dynamodb:secondpartitionkeyvalues dynamodb:thirdpartitionkeyvalues
    dynamodb:fourthpartitionkeyvalues kms:encryptioncontextkeys kms:grantoperations lambda:layer lambda:subnetids
    lambda:securitygroupids events:targetarn logs:loggeneratingresourcearns cloudwatch:alarmactions ses:recipients
    route53:changeresourcerecordsetsnormalizedrecordnames route53:changeresourcerecordsetsrecordtypes
    route53:changeresourcerecordsetsactions
    """
)
SINGLE_VALUED = words(
    """
    aws:principalarn aws:principalaccount aws:principaltype aws:userid aws:username aws:principalorgid
    aws:principalisawsservice aws:principalservicename aws:tokenissuetime aws:multifactorauthpresent
    aws:multifactorauthage aws:sourceidentity aws:federatedprovider aws:sourceip aws:vpcsourceip aws:sourcevpc
    aws:sourcevpce aws:sourcevpcarn aws:vpceaccount aws:vpceorgid aws:resourceaccount aws:resourceorgid
    aws:requestedregion aws:securetransport aws:currenttime aws:epochtime aws:useragent aws:referer aws:viaawsservice
    aws:calledviafirst aws:calledvialast aws:sourcearn aws:sourceaccount aws:sourceorgid
    """
)
SINGLE_VALUED_TAGS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")
VERSION = "2012-10-17"


class Use(NamedTuple):
    """One condition key under one operator."""

    path: Path
    operator: Operator
    key: str  # lower case
    shown: str  # as written
    values: tuple[str, ...]


def warnings(draft: Draft, kind: PolicyType) -> Findings:
    """What deserves a look in a document that AWS would save as a policy of that kind."""
    yield from _version(draft)
    for path, statement in draft.statements():
        uses = tuple(_uses(path, statement))
        for use in uses:
            yield from _set_operators(draft, use)
            yield from _sensitive(draft, use)
        if statement["Effect"] == "Allow":
            yield from _open_ended(draft, uses)
            yield from _all_but(draft, path, statement, kind)
            yield from _passes_roles(draft, path, statement, uses)


def _version(draft: Draft) -> Findings:
    version = draft.members.get("Version")
    if version != VERSION:
        for path, text in _texts_with_variables(draft):
            message = f"`{text}` is no variable but plain text: variables need `Version` {VERSION}"
            yield _warning(draft, "VARIABLE_UNSUPPORTED_IN_VERSION", "L-10", message, path)
    if version is None:
        message = f"`Version` is missing, which means 2008-10-17; write {VERSION}"
        yield _warning(draft, "MISSING_VERSION", "L-10", message, ())


def _texts_with_variables(draft: Draft) -> Iterator[tuple[Path, str]]:
    for path, text in draft.lines("Resource", "NotResource"):
        if "${" in text:
            yield path, text
    for path, statement in draft.statements():
        for use in _uses(path, statement):
            yield from ((use.path, value) for value in use.values if "${" in value)


def _uses(path: Path, statement: Mapping[str, Any]) -> Iterator[Use]:
    for name, keys in statement.get("Condition", {}).items():
        found = operator(name)
        if found is None:
            continue
        for key, given in keys.items():
            values = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
            yield Use((*path, "Condition", name, key), found, key.lower(), key, values)


def _set_operators(draft: Draft, use: Use) -> Findings:
    if use.operator.base_name == NULL:
        return
    if use.operator.quantifier is None and use.key in MULTIVALUED:
        message = f"`{use.shown}` has several values: put ForAllValues: or ForAnyValue: before `{use.operator.name}`"
        yield _warning(draft, "MISSING_QUALIFIER", "L-100", message, use.path)
    if use.operator.quantifier is not None and _is_single_valued(use.key):
        quantifier = use.operator.quantifier.value
        message = f"`{use.shown}` has one value, for which {quantifier}: is not meant"
        if use.operator.quantifier is Quantifier.ALL:
            message += "; it also holds where the key is absent"
        yield _warning(draft, f"{quantifier.upper()}_WITH_SINGLE_VALUED_KEY", "L-101", message, use.path)


def _is_single_valued(key: str) -> bool:
    return key in SINGLE_VALUED or key.startswith(SINGLE_VALUED_TAGS)


def _sensitive(draft: Draft, use: Use) -> Findings:
    takes_patterns = use.operator.base_name.endswith("Like") or use.operator.base_name.startswith("Arn")
    if use.key in SENSITIVE_KEYS and takes_patterns and any(map(has_wildcard, use.values)):
        message = f"`{use.shown}` should be compared with whole values, without wildcards"
        yield _warning(draft, "WILDCARD_IN_SENSITIVE_KEY", "L-114", message, use.path)


def _open_ended(draft: Draft, uses: tuple[Use, ...]) -> Findings:
    """An Allow with ForAllValues, which holds for an absent key too, and nothing that wants the key to be there."""
    present = {
        use.key for use in uses if use.operator.base_name == NULL and {one.lower() for one in use.values} == {"false"}
    }
    for use in uses:
        if use.operator.quantifier is Quantifier.ALL and use.key not in present and not _is_single_valued(use.key):
            message = f'ForAllValues: also holds where `{use.shown}` is absent; add "Null": {{"{use.shown}": "false"}}'
            yield _warning(draft, "FORALLVALUES_WITHOUT_NULL", "L-102", message, use.path)


def _all_but(draft: Draft, path: Path, statement: Mapping[str, Any], kind: PolicyType) -> Findings:
    if kind in (PolicyType.SCP, PolicyType.BOUNDARY, PolicyType.SESSION, PolicyType.VPC_ENDPOINT):
        return  # these only cap
    for name, rule, code in (("NotAction", "L-34", "ACTION"), ("NotResource", "L-47", "RESOURCE")):
        if name in statement:
            message = f"Allow with `{name}` allows all that is not listed, also what AWS adds in future"
            yield _warning(draft, f"ALLOW_WITH_NOT_{code}", rule, message, (*path, name))


def _passes_roles(draft: Draft, path: Path, statement: Mapping[str, Any], uses: tuple[Use, ...]) -> Findings:
    if any(use.key == "iam:passedtoservice" for use in uses):
        return
    named = [one for one in texts(statement.get("Action", [])) if one.lower().startswith("iam:pass")]
    if not any(glob(one.lower())("iam:passrole") for one in named):
        return
    for index, resource in enumerate(texts(statement.get("Resource", []))):
        if resource == "*" or resource.endswith(":role/*"):
            where = (*path, "Resource", index) if isinstance(statement["Resource"], list) else (*path, "Resource")
            message = "iam:PassRole for every role: list the roles, or add a condition on iam:PassedToService"
            yield _warning(draft, "PASS_ROLE_WITH_STAR_IN_RESOURCE", "section 12.4", message, where)


def _warning(draft: Draft, code: str, rule: str, message: str, path: Path) -> Finding:
    return draft.finding(rule, message, path, code=code, level="warning")
