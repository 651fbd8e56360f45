"""Operations on signing certificates, kept as given. Source: IAM API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import LETTERS_AND_DIGITS, Call, Reply, error, operation

from .failures import LimitExceeded, NoSuchEntity
from .user import User, is_about_root, user_meant
from .user_certificates import SigningCertificate

DuplicateCertificate = error("DuplicateCertificate")
MalformedCertificate = error("MalformedCertificate")

MAX_CERTIFICATES_PER_USER = 2
ID_LENGTH = 32
PAGE_SIZE = 100


@operation
def upload_signing_certificate(call: Call, *, certificate_body: str) -> Reply:
    """Raises MalformedCertificate, DuplicateCertificate or LimitExceeded."""
    user, body = user_meant(call), certificate_body.strip()
    if not body.startswith("-----BEGIN CERTIFICATE-----"):
        raise MalformedCertificate("Unable to parse certificate. Please ensure the Certificate is in PEM format.")
    if any(each.body.strip() == body for each in user.signing_certificates.values()):
        raise DuplicateCertificate(f"The certificate is already associated with the user {user.name}.")
    if len(user.signing_certificates) >= MAX_CERTIFICATES_PER_USER:
        raise LimitExceeded(f"Cannot exceed quota for SigningCertificatesPerUser: {MAX_CERTIFICATES_PER_USER}")
    certificate_id = call.clock.new_token(ID_LENGTH, LETTERS_AND_DIGITS).upper()
    certificate = SigningCertificate(certificate_id, certificate_body, call.clock.now())
    user.signing_certificates[certificate.id] = certificate
    return {"Certificate": _described(user, certificate)}


@operation
def list_signing_certificates(call: Call) -> Reply:
    if is_about_root(call):
        return call.page([], limit=PAGE_SIZE)
    user = user_meant(call)
    return call.page([_described(user, each) for each in user.signing_certificates.values()], limit=PAGE_SIZE)


@operation
def update_signing_certificate(call: Call, *, certificate_id: str, status: str) -> None:
    _certificate(user_meant(call), certificate_id).is_active = status == "Active"


@operation
def delete_signing_certificate(call: Call, *, certificate_id: str) -> None:
    user = user_meant(call)
    del user.signing_certificates[_certificate(user, certificate_id).id]


def _certificate(user: User, certificate_id: str) -> SigningCertificate:
    certificate = user.signing_certificates.get(certificate_id)
    if certificate is None:
        raise NoSuchEntity(f"The Certificate with id {certificate_id} cannot be found.")
    return certificate


def _described(user: User, certificate: SigningCertificate) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "CertificateId": certificate.id,
        "CertificateBody": certificate.body,
        "Status": "Active" if certificate.is_active else "Inactive",
        "UploadDate": int(certificate.uploaded_at),
    }
