"""`application/x-amz-cbor-1.1`: the JSON protocol in CBOR, as SDKs for Java speak it to Kinesis."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from iamsim.errors import ApiError
from iamsim.protocol import cbor, identify, parse, serialize, serialize_error
from iamsim.protocol.cbor_output import CborWriters
from iamsim.reference.service_model import service_model
from iamsim.request import HttpRequest
from tests.protocol.samples import OMIT, Samples

NOON = datetime(2024, 1, 31, 12, tzinfo=timezone.utc)
NOON_MS = 1_706_702_400_000


def request(operation: str, body: bytes) -> HttpRequest:
    headers = {"x-amz-target": f"Kinesis_20131202.{operation}", "content-type": "application/x-amz-cbor-1.1"}
    return HttpRequest("POST", "kinesis.eu-west-1.amazonaws.com", "/", "", headers, body)


def read(operation: str, body: bytes) -> dict[str, Any]:
    http = request(operation, body)
    return parse(identify(http), http)


def test_timestamps_are_milliseconds_with_a_tag_and_without() -> None:
    for moment in (cbor.Moment(NOON_MS), NOON_MS):
        body = cbor.dumps({"StreamName": "s", "ShardId": "1", "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": moment})
        assert read("GetShardIterator", body)["Timestamp"] == NOON


def test_blobs_are_bytes() -> None:
    body = cbor.dumps({"StreamName": "s", "PartitionKey": "1", "Data": b"\xff"})
    assert read("PutRecord", body) == {"StreamName": "s", "PartitionKey": "1", "Data": b"\xff"}


def test_the_answer_is_in_the_same_form() -> None:
    record = {"SequenceNumber": "1", "Data": b"\0", "PartitionKey": "k", "ApproximateArrivalTimestamp": NOON}
    response = serialize(identify(request("GetRecords", b"")), {"Records": [record]}, "r")
    assert response.headers["Content-Type"] == "application/x-amz-cbor-1.1"
    assert "smithy-protocol" not in response.headers
    assert isinstance(response.body, bytes)
    answer = cbor.loads(response.body)["Records"][0]
    assert answer == record | {"ApproximateArrivalTimestamp": cbor.Moment(NOON_MS)}


def test_an_error_is_in_the_same_form() -> None:
    operation = identify(request("GetRecords", b""))
    response = serialize_error(operation, ApiError("gone", code="ResourceNotFoundException"), "r")
    assert (response.status, response.headers["Content-Type"]) == (400, "application/x-amz-cbor-1.1")
    assert isinstance(response.body, bytes)
    assert cbor.loads(response.body) == {"__type": "ResourceNotFoundException", "message": "gone"}


@pytest.mark.parametrize("body", [b"\xff", b"\xa1", cbor.dumps([]), cbor.dumps({"StreamName": 1}), b"{}"])
def test_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        read("PutRecord", body)
    assert (caught.value.code, caught.value.status) == ("SerializationException", 400)


def test_an_unknown_operation_is_said_in_the_same_form() -> None:
    with pytest.raises(ApiError) as caught:
        identify(request("Nothing", b""))
    response = serialize_error(None, caught.value, "r")
    assert response.headers["Content-Type"].startswith("application/x-amz-cbor-")


@pytest.mark.parametrize("name", service_model("kinesis").operation_names)
def test_every_operation_is_read_as_it_was_written(name: str) -> None:
    shape = service_model("kinesis").operation_model(name).input_shape
    if shape is None:
        return
    params = Samples(name, sends_empty=True, binary_floats=True).structure(shape)
    params = {} if params is OMIT else params
    writer = CborWriters(in_milliseconds=True).writer(shape)
    assert writer is not None
    assert read(name, cbor.dumps(writer(params))) == params


def test_an_error_that_repeats_what_is_no_text() -> None:
    operation = identify(request("GetRecords", b""))
    response = serialize_error(operation, ApiError("not \udcff", code="ValidationException"), "r")
    assert isinstance(response.body, bytes)
    assert cbor.loads(response.body)["message"] == "not ?"
