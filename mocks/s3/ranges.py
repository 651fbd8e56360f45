"""Which bytes of an object are asked for. Source: RFC 7233; S3 API reference, GetObject and UploadPartCopy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from iamsim.kit import error

from .failures import InvalidRequest, invalid_argument
from .object_version import ObjectVersion

InvalidRange = error("InvalidRange", status=416)
InvalidPartNumber = error("InvalidPartNumber", status=416)

BYTES = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE)
COPY = re.compile(r"bytes=(\d+)-(\d+)", re.IGNORECASE)


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: int
    end: int

    def content_range(self, size: int) -> str:
        """As the header Content-Range says it."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def span_asked(params: Mapping[str, Any], version: ObjectVersion) -> Span | None:
    """The bytes that a read asks for; None for the whole object. Raises InvalidRange, InvalidPartNumber."""
    number, text = params.get("PartNumber"), params.get("Range")
    if number is not None:
        if text is not None:
            raise InvalidRequest("Cannot specify both Range header and partNumber query parameter")
        return _span_of_part(version, number)
    match = BYTES.fullmatch(text.strip()) if text is not None else None
    if match is None or match.groups() == ("", ""):  # S3 takes no notice of what it cannot read
        return None
    size = version.size
    if not match[1]:
        span = Span(max(size - int(match[2]), 0), size)
    elif not match[2]:
        span = Span(int(match[1]), size)
    elif int(match[2]) < int(match[1]):
        return None
    else:
        span = Span(int(match[1]), min(int(match[2]) + 1, size))
    if span.start >= span.end:
        raise InvalidRange(
            "The requested range is not satisfiable", fields={"RangeRequested": text, "ActualObjectSize": size}
        )
    return span


def span_to_copy(text: str, size: int) -> Span:
    """The bytes that UploadPartCopy asks for, all of which there must be. Raises InvalidArgument."""
    match = COPY.fullmatch(text.strip())
    if match is None or int(match[2]) < int(match[1]):
        raise invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
            "x-amz-copy-source-range",
            text,
        )
    if int(match[2]) >= size:
        raise invalid_argument(
            f"Range specified is not valid for source object of size: {size}", "x-amz-copy-source-range", text
        )
    return Span(int(match[1]), int(match[2]) + 1)


def _span_of_part(version: ObjectVersion, number: int) -> Span:
    sizes = [part.size for part in version.parts] or [version.size]
    if not 1 <= number <= len(sizes):
        raise InvalidPartNumber(
            "The requested partnumber is not satisfiable",
            fields={"ActualPartCount": len(sizes), "PartNumberRequested": number},
        )
    start = sum(sizes[: number - 1])
    return Span(start, start + sizes[number - 1])
