"""Input of the query and EC2 protocols: `Filter.1.Value.2=x` to nested values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from iamsim.protocol.malformed import Malformed
from iamsim.protocol.scalars import TEXT_READERS
from iamsim.protocol.shape_functions import ShapeFunctions

Node = str | dict[str, Any]
Reader = Callable[[Any], Any]


def tree(parameters: Iterable[tuple[str, str]]) -> dict[str, Node]:
    """The parameters as a tree, cut at the dots of their names."""
    root: dict[str, Node] = {}
    for name, value in parameters:
        if "." not in name:
            if not isinstance(root.get(name), dict):
                root[name] = value
            continue
        node = root
        *parents, last = name.split(".")
        for part in parents:
            child = node.get(part)
            if not isinstance(child, dict):
                child = node[part] = {}
            node = child
        if not isinstance(node.get(last), dict):
            node[last] = value
    return root


class QueryReaders(ShapeFunctions):
    """Readers of one service's shapes, each made once. `ec2` follows the naming rules of the EC2 protocol."""

    def __init__(self, *, ec2: bool) -> None:
        super().__init__()
        self.ec2 = ec2

    def reader(self, shape: Any) -> Reader:
        """The function that reads a tree into a value of this shape."""
        kind = shape.type_name
        if kind in TEXT_READERS:
            return _scalar(TEXT_READERS[kind])
        key = f"{shape.name} {shape.serialization}"
        make = {"structure": self._structure, "list": self._list, "map": self._map}[kind]
        reader: Reader = self.once(key, lambda: make(shape))
        return reader

    def _structure(self, shape: Any) -> Reader:
        members: dict[str, tuple[str, Reader]] = {}
        for name, member in shape.members.items():
            reader = self.reader(member)
            for wire in self._wire_names(name, member):
                members.setdefault(wire, (name, reader))

        def read(node: Node) -> dict[str, Any]:
            if isinstance(node, str):
                if node:
                    raise Malformed("Start of structure or map found where not expected.")
                return {}
            value = {}
            for wire, child in node.items():
                if wire in members:
                    name, reader = members[wire]
                    value[name] = reader(child)
            return value

        return read

    def _wire_names(self, name: str, member: Any) -> list[str]:
        traits = member.serialization
        if self.ec2:
            if "queryName" in traits:
                return [traits["queryName"]]
            wire = traits.get("name", name)
            return [wire[0].upper() + wire[1:] if "name" in traits else wire]
        names = [traits.get("name", name)]
        if member.type_name == "list" and traits.get("flattened") and member.member.serialization.get("name"):
            names.insert(0, member.member.serialization["name"])
        return names

    def _list(self, shape: Any) -> Reader:
        item = self.reader(shape.member)
        flat = self.ec2 or shape.serialization.get("flattened")
        inner = "" if flat else shape.member.serialization.get("name", "member")

        def read(node: Node) -> list[Any]:
            if isinstance(node, dict) and inner in node:
                node = node[inner]
            if isinstance(node, str):
                if node:
                    raise Malformed("Unexpected list element termination")
                return []
            return [item(child) for _, child in _in_order(node)]

        return read

    def _map(self, shape: Any) -> Reader:
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        key_reader, value_reader = self.reader(shape.key), self.reader(shape.value)
        flat = shape.serialization.get("flattened")

        def read(node: Node) -> dict[str, Any]:
            if not flat and isinstance(node, dict) and "entry" in node:
                node = node["entry"]
            if isinstance(node, str):
                if node:
                    raise Malformed("Start of structure or map found where not expected.")
                return {}
            value = {}
            for _, entry in _in_order(node):
                if not isinstance(entry, dict) or key_name not in entry:
                    raise Malformed("Map entry without a key")
                value[key_reader(entry[key_name])] = value_reader(entry.get(value_name, ""))
            return value

        return read


def _scalar(read_text: Callable[[str], Any]) -> Reader:
    def read(node: Node) -> Any:
        if isinstance(node, dict):
            raise Malformed("Unexpected complex element termination")
        return read_text(node)

    return read


def _in_order(node: Mapping[str, Node]) -> list[tuple[int, Node]]:
    """The children of a list by their numbers."""
    children = []
    for index, child in node.items():
        if not (index.isascii() and index.isdigit() and len(index) < 10):
            raise Malformed(f"Key {index[:100]} is not a valid list index")
        children.append((int(index), child))
    children.sort(key=lambda pair: pair[0])
    return children
