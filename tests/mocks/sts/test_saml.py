"""AssumeRoleWithSAML: assertions that their provider has signed, what is checked of them, and their condition keys."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim import Clock, NotMocked, Simulator, UsageError, enable_iam_authentication, mock_aws
from iamsim.testing import SamlProvider, saml_provider
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, refused, trust

pytest.importorskip("signxml")

ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev"
SIGN_IN = "https://signin.aws.amazon.com/saml"
DENIED = "Not authorized to perform sts:AssumeRoleWithSAML"
INVALID = "Response signature invalid"
WRONG_AUDIENCE = "Response does not contain the required audience."
PAST = datetime(2001, 1, 1, tzinfo=timezone.utc)
EDU_PERSON = "urn:oid:1.3.6.1.4.1.5923.1.1.1."


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws(clock=Clock(at=1_800_000_000)) as simulator:
        yield simulator


@pytest.fixture
def acme() -> SamlProvider:
    return saml_provider("acme")


def make_role(provider: SamlProvider, **conditions: Any) -> None:
    actions = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]
    document = trust({"Federated": provider.arn}, actions, **({"Condition": conditions} if conditions else {}))
    iam = boto3.client("iam")
    iam.create_role(RoleName="dev", AssumeRolePolicyDocument=document, MaxSessionDuration=7200)
    iam.put_role_policy(RoleName="dev", PolicyName="p", PolicyDocument=allow("iam:ListRoles"))


def assume(provider: SamlProvider, assertion: str, **more: Any) -> dict[str, Any]:
    """The answer to the checked call."""
    sts = boto3.client("sts", region_name="us-east-1")
    named = {"RoleArn": ROLE, "PrincipalArn": provider.arn, "SAMLAssertion": assertion} | more
    with enable_iam_authentication():
        reply: dict[str, Any] = sts.assume_role_with_saml(**named)
    return reply


def session_of(aws: Simulator, reply: dict[str, Any]) -> Any:
    return aws.cloud.credentials[reply["Credentials"]["AccessKeyId"]].principal.session


def changed(assertion: str, old: str, new: str) -> str:
    text = base64.b64decode(assertion).decode()
    assert old in text
    return base64.b64encode(text.replace(old, new).encode()).decode()


class TestSignatures:
    @pytest.mark.parametrize("part", ["assertion", "response"])
    def test_what_the_provider_has_signed(self, acme: SamlProvider, part: str) -> None:
        make_role(acme, StringEquals={"SAML:aud": SIGN_IN, "saml:sub_type": "persistent", "saml:iss": acme.entity_id})
        reply = assume(acme, acme.assertion(ROLE, session_name="ada@acme", subject="ada", signs=part))
        assert reply["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/dev/ada@acme"
        assert (reply["Subject"], reply["SubjectType"], reply["Issuer"]) == ("ada", "persistent", acme.entity_id)
        with enable_iam_authentication():
            assert len(client_of(reply["Credentials"], "iam").list_roles()["Roles"]) == 1
        with refused("InvalidIdentityToken", INVALID, 400):
            assume(acme, changed(acme.assertion(ROLE, subject="eve", signs=part), ">eve<", ">ada<"))

    def test_what_nobody_has_signed(self, acme: SamlProvider) -> None:
        make_role(acme)
        with refused("InvalidIdentityToken", INVALID, 400):
            assume(acme, acme.assertion(ROLE, signs="nothing"))

    def test_what_another_provider_has_signed(self, acme: SamlProvider) -> None:
        make_role(acme)
        other = saml_provider("other")
        with refused("InvalidIdentityToken", INVALID):
            assume(acme, changed(other.assertion(ROLE, issuer=acme.entity_id), "x", "x"))

    def test_an_assertion_wrapped_around_the_signed_one_is_not_believed(self, acme: SamlProvider) -> None:
        make_role(acme, StringEquals={"saml:sub": "admin"})
        text = base64.b64decode(acme.assertion(ROLE, subject="eve")).decode()
        start, end = text.index("<saml:Assertion"), text.index("</saml:Assertion>") + len("</saml:Assertion>")
        signed = text[start:end]
        forged = re.sub(r"<ds:Signature.*</ds:Signature>", "", signed, flags=re.DOTALL)
        forged = forged.replace(">eve<", ">admin<").replace('ID="_assertion"', 'ID="_other"')
        for body in (forged + signed, signed + forged, forged.replace("</saml:Subject>", f"</saml:Subject>{signed}")):
            wrapped = base64.b64encode((text[:start] + body + text[end:]).encode()).decode()
            with pytest.raises(ClientError) as caught:
                assume(acme, wrapped)
            assert caught.value.response["Error"]["Message"] in (INVALID, DENIED)

    def test_one_changed_letter_is_refused(self, acme: SamlProvider) -> None:
        make_role(acme)
        text = base64.b64decode(acme.assertion(ROLE, subject="ada")).decode()
        start = text.index("<saml:Subject>")
        letters = [start + match.start() for match in re.finditer(r"[a-zA-Z0-9]", text[start:])]

        @settings(max_examples=40, derandomize=True, deadline=None)
        @given(at=st.sampled_from(letters))
        def check(at: int) -> None:
            letter = "Q" if text[at] != "Q" else "R"
            with pytest.raises(ClientError) as caught:
                assume(acme, base64.b64encode(f"{text[:at]}{letter}{text[at + 1 :]}".encode()).decode())
            assert caught.value.response["Error"]["Code"] == "InvalidIdentityToken"

        check()

    def test_a_provider_may_have_several_certificates(self, acme: SamlProvider) -> None:
        make_role(acme)
        other = saml_provider("other", entity_id="https://other.example")
        key = re.search(r"<md:KeyDescriptor.*</md:KeyDescriptor>", other.metadata, flags=re.DOTALL)
        assert key is not None
        both = acme.metadata.replace("<md:KeyDescriptor", key[0] + "<md:KeyDescriptor")
        iam = boto3.client("iam")
        iam.update_saml_provider(SAMLProviderArn=acme.arn, SAMLMetadataDocument=both)
        assume(acme, acme.assertion(ROLE))
        theirs = other.assertion(ROLE, issuer=acme.entity_id).encode()
        with refused("AccessDenied", DENIED):  # signed well, but about another provider
            assume(acme, theirs.decode())
        encryption = both.replace('use="signing"', 'use="encryption"')
        iam.update_saml_provider(SAMLProviderArn=acme.arn, SAMLMetadataDocument=encryption)
        assume(acme, acme.assertion(ROLE, signs="nothing"))  # no key that signs is known any more

    @pytest.mark.parametrize("years", [-40, 200])
    def test_the_dates_of_a_certificate_do_not_count(self, years: int, monkeypatch: pytest.MonkeyPatch) -> None:
        x509 = pytest.importorskip("cryptography.x509")
        build = x509.CertificateBuilder.not_valid_before
        end = x509.CertificateBuilder.not_valid_after

        def moved(set_date: Any) -> Any:
            return lambda self, moment: set_date(self, moment.replace(year=moment.year + years))

        if years > 0:
            monkeypatch.setattr(x509.CertificateBuilder, "not_valid_after", moved(end))
            monkeypatch.setattr(x509.CertificateBuilder, "not_valid_before", moved(build))
        else:
            monkeypatch.setattr(x509.CertificateBuilder, "not_valid_after", lambda self, moment: end(self, PAST))
        provider = saml_provider("dated", entity_id=f"https://dated{years}.example")
        make_role(provider)
        assume(provider, provider.assertion(ROLE))
        with refused("InvalidIdentityToken", INVALID):
            assume(provider, changed(provider.assertion(ROLE, subject="eve"), ">eve<", ">ada<"))

    def test_without_the_library_the_user_is_told(self, acme: SamlProvider, monkeypatch: pytest.MonkeyPatch) -> None:
        make_role(acme)
        assertion = acme.assertion(ROLE)
        monkeypatch.setitem(sys.modules, "signxml", None)
        with pytest.raises(
            UsageError, match=r"signxml, which is not installed: `pip install \"iamsim\[federation\]\"`"
        ):
            assume(acme, assertion)


class TestChecks:
    def test_times(self, acme: SamlProvider, aws: Simulator) -> None:
        make_role(acme)
        assertion = acme.assertion(ROLE, lifetime_s=60)
        aws.cloud.clock.advance(61)
        with refused("ExpiredTokenException", "Response has expired", 400):
            assume(acme, assertion)
        long = acme.assertion(ROLE, lifetime_s=3600)
        aws.cloud.clock.advance(299)
        assume(acme, long)
        aws.cloud.clock.advance(2)
        with refused("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance", 400):
            assume(acme, long)
        with refused("InvalidIdentityToken", "Response is not valid yet", 400):
            assume(acme, acme.assertion(ROLE, issued_s_ago=-600))

    @pytest.mark.parametrize(
        "recipient",
        [
            "https://us-east-1.signin.aws.amazon.com/saml",
            "https://signin.amazonaws-us-gov.com/saml",
            "https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSP1ABC",
        ],
    )
    def test_recipients(self, acme: SamlProvider, recipient: str) -> None:
        make_role(acme)
        assert assume(acme, acme.assertion(ROLE, recipient=recipient, audience=recipient))["Audience"] == recipient

    def test_meant_for_somebody_else(self, acme: SamlProvider) -> None:
        make_role(acme)
        for wrong in ({"audience": "urn:acme"}, {"recipient": "https://signin.aws.amazon.com.evil.example/saml"}):
            with refused("InvalidIdentityToken", WRONG_AUDIENCE, 400):
                assume(acme, acme.assertion(ROLE, **wrong))

    def test_the_issuer_must_be_the_providers(self, acme: SamlProvider) -> None:
        make_role(acme)
        with refused("InvalidIdentityToken", "Issuer not present in specified provider", 400):
            assume(acme, acme.assertion(ROLE, issuer="https://evil.example"))

    def test_the_role_must_be_in_the_assertion(self, acme: SamlProvider) -> None:
        make_role(acme)
        assume(acme, acme.assertion([f"{ROLE}2", ROLE]))
        with refused("AccessDenied", DENIED, 403):
            assume(acme, acme.assertion(f"{ROLE}2"))
        with refused("AccessDenied", DENIED, 403):
            assume(acme, acme.assertion(f"{ROLE}2"), RoleArn=f"{ROLE}2")

    def test_names(self, acme: SamlProvider) -> None:
        make_role(acme)
        for name in ("a", "a b", "a" * 65):
            text = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
            with refused("InvalidIdentityToken", text, 400):
                assume(acme, acme.assertion(ROLE, session_name=name))
        with refused("InvalidIdentityToken", "Specified provider doesn't exist", 400):
            sts = boto3.client("sts", region_name="us-east-1")
            with enable_iam_authentication():
                sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=f"{acme.arn}2", SAMLAssertion=acme.assertion(ROLE))

    @pytest.mark.parametrize(
        "document",
        [
            b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
            b"<a>",
            b"nonsense",
            b"\xff\xfe\x00",
            b'<?xml version="1.0" encoding="nonsense"?><a/>',
        ],
    )
    def test_what_is_no_xml_or_names_entities(self, acme: SamlProvider, document: bytes) -> None:
        make_role(acme)
        with refused("InvalidIdentityToken", "Invalid base64 SAMLResponse", 400):
            assume(acme, base64.b64encode(document).decode())

    def test_encrypted_assertions_are_not_decrypted(self, acme: SamlProvider) -> None:
        text = b'<R><EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/></R>'
        with refused("NotMocked", "iamsim does not decrypt SAML assertions: send the assertion in clear text", 501):
            assume(acme, base64.b64encode(text).decode())
        assert issubclass(NotMocked, Exception)


class TestSessions:
    def test_durations(self, acme: SamlProvider, aws: Simulator) -> None:
        make_role(acme)

        def lasts(**options: Any) -> int:
            wanted = {"DurationSeconds": options.pop("wanted")} if "wanted" in options else {}
            reply = assume(acme, acme.assertion(ROLE, **options), **wanted)
            return round(session_of(aws, reply).expires_at - aws.cloud.clock.now())

        assert lasts() == 3600
        assert lasts(duration_s=1800) == 1800
        assert lasts(duration_s=1800, wanted=900) == 900
        assert lasts(session_ends_in_s=600) == 600
        text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        with refused("ValidationError", text, 400):
            lasts(wanted=7201)
        with refused("InvalidIdentityToken", "SessionDuration in AuthnResponse must be between 900 and 43200", 400):
            lasts(duration_s=10)

    def test_tags_and_source_identity(self, acme: SamlProvider, aws: Simulator) -> None:
        make_role(acme, StringEquals={"aws:RequestTag/team": "red", "sts:SourceIdentity": "ada"})
        reply = assume(
            acme,
            acme.assertion(
                ROLE, tags={"team": "red", "cost": "1"}, transitive_tag_keys=["team", "cost"], source_identity="ada"
            ),
        )
        session = session_of(aws, reply)
        assert reply["SourceIdentity"] == session.source_identity == "ada"
        assert session.tags == {"team": "red", "cost": "1"}
        assert session.transitive_tag_keys == frozenset({"team", "cost"})
        with refused("AccessDenied", DENIED, 403):
            assume(acme, acme.assertion(ROLE, tags={"team": "blue"}, source_identity="ada"))
        text = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        with refused("InvalidIdentityToken", text, 400):
            assume(acme, acme.assertion(ROLE, source_identity="aws:ada"))

    def test_what_stays_with_the_session(self, acme: SamlProvider, aws: Simulator) -> None:
        make_role(acme)
        reply = assume(acme, acme.assertion(ROLE, subject="ada", subject_type="transient"))
        assert session_of(aws, reply).context == {
            "saml:sub": "ada",
            "saml:sub_type": "transient",
            "saml:namequalifier": reply["NameQualifier"],
        }

    def test_attributes_decide(self, acme: SamlProvider) -> None:
        """Context-keys section 7: lists are multivalued, the rest is not."""
        make_role(
            acme,
            StringEquals={
                "saml:edupersonorgdn": "o=acme",
                "saml:mail": "ada@acme.example",
                "saml:doc": f"{ACCOUNT}/acme",
            },
            **{"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff"}},
        )
        good = {
            f"{EDU_PERSON}1": ["member", "staff"],
            f"{EDU_PERSON}3": "o=acme",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": "ada@acme.example",
        }
        assume(acme, acme.assertion(ROLE, attributes=good))
        for name in good:
            with refused("AccessDenied", DENIED):
                assume(acme, acme.assertion(ROLE, attributes=good | {name: "other"}))


def test_metadata_that_are_none(acme: SamlProvider) -> None:
    iam = boto3.client("iam")
    pad = " " * 1000
    no_certificate = re.sub(r"Certificate>[^<]+<", "Certificate>!!!<", acme.metadata)
    for document in ("<a/>", '<!DOCTYPE a [<!ENTITY b "c">]>' + acme.metadata, no_certificate):
        with refused("InvalidInput", "Could not parse metadata", 400):
            iam.create_saml_provider(Name="none", SAMLMetadataDocument=document + pad)


def test_mistakes(acme: SamlProvider) -> None:
    with pytest.raises(UsageError, match="saml_provider\\(`acme`\\): EntityAlreadyExists"):
        saml_provider("acme")
    with pytest.raises(UsageError, match="`signs` is `all`: give `assertion`, `response` or `nothing`"):
        acme.assertion(ROLE, signs="all")
