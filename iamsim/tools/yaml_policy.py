"""Policy documents written in YAML, as JSON text in which everything stands on the line where the YAML has it."""

from __future__ import annotations

import json

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from iamsim.errors import UsageError


def json_text(node: Node, before: str = "", after: str = "") -> str:
    """The JSON text of a YAML node, between `before` and `after`, which stand on its first and its last line.

    Every scalar is text, as policies have it: `2012-10-17` is no date and `true` no truth. Raises UsageError for a
    member name that is no text.
    """
    writer = _Writer()
    writer.move(node)
    writer.write(before)
    writer.value(node)
    writer.write(after)
    return "".join(writer.parts)


class _Writer:
    """Writes JSON, moving to the line of each node first, and to its column where what is written has not passed it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._line, self._column = 0, 0

    def write(self, text: str) -> None:
        self.parts.append(text)
        self._column += len(text)

    def move(self, node: Node) -> None:
        """Go on to where `node` stands; not back, to what an alias repeats."""
        mark = node.start_mark
        if mark.line > self._line:
            self.parts.append("\n" * (mark.line - self._line))
            self._line, self._column = mark.line, 0
        if mark.line == self._line and mark.column > self._column:
            self.write(" " * (mark.column - self._column))

    def value(self, node: Node) -> None:
        self.move(node)
        if isinstance(node, MappingNode):
            self.write("{")
            for number, (key, member) in enumerate(node.value):
                if not isinstance(key, ScalarNode):
                    raise UsageError(f"line {key.start_mark.line + 1}: a member's name must be text")
                self.write("," if number else "")
                self.value(key)
                self.write(":")
                self.value(member)
            self.write("}")
        elif isinstance(node, SequenceNode):
            self.write("[")
            for number, element in enumerate(node.value):
                self.write("," if number else "")
                self.value(element)
            self.write("]")
        else:
            self.write(json.dumps(node.value))
