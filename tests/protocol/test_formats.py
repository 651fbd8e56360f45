"""The small formats: timestamps, header lists, CBOR, event stream messages, XML text."""

from __future__ import annotations

import io
import threading
from datetime import datetime, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.eventstream import EventStreamBuffer

from iamsim.errors import ApiError
from iamsim.protocol import cbor, serialize
from iamsim.protocol.event_stream import message
from iamsim.protocol.header_lists import join_list, split_dates, split_list
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.parse import _readers
from iamsim.protocol.timestamps import epoch_seconds, iso8601, iso8601_milliseconds, read_text, rfc822
from iamsim.protocol.xml_output import escape
from iamsim.reference.service_model import service_model
from iamsim.request import Operation
from tests.protocol.wire import client, content

NOON = datetime(2024, 1, 31, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31T12:00:00Z",
        "2024-01-31T12:00:00.000Z",
        "20240131T120000Z",
        "2024-01-31T14:00:00+02:00",
        "2024-01-31T12:00:00",
        "2024-01-31 12:00",
        "Wed, 31 Jan 2024 12:00:00 GMT",
        "1706702400",
        "1706702400.0",
        "1.7067024E9",
    ],
)
def test_timestamps_in_every_form(text: str) -> None:
    assert read_text(text) == NOON


def test_digits_alone_are_seconds() -> None:
    assert read_text("90310766") == datetime(1972, 11, 11, 6, 19, 26, tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["", "x", "2024-13-01T00:00:00Z", "9" * 30, "2024-01-31T25:00:00Z", "Wed, 99 Foo"])
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(Malformed):
        read_text(text)


def test_timestamps_are_written_as_aws_does() -> None:
    later = NOON.replace(microsecond=120_000)
    assert (iso8601(NOON), iso8601(later)) == ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00.120Z")
    assert iso8601_milliseconds(NOON) == "2024-01-31T12:00:00.000Z"
    assert rfc822(NOON) == "Wed, 31 Jan 2024 12:00:00 GMT"
    assert (epoch_seconds(NOON), epoch_seconds(later)) == (1706702400, 1706702400.12)
    assert iso8601(1706702400) == iso8601("2024-01-31T12:00:00Z") == iso8601(NOON.replace(tzinfo=None))


def test_header_lists() -> None:
    items = ["a", 'b"c', "d,e", "f g", "\\,"]
    assert split_list(join_list(items)) == items
    assert split_list("") == []
    assert split_list(" a , b") == ["a", "b"]
    assert split_dates("Wed, 31 Jan 2024 12:00:00 GMT, Thu, 01 Feb 2024 12:00:00 GMT")[1].startswith("Thu")


def test_cbor_of_indefinite_length() -> None:
    assert cbor.loads(b"\xbf\x61a\x9f\x01\x02\xff\x61b\x7f\x61x\x61y\xff\xff") == {"a": [1, 2], "b": "xy"}
    assert cbor.loads(b"\xc1\x1a\x65\xba\x36\x40") == cbor.Moment(NOON.timestamp())
    for broken in (b"\x9f\x01", b"\xff", b"\x01\x01", b"\x7f\x01\xff", b"\x61\xff", b"", b"\xa1\x01", b"\x1c"):
        with pytest.raises(Malformed):
            cbor.loads(broken)


def test_botocore_reads_our_messages() -> None:
    headers = {"text": "é", "yes": True, "no": False, "small": 1, "large": 2**40, "bytes": b"x", "when": NOON}
    buffer = EventStreamBuffer()
    buffer.add_data(message(headers, b"payload"))
    event = next(iter(buffer))
    assert event.payload == b"payload"
    assert event.headers == {**headers, "when": 1706702400000}


def test_an_error_ends_a_stream() -> None:
    def events() -> Any:
        yield {"SubscribeToShardEvent": {"Records": [], "ContinuationSequenceNumber": "1", "MillisBehindLatest": 0}}
        raise ApiError("gone", code="ResourceNotFoundException")

    kinesis, _ = client("kinesis", lambda operation, params: {"EventStream": events()})
    answer = kinesis.subscribe_to_shard(
        ConsumerARN="arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c:1",
        ShardId="s",
        StartingPosition={"Type": "LATEST"},
    )
    stream = iter(answer["EventStream"])
    assert next(stream)["SubscribeToShardEvent"]["ContinuationSequenceNumber"] == "1"
    with pytest.raises(Exception, match=r"ResourceNotFoundException.*gone"):
        next(stream)


def test_text_in_xml_comes_back() -> None:
    text = "a<b>&\"c'\r\n\té漢🎈]]>"
    assert ElementTree.fromstring(f"<a>{escape(text)}</a>").text == text
    assert escape("\x01") == "&#x1;"


def test_a_stream_is_not_read_before_it_is_sent() -> None:
    model = service_model("s3").operation_model("GetObject")
    operation = Operation("s3", "GetObject", "rest-xml", "eu-west-1", "aws", model)
    file = io.BytesIO(b"abc")
    response = serialize(operation, {"Body": file}, "r")
    assert file.tell() == 0
    assert content(response) == b"abc"


def test_readers_are_made_once_by_many_threads() -> None:
    model = service_model("ec2")
    shape = model.operation_model("RunInstances").input_shape
    _readers.cache_clear()
    made: list[Any] = []
    threads = [threading.Thread(target=lambda: made.append(_readers(model, "ec2").reader(shape))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(reader({"MinCount": "1"}) == {"MinCount": 1} for reader in made)
    assert len(made) == 8
