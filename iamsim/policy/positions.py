"""Where things stand in the text of a policy document; asked for only by diagnostics.

`grammar/policy.lark` reads the same JSON as Python's `json`, slower, and keeps line and column.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from iamsim.grammar import grammar_text
from iamsim.policy.syntax import NumberText, Path, PolicySyntaxError

EXPECTED = {
    "STRING": "a string",
    "NUMBER": "a number",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "TRUE": "`true`",
    "FALSE": "`false`",
    "NULL": "`null`",
}
WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Located:
    """A document with the place of everything in it."""

    value: Any
    places: Mapping[Path, tuple[int, int]]  # line and column of a member's name, or of a list's element
    starts: Mapping[Path, tuple[int, int]]  # line and column of the value itself
    duplicates: tuple[Path, ...] = ()  # members that stand twice in one object, at their second place

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of `path`, or of the nearest thing around it that is there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text("policy"), parser="lalr", propagate_positions=True, maybe_placeholders=False)


@lru_cache(maxsize=64)
def locate(text: str) -> Located:
    """The document `text` with positions. Raises PolicySyntaxError where `text` is not JSON."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as problem:
        raise _not_json(text, problem) from None
    places: dict[Path, tuple[int, int]] = {}
    starts: dict[Path, tuple[int, int]] = {}
    duplicates: list[Path] = []
    root: list[Any] = [None]
    todo: list[tuple[Any, Path, Any, Any]] = [(tree, (), root, 0)]  # node, its path, and where its value goes
    while todo:
        node, path, holder, slot = todo.pop()
        starts[path] = (node.meta.line, node.meta.column)
        places.setdefault(path, starts[path])
        if node.data == "object":
            members: dict[str, Any] = {}
            holder[slot] = members
            for member in node.children:
                name, value = member.children
                key = json.loads(name)
                inner = (*path, key)
                if key in members:
                    duplicates.append(inner)
                members[key] = None
                places[inner] = (name.line, name.column)
                todo.append((value, inner, members, key))
        elif node.data == "array":
            holder[slot] = elements = [None] * len(node.children)
            todo.extend((value, (*path, index), elements, index) for index, value in enumerate(node.children))
        else:
            holder[slot] = _scalar(node)
    return Located(root[0], places, starts, tuple(duplicates))


def _scalar(node: Tree[Token]) -> Any:
    if node.data == "string":
        return json.loads(str(node.children[0]))
    if node.data == "number":
        return NumberText(node.children[0])
    return WORDS[node.data]


def explain_syntax_error(text: str) -> PolicySyntaxError:
    """Why `text`, which `syntax.read` refused, is no JSON document without duplicate members."""
    try:
        located = locate(text)
    except PolicySyntaxError as problem:
        return problem
    path = min(located.duplicates, key=located.place, default=())
    line, column = located.place(path)
    why = f"member `{path[-1]}` stands twice in one object" if path else "not JSON"
    return PolicySyntaxError(why, path=path, line=line, column=column)


def _not_json(text: str, problem: UnexpectedInput) -> PolicySyntaxError:
    if isinstance(problem, UnexpectedToken) and problem.token.type == "$END":
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        found, wanted = "the end of the text", problem.accepts or problem.expected
    elif isinstance(problem, UnexpectedToken):
        line, column = problem.line, problem.column
        found, wanted = f"`{problem.token}`", problem.accepts or problem.expected
    elif isinstance(problem, UnexpectedCharacters):
        line, column = problem.line, problem.column
        found, wanted = _character(text, problem.pos_in_stream or 0), problem.allowed or set()
    else:
        line, column, found, wanted = 1, 1, "something else", set()
    expected = " or ".join(sorted(EXPECTED[name] for name in wanted if name in EXPECTED))
    expected = ("a JSON value" if "LBRACE" in wanted else expected) or "JSON"
    return PolicySyntaxError(f"expected {expected}, found {found}", line=line, column=column, is_json=False)


def _character(text: str, index: int) -> str:
    character = text[index : index + 1]
    if character == '"':
        return "a string that does not end, or holds a character that JSON wants escaped"
    if text.startswith(("//", "/*", "#"), index):
        return "a comment; JSON has none"
    return f"`{character}`"
