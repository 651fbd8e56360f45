"""Whom a request claims to come from, while nothing is enforced."""

from __future__ import annotations

import pytest

from iamsim.authentication import access_key_of, claimed_principal
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest

from .signing import ALICE, KEY, a_cloud


@pytest.mark.parametrize(
    ("authorization", "query", "expected"),
    [
        (f"AWS4-HMAC-SHA256 Credential={KEY}/20150830/us-east-1/iam/aws4_request, SignedHeaders=host", "", KEY),
        (f"AWS {KEY}:signature=", "", KEY),
        ("Bearer abc", "", None),
        ("AWS4-HMAC-SHA256 Credential=", "", None),
        (None, f"a=b&X-Amz-Credential={KEY}%2F20150830%2Fus-east-1", KEY),
        (None, f"AWSAccessKeyId={KEY}&Signature=x", KEY),
        (None, f"NotAWSAccessKeyId={KEY}", None),
        (None, "", None),
    ],
)
def test_access_key(authorization: str | None, query: str, expected: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    http = HttpRequest("GET", "host", "/", query, headers)
    assert access_key_of(http) == expected
    assert claimed_principal(http, a_cloud()) == (ALICE if expected else Principal.root("123456789012"))


def test_an_unknown_key_is_the_root_user() -> None:
    http = HttpRequest("GET", "host", "/", headers={"authorization": "AWS4-HMAC-SHA256 Credential=testing/2015"})
    assert access_key_of(http) == "testing"
    assert claimed_principal(http, a_cloud()) == Principal.root("123456789012")
