"""Policy documents as they come in and go out."""

from __future__ import annotations

import re
from urllib.parse import quote

from iamsim.kit import PolicyType, validate

from .failures import MalformedPolicyDocument

STRING_OR_SPACE = re.compile(r'("(?:\\.|[^"\\])*")|[ \t\r\n]+', re.DOTALL)


def checked(document: str, kind: PolicyType) -> str:
    """`document`, if IAM would save it as a policy of that kind. Raises MalformedPolicyDocument.

    How long it may be is for the caller to say, who knows what it is added to.
    """
    for finding in validate(document, kind):
        if finding.is_error and finding.code == MalformedPolicyDocument.code:
            raise MalformedPolicyDocument(finding.message)
    return document


def encoded(document: str) -> str:
    """A document as IAM's answers carry it (L-120): RFC 3986."""
    return quote(document, safe="-_.~")


def size(document: str) -> int:
    """The characters that count against a quota: all but white space outside strings (policy-language section 10)."""
    return len(STRING_OR_SPACE.sub(lambda found: found[1] or "", document))
