"""Amazon Kinesis: consumers by name; tags at creation. Source: O section 5, and the documentation of the operations."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import tagging


def describe_stream_consumer(asked: Asked) -> Iterator[Check]:
    """The consumer, whose ARN ends in the moment at which it was made."""
    stream, name = asked.get("StreamARN") or asked.arn("stream/*"), asked.get("ConsumerName", "*")
    yield asked.check(asked.get("ConsumerARN") or f"{stream}/consumer/{name}:*")


deregister_stream_consumer = describe_stream_consumer


def forwarded(asked: Asked) -> Iterator[Check]:
    """To tag what is made; a stream by the older of the two actions."""
    if asked.operation == "CreateStream":
        yield from tagging(asked, asked.arn(f"stream/{asked.get('StreamName', '*')}"), "AddTagsToStream")
    if asked.operation == "RegisterStreamConsumer":
        yield from tagging(asked, next(describe_stream_consumer(asked)).resource)
