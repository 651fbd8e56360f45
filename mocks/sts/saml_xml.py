"""SAML documents as XML, read without letting them name entities: no expansion, nothing from elsewhere."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone
from xml.parsers import expat

from .failures import InvalidIdentityToken

ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def parse_xml(text: bytes) -> ElementTree.Element:
    """The root element. Raises ValueError for what is no XML, or has a document type, which could declare entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text, True)
        return ElementTree.fromstring(text)  # noqa: S314 - a document type is refused above
    except (expat.ExpatError, ElementTree.ParseError, LookupError) as problem:
        raise ValueError(f"no XML: {problem}") from problem


def _refuse(*_: object) -> None:
    raise ValueError("a document type is not allowed")


def text_of(element: ElementTree.Element | None) -> str:
    """Its text without the white space around it; "" if there is no such element."""
    return (element.text or "").strip() if element is not None else ""


def moment(element: ElementTree.Element | None, name: str) -> float | None:
    """The date in that attribute, in seconds since the epoch. Raises InvalidIdentityToken for another text."""
    text = element.get(name) if element is not None else None
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise InvalidIdentityToken(f"{name} of the SAML response is no date") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()
