"""What IAM says to a role trust policy (M-20 to M-25)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from iamsim.policy.arn_pattern import segments_of
from iamsim.policy.glob import glob, has_wildcard
from iamsim.policy.statement import texts
from iamsim.policy.syntax import Path
from iamsim.policy.validation.draft import Draft
from iamsim.policy.validation.finding import Findings

TRUST_ACTIONS = (
    "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession",
    "sts:setsourceidentity", "sts:setcontext",
)  # fmt: skip
ACCOUNT = re.compile(r"[0-9]{12}")
UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,124}")
IDENTITY = re.compile(r"root|(?:user|role)/.+")
SESSION = re.compile(r"(?:assumed-role/[^/]+|federated-user)/[^/]+")
SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
CANONICAL_USER = re.compile(r"[0-9a-f]{64}")


def trust_actions(draft: Draft) -> Findings:
    """L-21: only actions that make role sessions, and wildcards over them."""
    message = (
        "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  "
        "and sts:AssumeRoleWithWebIdentity"
    )
    for path, text in draft.lines("Action", "NotAction"):
        fits = glob(text.lower())
        if not text.lower().startswith("sts:") or not any(map(fits, TRUST_ACTIONS)):
            yield draft.finding("M-21", message, path)


def no_resources(draft: Draft) -> Findings:
    for path, statement in draft.statements():
        for name in ("Resource", "NotResource", "NotPrincipal"):
            if name in statement:
                yield draft.finding("M-22", f"Has prohibited field {name}.", (*path, name))


def valid_principals(draft: Draft) -> Findings:
    """Only the form is judged; whether a principal exists, IAM must be asked (R-55)."""
    for path, kind, name in _principals(draft):
        if not is_principal(kind, name):
            yield draft.finding("M-23", invalid_principal(kind, name), path)


def invalid_principal(kind: str, name: str) -> str:
    """What IAM says to a principal that does not exist or is none."""
    return f'Invalid principal in policy: "{kind.upper()}":"{name}"'


def no_star(draft: Draft) -> Findings:
    for path, statement in draft.statements():
        if statement.get("Principal") == "*":
            message = 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
            yield draft.finding("M-24", message, (*path, "Principal"))


def has_principals(draft: Draft) -> Findings:
    message = (
        "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
        "The passed in policy has a statement with no principals!"
    )
    for path, statement in draft.statements():
        if "NotPrincipal" not in statement and not _names_anyone(statement.get("Principal")):
            yield draft.finding("M-25", message, path)


def is_principal(kind: str, name: str) -> bool:
    """Whether `name` has the form of a principal of that type (R-50, R-51, R-56)."""
    if kind == "CanonicalUser":
        return bool(CANONICAL_USER.fullmatch(name))
    if kind == "Service":
        return bool(SERVICE.fullmatch(name))
    if kind == "Federated":
        return bool(name) and not has_wildcard(name)
    if name == "*" or ACCOUNT.fullmatch(name) or UNIQUE_ID.fullmatch(name):
        return True
    segments = segments_of(name)
    if segments is None or has_wildcard(name) or not ACCOUNT.fullmatch(segments[4]):
        return False
    form = {"iam": IDENTITY, "sts": SESSION}.get(segments[2])
    return form is not None and bool(form.fullmatch(segments[5]))


def _names_anyone(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and any(texts(names) for names in principal.values()))


def _principals(draft: Draft) -> Iterator[tuple[Path, str, str]]:
    for path, statement in draft.statements():
        principal = statement.get("Principal")
        if isinstance(principal, dict):
            for kind, names in principal.items():
                for name in texts(names):
                    yield (*path, "Principal", kind), kind, name
