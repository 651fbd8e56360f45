"""Changing an item at several paths at once, into a new item: what is not on the way to a change is shared.

Invariant: neither the old item nor anything in it is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeAlias

from .invalid import Invalid
from .paths import PathTree
from .values import AttributeValue, Item


class Outcome(Enum):
    """What becomes of a path that gets no new value."""

    REMOVED = "removed"
    KEPT = "kept"


Result: TypeAlias = AttributeValue | Outcome

PATH_INVALID = "The document path provided in the update expression is invalid for update"


def edit(item: Mapping[str, AttributeValue], tree: PathTree, results: Sequence[Result]) -> tuple[Item, Item]:
    """The item with `results` at the paths of `tree`, and those of its parts that got a value (UPDATED_NEW).

    List indexes are those of the old list: a value past its end is appended, in the order of the indexes, and the
    removed elements leave together. Raises Invalid if something on the way to a path is missing or not a list or map.
    """
    new: Item = dict(item)
    written: Item = {}
    for step, below in tree.items():
        name = str(step)  # a map's steps are names
        if not isinstance(below, int):
            new[name], part = _edit_in(new.get(name), below, results)
            if part is not None:
                written[name] = part
            continue
        result = results[below]
        if isinstance(result, dict):
            new[name] = written[name] = result
        elif result is Outcome.REMOVED:
            new.pop(name, None)
    return new, written


def _edit_in(
    value: AttributeValue | None, tree: PathTree, results: Sequence[Result]
) -> tuple[AttributeValue, AttributeValue | None]:
    in_list = isinstance(next(iter(tree)), int)
    if value is None or ("L" if in_list else "M") not in value:
        raise Invalid(PATH_INVALID)
    if in_list:
        elements, parts = _edit_list(value["L"], tree, results)
        return {"L": elements}, {"L": parts} if parts else None
    members, written = edit(value["M"], tree, results)
    return {"M": members}, {"M": written} if written else None


def _edit_list(
    old: list[AttributeValue], tree: PathTree, results: Sequence[Result]
) -> tuple[list[AttributeValue], list[AttributeValue]]:
    elements: list[AttributeValue | None] = list(old)  # None: removed
    parts: list[AttributeValue] = []
    for index, below in sorted((i, below) for i, below in tree.items() if isinstance(i, int)):
        there = index < len(old)
        if not isinstance(below, int):
            if not there:
                raise Invalid(PATH_INVALID)
            elements[index], part = _edit_in(old[index], below, results)
            if part is not None:
                parts.append(part)
            continue
        result = results[below]
        if isinstance(result, dict):
            parts.append(result)
            if there:
                elements[index] = result
            else:
                elements.append(result)
        elif result is Outcome.REMOVED and there:
            elements[index] = None
    return [element for element in elements if element is not None], parts
