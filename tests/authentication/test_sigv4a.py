"""Signature Version 4A, where `cryptography` is installed; against botocore's own signer where `awscrt` is."""

from __future__ import annotations

import sys
from calendar import timegm
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iamsim.authentication import authenticate
from iamsim.authentication.moments import seconds
from iamsim.authentication.sigv4a import holds_region, private_value
from iamsim.clock import Clock
from iamsim.cloud import Cloud, Credential
from iamsim.errors import ApiError, NotMocked
from iamsim.request import HttpRequest

from .signing import ALICE, a_cloud, operation

KEY, SECRET = "AKIDEXAMPLE", "s"
SIGNED_AT = timegm((2026, 11, 20, 13, 8, 48))
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
RECORDED = HttpRequest(  # as awscrt 0.38.1 signed it through botocore 1.40.61; recorded 2026-11-20
    "GET",
    "bucket.s3.amazonaws.com",
    "/key",
    headers={
        "host": "bucket.s3.amazonaws.com",
        "x-amz-date": "20261120T130848Z",
        "x-amz-region-set": "us-east-1",
        "x-amz-content-sha256": EMPTY,
        "authorization": (
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261120/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, Signature=30440220193ca4d9e3eaaa83fe"
            "4058f7cb16f3da8581779c22d5bbb92564f9b09fdda92e02201fd806cc4b1a446b1721bc2dae5602c9fbd3858f83e77fe29322fe7c"
            "75ff10dc"
        ),
    },
)


def cloud(at: float = SIGNED_AT) -> Cloud:
    made = a_cloud()
    made.clock = Clock(at=at)
    made.credentials[KEY] = Credential(KEY, SECRET, ALICE)
    return made


def copy(**headers: str) -> HttpRequest:
    return replace(
        RECORDED, headers=RECORDED.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    )


def refused(http: HttpRequest) -> ApiError:
    with pytest.raises(ApiError) as raised:
        authenticate(http, operation("s3", "GetObject"), cloud())
    return raised.value


def test_a_recorded_signature() -> None:
    pytest.importorskip("cryptography")
    assert authenticate(copy(), operation("s3", "GetObject"), cloud()) == ALICE


def test_what_was_changed_is_refused() -> None:
    pytest.importorskip("cryptography")
    error = refused(replace(copy(), path="/other"))
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert str(error.fields["StringToSign"]).startswith(
        "AWS4-ECDSA-P256-SHA256\n20261120T130848Z\n20261120/s3/aws4_request\n"
    )
    for signature in ("00", "zz", "", "30440220"):
        start = RECORDED.headers["authorization"].partition("Signature=")[0]
        assert refused(copy(authorization=f"{start}Signature={signature}")).status in (400, 403)


def test_the_set_of_regions_holds_the_one_called() -> None:
    error = refused(copy(x_amz_region_set="eu-*,us-west-2"))
    assert (error.code, error.status) == ("AuthorizationHeaderMalformed", 400)
    assert holds_region("*", "us-east-1")
    assert holds_region("us-west-1, us-east-*", "us-east-1")
    assert not holds_region("", "us-east-1")


def test_the_usual_rules_hold() -> None:
    with pytest.raises(ApiError) as raised:
        authenticate(copy(), operation("s3", "GetObject"), cloud(SIGNED_AT + 901))
    assert raised.value.code == "RequestTimeTooSkewed"
    assert refused(copy(x_amz_acl="private")).code == "AccessDenied"
    unknown = RECORDED.headers["authorization"].replace(KEY, "AKIDOTHER")
    assert refused(copy(authorization=unknown)).code == "InvalidAccessKeyId"


def test_without_the_package_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ec", None)
    with pytest.raises(NotMocked, match=r"Signature Version 4A .* install it"):
        authenticate(copy(), operation("s3", "GetObject"), cloud())


def test_keys_are_derived_as_aws_derives_them() -> None:
    """Source: the published key-derivation vector of aws-c-auth."""
    elliptic = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    value = private_value("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom")
    public = elliptic.derive_private_key(value, elliptic.SECP256R1()).public_key().public_numbers()
    assert f"{public.x:064x}" == "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
    assert f"{public.y:064x}" == "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0"


@pytest.mark.parametrize(("service", "kind"), [("s3", "s3v4a"), ("s3", "s3v4a-query"), ("events", "v4a")])
def test_what_botocore_signs(service: str, kind: str) -> None:
    pytest.importorskip("cryptography")
    pytest.importorskip("awscrt")
    signer: Any = botocore.auth.AUTH_TYPE_MAPS[kind](Credentials(KEY, SECRET), service, "us-east-1")
    method, body = ("GET", b"") if kind.endswith("-query") else ("PUT", b"x")
    host = f"{service}.us-east-1.amazonaws.com"
    request = AWSRequest(method, f"https://{host}/bucket/a%20b", {}, body)
    signer.add_auth(request)
    prepared = request.prepare()
    path, _, query = prepared.url.partition(host)[2].partition("?")
    headers = {name.lower(): str(value) for name, value in prepared.headers.items()}
    http = HttpRequest(method, host, path, query, headers, prepared.body or b"")
    moment = headers.get("x-amz-date") or parse_qs(query)["X-Amz-Date"][0]
    called = operation(service, "GetObject" if service == "s3" else "PutEvents")
    assert authenticate(http, called, cloud(seconds(moment) or 0)) == ALICE
    http.path += "c"
    with pytest.raises(ApiError):
        authenticate(http, called, cloud(seconds(moment) or 0))
