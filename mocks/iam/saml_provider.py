"""SAML identity providers. Source: IAM API reference."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, operation

from . import tags as tagged
from .account import Entity, forget, is_taken, keep
from .failures import EntityAlreadyExists, InvalidInput
from .tags import TagList

METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
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
        return ElementTree.fromstring(self.metadata).get("validUntil") or int(self.created_at + VALID_S)  # noqa: S314

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
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - from the caller's own test
    except ElementTree.ParseError:
        root = None
    if root is None or not root.tag.startswith(METADATA):
        raise InvalidInput("Could not parse metadata")
    return document
