"""Whatever arrives, the answer is one that a client can read: never an exception, never a hang."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iamsim.request import HttpRequest
from tests.fuzz import traffic
from tests.fuzz.traffic import JUNK, MOCKED, OTHERS, World

pytestmark = pytest.mark.filterwarnings("ignore::iamsim.UnsupportedParameter")
FEW = settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 2**32)
HOSTS = st.sampled_from(
    [
        *(f"{service}.us-east-1.amazonaws.com" for service in (*MOCKED, *OTHERS)),
        *("bucket.s3.amazonaws.com", "iam.amazonaws.com", "localhost:4566", "", "queue.amazonaws.com", "é", "[::1]:80"),
    ]
)
TEXT = st.lists(st.sampled_from(JUNK) | st.text(max_size=4), max_size=4).map("".join)
SCOPE = "AWS4-HMAC-SHA256 Credential=AKIA/20231114/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
HEADERS = st.dictionaries(st.sampled_from(traffic.HEADERS) | st.text("abc-", max_size=5), TEXT, max_size=4)
WORLDS: dict[bool, World] = {}


def world(*, enforced: bool) -> World:
    if enforced not in WORLDS:
        WORLDS[enforced] = World(enforced=enforced)
    return WORLDS[enforced]


@FEW
@given(
    enforced=st.booleans(),
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", ""]) | TEXT,
    host=HOSTS,
    path=TEXT,
    query=TEXT,
    headers=HEADERS,
    body=st.binary(max_size=60) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    service=st.none() | st.sampled_from([*MOCKED, *OTHERS, "", "monitoring"]),
)
def test_any_request(
    enforced: bool,
    method: str,
    host: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
    service: str | None,
) -> None:
    signature = {} if service is None else {"authorization": SCOPE.format(service)}
    world(enforced=enforced).check(HttpRequest(method, host, f"/{path}", query, signature | headers, body))


@FEW
@given(seed=SEEDS)
def test_any_input_that_the_model_allows(seed: int) -> None:
    pick = random.Random(seed)
    world(enforced=False).check(traffic.nearly_right(pick, pick.choice((MOCKED, MOCKED, OTHERS))))


@FEW
@given(seed=SEEDS)
def test_any_input_with_one_part_mangled(seed: int) -> None:
    pick = random.Random(seed)
    world(enforced=False).check(traffic.mangled(pick, traffic.nearly_right(pick, MOCKED + OTHERS)))


@FEW
@given(seed=SEEDS)
def test_any_signed_input(seed: int) -> None:
    pick, there = random.Random(seed), world(enforced=True)
    there.check(traffic.signed(pick, there, traffic.nearly_right(pick)))


@FEW
@given(seed=SEEDS)
def test_any_signed_request_with_one_part_mangled(seed: int) -> None:
    pick, there = random.Random(seed), world(enforced=True)
    there.check(traffic.mangled(pick, traffic.signed(pick, there, traffic.nearly_right(pick))))


@FEW
@given(seed=SEEDS)
def test_any_stream_of_events(seed: int) -> None:
    pick = random.Random(seed)
    http = traffic.events(pick)
    world(enforced=False).check(traffic.mangled(pick, http) if pick.random() < 0.5 else http)


FORM = {"content-type": "application/x-www-form-urlencoded"}
DYNAMODB = {"x-amz-target": "DynamoDB_20120810.PutItem"}
CBOR = {"content-type": "application/x-amz-cbor-1.1"}
DEEP = '{"L":[' * 50_000 + "]}" * 50_000


@pytest.mark.parametrize(
    "http",
    [
        HttpRequest(
            "POST", "iam.amazonaws.com", "/", "", FORM, b"Action=ListUsers&Version=2010-05-08" + b"&a=b" * 200_000
        ),
        HttpRequest(
            "POST", "ec2.amazonaws.com", "/", "", FORM, b"Action=RunInstances&Version=2016-11-15&a" + b".1" * 50_000
        ),
        HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB, f'{{"Item":{DEEP}}}'.encode()),
        HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB, b"[" * 1_000_000),
        HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB, b'{"Item":' + b"9" * 100_000 + b"}"),
        HttpRequest("PUT", "bucket.s3.amazonaws.com", "/", "acl", {}, b"<a>" * 100_000),
        HttpRequest("PUT", "bucket.s3.amazonaws.com", "/", "tagging", {}, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        HttpRequest(
            "POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB | CBOR, b"\xa1\x64Item" + b"\x81" * 99_999
        ),
        HttpRequest("POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB | CBOR, b"\xbb" + b"\xff" * 8),
        HttpRequest(
            "POST", "dynamodb.us-east-1.amazonaws.com", "/", "", DYNAMODB | CBOR, b"\x9b\0\0\0\xff" + b"\0" * 4
        ),
        HttpRequest("GET", "s3.amazonaws.com", "/" + "../" * 100_000, "x=" + "%" * 100_000, {}),
        HttpRequest("GET", "s3.amazonaws.com", "/bucket/key", "", {"range": "bytes=" + "0-1," * 50_000}),
        HttpRequest("GET", "s3.amazonaws.com", "/", "", {"authorization": "AWS4-HMAC-SHA256 " + "a=b, " * 50_000}),
        HttpRequest(
            "POST",
            "dynamodb.us-east-1.amazonaws.com",
            "/",
            "",
            DYNAMODB | {"content-encoding": "gzip"},
            gzip.compress(json.dumps({"TableName": "a" * 10_000_000}).encode()),
        ),
    ],
    ids=lambda http: f"{http.method} {http.host} {len(http.path + http.query)} {len(http.body)}",
)
@pytest.mark.parametrize("enforced", [False, True])
def test_much_of_something(http: HttpRequest, enforced: bool) -> None:
    world(enforced=enforced).check(http)
