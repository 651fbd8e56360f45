"""Bearer tokens, where a service takes them."""

from __future__ import annotations

import pytest
from botocore.auth import SigV4Auth

from iamsim.authentication import authenticate
from iamsim.errors import ApiError, NotMocked
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest

from .signing import ALICE, a_cloud, credentials, operation, signed

ONLY = [("codecatalyst", "GetProject"), ("account-access-runtime", "ListRoles")]


def request(authorization: str | None) -> HttpRequest:
    headers = {} if authorization is None else {"authorization": authorization}
    return HttpRequest("GET", "codecatalyst.global.api.aws", "/", headers=headers)


@pytest.mark.parametrize(("service", "name"), ONLY)
@pytest.mark.parametrize("authorization", ["Bearer abc.def", "bearer x"])
def test_who_sends_a_token_is_nobody_whom_iam_knows(service: str, name: str, authorization: str) -> None:
    assert authenticate(request(authorization), operation(service, name), a_cloud()) == Principal.anonymous()


@pytest.mark.parametrize(("service", "name"), ONLY)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer  ", "Basic YWI6Yw=="])
def test_without_a_token(service: str, name: str, authorization: str | None) -> None:
    with pytest.raises(ApiError) as caught:
        authenticate(request(authorization), operation(service, name), a_cloud())
    error = caught.value
    assert (error.code, error.status, error.message) == (
        "MissingAuthenticationTokenException",
        403,
        "Missing Authentication Token",
    )


def test_a_service_that_takes_signatures_too() -> None:
    called = operation("bedrock-runtime", "Converse")
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse"
    http = signed(SigV4Auth(credentials(), "bedrock", "us-east-1"), url, method="POST", data=b"{}")
    assert authenticate(http, called, a_cloud()) == ALICE
    with pytest.raises(NotMocked, match="does not simulate the API keys of bedrock-runtime: sign the call"):
        authenticate(request("Bearer bedrock-api-key-abc"), called, a_cloud())
    with pytest.raises(ApiError, match="MissingAuthenticationTokenException"):
        authenticate(request(None), called, a_cloud())


@pytest.mark.parametrize(
    ("service", "name"), [("sso", "GetRoleCredentials"), ("sso-oidc", "CreateToken"), ("cognito-idp", "GetUser")]
)
def test_tokens_in_a_header_or_body_of_their_own(service: str, name: str) -> None:
    """Nobody signs such calls; what the token is worth is for the service to say."""
    assert authenticate(request(None), operation(service, name), a_cloud()) == Principal.anonymous()


def test_a_token_is_no_signature() -> None:
    with pytest.raises(ApiError) as caught:
        authenticate(request("Bearer abc"), operation("lambda", "ListFunctions"), a_cloud())
    assert caught.value.code == "IncompleteSignatureException"
