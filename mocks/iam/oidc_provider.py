"""OpenID Connect identity providers. Source: IAM API reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from iamsim.kit import Call, Reply, operation

from . import tags as tagged
from .account import Entity, forget, is_taken, keep
from .failures import EntityAlreadyExists, LimitExceeded, NoSuchEntity, ValidationError
from .tags import TagList

MAX_CLIENT_IDS = 100
MAX_THUMBPRINTS = 5


@dataclass(eq=False)
class OidcProvider(Entity, kind="oidc-provider"):
    """One provider: who may issue tokens (its URL), for whom (client ids, the audiences)."""

    client_ids: list[str] = field(default_factory=list)
    thumbprints: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its URL without the scheme."""
        return self.arn.resource.partition("/")[2]

    @property
    def path(self) -> str:
        return "/"


@operation
def create_open_id_connect_provider(
    call: Call,
    *,
    url: str,
    client_id_list: list[str] | None = None,
    thumbprint_list: list[str] | None = None,
    tags: TagList | None = None,
) -> Reply:
    """Without thumbprints AWS would fetch one; here there is none then."""
    wanted_tags = tagged.checked(tags)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValidationError("Invalid Open ID Connect Provider URL") from None
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
        raise ValidationError("Invalid Open ID Connect Provider URL")
    _check_thumbprints(thumbprint_list or [])
    _check_client_ids(client_id_list or [])
    if is_taken(call, "oidc-provider", call.arn.resource.partition("/")[2]):
        raise EntityAlreadyExists(f"Provider with url {url} already exists.")
    provider = keep(
        call,
        OidcProvider(
            call.arn,
            wanted_tags,
            created_at=call.clock.now(),
            client_ids=list(client_id_list or []),
            thumbprints=list(thumbprint_list or []),
        ),
    )
    return {"OpenIDConnectProviderArn": str(provider.arn)} | ({"Tags": provider.tag_list()} if tags else {})


@operation
def get_open_id_connect_provider(call: Call, provider: OidcProvider) -> Reply:
    return {
        "Url": provider.name,
        "ClientIDList": provider.client_ids,
        "ThumbprintList": provider.thumbprints,
        "CreateDate": int(provider.created_at),
        "Tags": provider.tag_list(),
    }


@operation
def list_open_id_connect_providers(call: Call) -> Reply:
    return {"OpenIDConnectProviderList": [{"Arn": str(each.arn)} for each in call.all(OidcProvider)]}


@operation
def delete_open_id_connect_provider(call: Call, provider: OidcProvider) -> None:
    forget(call, provider)


@operation
def add_client_id_to_open_id_connect_provider(call: Call, provider: OidcProvider, *, client_id: str) -> None:
    """An id that is there already is not added again."""
    if client_id not in provider.client_ids:
        _check_client_ids([*provider.client_ids, client_id])
        provider.client_ids.append(client_id)


@operation
def remove_client_id_from_open_id_connect_provider(call: Call, provider: OidcProvider, *, client_id: str) -> None:
    """Raises NoSuchEntity for an id that the provider does not have."""
    if client_id not in provider.client_ids:
        raise NoSuchEntity(f"Client id {client_id} not found for arn {provider.arn}")
    provider.client_ids.remove(client_id)


@operation
def update_open_id_connect_provider_thumbprint(
    call: Call, provider: OidcProvider, *, thumbprint_list: list[str]
) -> None:
    _check_thumbprints(thumbprint_list)
    provider.thumbprints = list(thumbprint_list)


def _check_thumbprints(thumbprints: list[str]) -> None:
    if len(thumbprints) > MAX_THUMBPRINTS:
        raise LimitExceeded(f"Cannot exceed quota for ThumbprintsPerOpenIdConnectProvider: {MAX_THUMBPRINTS}")


def _check_client_ids(client_ids: list[str]) -> None:
    if len(client_ids) > MAX_CLIENT_IDS:
        raise LimitExceeded(f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {MAX_CLIENT_IDS}")
