"""Input in XML: elements to the types of the model. Entities are not expanded and document types are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.scalars import TEXT_READERS
from iamsim.protocol.shape_functions import ShapeFunctions

Reader = Callable[[Any], Any]
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


def parse_xml(text: bytes) -> Element:
    """The root of a document in UTF-8. Raises Malformed, also for a document that declares a type or entities."""
    if b"\0" in text:  # UTF-16, which expat reads whatever encoding it is told, and in which the words look otherwise
        raise Malformed("The document is not UTF-8")
    if b"<!DOCTYPE" in text:
        _refuse_doctype(text)
    parser = XMLParser(target=TreeBuilder(), encoding="utf-8")  # noqa: S314 - no document type, so no entities
    try:
        parser.feed(text)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as problem:
        raise Malformed(str(problem)) from None
    return root


def _refuse_doctype(text: bytes) -> None:
    """Raise Malformed unless the words stand in character data."""

    def refuse(*_: object) -> None:
        raise Malformed("A document type is not allowed")

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as problem:
        raise Malformed(str(problem)) from None


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


class XmlReaders(ShapeFunctions):
    """Readers of one service's shapes, each made once."""

    def reader(self, shape: Any) -> Reader:
        """The function that reads an element into a value of this shape; a flattened list reads all its elements."""
        kind = shape.type_name
        if kind in TEXT_READERS:
            return _scalar(TEXT_READERS[kind])
        key = f"{shape.name} {shape.serialization}"
        make = {"structure": self._structure, "list": self._list, "map": self._map}[kind]
        reader: Reader = self.once(key, lambda: make(shape))
        return reader

    def _structure(self, shape: Any) -> Reader:
        members: dict[str, tuple[str, Reader, bool]] = {}
        attributes: dict[str, str] = {}
        for name, member in shape.members.items():
            traits = member.serialization
            if traits.get("location"):
                continue
            if traits.get("xmlAttribute"):
                attributes[traits["name"].rpartition(":")[2]] = name
                continue
            flat = bool(traits.get("flattened")) and member.type_name in ("list", "map")
            wire = traits.get("name", name)
            members.setdefault(wire, (name, self.reader(member), flat))
            if flat and member.type_name == "list" and (inner := member.member.serialization.get("name")):
                members.setdefault(inner, (name, self.reader(member), flat))

        def read(element: Element) -> dict[str, Any]:
            value: dict[str, Any] = {}
            several: dict[str, tuple[Reader, list[Element]]] = {}
            for child in element:
                tag = child.tag
                if "}" in tag:
                    tag = local(tag)
                if tag not in members:
                    continue
                name, reader, flat = members[tag]
                if flat:
                    several.setdefault(name, (reader, []))[1].append(child)
                else:
                    value[name] = reader(child)
            for name, (reader, children) in several.items():
                value[name] = reader(children)
            for attribute, text in element.attrib.items() if attributes else ():
                if (member := attributes.get(local(attribute).rpartition(":")[2])) is not None:
                    value[member] = text
            return value

        return read

    def _list(self, shape: Any) -> Reader:
        item = self.reader(shape.member)
        return lambda elements: [item(child) for child in elements]

    def _map(self, shape: Any) -> Reader:
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        key_reader, value_reader = self.reader(shape.key), self.reader(shape.value)

        def read(entries: Any) -> dict[str, Any]:
            result = {}
            for entry in entries:
                pair = {local(child.tag): child for child in entry}
                if key_name not in pair:
                    raise Malformed("Map entry without a key")
                if value_name in pair:
                    result[key_reader(pair[key_name])] = value_reader(pair[value_name])
            return result

        return read


def _scalar(read_text: Callable[[str], Any]) -> Reader:
    def read(element: Element) -> Any:
        if len(element):
            raise Malformed("Unexpected child element")
        return read_text(element.text or "")

    return read
