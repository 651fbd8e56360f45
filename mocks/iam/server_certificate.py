"""Server certificates, kept as given. Source: IAM API reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from . import tags as tagged
from .account import Entity, forget, in_order, is_taken, keep, move
from .failures import EntityAlreadyExists
from .tags import TagList

MalformedCertificate = error("MalformedCertificate")

PAGE_SIZE = 100


@dataclass(eq=False)
class ServerCertificate(Entity, kind="server-certificate"):
    """One certificate; nothing gives its private key back."""

    body: str = ""
    chain: str | None = None
    private_key: str = ""

    def described(self) -> dict[str, Any]:
        return {
            "Path": self.path,
            "ServerCertificateName": self.name,
            "ServerCertificateId": self.unique_id,
            "Arn": str(self.arn),
            "UploadDate": int(self.created_at),
        }


@operation
def upload_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    certificate_body: str,
    private_key: str,
    path: str = "/",
    certificate_chain: str | None = None,
    tags: TagList | None = None,
) -> Reply:
    """Raises MalformedCertificate for what is not PEM."""
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "server-certificate", server_certificate_name):
        raise EntityAlreadyExists(f"The Server Certificate with name {server_certificate_name} already exists.")
    for what, text in (("Certificate", certificate_body), ("Private Key", private_key)):
        if not text.lstrip().startswith("-----BEGIN "):
            raise MalformedCertificate(f"Unable to parse {what.lower()}. Please ensure the {what} is in PEM format.")
    certificate = keep(
        call,
        ServerCertificate(
            call.make_arn("server-certificate", path=path, name=server_certificate_name),
            wanted_tags,
            unique_id=call.clock.new_unique_id("ASCA"),
            created_at=call.clock.now(),
            body=certificate_body,
            chain=certificate_chain,
            private_key=private_key,
        ),
    )
    described = certificate.described()
    return {"ServerCertificateMetadata": described} | ({"Tags": certificate.tag_list()} if tags else {})


@operation
def get_server_certificate(call: Call, certificate: ServerCertificate) -> Reply:
    shown: dict[str, Any] = {
        "ServerCertificateMetadata": certificate.described(),
        "CertificateBody": certificate.body,
        "Tags": certificate.tag_list(),
    }
    return {"ServerCertificate": shown | ({"CertificateChain": certificate.chain} if certificate.chain else {})}


@operation
def list_server_certificates(call: Call, *, path_prefix: str = "/") -> Reply:
    return call.page([each.described() for each in in_order(call, ServerCertificate, path_prefix)], limit=PAGE_SIZE)


@operation
def update_server_certificate(
    call: Call,
    certificate: ServerCertificate,
    *,
    new_path: str | None = None,
    new_server_certificate_name: str | None = None,
) -> None:
    new = new_server_certificate_name
    if new and new.lower() != certificate.name.lower() and is_taken(call, "server-certificate", new):
        raise EntityAlreadyExists(f"The Server Certificate with name {new} already exists.")
    move(call, certificate, name=new, path=new_path)


@operation
def delete_server_certificate(call: Call, certificate: ServerCertificate) -> None:
    forget(call, certificate)
