"""Output in XML, written as text: for the query, EC2 and REST XML protocols."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from iamsim.protocol.scalars import TEXT_WRITERS
from iamsim.protocol.shape_functions import ShapeFunctions
from iamsim.protocol.timestamps import iso8601, iso8601_milliseconds, writer_of

Writer = Callable[[list[str], Any], None]

SPECIAL = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape(text: str) -> str:
    """The text as it stands in an element or in a quoted attribute; control characters become references."""
    return SPECIAL.sub(_reference, text) if SPECIAL.search(text) else text


def _reference(match: re.Match[str]) -> str:
    return ESCAPES.get(match[0]) or f"&#x{ord(match[0]):x};"


def element(name: str, value: Any) -> str:
    """One element with text."""
    return f"<{name}>{escape(str(value))}</{name}>"


class XmlWriters(ShapeFunctions):
    """Writers of one service's shapes, each made once. `milliseconds`: every ISO 8601 moment has three more digits."""

    def __init__(self, *, milliseconds: bool, item_name: str = "member") -> None:
        super().__init__()
        self._iso8601 = iso8601_milliseconds if milliseconds else iso8601
        self._item_name = item_name

    def writer(self, shape: Any, name: str) -> Writer:
        """The function that appends a value of this shape as elements of this name."""
        kind = shape.type_name
        if kind not in ("structure", "list", "map"):
            return self._scalar(shape, name)
        key = f"{name} {shape.name} {shape.serialization}"
        make = {"structure": self._structure, "list": self._list, "map": self._map}[kind]
        writer: Writer = self.once(key, lambda: make(shape, name))
        return writer

    def text_writer(self, shape: Any) -> Callable[[Any], str]:
        """The function that gives a scalar of this shape as text, not escaped."""
        if shape.type_name == "timestamp":
            chosen = shape.serialization.get("timestampFormat", "iso8601").lower()
            if chosen == "iso8601":
                return self._iso8601
            write = writer_of(chosen)
            return lambda value: str(write(value))
        return TEXT_WRITERS[shape.type_name]

    def members(self, shape: Any) -> Mapping[str, Writer]:
        """The writers of a structure's members that stand in the body, by the names of the members."""
        return {
            name: self.writer(member, _element_name(name, member))
            for name, member in shape.members.items()
            if not member.serialization.get("location") and not member.serialization.get("xmlAttribute")
        }

    def _scalar(self, shape: Any, name: str) -> Writer:
        to_text = self.text_writer(shape)
        start, end = f"<{name}>", f"</{name}>"
        if shape.type_name == "boolean":
            return lambda out, value: out.append(f"{start}true{end}" if value else f"{start}false{end}")
        if shape.type_name in ("string", "character"):
            return lambda out, value: out.append(start + escape(str(value)) + end)
        return lambda out, value: out.append(start + to_text(value) + end)

    def _structure(self, shape: Any, name: str) -> Writer:
        members = self.members(shape)
        attributes = {
            member_name: member.serialization["name"]
            for member_name, member in shape.members.items()
            if member.serialization.get("xmlAttribute")
        }
        start, end = f"<{name}{_namespace(shape)}>", f"</{name}>"

        def write(out: list[str], value: Mapping[str, Any]) -> None:
            if attributes:
                texts = "".join(
                    f' {wire}="{escape(str(value[member]))}"'
                    for member, wire in attributes.items()
                    if value.get(member) is not None
                )
                out.append(start[:-1] + texts + ">")
            else:
                out.append(start)
            for key, child in value.items():
                if child is not None and key in members:
                    members[key](out, child)
            out.append(end)

        return write

    def _list(self, shape: Any, name: str) -> Writer:
        inner = shape.member.serialization.get("name")
        if shape.serialization.get("flattened"):
            item = self.writer(shape.member, inner or name)

            def write_flat(out: list[str], value: Any) -> None:
                for child in value:
                    item(out, child)

            return write_flat
        item = self.writer(shape.member, inner or self._item_name)
        start, end = f"<{name}>", f"</{name}>"

        def write(out: list[str], value: Any) -> None:
            out.append(start)
            for child in value:
                item(out, child)
            out.append(end)

        return write

    def _map(self, shape: Any, name: str) -> Writer:
        flat = shape.serialization.get("flattened")
        write_key = self.writer(shape.key, shape.key.serialization.get("name") or "key")
        write_value = self.writer(shape.value, shape.value.serialization.get("name") or "value")
        entry = name if flat else "entry"
        start, end = f"<{entry}>", f"</{entry}>"

        def write(out: list[str], value: Mapping[str, Any]) -> None:
            if not flat:
                out.append(f"<{name}>")
            for key, child in value.items():
                out.append(start)
                write_key(out, key)
                write_value(out, child)
                out.append(end)
            if not flat:
                out.append(f"</{name}>")

        return write


def write_members(writers: Mapping[str, Writer], value: Mapping[str, Any]) -> str:
    """The elements of the members that `value` has."""
    out: list[str] = []
    for name, child in value.items():
        if child is not None and name in writers:
            writers[name](out, child)
    return "".join(out)


def _element_name(name: str, member: Any) -> str:
    wire: str = member.serialization.get("name", name)
    return wire


def _namespace(shape: Any) -> str:
    namespace = shape.serialization.get("xmlNamespace")
    if isinstance(namespace, str):
        return f' xmlns="{escape(namespace)}"'
    if isinstance(namespace, dict):
        prefix = f":{namespace['prefix']}" if namespace.get("prefix") else ""
        return f' xmlns{prefix}="{escape(namespace["uri"])}"'
    return ""
