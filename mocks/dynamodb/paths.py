"""Document paths with their names resolved: finding a value, picking several out of an item, refusing overlaps.

A `Path` is `("a", "b", 0)`. Several become a `PathTree`, `{"a": {"b": {0: 0}}}`: a leaf is the place of its path in the
list that the tree was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, Union

from .values import AttributeValue, Item

Path: TypeAlias = tuple[str | int, ...]
PathTree: TypeAlias = dict[str | int, Union[int, "PathTree"]]


def find(item: Mapping[str, AttributeValue], path: Path) -> AttributeValue | None:
    """The value at a path, None if there is none."""
    value = item.get(str(path[0]))  # the first step is a name
    for step in path[1:]:
        if value is None:
            return None
        value = _child(value, step)
    return value


def _child(value: AttributeValue, step: str | int) -> AttributeValue | None:
    child: AttributeValue | None = None
    if isinstance(step, str):
        if "M" in value:
            child = value["M"].get(step)
    elif "L" in value and step < len(value["L"]):
        child = value["L"][step]
    return child


def shown(path: Path) -> str:
    """A path as DynamoDB writes it in messages: `[a, b, [0]]`."""
    return f"[{', '.join(f'[{step}]' if isinstance(step, int) else step for step in path)}]"


def tree_of(paths: Sequence[Path], refuse: Callable[[str], Exception]) -> PathTree:
    """The tree of these paths. Raises what `refuse` makes of the message if two overlap, or disagree on list or map."""
    root: PathTree = {}
    for place, path in enumerate(paths):
        branch = root
        for depth, step in enumerate(path):
            if branch and isinstance(next(iter(branch)), int) is not isinstance(step, int):
                raise refuse(_clash("conflict", paths[_first(branch)], path))
            last = depth == len(path) - 1
            below = branch.get(step)
            if below is None:
                below = place if last else {}
                branch[step] = below
            elif last or isinstance(below, int):
                raise refuse(_clash("overlap", paths[_first(below)], path))
            if isinstance(below, dict):
                branch = below
    return root


def _first(branch: int | PathTree) -> int:
    return branch if isinstance(branch, int) else min(map(_first, branch.values()))


def _clash(verb: str, one: Path, two: Path) -> str:
    return (
        f"Two document paths {verb} with each other; must remove or rewrite one of these paths; "
        f"path one: {shown(one)}, path two: {shown(two)}"
    )


def pick(item: Mapping[str, AttributeValue], tree: PathTree) -> Item:
    """The parts of an item that the tree names, in the item's own structure; list elements close up."""
    picked: Item = {}
    for name, below in tree.items():
        if isinstance(name, str) and name in item:
            part = _pick_in(item[name], below)
            if part is not None:
                picked[name] = part
    return picked


def _pick_in(value: AttributeValue, below: int | PathTree) -> AttributeValue | None:
    if isinstance(below, int):
        return value
    if "M" in value:
        members = pick(value["M"], below)
        return {"M": members} if members else None
    if "L" in value:
        held = value["L"]
        chosen = ((index, below[index]) for index in sorted(i for i in below if isinstance(i, int) and i < len(held)))
        parts = [part for index, deeper in chosen if (part := _pick_in(held[index], deeper)) is not None]
        return {"L": parts} if parts else None
    return None
