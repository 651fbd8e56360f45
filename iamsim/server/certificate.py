"""A certificate for the server, made on the spot and signed by itself."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from iamsim.clock import Clock
from iamsim.errors import UsageError

VALID_FOR = timedelta(days=365)
NAMES = ("localhost", "*.localhost", "*.s3.localhost")
ADDRESSES = ("127.0.0.1", "::1")


class Certificate(NamedTuple):
    """Where certificate and key were written, in PEM. The certificate is its own authority: clients trust that file."""

    certificate: Path
    key: Path


def self_signed(folder: Path, host: str) -> Certificate:
    """A new certificate for this machine's own names and for `host`, in `folder`.

    Raises UsageError if the package `cryptography` is missing.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509 import oid
    except ImportError:
        raise UsageError("TLS needs the package `cryptography`: pip install 'iamsim[server]'") from None
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid.NameOID.COMMON_NAME, "iamsim")])
    now = datetime.fromtimestamp(int(Clock().now()), tz=timezone.utc)
    alternatives: list[x509.GeneralName] = [x509.DNSName(each) for each in NAMES]
    alternatives += [x509.IPAddress(ipaddress.ip_address(each)) for each in ADDRESSES]
    if host not in NAMES + ADDRESSES:
        try:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            alternatives += [x509.DNSName(host), x509.DNSName(f"*.{host}")]
    public = key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    made.key.touch(mode=0o600)
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made
