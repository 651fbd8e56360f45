"""SAML identity providers. Source: IAM API reference."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from textwrap import wrap
from typing import Any
from xml.parsers import expat

from iamsim.kit import Call, Reply, operation

from . import tags as tagged
from .account import Entity, forget, is_taken, keep
from .failures import EntityAlreadyExists, InvalidInput
from .tags import TagList

METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
VALID_S = 100 * 365 * 86_400  # where the document itself names no end


@dataclass(eq=False)
class SamlProvider(Entity, kind="saml-provider"):
    """One provider and its metadata document."""

    metadata: str = ""

    @property
    def path(self) -> str:
        return "/"

    @property
    def valid_until(self) -> str | int:
        """The end that the document names, else a hundred years from the provider's creation."""
        return self._root.get("validUntil") or int(self.created_at + VALID_S)

    @property
    def entity_id(self) -> str:
        """Who the provider says that it is; "" if the document does not say."""
        return self._root.get("entityID", "")

    @property
    def certificates(self) -> list[str]:
        """The certificates of keys that may sign, in PEM."""
        found = []
        for key in self._root.iter(f"{METADATA}KeyDescriptor"):
            if key.get("use", "signing") == "signing":
                found += ["".join((each.text or "").split()) for each in key.iter(CERTIFICATE)]
        lines = ("\n".join(wrap(text, 64)) for text in found)
        return [f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n" for text in lines]

    @property
    def _root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.metadata)  # noqa: S314 - it was checked when it came

    def described(self) -> dict[str, Any]:
        return {"Arn": str(self.arn), "ValidUntil": self.valid_until, "CreateDate": int(self.created_at)}


@operation
def create_saml_provider(call: Call, *, name: str, saml_metadata_document: str, tags: TagList | None = None) -> Reply:
    """Raises InvalidInput for a document that is no SAML metadata."""
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "saml-provider", name):
        raise EntityAlreadyExists(f"SAMLProvider with name {name} already exists.")
    provider = keep(
        call,
        SamlProvider(
            call.make_arn("saml-provider", name=name),
            wanted_tags,
            created_at=call.clock.now(),
            metadata=_checked(saml_metadata_document),
        ),
    )
    return {"SAMLProviderArn": str(provider.arn)} | ({"Tags": provider.tag_list()} if tags else {})


@operation
def get_saml_provider(call: Call, provider: SamlProvider) -> Reply:
    shown = {name: value for name, value in provider.described().items() if name != "Arn"}
    return {"SAMLMetadataDocument": provider.metadata, **shown, "Tags": provider.tag_list()}


@operation
def list_saml_providers(call: Call) -> Reply:
    return {"SAMLProviderList": [provider.described() for provider in call.all(SamlProvider)]}


@operation
def update_saml_provider(call: Call, provider: SamlProvider, *, saml_metadata_document: str | None = None) -> Reply:
    if saml_metadata_document is not None:
        provider.metadata = _checked(saml_metadata_document)
    return {"SAMLProviderArn": str(provider.arn)}


@operation
def delete_saml_provider(call: Call, provider: SamlProvider) -> None:
    forget(call, provider)


def _checked(document: str) -> str:
    """The document. Raises InvalidInput for one that is no metadata, names entities or holds what is no certificate."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(document.encode(), True)
        root = ElementTree.fromstring(document)  # noqa: S314 - a document type is refused above
        for each in root.iter(CERTIFICATE):
            base64.b64decode("".join((each.text or "").split()), validate=True)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
        root = None
    if root is None or not root.tag.startswith(METADATA):
        raise InvalidInput("Could not parse metadata")
    return document


def _refuse(*_: object) -> None:
    raise ValueError("a document type is not allowed")
