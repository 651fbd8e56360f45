"""What is wrong with a policy document, in AWS's words and with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing AWS refuses (level `error`) or that deserves a look (`warning`)."""

    level: str
    code: str  # AWS's error code; of a warning, Access Analyzer's issue code or one like it
    message: str  # AWS's text; of a warning, ours
    line: int
    column: int
    rule: str = ""  # the fact it rests on, such as M-6
    detail: str = ""  # what exactly is wrong, where AWS's text does not say

    @property
    def is_error(self) -> bool:
        return self.level == "error"

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"line {self.line}, column {self.column}: {self.level}: {self.message}{detail}"


Findings: TypeAlias = Iterator[Finding]
