"""Input of the REST protocols: what stands in the path, the query string, the headers and the body."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from iamsim.protocol.event_input import EventReader
from iamsim.protocol.header_lists import split_dates, split_list
from iamsim.protocol.malformed import Malformed
from iamsim.protocol.routes import LABEL, decode, path_pattern
from iamsim.protocol.scalars import TEXT_READERS
from iamsim.request import HttpRequest, Params

Query = Mapping[str, list[str]]
BodyReader = Callable[[bytes], Any]


class RestReader:
    """Reads the input of one REST operation. `body_reader` makes the reader of a body of a shape."""

    def __init__(self, operation: Any, body_reader: Callable[[Any], BodyReader]) -> None:
        shape = operation.input_shape
        members = shape.members if shape is not None else {}
        template, _, fixed = operation.http.get("requestUri", "/").partition("?")
        self._fixed = frozenset(parse_qs(fixed, keep_blank_values=True))
        self._labels = _label_readers(template, members)
        self._path = re.compile(path_pattern(template) + "/?$", re.DOTALL) if self._labels else None
        self._query: list[tuple[str, str, Callable[[list[str]], Any]]] = []
        self._headers: list[tuple[str, str, Callable[[str], Any]]] = []
        self._prefixes: list[tuple[str, str]] = []
        self._query_map: tuple[str, bool] | None = None
        self._payload = shape.serialization.get("payload") if shape is not None else None
        self._body: BodyReader | None = None
        for name, member in members.items():
            self._place(name, member)
        if self._payload is not None:
            payload = members[self._payload]
            if payload.serialization.get("eventstream"):
                self._body = EventReader(payload, body_reader).read
            elif payload.type_name == "blob":
                self._body = bytes
            elif payload.type_name == "string":
                self._body = _text
            else:
                self._body = body_reader(payload)
        elif any("location" not in member.serialization for member in members.values()):
            self._body = body_reader(shape)

    def _place(self, name: str, member: Any) -> None:
        traits = member.serialization
        location, wire = traits.get("location"), traits.get("name", name)
        if location == "querystring":
            if member.type_name == "map":
                self._query_map = (name, member.value.type_name == "list")
            else:
                self._query.append((wire, name, _query_reader(member)))
        elif location == "header":
            self._headers.append((wire.lower(), name, _header_reader(member)))
        elif location == "headers":
            self._prefixes.append((wire.lower(), name))

    def read(self, http: HttpRequest, query: Query, body: Callable[[], bytes]) -> Params:
        """The parameters; `body` gives the decoded body when there is a reader for it. Raises Malformed."""
        params = self.read_labels(http.path)
        self.read_outside_path(params, http.headers, query)
        self.read_body(params, body)
        return params

    def read_labels(self, path: str) -> Params:
        """The parameters in the path."""
        if self._path is None:
            return {}
        match = self._path.search(path)
        if match is None:
            raise Malformed("The path does not fit the operation")
        return {name: reader(decode(text)) for (name, reader), text in zip(self._labels, match.groups(), strict=True)}

    def read_outside_path(self, params: Params, headers: Mapping[str, str], query: Query) -> None:
        """Add the parameters in the headers and in the query string."""
        if query:
            for wire, name, reader in self._query:
                if wire in query:
                    params[name] = reader(query[wire])
            if self._query_map is not None:
                self._read_query_map(params, query, *self._query_map)
        for wire, name, reader_of_header in self._headers:
            if wire in headers:
                params[name] = reader_of_header(headers[wire])
        for prefix, name in self._prefixes:
            found = {key[len(prefix) :]: _utf8(value) for key, value in headers.items() if key.startswith(prefix)}
            if found:
                params[name] = found

    def _read_query_map(self, params: Params, query: Query, name: str, of_lists: bool) -> None:
        named = {*self._fixed, *(wire for wire, _, _ in self._query)}
        rest = {key: list(values) if of_lists else values[0] for key, values in query.items() if key not in named}
        if rest:
            params[name] = rest

    def read_body(self, params: Params, body: Callable[[], bytes]) -> None:
        """Add the parameters in the body; an empty one gives none."""
        if self._body is not None and (data := body()):
            if self._payload is None:
                params.update(self._body(data))
            else:
                params[self._payload] = self._body(data)


def _label_readers(template: str, members: Mapping[str, Any]) -> list[tuple[str, Callable[[str], Any]]]:
    by_wire = {
        member.serialization.get("name", name): (name, TEXT_READERS[member.type_name])
        for name, member in members.items()
        if member.serialization.get("location") == "uri"
    }
    return [by_wire.get(label.rstrip("+"), (label, str)) for label in LABEL.findall(template)]


def _query_reader(member: Any) -> Callable[[list[str]], Any]:
    if member.type_name == "list":
        item = TEXT_READERS[member.member.type_name]
        return lambda values: [item(value) for value in values]
    scalar = TEXT_READERS[member.type_name]
    return lambda values: scalar(values[0])


def _header_reader(member: Any) -> Callable[[str], Any]:
    if member.serialization.get("jsonvalue"):
        return _json_value
    if member.type_name == "list":
        item = TEXT_READERS[member.member.type_name]
        split = split_dates if member.member.type_name == "timestamp" else split_list
        return lambda text: [item(part) for part in split(_utf8(text))]
    scalar = TEXT_READERS[member.type_name]
    if member.type_name == "string":
        return _utf8
    return scalar


def _json_value(text: str) -> Any:
    try:
        return json.loads(base64.b64decode(text))
    except (ValueError, RecursionError):
        raise Malformed("The header is not base64 of JSON") from None


def _utf8(text: str) -> str:
    """The header's value; servers read headers as Latin-1, clients write UTF-8."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("The request body is not valid UTF-8") from None
