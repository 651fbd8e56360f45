"""Names of actions that an operation may have where none has its own: the near misses that hold across services."""

from __future__ import annotations

import re
from collections.abc import Iterator

VERSION = re.compile(r"V\d+$")
PLURALS = (("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("xes", "x"), ("s", ""))


def near_names(operation: str) -> Iterator[tuple[str, str]]:
    """Names to try for `operation` in this order, each with the rule that gave it."""
    plain = VERSION.sub("", operation)
    if plain != operation:
        yield plain, "the name without its version"
    if plain.endswith("WithTags"):
        yield plain.removesuffix("WithTags"), "the name without `WithTags`"
    for name in dict.fromkeys([operation, plain]):
        if _without_batch(name) != name:
            yield _without_batch(name), "the name without `Batch`"
    single = _without_batch(plain)
    if single != plain:
        yield from ((each, "the name without `Batch`, in the singular") for each in _singular(single))
    yield from ((each, "the name in the singular") for each in _singular(plain))
    yield from ((each, "the name in the plural") for each in _plural(plain))
    yield f"{plain}V2", "the name with `V2`"


def _without_batch(name: str) -> str:
    return re.sub(r"^Batch(?=[A-Z])|(?<=[a-z])Batch$", "", name)


def _singular(name: str) -> Iterator[str]:
    for plural, singular in PLURALS:
        if name.endswith(plural) and not name.endswith("ss"):
            yield name.removesuffix(plural) + singular


def _plural(name: str) -> Iterator[str]:
    for plural, singular in PLURALS:
        if singular and name.endswith(singular):
            yield name.removesuffix(singular) + plural
    yield name + "s"
