"""Whatever bytes arrive, the answer is an ApiError or parameters: never a traceback, never a hang."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.errors import ApiError
from iamsim.protocol import cbor, identify, parse, serialize_error
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest, Operation, Params
from tests.protocol.samples import Samples
from tests.protocol.wire import request_of

TARGETS = [
    ("iam", "CreateUser", "query"),
    ("sqs", "SendMessageBatch", "query"),
    ("ec2", "RunInstances", "ec2"),
    ("dynamodb", "TransactWriteItems", "json"),
    ("lambda", "CreateFunction", "rest-json"),
    ("route53", "ChangeResourceRecordSets", "rest-xml"),
    ("s3", "PutBucketAcl", "rest-xml"),
    ("s3", "PutObject", "rest-xml"),
    ("cloudwatch", "PutMetricData", "smithy-rpc-v2-cbor"),
]


def read(target: tuple[str, str, str], http: HttpRequest) -> Params | ApiError:
    service, name, protocol = target
    operation = Operation(service, name, protocol, "eu-west-1", "aws", service_model(service).operation_model(name))
    found: Params | ApiError
    try:
        found = parse(operation, http)
    except ApiError as failure:
        found = failure
    if isinstance(found, ApiError):
        assert found.status == 400
        assert serialize_error(operation, found, "r").status == 400
    return found


def request(target: tuple[str, str, str], body: bytes) -> HttpRequest:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return HttpRequest("POST", "localhost", "/bucket/key", "acl&x=%ff", headers, body)


@settings(max_examples=150, deadline=None)
@given(target=st.sampled_from(TARGETS), body=st.binary(max_size=200))
def test_any_bytes(target: tuple[str, str, str], body: bytes) -> None:
    read(target, request(target, body))


@settings(max_examples=150, deadline=None)
@given(
    target=st.sampled_from(TARGETS),
    seed=st.integers(0, 5),
    at=st.floats(0, 1),
    put=st.binary(max_size=3),
    keep=st.booleans(),
)
def test_a_valid_body_with_a_wound(target: tuple[str, str, str], seed: int, at: float, put: bytes, keep: bool) -> None:
    model = service_model(target[0]).operation_model(target[1])
    params = Samples(f"{target}{seed}", sends_empty=False).structure(model.input_shape)
    http = request_of(model, target[2] if target != ("sqs", "SendMessageBatch", "query") else "json", params)
    body = http.read()
    cut = int(len(body) * at)
    http.body = body[:cut] + put + (body[cut + len(put) :] if keep else b"")
    read(target, http)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["TransactItems", "Put", "Item", "S"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(value=JSON_VALUES)
def test_json_of_any_shape(value: Any) -> None:
    read(TARGETS[3], request(TARGETS[3], json.dumps(value).encode("utf-8", "surrogatepass")))


@settings(max_examples=100, deadline=None)
@given(value=JSON_VALUES)
def test_cbor_of_any_value_comes_back(value: Any) -> None:
    assert repr(cbor.loads(cbor.dumps(value))) == repr(value)


FORM_NAMES = st.lists(st.sampled_from(["Tags", "member", "1", "2", "x", "Key", "TagSpecification", "-1", "", "entry"]))


@settings(max_examples=150, deadline=None)
@given(target=st.sampled_from(TARGETS[:3]), names=st.lists(FORM_NAMES, max_size=5), value=st.text(max_size=3))
def test_parameters_with_any_names(target: tuple[str, str, str], names: list[list[str]], value: str) -> None:
    body = "&".join(f"{'.'.join(name)}={value}" for name in names)
    read(target, request(target, body.encode("utf-8", "surrogatepass")))


DEEP = 200_000


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        (TARGETS[3], b'{"TransactItems":' + b"[" * DEEP, "SerializationException"),
        (TARGETS[3], b'{"TransactItems":' + b"[" * 900 + b"]" * 900 + b"}", "SerializationException"),
        (TARGETS[3], b'{"TransactItems":[{"Put":{"TableName":1}}]}', "SerializationException"),
        (TARGETS[3], b'{"TransactItems":[{"Put":{"TableName":"\\ud800"}}]}', "SerializationException"),
        (TARGETS[3], b"[]", "SerializationException"),
        (TARGETS[3], b"\xff", "SerializationException"),
        (TARGETS[3], b'{"a":' + b"9" * 10_000 + b"}", "SerializationException"),
        (TARGETS[4], b'{"Timeout":"x"}', "SerializationException"),
        (TARGETS[0], b"Tags.member.x.Key=a", "MalformedInput"),
        (TARGETS[0], b"UserName.x=a", "MalformedInput"),
        (TARGETS[0], b"UserName=%ff", "MalformedInput"),
        (TARGETS[2], b"MinCount=x", "InvalidParameterValue"),
        (TARGETS[5], b"<a>" * DEEP, "MalformedInput"),
        (TARGETS[5], b"<a>", "MalformedInput"),
        (TARGETS[6], b"<a>" * DEEP + b"</a>" * DEEP, "MalformedXML"),
        (TARGETS[6], b"<Tags/>", "MalformedXML"),
        (TARGETS[3], b'{"TransactItems":[{"Put":{"Item":{"a":{"B":"!!"}}}}]}', "SerializationException"),
        (TARGETS[6], b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', "MalformedXML"),
        (TARGETS[6], '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16"), "MalformedXML"),
        (TARGETS[8], b"\xbf", "SerializationException"),
        (TARGETS[8], b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", "SerializationException"),
        (TARGETS[8], b"\x81" * DEEP, "SerializationException"),
        (TARGETS[8], b"\xa1\x69Namespace\x01", "SerializationException"),
    ],
)
def test_known_wounds(target: tuple[str, str, str], body: bytes, code: str | None) -> None:
    found = read(target, request(target, body))
    assert getattr(found, "code", None) == code


def test_entities_in_xml_are_not_expanded_into_memory() -> None:
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    found = read(TARGETS[6], request(TARGETS[6], f'<!DOCTYPE a [<!ENTITY l0 "x">{lol}]><a>&l12;</a>'.encode()))
    assert isinstance(found, ApiError)


def test_a_compressed_body_is_read_and_a_broken_one_is_an_error() -> None:
    target = TARGETS[3]
    http = request(target, gzip.compress(b'{"ClientRequestToken":"x"}'))
    http.headers["content-encoding"] = "gzip"
    assert read(target, http) == {"ClientRequestToken": "x"}
    http.body = http.read()[:-9]
    assert isinstance(read(target, http), ApiError)


@settings(max_examples=100, deadline=None)
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "X"]),
    host=st.sampled_from(["s3.amazonaws.com", "localhost", "", "lambda.eu-west-1.amazonaws.com", "[::1]:80", "."]),
    path=st.text("/ab%F.{}+", max_size=8).map(lambda text: "/" + text),
    query=st.text("ab=&%FX-mzCrdenti/", max_size=12),
    headers=st.dictionaries(
        st.sampled_from(["authorization", "x-amz-target", "content-type"]),
        st.sampled_from(
            [
                "",
                ".",
                "Credential=a/b/c/d/e",
                "Credential=////",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
            ]
        ),
    ),
    body=st.binary(max_size=20),
)
def test_any_request(method: str, host: str, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
    http = HttpRequest(method, host, path, query, headers, body)
    with suppress(ApiError):
        parse(identify(http), http)
