"""SAML identity providers in a test: registered with IAM, with a key that signs the assertions they issue."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from importlib import import_module
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from botocore.exceptions import ClientError

from iamsim.errors import UsageError
from iamsim.testing.account_root import client_of_root
from iamsim.testing.acting import unchecked
from iamsim.testing.active import ACTIVE

MISSING = 'SAML assertions are signed with signxml: install it with `pip install "iamsim[federation]"`'
SIGN_IN = "https://signin.aws.amazon.com/saml"
AUDIENCE = "urn:amazon:webservices"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
SUBJECT_TYPES = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
LIFETIME_S = 300
MIN_METADATA_SIZE = 1_000  # of IAM's API


class SamlProvider:
    """One provider. `arn` is what a trust policy names as `Federated`."""

    def __init__(self, name: str, arn: str, entity_id: str, keys: Keys) -> None:
        self.name = name
        self.arn = arn
        self.entity_id = entity_id
        self._keys = keys

    def __repr__(self) -> str:
        return f"<SAML provider {self.name}>"

    @property
    def metadata(self) -> str:
        """The document that describes it, with the certificate of its key."""
        return _metadata(self.entity_id, self._keys.certificate)

    def assertion(
        self,
        role: str | Sequence[str],
        *,
        session_name: str = "session",
        subject: str = "subject",
        subject_type: str = "persistent",
        tags: Mapping[str, str] | None = None,
        transitive_tag_keys: Sequence[str] = (),
        source_identity: str | None = None,
        duration_s: int | None = None,
        session_ends_in_s: int | None = None,
        attributes: Mapping[str, str | Sequence[str]] | None = None,
        issuer: str | None = None,
        recipient: str = SIGN_IN,
        audience: str = AUDIENCE,
        issued_s_ago: int = 0,
        lifetime_s: int = LIFETIME_S,
        signs: str = "assertion",
    ) -> str:
        """A response for `role` (an ARN, or several) in base 64, as AssumeRoleWithSAML takes it.

        `signs` is the element that is signed: `assertion`, `response`, or `nothing`.
        """
        if signs not in ("assertion", "response", "nothing"):
            raise UsageError(f"`signs` is `{signs}`: give `assertion`, `response` or `nothing`")
        issued_at = ACTIVE.simulator.cloud.clock.today() - timedelta(seconds=issued_s_ago)
        roles = [role] if isinstance(role, str) else role
        given: dict[str, str | Sequence[str]] = {f"{ATTRIBUTES}Role": [f"{each},{self.arn}" for each in roles]}
        given[f"{ATTRIBUTES}RoleSessionName"] = session_name
        given |= {f"{ATTRIBUTES}PrincipalTag:{key}": value for key, value in (tags or {}).items()}
        if transitive_tag_keys:
            given[f"{ATTRIBUTES}TransitiveTagKeys"] = transitive_tag_keys
        if source_identity is not None:
            given[f"{ATTRIBUTES}SourceIdentity"] = source_identity
        if duration_s is not None:
            given[f"{ATTRIBUTES}SessionDuration"] = str(duration_s)
        if ":" not in subject_type:
            subject_type = SUBJECT_TYPES + subject_type
        ends = issued_at + timedelta(seconds=lifetime_s)
        session = "" if session_ends_in_s is None else _at(issued_at + timedelta(seconds=session_ends_in_s))
        xml = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0" IssueInstant="{_at(issued_at)}"
 Destination={quoteattr(recipient)}><saml:Issuer>{escape(issuer or self.entity_id)}</saml:Issuer>{PLACE["response"]}
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="{_at(issued_at)}">
<saml:Issuer>{escape(issuer or self.entity_id)}</saml:Issuer>{PLACE["assertion"]}
<saml:Subject><saml:NameID Format={quoteattr(subject_type)}>{escape(subject)}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{_at(ends)}" Recipient={quoteattr(recipient)}/></saml:SubjectConfirmation>
</saml:Subject><saml:Conditions NotBefore="{_at(issued_at)}" NotOnOrAfter="{_at(ends)}"><saml:AudienceRestriction>
<saml:Audience>{escape(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{_at(issued_at)}"{f' SessionNotOnOrAfter="{session}"' if session else ""}/>
<saml:AttributeStatement>{"".join(_attribute(*each) for each in (given | dict(attributes or {})).items())}
</saml:AttributeStatement></saml:Assertion></samlp:Response>"""
        text = xml
        for part, place in PLACE.items():
            text = text.replace(place, PLACEHOLDER if part == signs else "")
        signed = text.encode() if signs == "nothing" else self._keys.sign(text, f"#_{signs}")
        return base64.b64encode(signed).decode()


PLACE = {"response": "<!--response-->", "assertion": "<!--assertion-->"}  # where a signature goes
PLACEHOLDER = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"></ds:Signature>'


def saml_provider(name: str, *, entity_id: str | None = None, account: str | None = None) -> SamlProvider:
    """Register a SAML provider with IAM, whose assertions are verified with its key. Needs `iamsim[federation]`."""
    home = account or ACTIVE.simulator.cloud.account
    entity_id = entity_id or f"https://{name}.example/metadata"
    keys = _keys(entity_id)
    document = _metadata(entity_id, keys.certificate)
    with unchecked():
        try:
            made = client_of_root("iam", home).create_saml_provider(Name=name, SAMLMetadataDocument=document)
        except ClientError as error:
            refused = error.response["Error"]
            raise UsageError(f"saml_provider(`{name}`): {refused['Code']}: {refused['Message']}") from error
    return SamlProvider(name, made["SAMLProviderArn"], entity_id, keys)


def _metadata(entity_id: str, certificate: str) -> str:
    body = "".join(certificate.split("-----")[2].split())
    text = f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID={quoteattr(entity_id)}>
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location={quoteattr(entity_id)}/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""
    return text.ljust(MIN_METADATA_SIZE)


def _attribute(name: str, values: str | Sequence[str]) -> str:
    listed = [values] if isinstance(values, str) else values
    inside = "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in listed)
    return f"<saml:Attribute Name={quoteattr(name)}>{inside}</saml:Attribute>"


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Keys:
    """A private key, and the certificate of its public half (PEM)."""

    def __init__(self, signxml: Any, etree: Any, private_key: Any, certificate: str) -> None:
        self._signxml = signxml
        self._etree = etree
        self._private_key = private_key
        self.certificate = certificate

    def sign(self, text: str, reference: str) -> bytes:
        """`text` with a signature of the element that `reference` names, where it has a place for one."""
        signer = self._signxml.XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
        root = signer.sign(
            self._etree.fromstring(text.encode()),
            key=self._private_key,
            cert=self.certificate,
            reference_uri=reference,
            id_attribute="ID",
        )
        return bytes(self._etree.tostring(root))


@lru_cache(maxsize=32)
def _keys(entity_id: str) -> Keys:
    """A key per provider and process: making one takes a while."""
    try:
        signxml: Any = import_module("signxml")
        etree: Any = import_module("lxml.etree")
        x509: Any = import_module("cryptography.x509")
        rsa: Any = import_module("cryptography.hazmat.primitives.asymmetric.rsa")
        hashes: Any = import_module("cryptography.hazmat.primitives.hashes")
        serialization: Any = import_module("cryptography.hazmat.primitives.serialization")
    except ImportError:
        raise UsageError(MISSING) from None
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "iamsim")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=timezone.utc))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=timezone.utc))
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return Keys(signxml, etree, key, pem)
