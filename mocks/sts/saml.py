"""SAML assertions, read for what AWS takes from them (A-66). Signatures are not verified."""

from __future__ import annotations

import base64
import binascii
import hashlib
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import datetime

from iamsim.kit import Arn, Call

from .claims import Claims
from .failures import ExpiredToken, InvalidIdentityToken

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
SUBJECT_TYPES = "urn:oasis:names:tc:SAML:2.0:nameid-format:"


@dataclass(frozen=True)
class Assertion:
    """One assertion: its claims, and what only SAML's operation needs."""

    claims: Claims
    subject_type: str
    name_qualifier: str
    session_name: str
    roles: tuple[tuple[str, str], ...]  # role ARN, provider ARN
    duration_s: int | None
    ends_at: float | None  # SessionNotOnOrAfter


def read_assertion(call: Call) -> Assertion:
    """The call's assertion. Raises InvalidIdentityToken, and while IAM is enforced ExpiredTokenException."""
    root = _parsed(call.params["SAMLAssertion"])
    provider = call.params["PrincipalArn"]
    attributes: dict[str, list[str]] = {}
    for attribute in root.iter(f"{SAML}Attribute"):
        values = [(value.text or "").strip() for value in attribute.findall(f"{SAML}AttributeValue")]
        attributes.setdefault(attribute.get("Name", ""), []).extend(values)
    names = attributes.get(f"{ATTRIBUTES}RoleSessionName", [])
    if not names:
        raise InvalidIdentityToken("RoleSessionName is required in AuthnResponse")
    name_id, confirmation = root.find(f".//{SAML}NameID"), root.find(f".//{SAML}SubjectConfirmationData")
    issuer = _text(root.find(f".//{SAML}Issuer"))
    ends = _moment(confirmation, "NotOnOrAfter")
    if call.is_enforced:
        if ends is not None and ends <= call.clock.now():
            raise ExpiredToken("Response has expired")
        if not Arn.looks_like(provider) or call.target("saml-provider", Arn.parse(provider)).resource is None:
            raise InvalidIdentityToken("Specified provider doesn't exist")
    name = Arn.parse(provider).name if Arn.looks_like(provider) else provider
    hashed = hashlib.sha1(f"{issuer}{call.arn.account}/{name}".encode(), usedforsecurity=False).digest()
    qualifier = base64.b64encode(hashed).decode()
    subject, kind = _text(name_id), (name_id.get("Format", "") if name_id is not None else "")
    audience = confirmation.get("Recipient", "") if confirmation is not None else ""
    kind = kind.removeprefix(SUBJECT_TYPES)
    lasting = {"saml:sub": subject, "saml:sub_type": kind, "saml:namequalifier": qualifier}
    keys = lasting | {"saml:aud": audience, "saml:iss": issuer, "saml:doc": f"{call.arn.account}/{name}"}
    seconds = attributes.get(f"{ATTRIBUTES}SessionDuration")
    return Assertion(
        claims=Claims(
            provider=provider,
            subject=subject,
            audience=audience,
            issuer=issuer,
            keys={key: value for key, value in keys.items() if value} | {"aws:FederatedProvider": provider},
            lasting_keys={key: value for key, value in lasting.items() if value},
            tags={
                key.removeprefix(f"{ATTRIBUTES}PrincipalTag:"): values[0]
                for key, values in attributes.items()
                if key.startswith(f"{ATTRIBUTES}PrincipalTag:") and values
            },
            transitive_tag_keys=tuple(attributes.get(f"{ATTRIBUTES}TransitiveTagKeys", ())),
            source_identity=next(iter(attributes.get(f"{ATTRIBUTES}SourceIdentity", [])), None),
        ),
        subject_type=kind,
        name_qualifier=qualifier,
        session_name=names[0],
        roles=tuple(_pair(value) for value in attributes.get(f"{ATTRIBUTES}Role", [])),
        duration_s=int(seconds[0]) if seconds and seconds[0].isdigit() else None,
        ends_at=_moment(root.find(f".//{SAML}AuthnStatement"), "SessionNotOnOrAfter"),
    )


def _parsed(assertion: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(base64.b64decode(assertion))  # noqa: S314 - from the caller's own test
    except (ValueError, binascii.Error, ElementTree.ParseError):
        raise InvalidIdentityToken("Invalid base64 SAMLResponse") from None


def _pair(value: str) -> tuple[str, str]:
    """A role's and a provider's ARN, in either order."""
    first, _, second = (part.strip() for part in value.partition(","))
    return (second, first) if ":saml-provider/" in first else (first, second)


def _text(element: ElementTree.Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _moment(element: ElementTree.Element | None, name: str) -> float | None:
    text = element.get(name) if element is not None else None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None
    except ValueError:
        raise InvalidIdentityToken(f"{name} of the SAML response is no date") from None
