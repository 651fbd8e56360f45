"""Input that botocore's model refuses: lengths, ranges, patterns and enumerations, in AWS's words.

Source: the texts that IAM, STS and most services with generated front ends answer with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from iamsim.errors import ApiError
from iamsim.request import Params

CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r"\s"}  # Java's Unicode classes -> the nearest of `re`


def validate(shape: Any, params: Params, code: str) -> None:
    """Raises the error `code` for `params` that do not fit the botocore shape of an operation's input."""
    problems = list(_problems(shape, params, ""))
    if problems:
        errors = "validation error" if len(problems) == 1 else "validation errors"
        raise ApiError(f"{len(problems)} {errors} detected: {'; '.join(problems)}", code=code, status=400)


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        for name in shape.required_members:
            if name not in value:
                at = f"{path}.{_spelled(name)}" if path else _spelled(name)
                yield f"Value null at '{at}' failed to satisfy constraint: Member must not be null"
        for name, child in value.items():
            if name in shape.members:
                yield from _problems(shape.members[name], child, f"{path}.{_spelled(name)}" if path else _spelled(name))
        return
    for constraint in _broken(kind, limits, value):
        shown = "***" if limits.get("sensitive") else _shown(value)
        yield f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"
    if kind == "list":
        for index, child in enumerate(value, 1):
            yield from _problems(shape.member, child, f"{path}.{index}.member")


def _broken(kind: str, limits: Any, value: Any) -> Iterator[str]:
    measured: int | None = None
    what = "length"
    if kind in ("string", "list", "map", "blob"):
        measured = len(value)
    elif kind in ("integer", "long", "float", "double"):
        measured, what = value, "value"
    if measured is not None and "min" in limits and measured < limits["min"]:
        yield f"Member must have {what} greater than or equal to {limits['min']}"
    if measured is not None and "max" in limits and measured > limits["max"]:
        yield f"Member must have {what} less than or equal to {limits['max']}"
    if kind == "string" and limits.get("pattern") and not _pattern(limits["pattern"]).fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"
    if kind == "string" and limits.get("enum") and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of Java as one of Python: letters are ASCII's unless it says otherwise."""
    translated = text
    for java, python in CLASSES.items():
        translated = translated.replace(java, python)
    return re.compile(translated, 0 if translated != text else re.ASCII)


def _shown(value: Any) -> str:
    return f"'[{', '.join(map(str, value))}]'" if isinstance(value, list) else f"'{value}'"


def _spelled(member: str) -> str:
    return member[:1].lower() + member[1:]
