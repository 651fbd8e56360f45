"""Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}` (L-60 to L-70)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from iamsim.policy.context import Context
from iamsim.policy.glob import Piece, pieces_of

VARIABLE = r"\$\{(?:([*?$])|([^{}$,'*?]+)(?:, *'([^']*)')?)\}"  # compiled when first used


class Variable(NamedTuple):
    """A place in a text that the request fills in."""

    key: str  # lower case
    default: str | None

    def value(self, context: Context) -> str | None:
        """What the request puts here; None if it cannot (L-63: a multivalued key may not be used)."""
        found = context.get(self.key)
        if found is None:
            return self.default
        return found if isinstance(found, str) else None


Part: TypeAlias = "Piece | Variable"


def parts_of(text: str, *, wildcards: bool) -> tuple[Part, ...]:
    """The parts of `text`, in which variables stand; where `wildcards` is false, `*` and `?` are text."""
    if "${" not in text:
        return pieces_of(text) if wildcards else (text,)
    parts: list[Part] = []

    def add(plain: str) -> None:
        if plain:
            parts.extend(pieces_of(plain) if wildcards else [plain])

    end = 0
    for found in re.finditer(VARIABLE, text):
        add(text[end : found.start()])
        escaped, key, default = found.groups()
        parts.append(escaped if escaped else Variable(key.strip().lower(), default))
        end = found.end()
    add(text[end:])
    return tuple(parts)


def has_variable(parts: Iterable[Part]) -> bool:
    """Whether the request must fill in something."""
    return any(isinstance(part, Variable) for part in parts)


def fill_in(parts: Sequence[Part], context: Context) -> list[Piece] | None:
    """`parts` with the values of the request, each as literal text (L-68); None if a key is absent (L-66, L-67)."""
    filled: list[Piece] = []
    for part in parts:
        if isinstance(part, Variable):
            value = part.value(context)
            if value is None:
                return None
            filled.append(value)
        else:
            filled.append(part)
    return filled


def joined(pieces: Iterable[Piece]) -> str:
    """The text of `pieces`, without their wildcards."""
    return "".join(piece for piece in pieces if isinstance(piece, str))
