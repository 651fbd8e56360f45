"""AssumeRoleWithWebIdentity and AssumeRoleWithSAML where nobody knows the keys of the provider."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from iamsim import Simulator, enable_iam_authentication
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, refused, trust

HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
IDP = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
NAMED = {"RoleArn": ROLE, "RoleSessionName": "session"}
DENIED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


def token(**claims: Any) -> str:
    """A JSON Web Token that nobody has signed."""
    body = {"iss": f"https://{HOST}", "aud": "sts.amazonaws.com", "sub": "repo:acme/shop:ref:refs/heads/main"} | claims
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, body)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".c2ln"


@pytest.fixture
def role(iam: Any) -> None:
    iam.create_open_id_connect_provider(Url=f"https://{HOST}", ClientIDList=["sts.amazonaws.com"])
    document = trust(
        {"Federated": PROVIDER},
        ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        Condition={"StringLike": {f"{HOST}:sub": "repo:acme/*"}, "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}},
    )
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("iam:ListRoles"))


@pytest.mark.usefixtures("role")
def test_a_web_identity_token_that_is_trusted(sts: Any) -> None:
    with enable_iam_authentication():
        reply = sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=token())
        assert reply["SubjectFromWebIdentityToken"] == "repo:acme/shop:ref:refs/heads/main"
        assert (reply["Provider"], reply["Audience"]) == (PROVIDER, "sts.amazonaws.com")
        assert reply["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session"
        assert len(client_of(reply["Credentials"], "iam").list_roles()["Roles"]) == 1


@pytest.mark.usefixtures("role")
def test_web_identity_tokens_that_are_refused(sts: Any, aws: Simulator) -> None:
    now = int(aws.cloud.clock.now())
    with enable_iam_authentication():
        with refused("AccessDenied", DENIED, 403):
            sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=token(sub="repo:evil/shop"))
        with refused("InvalidIdentityToken", "Incorrect token audience", 400):
            sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=token(aud="other"))
        with refused(
            "InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://other.example", 400
        ):
            sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=token(iss="https://other.example"))
        with pytest.raises(sts.exceptions.ExpiredTokenException, match="Token expired"):
            sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=token(exp=now - 1))
        with pytest.raises(sts.exceptions.InvalidIdentityTokenException):
            sts.assume_role_with_web_identity(**NAMED, WebIdentityToken="nonsense")
        with refused("AccessDenied", DENIED):
            other = f"arn:aws:iam::{ACCOUNT}:role/missing"
            sts.assume_role_with_web_identity(RoleArn=other, RoleSessionName="session", WebIdentityToken=token())


@pytest.mark.usefixtures("role")
def test_tags_in_a_token(sts: Any, aws: Simulator) -> None:
    tags = {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]}
    with enable_iam_authentication():
        tagged = token(**{"https://aws.amazon.com/tags": tags})
        reply = sts.assume_role_with_web_identity(**NAMED, WebIdentityToken=tagged)
    session = aws.cloud.credentials[reply["Credentials"]["AccessKeyId"]].principal.session
    assert session is not None
    assert (session.tags, session.transitive_tag_keys) == ({"team": "red"}, frozenset({"team"}))
    assert session.context[f"{HOST}:sub"].startswith("repo:acme")


def test_while_nothing_is_enforced_any_text_is_a_token(sts: Any) -> None:
    reply = sts.assume_role_with_web_identity(**NAMED, WebIdentityToken="opaque")
    assert reply["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session"
    assert "SubjectFromWebIdentityToken" not in reply


def assertion(role: str = ROLE, *, until: str = "2999-01-01T00:00:00Z", session_name: str = "alice@acme") -> str:
    """A SAML response that nobody has signed."""
    prefix = "https://aws.amazon.com/SAML/Attributes/"
    attributes = {"Role": f"{role},{IDP}", "RoleSessionName": session_name, "PrincipalTag:team": "red"}
    statements = "".join(
        f'<Attribute Name="{prefix}{name}"><AttributeValue>{value}</AttributeValue></Attribute>'
        for name, value in attributes.items()
    )
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    xml = f"""<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol">
    <Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>https://idp.acme</Issuer>
    <Subject><NameID Format="{persistent}">alice</NameID><SubjectConfirmation>
    <SubjectConfirmationData NotOnOrAfter="{until}" Recipient="https://signin.aws.amazon.com/saml"/>
    </SubjectConfirmation></Subject><AttributeStatement>{statements}</AttributeStatement></Assertion></Response>"""
    return base64.b64encode(xml.encode()).decode()


@pytest.fixture
def saml_role(iam: Any) -> None:
    metadata = '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">' + " " * 1000 + "</EntityDescriptor>"
    iam.create_saml_provider(Name="idp", SAMLMetadataDocument=metadata)
    document = trust(
        {"Federated": IDP},
        ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml", "saml:sub_type": "persistent"}},
    )
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)


@pytest.mark.usefixtures("saml_role")
def test_a_saml_assertion_that_is_trusted(sts: Any, aws: Simulator) -> None:
    with enable_iam_authentication():
        reply = sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=IDP, SAMLAssertion=assertion())
    assert reply["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/alice@acme"
    assert (reply["Subject"], reply["SubjectType"], reply["Issuer"]) == ("alice", "persistent", "https://idp.acme")
    assert reply["Audience"] == "https://signin.aws.amazon.com/saml"
    session = aws.cloud.credentials[reply["Credentials"]["AccessKeyId"]].principal.session
    assert session is not None
    assert (session.tags, session.context["saml:sub"]) == ({"team": "red"}, "alice")


@pytest.mark.usefixtures("saml_role")
def test_saml_assertions_that_are_refused(sts: Any) -> None:
    denied = "Not authorized to perform sts:AssumeRoleWithSAML"
    with enable_iam_authentication():
        with refused("AccessDenied", denied, 403):
            sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=IDP, SAMLAssertion=assertion(f"{ROLE}2"))
        with refused("ExpiredTokenException", "Response has expired", 400):
            expired = assertion(until="2020-01-01T00:00:00Z")
            sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=IDP, SAMLAssertion=expired)
        with refused("InvalidIdentityToken", "Invalid base64 SAMLResponse", 400):
            sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=IDP, SAMLAssertion="nonsense")
        with refused("InvalidIdentityToken", "Specified provider doesn't exist"):
            sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=f"{IDP}2", SAMLAssertion=assertion())
