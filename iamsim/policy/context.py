"""The request context: condition keys and their values, by lower-case name (K-1, L-87)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

RequestContext: TypeAlias = "Mapping[str, str | Sequence[str]]"  # as given: keys in any case
Context: TypeAlias = "dict[str, str | tuple[str, ...]]"  # a text is single-valued, a tuple multivalued (L-95)

TEXT_ONLY = {str}


def prepare(given: RequestContext) -> Context:
    """`given` with lower-case keys. An empty list is an absent key (L-96); numbers and booleans are text (L-89)."""
    lowered = dict(zip(map(str.lower, given), given.values(), strict=True))
    if set(map(type, lowered.values())) <= TEXT_ONLY:
        return cast(Context, lowered)
    context: Context = {}
    for key, value in lowered.items():
        if isinstance(value, (list, tuple, set, frozenset)):
            if value:
                context[key] = tuple(text_of(one) for one in value)
        elif value is not None:
            context[key] = text_of(value)
    return context


def text_of(value: object) -> str:
    """`value` as a policy writes it (L-89): `true` and `false` for booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
