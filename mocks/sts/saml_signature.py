"""The signature of a SAML response, verified with the certificates in the metadata of its provider. With signxml."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from iamsim.kit import UsageError

from .failures import InvalidIdentityToken
from .saml_xml import ASSERTION, DSIG, PROTOCOL, parse_xml

INVALID = "Response signature invalid"  # Source: IAM User Guide, troubleshoot_saml
MISSING_LIBRARY = (
    "the metadata of the SAML provider has a certificate, and signatures are verified with signxml, which is not "
    'installed: `pip install "iamsim[federation]"`'
)


def signed_part(response: ElementTree.Element, text: bytes, certificates: Sequence[str]) -> ElementTree.Element:
    """What a key of `certificates` (PEM) has signed: the response or its assertion. Only that may be believed.

    The dates of a certificate do not count. Source: IAM User Guide, id_roles_providers_create_saml: IAM takes no action
    when a certificate in SAML metadata expires. Raises InvalidIdentityToken, and UsageError without signxml.
    """
    try:
        signxml: Any = import_module("signxml")
        etree: Any = import_module("lxml.etree")
        x509: Any = import_module("cryptography.x509")
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        raise InvalidIdentityToken(INVALID) from None
    for place in _places(response):
        for text_of_one in certificates:
            try:
                certificate = x509.load_pem_x509_certificate(text_of_one.encode())
                config = signxml.SignatureConfiguration(
                    location=place, expect_references=1, verification_time=certificate.not_valid_before_utc
                )
                found = signxml.XMLVerifier().verify(root, x509_cert=certificate, expect_config=config)
            except (signxml.InvalidInput, signxml.InvalidSignature, ValueError, etree.LxmlError):
                continue
            part = parse_xml(etree.tostring(found.signed_xml)) if found.signed_xml is not None else None
            if part is not None and part.tag in (f"{PROTOCOL}Response", f"{ASSERTION}Assertion"):
                return part
    raise InvalidIdentityToken(INVALID)


def _places(response: ElementTree.Element) -> list[str]:
    """Where a signature is expected: in the response itself, or in its one assertion."""
    places = ["./"] if response.find(f"{DSIG}Signature") is not None else []
    if response.find(f"{ASSERTION}Assertion/{DSIG}Signature") is not None:
        places.append(f"./{ASSERTION}Assertion/")
    return places
