"""Output of the REST protocols outside the body: headers and status."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from iamsim.protocol.header_lists import join_list
from iamsim.protocol.scalars import TEXT_WRITERS
from iamsim.protocol.timestamps import writer_of


class RestHeaders:
    """Writes the members of one output shape that stand in headers, and the status that one of them may be."""

    def __init__(self, shape: Any) -> None:
        self._headers: dict[str, tuple[str, Callable[[Any], str]]] = {}
        self._prefixes: dict[str, str] = {}
        self._status = ""
        for name, member in shape.members.items() if shape is not None else ():
            location = member.serialization.get("location")
            wire = member.serialization.get("name", name)
            if location == "header":
                self._headers[name] = (wire, _header_writer(member))
            elif location == "headers":
                self._prefixes[name] = wire
            elif location == "statusCode":
                self._status = name

    def write(self, headers: dict[str, str], result: Mapping[str, Any]) -> None:
        """Add the headers that `result` gives."""
        for name, value in result.items():
            if value is None:
                continue
            if name in self._headers:
                wire, to_text = self._headers[name]
                if value != []:
                    headers[wire] = to_text(value)
            elif name in self._prefixes:
                for key, text in value.items():
                    headers[self._prefixes[name] + key] = _ascii(str(text))

    def status(self, result: Mapping[str, Any], default: int) -> int:
        """The status that the result sets, or `default`."""
        if self._status and result.get(self._status) is not None:
            return int(result[self._status])
        return default


def _header_writer(member: Any) -> Callable[[Any], str]:
    if member.serialization.get("jsonvalue"):
        return lambda value: base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
    if member.type_name == "timestamp":
        write = writer_of(member.serialization.get("timestampFormat", "rfc822"))
        return lambda value: str(write(value))
    if member.type_name == "list":
        item = _header_writer(member.member)
        if member.member.type_name == "string":
            return lambda value: join_list(str(child) for child in value)
        return lambda value: ",".join(item(child) for child in value)
    if member.type_name == "string":
        return lambda value: _one_line(str(value))
    return TEXT_WRITERS[member.type_name]


def _one_line(text: str) -> str:
    """The text without what would end the header."""
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def _ascii(text: str) -> str:
    """The text, or its form after RFC 2047 if it is not ASCII. Source: Amazon S3 User Guide, UsingMetadata."""
    if text.isascii():
        return _one_line(text)
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="
