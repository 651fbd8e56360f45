"""One message, and the digests that clients check."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from iamsim.kit import StrMap

AttributeMap = Mapping[str, Mapping[str, Any]]

MAX_RECEIVED = 10  # messages that one ReceiveMessage hands out at most


@dataclass(eq=False)
class Message:
    """One message in a queue. Times are in seconds since the epoch."""

    id: str
    body: str
    attributes: AttributeMap
    system: StrMap  # SenderId, SentTimestamp and others, as ReceiveMessage gives them
    sent_at: float
    visible_at: float
    group: str = ""
    receipt: str | None = None  # that of the latest receive; None in a queue where nobody received it yet
    received_at: float = 0.0  # the latest time
    receive_count: int = 0

    def is_in_flight(self, now: float) -> bool:
        """Whether somebody received it and its visibility timeout has not run out."""
        return self.receipt is not None and self.visible_at > now


def md5(text: str) -> str:
    """The MD5 of `text` in hexadecimal digits."""
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: AttributeMap) -> str:
    """The MD5 of message attributes, as clients compute it.

    Source: SQS Developer Guide, sqs-message-metadata, "Calculating the MD5 message digest for message attributes".
    """
    encoded = bytearray()
    for name in sorted(attributes):
        value = attributes[name]
        is_binary = value["DataType"].startswith("Binary")
        content = value["BinaryValue"] if is_binary else value["StringValue"].encode("utf-8")
        for part in (name.encode("utf-8"), value["DataType"].encode("utf-8")):
            encoded += struct.pack("!I", len(part)) + part
        encoded += (b"\x02" if is_binary else b"\x01") + struct.pack("!I", len(content)) + content
    return hashlib.md5(bytes(encoded), usedforsecurity=False).hexdigest()


def chosen_attributes(attributes: AttributeMap, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The message attributes that ReceiveMessage asked for: by name, `All`, `.*` or a prefix with `.*`."""
    wanted = list(names)
    everything = "All" in wanted or ".*" in wanted
    prefixes = tuple(name[:-2] for name in wanted if name.endswith(".*"))
    return {
        name: value
        for name, value in attributes.items()
        if everything or name in wanted or (prefixes and name.startswith(prefixes))
    }


def size_bytes(body: str, attributes: AttributeMap) -> int:
    """What counts against MaximumMessageSize: the body and the attributes' names, types and values."""
    size = len(body.encode("utf-8"))
    for name, value in attributes.items():
        content = value.get("BinaryValue") or value.get("StringValue", "").encode("utf-8")
        size += len(name.encode("utf-8")) + len(value.get("DataType", "").encode("utf-8")) + len(content)
    return size
