"""AssumeRoleWithWebIdentity: what is checked of a token that its provider has signed, and its condition keys."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim import Clock, Simulator, UsageError, decisions, enable_iam_authentication, mock_aws
from iamsim.published_keys import publish_keys
from iamsim.testing import IdentityProvider, identity_provider, organization
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, refused, trust

pytest.importorskip("jwt")

URL = "https://token.actions.githubusercontent.com"
HOST = "token.actions.githubusercontent.com"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
SUBJECT = "repo:acme/shop:ref:refs/heads/main"
DENIED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)
WRONG = "Token signature invalid"


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws(clock=Clock(at=1_800_000_000)) as simulator:
        yield simulator


@pytest.fixture
def github() -> IdentityProvider:
    return identity_provider(URL)


def make_role(provider: IdentityProvider, **conditions: Any) -> None:
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]
    document = trust({"Federated": provider.arn}, actions, **({"Condition": conditions} if conditions else {}))
    iam = boto3.client("iam")
    iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName="deploy", PolicyName="p", PolicyDocument=allow("iam:ListRoles"))


def assume(token: str, **more: Any) -> dict[str, Any]:
    """The answer to the checked call."""
    sts = boto3.client("sts", region_name="us-east-1")
    named = {"RoleArn": ROLE, "RoleSessionName": "ci", "WebIdentityToken": token} | more
    with enable_iam_authentication():
        reply: dict[str, Any] = sts.assume_role_with_web_identity(**named)
    return reply


def session_of(aws: Simulator, reply: dict[str, Any]) -> Any:
    return aws.cloud.credentials[reply["Credentials"]["AccessKeyId"]].principal.session


def forged(token: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """The token with other claims, or another header, under its old signature."""
    parts = token.split(".")
    for index, changes in ((0, header or {}), (1, claims)):
        value = json.loads(base64.urlsafe_b64decode(parts[index] + "==")) | changes
        parts[index] = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return ".".join(parts)


class TestSignatures:
    def test_a_token_that_its_provider_has_signed(self, github: IdentityProvider) -> None:
        make_role(github, StringLike={f"{HOST}:sub": "repo:acme/*"}, StringEquals={f"{HOST}:aud": "sts.amazonaws.com"})
        reply = assume(github.token(SUBJECT))
        assert reply["SubjectFromWebIdentityToken"] == SUBJECT
        assert (reply["Provider"], reply["Audience"]) == (github.arn, "sts.amazonaws.com")
        with enable_iam_authentication():
            assert len(client_of(reply["Credentials"], "iam").list_roles()["Roles"]) == 1

    @pytest.mark.parametrize("algorithm", ["RS384", "RS512", "ES256", "ES384", "ES512"])
    def test_every_algorithm_that_aws_takes(self, algorithm: str) -> None:
        provider = identity_provider("https://idp.acme.example/tenant", algorithm=algorithm)
        make_role(provider)
        token = provider.token("me")
        assert assume(token)["Provider"].endswith(":oidc-provider/idp.acme.example/tenant")
        with refused("InvalidIdentityToken", WRONG, 400):
            assume(forged(token, sub="you"))

    def test_what_was_changed_is_refused(self, github: IdentityProvider) -> None:
        make_role(github)
        with refused("InvalidIdentityToken", WRONG, 400):
            assume(forged(github.token("repo:evil/shop"), sub=SUBJECT))

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "PS256", "EdDSA", "nonsense"])
    def test_an_algorithm_that_proves_nothing(self, github: IdentityProvider, algorithm: str) -> None:
        make_role(github)
        token = forged(github.token(SUBJECT), header={"alg": algorithm})
        for each in (token, token.rpartition(".")[0] + "."):
            with refused("InvalidIdentityToken", WRONG):
                assume(each)

    def test_a_key_that_the_provider_does_not_publish(self, github: IdentityProvider) -> None:
        make_role(github)
        old = github.token(SUBJECT)
        github.rotate()
        with refused("InvalidIdentityToken", NO_KEY, 400):
            assume(old)
        assume(github.token(SUBJECT))
        with refused("InvalidIdentityToken", WRONG):  # the new key's name over the old key's signature
            assume(forged(old, header={"kid": github.key_set["keys"][0]["kid"]}))

    def test_another_providers_signature(self, github: IdentityProvider) -> None:
        make_role(github)
        other = identity_provider("https://evil.example")
        kid = github.key_set["keys"][0]["kid"]
        with refused("InvalidIdentityToken", WRONG):
            assume(forged(other.token(SUBJECT), header={"kid": kid}, iss=URL))

    def test_a_token_without_key_id_is_tried_with_every_key(self, aws: Simulator) -> None:
        first, second = identity_provider("https://a.example"), identity_provider("https://b.example")
        make_role(second)
        keys = {"keys": [*first.key_set["keys"], *second.key_set["keys"]]}
        publish_keys(aws.cloud, second.url, keys)
        assume(second.token("me"))

    def test_too_many_keys(self, aws: Simulator, github: IdentityProvider) -> None:
        make_role(github)
        publish_keys(aws.cloud, URL, {"keys": github.key_set["keys"] * 101})
        with refused("InvalidIdentityToken", NO_KEY):
            assume(github.token(SUBJECT))

    @pytest.mark.parametrize(
        "key", [{"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "!", "y": 1}, {"kty": "RSA", "n": 1}]
    )
    def test_keys_that_are_none_prove_nothing(
        self, aws: Simulator, github: IdentityProvider, key: dict[str, Any]
    ) -> None:
        make_role(github)
        token = github.token(SUBJECT)
        publish_keys(aws.cloud, URL, {"keys": [key | {"kid": github.key_set["keys"][0]["kid"]}]})
        with refused("InvalidIdentityToken", WRONG):
            assume(token)

    def test_without_keys_a_signature_proves_nothing_and_is_not_asked_for(
        self, aws: Simulator, github: IdentityProvider
    ) -> None:
        make_role(github)
        publish_keys(aws.cloud, URL, None)
        assume(forged(github.token("x"), sub=SUBJECT))

    def test_without_the_library_the_user_is_told(
        self, github: IdentityProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_role(github)
        token = github.token(SUBJECT)
        monkeypatch.setitem(sys.modules, "jwt", None)
        with pytest.raises(UsageError, match=r"PyJWT, which is not installed: `pip install \"iamsim\[federation\]\"`"):
            assume(token)

    def test_one_changed_byte_of_a_token_is_refused(self, github: IdentityProvider) -> None:
        """Whatever the byte; base64 has bits at the end of a part that stand for nothing."""
        make_role(github)
        token = github.token(SUBJECT)

        @settings(max_examples=60, derandomize=True, deadline=None)
        @given(at=st.integers(0, len(token) - 1), other=st.sampled_from("AZaz09-_.=!"))
        def check(at: int, other: str) -> None:
            changed = token[:at] + other + token[at + 1 :]
            if decoded(changed) == decoded(token):
                return
            with pytest.raises(ClientError) as caught:
                assume(changed)
            assert caught.value.response["Error"]["Code"] == "InvalidIdentityToken"

        check()


def decoded(token: str) -> list[bytes | None]:
    def one(part: str) -> bytes | None:
        try:
            return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            return None

    return [one(part) for part in token.split(".")]


class TestClaims:
    @pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat"])
    def test_claims_that_a_token_needs(self, github: IdentityProvider, claim: str) -> None:
        make_role(github)
        changes: dict[str, Any] = {claim: [] if claim == "aud" else None}
        token = github.token(**({"sub": SUBJECT} | changes))
        if claim == "iss":
            token = github.token(SUBJECT, iss=None)
        with refused("InvalidIdentityToken", f"Missing a required claim: {claim}", 400):
            assume(token)

    def test_times(self, aws: Simulator, github: IdentityProvider) -> None:
        make_role(github)
        token = github.token(SUBJECT, expires_in_s=300)
        aws.cloud.clock.advance(299)
        assume(token)
        aws.cloud.clock.advance(2)
        with pytest.raises(ClientError, match="Token expired: current date/time") as caught:
            assume(token)
        assert caught.value.response["Error"]["Code"] == "ExpiredTokenException"
        now = int(aws.cloud.clock.now())
        assume(github.token(SUBJECT, nbf=now + 200))
        for claim in ("nbf", "iat"):
            with pytest.raises(ClientError, match=f"Token is not valid yet: .* claim {claim}"):
                assume(github.token(SUBJECT, **{claim: now + 400}))
        for nonsense in ("soon", True, float("inf")):
            with refused("InvalidIdentityToken", "The claim exp is not a number of seconds"):
                assume(github.token(SUBJECT, exp=nonsense))

    def test_audiences(self, github: IdentityProvider) -> None:
        make_role(github, StringEquals={f"{HOST}:aud": "sts.amazonaws.com"})
        assert assume(github.token(SUBJECT, aud=["other", "sts.amazonaws.com"]))["Audience"] == "sts.amazonaws.com"
        with refused("InvalidIdentityToken", "Incorrect token audience", 400):
            assume(github.token(SUBJECT, aud="other"))
        with refused("AccessDenied", DENIED, 403):  # K-40: `aud` stays the token's aud
            assume(github.token(SUBJECT, aud="other", azp="sts.amazonaws.com"))
        iam = boto3.client("iam")
        iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=github.arn, ClientID="other")
        with refused("AccessDenied", DENIED):
            assume(github.token(SUBJECT, aud="other"))

    def test_no_provider_of_that_name(self, github: IdentityProvider) -> None:
        make_role(github)
        boto3.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=github.arn)
        with refused("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {URL}", 400):
            assume(github.token(SUBJECT))

    def test_github_claims_decide(self, github: IdentityProvider) -> None:
        make_role(
            github,
            StringEquals={f"{HOST}:repository": "acme/shop", f"{HOST}:environment": "production"},
            StringLike={f"{HOST}:job_workflow_ref": "acme/.github/*"},
        )
        claims = {
            "repository": "acme/shop",
            "environment": "production",
            "job_workflow_ref": "acme/.github/.github/workflows/deploy.yml@refs/heads/main",
        }
        assume(github.token(SUBJECT, **claims))
        for claim in claims:
            with refused("AccessDenied", DENIED, 403):
                assume(github.token(SUBJECT, **(claims | {claim: "other"})))

    def test_numbers_booleans_and_lists_are_keys_too(self, github: IdentityProvider) -> None:
        make_role(
            github,
            Bool={f"{HOST}:protected": "true"},
            NumericGreaterThan={f"{HOST}:run_attempt": "1"},
            **{"ForAnyValue:StringEquals": {f"{HOST}:groups": "admins"}},
        )
        claims = {"protected": True, "run_attempt": 2, "groups": ["users", "admins"], "nested": {"a": 1}}
        assume(github.token(SUBJECT, **claims))
        context = decisions()[-1].evaluation.access.context
        assert not [key for key in context if "nested" in key]
        for changed in ({"protected": False}, {"run_attempt": 1}, {"groups": ["users"]}):
            with refused("AccessDenied", DENIED):
                assume(github.token(SUBJECT, **(claims | changed)))

    def test_what_stays_with_the_session(self, aws: Simulator, github: IdentityProvider) -> None:
        make_role(github)
        reply = assume(github.token(SUBJECT, amr=["authenticated", "mfa"], repository="acme/shop"))
        assert session_of(aws, reply).context == {
            f"{HOST}:aud": "sts.amazonaws.com",
            f"{HOST}:sub": SUBJECT,
            f"{HOST}:amr": ["authenticated", "mfa"],
            "aws:FederatedProvider": github.arn,
        }

    def test_roles_that_the_provider_lists(self, github: IdentityProvider) -> None:
        make_role(github, Bool={"sts:RoleAuthorizedByIdp": "true"})
        assume(github.token(SUBJECT, roles=[ROLE]))
        for roles in ({}, {"roles": [f"{ROLE}2"]}):
            with refused("AccessDenied", DENIED):
                assume(github.token(SUBJECT, **roles))


class TestTags:
    def test_tags_and_source_identity(self, aws: Simulator, github: IdentityProvider) -> None:
        make_role(github, StringEquals={"aws:RequestTag/team": "red", "sts:SourceIdentity": "ada"})
        token = github.token(SUBJECT, tags={"team": "red"}, transitive_tag_keys=["TEAM"], source_identity="ada")
        reply = assume(token)
        session = session_of(aws, reply)
        assert reply["SourceIdentity"] == session.source_identity == "ada"
        assert (session.tags, session.transitive_tag_keys) == ({"team": "red"}, frozenset({"team"}))
        assert 0 < reply["PackedPolicySize"] < 100

    def test_flat_tags(self, aws: Simulator, github: IdentityProvider) -> None:
        make_role(github)
        flat = {"principal_tags/team": "red", "transitive_tag_keys": ["team"]}
        claims = {f"https://aws.amazon.com/tags/{name}": value for name, value in flat.items()}
        session = session_of(aws, assume(github.token(SUBJECT, **claims)))
        assert (session.tags, session.transitive_tag_keys) == ({"team": "red"}, frozenset({"team"}))

    def test_they_need_permission(self, github: IdentityProvider) -> None:
        iam = boto3.client("iam")
        document = trust({"Federated": github.arn}, "sts:AssumeRoleWithWebIdentity")
        iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=document)
        assume(github.token(SUBJECT))
        for token in (github.token(SUBJECT, tags={"a": "b"}), github.token(SUBJECT, source_identity="ada")):
            with refused("AccessDenied", DENIED, 403):
                assume(token)

    def test_the_usual_rules_hold(self, github: IdentityProvider) -> None:
        make_role(github)
        with refused(
            "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        ):
            assume(github.token(SUBJECT, tags={"a": "1", "A": "2"}))
        text = "The specified transitive tag key must be included in the requested tags."
        with refused("InvalidIdentityToken", text):
            assume(github.token(SUBJECT, tags={"a": "1"}, transitive_tag_keys=["b"]))
        text = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        for wrong in ("aws:me", "a", "a b"):
            with refused("InvalidIdentityToken", text, 400):
                assume(github.token(SUBJECT, source_identity=wrong))


class TestProviders:
    def test_google(self) -> None:
        """K-40: `aud` is the authorised party, `oaud` the audience."""
        google = identity_provider("https://accounts.google.com")
        assert google.arn == "accounts.google.com"
        make_role(google, StringEquals={"accounts.google.com:aud": "app", "accounts.google.com:oaud": "server"})
        assert assume(google.token("1", aud="server", azp="app"))["Provider"] == "accounts.google.com"
        with refused("AccessDenied", DENIED):
            assume(google.token("1", aud="app"))

    def test_cognito_identity(self) -> None:
        cognito = identity_provider("https://cognito-identity.amazonaws.com")
        make_role(cognito, **{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}})
        assume(cognito.token("us-east-1:1", aud="us-east-1:pool", amr=["authenticated", "graph.facebook.com"]))
        with refused("AccessDenied", DENIED):
            assume(cognito.token("us-east-1:1", aud="us-east-1:pool", amr=["unauthenticated"]))

    def test_legacy_providers_are_named_by_the_call(self, aws: Simulator) -> None:
        amazon = identity_provider("https://www.amazon.com")
        make_role(amazon, StringEquals={"www.amazon.com:app_id": "amzn1.app"})
        token = amazon.token(None, iss=None, aud=[], app_id="amzn1.app", user_id="amzn1.ada")
        reply = assume(token, ProviderId="www.amazon.com")
        assert (reply["Provider"], reply["SubjectFromWebIdentityToken"]) == ("www.amazon.com", "amzn1.ada")
        assert session_of(aws, reply).context["www.amazon.com:user_id"] == "amzn1.ada"

    def test_keys_from_a_file(self, tmp_path: Path) -> None:
        issuer = identity_provider("https://a.example")
        file = tmp_path / "jwks.json"
        file.write_text(json.dumps(issuer.key_set))
        again = identity_provider("https://b.example", key_set=file)
        make_role(again)
        assume(issuer.token("me", iss="https://b.example"))
        with pytest.raises(UsageError, match="was given only public keys"):
            again.token("me")

    @pytest.mark.parametrize(
        ("wrong", "match"),
        [
            ({"algorithm": "HS256"}, "`algorithm` is `HS256`: AWS takes RS256"),
            ({"key_set": {"keys": 1}}, "are no JWKS"),
            ({"key_set": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}, "has the type `oct`: AWS takes RSA and EC"),
            ({"key_set": "/nowhere.json"}, "cannot read `/nowhere.json`"),
        ],
    )
    def test_mistakes(self, wrong: dict[str, Any], match: str) -> None:
        with pytest.raises(UsageError, match=match):
            identity_provider("https://a.example", **wrong)

    def test_a_provider_that_is_there_already(self, github: IdentityProvider) -> None:
        with pytest.raises(UsageError, match="EntityAlreadyExists"):
            identity_provider(URL)


def test_the_boto3_way_of_a_token_in_a_file(
    github: IdentityProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_role(github)
    file = tmp_path / "token"
    file.write_text(github.token(SUBJECT))
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_ROLE_SESSION_NAME", "pod")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with enable_iam_authentication():
        arn = boto3.Session(region_name="us-east-1").client("sts").get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/pod"


def test_a_snapshot_remembers_the_keys(aws: Simulator, github: IdentityProvider) -> None:
    make_role(github)
    before = aws.snapshot()
    github.rotate()
    aws.restore(before)
    assert aws.cloud.issuers[HOST] != github.key_set


def test_of_an_organizations_policies_only_those_on_resources_count(github: IdentityProvider) -> None:
    """R-113: there is no caller's account whose SCPs could apply."""
    make_role(github)
    organization(scps={"Effect": "Deny", "Action": "*", "Resource": "*"})
    assume(github.token(SUBJECT))
    wanted = {"StringNotEqualsIfExists": {f"{HOST}:sub": SUBJECT}}
    guard = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*"}
    organization(rcps=guard | {"Condition": wanted})
    assume(github.token(SUBJECT))
    with refused("AccessDenied", DENIED, 403):
        assume(github.token("repo:acme/other"))
