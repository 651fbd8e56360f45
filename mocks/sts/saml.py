"""SAML assertions, read for what AWS takes from them (A-66)."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from iamsim.kit import Arn, Call, NotMocked

from .claims import Claims, source_identity_claimed, tags_claimed
from .failures import InvalidIdentityToken
from .saml_attributes import attribute_keys
from .saml_checks import check_audience, check_times
from .saml_signature import signed_part
from .saml_xml import ASSERTION, moment, parse_xml, text_of

ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
SUBJECT_TYPES = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
DURATION_S = (900, 43_200)


class SamlProvider(Protocol):
    """What STS asks of a SAML provider; the mock of IAM keeps it."""

    @property
    def entity_id(self) -> str:
        """Who it says that it is; "" if its metadata do not say."""

    @property
    def certificates(self) -> Sequence[str]:
        """Those that may sign, in PEM; none if its metadata have none."""


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
    """The call's assertion, which while IAM is enforced must be its provider's, fresh, and for AWS.

    The signature is verified where the provider's metadata have a certificate. Raises InvalidIdentityToken or
    ExpiredTokenException.
    """
    try:
        text = base64.b64decode(call.params["SAMLAssertion"])
        root = parse_xml(text)
    except ValueError:
        raise InvalidIdentityToken("Invalid base64 SAMLResponse") from None
    if root.find(f".//{ASSERTION}EncryptedAssertion") is not None:
        raise NotMocked("iamsim does not decrypt SAML assertions: send the assertion in clear text")
    if call.is_enforced:
        provider = _provider(call)
        if provider.certificates:
            root = signed_part(root, text, provider.certificates)
        issuer = text_of(root.find(f".//{ASSERTION}Issuer"))
        if provider.entity_id and issuer != provider.entity_id:
            raise InvalidIdentityToken("Issuer not present in specified provider")
        check_times(root, call.clock.now())
        check_audience(root)
    return _read(root, call)


def _provider(call: Call) -> SamlProvider:
    arn = call.params["PrincipalArn"]
    found = call.target("saml-provider", Arn.parse(arn)).resource if Arn.looks_like(arn) else None
    if found is None:
        raise InvalidIdentityToken("Specified provider doesn't exist")
    return cast(SamlProvider, found)


def _read(root: ElementTree.Element, call: Call) -> Assertion:
    provider = call.params["PrincipalArn"]
    attributes = _attributes(root)
    name_id = root.find(f".//{ASSERTION}NameID")
    confirmation = root.find(f".//{ASSERTION}SubjectConfirmationData")
    issuer, subject = text_of(root.find(f".//{ASSERTION}Issuer")), text_of(name_id)
    name = Arn.parse(provider).name if Arn.looks_like(provider) else provider
    hashed = hashlib.sha1(f"{issuer}{call.arn.account}/{name}".encode(), usedforsecurity=False).digest()
    qualifier = base64.b64encode(hashed).decode()
    kind = (name_id.get("Format", "") if name_id is not None else "").removeprefix(SUBJECT_TYPES)
    audience = confirmation.get("Recipient", "") if confirmation is not None else ""
    lasting = {"saml:sub": subject, "saml:sub_type": kind, "saml:namequalifier": qualifier}
    keys = lasting | {"saml:aud": audience, "saml:iss": issuer, "saml:doc": f"{call.arn.account}/{name}"}
    tags, transitive = tags_claimed(
        {
            key.removeprefix(f"{ATTRIBUTES}PrincipalTag:"): values
            for key, values in attributes.items()
            if key.startswith(f"{ATTRIBUTES}PrincipalTag:")
        },
        attributes.get(f"{ATTRIBUTES}TransitiveTagKeys", ()),
    )
    return Assertion(
        claims=Claims(
            provider=provider,
            subject=subject,
            audience=audience,
            issuer=issuer,
            keys=attribute_keys(attributes)
            | {key: value for key, value in keys.items() if value}
            | {"aws:FederatedProvider": provider},
            lasting_keys={key: value for key, value in lasting.items() if value},
            tags=tags,
            transitive_tag_keys=transitive,
            source_identity=source_identity_claimed(_first(attributes, "SourceIdentity")),
        ),
        subject_type=kind,
        name_qualifier=qualifier,
        session_name=_session_name(_first(attributes, "RoleSessionName")),
        roles=tuple(_pair(value) for value in attributes.get(f"{ATTRIBUTES}Role", ())),
        duration_s=_duration(_first(attributes, "SessionDuration")),
        ends_at=moment(root.find(f".//{ASSERTION}AuthnStatement"), "SessionNotOnOrAfter"),
    )


def _attributes(root: ElementTree.Element) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in root.iter(f"{ASSERTION}Attribute"):
        values = [text_of(value) for value in attribute.findall(f"{ASSERTION}AttributeValue")]
        found.setdefault(attribute.get("Name", ""), []).extend(values)
    return found


def _first(attributes: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next(iter(attributes.get(ATTRIBUTES + name, ())), None)


def _session_name(name: str | None) -> str:
    """Source: IAM User Guide, troubleshoot_saml."""
    if name is None:
        raise InvalidIdentityToken("RoleSessionName is required in AuthnResponse")
    if SESSION_NAME.fullmatch(name) is None:
        raise InvalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return name


def _duration(text: str | None) -> int | None:
    if text is None:
        return None
    shortest, longest = DURATION_S
    if not (text.isdecimal() and text.isascii() and len(text) < 6 and shortest <= int(text) <= longest):
        raise InvalidIdentityToken(f"SessionDuration in AuthnResponse must be between {shortest} and {longest}")
    return int(text)


def _pair(value: str) -> tuple[str, str]:
    """A role's and a provider's ARN, in either order."""
    first, _, second = (part.strip() for part in value.partition(","))
    return (second, first) if ":saml-provider/" in first else (first, second)
