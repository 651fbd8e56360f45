"""A document under examination: its text, what it says, and findings about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from iamsim.policy.syntax import Path
from iamsim.policy.validation.finding import Finding

STRING_OR_SPACE = re.compile(r'("(?:\\.|[^"\\])*")|[ \t\r\n]+', re.DOTALL)


class Line(NamedTuple):
    """One text of a list-valued member: where it stands, and what it says."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is JSON, not yet known to be a policy that AWS would store."""

    text: str
    members: Mapping[str, Any]
    code: str  # the error code with which the service refuses documents

    def finding(
        self, rule: str, message: str, path: Path = (), *, detail: str = "", code: str = "", level: str = "error"
    ) -> Finding:
        """What is wrong at `path`."""
        from iamsim.policy.positions import locate

        line, column = locate(self.text).place(path)
        return Finding(level, code or self.code, message, line, column, rule, detail)

    def statements(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Each statement with its path."""
        given = self.members["Statement"]
        if isinstance(given, list):
            yield from ((("Statement", index), statement) for index, statement in enumerate(given))
        else:
            yield ("Statement",), given

    def lines(self, *names: str) -> Iterator[Line]:
        """The texts of the members called `names`, of every statement in order."""
        for path, statement in self.statements():
            for name in names:
                value = statement.get(name, [])
                if isinstance(value, str):
                    yield Line((*path, name), value)
                else:
                    yield from (Line((*path, name, index), one) for index, one in enumerate(value))

    def size(self, *, counts_white_space: bool) -> int:
        """The characters that count against a quota (policy-language section 10)."""
        return len(self.text if counts_white_space else STRING_OR_SPACE.sub(lambda found: found[1] or "", self.text))
