"""GetWebIdentityToken: tokens about the caller, which the outside world can verify."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamsim import Simulator, enable_iam_authentication
from iamsim.testing import organization
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, make_user, refused, trust

jwt = pytest.importorskip("jwt")

DISABLED = "Outbound web identity federation is not enabled for this account."
WANTED: dict[str, Any] = {"Audience": ["https://api.example"], "SigningAlgorithm": "ES384"}


@pytest.fixture
def issuer(iam: Any) -> str:
    return str(iam.enable_outbound_web_identity_federation()["IssuerIdentifier"])


def verified(aws: Simulator, token: str, audience: str = "https://api.example") -> dict[str, Any]:
    """The claims, as somebody reads them who fetches the issuer's keys."""
    unverified = jwt.decode(token, options={"verify_signature": False})
    keys = jwt.PyJWKSet.from_json(json.dumps(aws.cloud.issuers[unverified["iss"].removeprefix("https://")]))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256", "ES384"], audience=audience)
    return claims


def test_switching_it_on_and_off(iam: Any) -> None:
    with refused("FeatureDisabled", DISABLED, 404):
        iam.get_outbound_web_identity_federation_info()
    issuer = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert issuer.startswith("https://")
    assert issuer.endswith(".tokens.sts.global.api.aws")
    info = iam.get_outbound_web_identity_federation_info()
    assert (info["IssuerIdentifier"], info["JwtVendingEnabled"]) == (issuer, True)
    with refused("FeatureEnabled", "Outbound web identity federation is already enabled for this account.", 409):
        iam.enable_outbound_web_identity_federation()
    iam.disable_outbound_web_identity_federation()
    with refused("FeatureDisabled", "Outbound web identity federation is already disabled for this account.", 404):
        iam.disable_outbound_web_identity_federation()
    assert iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


def test_while_it_is_disabled(sts: Any) -> None:
    with refused("OutboundWebIdentityFederationDisabledException", DISABLED, 403):
        sts.get_web_identity_token(**WANTED)


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_a_token_about_a_user(iam: Any, issuer: str, aws: Simulator, algorithm: str) -> None:
    key = make_user("alice", allow("sts:*"))
    iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    with enable_iam_authentication():
        reply = client_of(key, "sts").get_web_identity_token(**(WANTED | {"SigningAlgorithm": algorithm}))
    claims = verified(aws, reply["WebIdentityToken"])
    arn = f"arn:aws:iam::{ACCOUNT}:user/alice"
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["iat"]) == (issuer, arn, 300)
    assert claims["exp"] == reply["Expiration"].timestamp()
    assert claims["https://sts.amazonaws.com/"] == {
        "aws_account": ACCOUNT,
        "source_region": "us-east-1",
        "principal_id": arn,
        "principal_tags": {"team": "red"},
    }


def test_a_token_about_a_role_session(iam: Any, sts: Any, issuer: str, aws: Simulator) -> None:
    organization(scps=None)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    tags = [{"Key": "cost", "Value": "1"}]
    session = sts.assume_role(RoleArn=role, RoleSessionName="session", Tags=tags)["Credentials"]
    asked = WANTED | {"Audience": ["a", "b"], "Tags": [{"Key": "job", "Value": "7"}], "DurationSeconds": 60}
    claims = verified(aws, client_of(session, "sts").get_web_identity_token(**asked)["WebIdentityToken"], "b")
    about = claims["https://sts.amazonaws.com/"]
    assert (claims["sub"], claims["aud"]) == (role, ["a", "b"])
    assert (about["request_tags"], about["principal_tags"]) == ({"job": "7"}, {"cost": "1"})
    assert about["original_session_exp"] == session["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert about["org_id"].startswith("o-")
    assert about["ou_path"] == [aws.cloud.organizations.membership(ACCOUNT).path]


def test_it_needs_permission_and_tags_need_another(iam: Any, issuer: str) -> None:
    sts = client_of(make_user("alice"), "sts")
    who = f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: sts:"
    why = "because no identity-based policy allows the sts:"
    with (
        enable_iam_authentication(),
        refused("AccessDenied", f"{who}GetWebIdentityToken {why}GetWebIdentityToken action", 403),
    ):
        sts.get_web_identity_token(**WANTED)
    short = {
        "NumericLessThanEquals": {"sts:DurationSeconds": "300"},
        "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": ["https://api.example"]},
        "StringEquals": {"sts:SigningAlgorithm": "ES384"},
    }
    document = allow("sts:GetWebIdentityToken", Condition=short)
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)
    tagged = {"Tags": [{"Key": "job", "Value": "7"}], "DurationSeconds": 300}
    with enable_iam_authentication():
        sts.get_web_identity_token(**WANTED, DurationSeconds=300)
        for wrong in ({"DurationSeconds": 301}, {"Audience": ["x"]}, {"SigningAlgorithm": "RS256"}):
            with pytest.raises(sts.exceptions.ClientError, match="sts:GetWebIdentityToken"):
                sts.get_web_identity_token(**({"DurationSeconds": 300} | WANTED | wrong))
        with refused("AccessDenied", f"{who}TagGetWebIdentityToken {why}TagGetWebIdentityToken action", 403):
            sts.get_web_identity_token(**WANTED, **tagged)


def test_a_token_does_not_outlive_its_session(iam: Any, sts: Any, issuer: str) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    named = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "RoleSessionName": "session", "DurationSeconds": 900}
    session = client_of(sts.assume_role(**named)["Credentials"], "sts")
    text = "The requested token duration would extend the session beyond its original expiration time."
    with refused("SessionDurationEscalationException", text, 403):
        session.get_web_identity_token(**WANTED, DurationSeconds=901)
    session.get_web_identity_token(**WANTED, DurationSeconds=600)


def test_what_is_not_given_out(sts: Any, issuer: str) -> None:
    for wrong in ({"SigningAlgorithm": "HS256"}, {"SubjectMode": "OriginIdentity"}, {"Scope": "read"}):
        with pytest.raises(sts.exceptions.ClientError) as caught:
            sts.get_web_identity_token(**(WANTED | wrong))
        assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_a_role_can_trust_the_accounts_own_issuer(iam: Any, issuer: str) -> None:
    """Its keys are published, as those of any issuer."""
    provider = iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts"])["OpenIDConnectProviderArn"]
    document = trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    sts = client_of(make_user("alice", allow("sts:*")), "sts")
    with enable_iam_authentication():
        token = sts.get_web_identity_token(Audience=["sts"], SigningAlgorithm="RS256")["WebIdentityToken"]
        named = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "RoleSessionName": "session"}
        subject = sts.assume_role_with_web_identity(**named, WebIdentityToken=token)["SubjectFromWebIdentityToken"]
        assert subject == f"arn:aws:iam::{ACCOUNT}:user/alice"
        head, body, signature = token.split(".")
        with refused("InvalidIdentityToken", "Token signature invalid"):
            sts.assume_role_with_web_identity(**named, WebIdentityToken=f"{head}.{body}.{signature[::-1]}")
