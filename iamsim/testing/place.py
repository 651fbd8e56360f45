"""Where in the user's own code something happens."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from iamsim.tools.shown_path import shown

LIBRARIES = frozenset(
    {"iamsim", "boto3", "botocore", "s3transfer", "aiobotocore", "urllib3", "requests", "httpx", "aiohttp"}
    | {"_pytest", "pytest", "pluggy", "pytest_asyncio", "xdist", "execnet", "hypothesis"}
)


@dataclass(frozen=True)
class Place:
    """A line of code."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{shown(Path(self.file))}:{self.line} in {self.function}" if self.file else "a thread of a library"


def place() -> Place:
    """The innermost line on the stack that is neither a library's nor the standard library's."""
    frame = sys._getframe(1)
    while frame is not None:
        top = str(frame.f_globals.get("__name__", "")).split(".")[0]
        if top not in LIBRARIES and (top not in sys.stdlib_module_names or top == "__main__"):
            return Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        if frame.f_back is None:
            break
        frame = frame.f_back
    return Place("", 0, "")
