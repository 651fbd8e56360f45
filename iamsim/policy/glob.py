"""Wildcard patterns: `*` stands for any run of characters, `?` for exactly one (L-31, L-41, C-3).

A pattern is first cut into pieces (text and wildcards), so that text which must be taken literally, such as the value
of a policy variable (L-68), can never be mistaken for a wildcard. Matching takes each stretch between two stars at its
first possible place, which is always right and never goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Matcher: TypeAlias = Callable[[str], bool]


class Wildcard(Enum):
    """A piece of a pattern that is not text."""

    STAR = "*"
    ONE = "?"

    __hash__ = object.__hash__  # the one of Enum is slow, and pieces are looked up on every request


Piece: TypeAlias = "str | Wildcard"

FEW = 4  # texts between question marks that are looked for one after the other


class Stretch(NamedTuple):
    """What stands between two stars: text at its offsets, and any single character elsewhere."""

    length: int
    texts: tuple[tuple[int, str], ...]

    @staticmethod
    def of(pieces: Iterable[Piece]) -> Stretch:
        """The stretch that `pieces`, none of them a star, describe."""
        length = 0
        texts: list[tuple[int, str]] = []
        for piece in pieces:
            if isinstance(piece, Wildcard):
                length += 1
                continue
            if texts and texts[-1][0] + len(texts[-1][1]) == length:
                texts[-1] = (texts[-1][0], texts[-1][1] + piece)
            elif piece:
                texts.append((length, piece))
            length += len(piece)
        return Stretch(length, tuple(texts))

    def stands_at(self, text: str, start: int) -> bool:
        """Whether `text`, long enough, has this stretch at `start`."""
        return all(text.startswith(wanted, start + offset) for offset, wanted in self.texts)

    def find(self, text: str, start: int, end: int) -> int:
        """The first place at or after `start` where this stretch stands wholly before `end`; -1 if there is none."""
        if not self.texts:
            return start if start + self.length <= end else -1
        if len(self.texts) > FEW:
            return self._find_among_many(text, start, end)
        offset, wanted = self.texts[0]
        at = text.find(wanted, start + offset, end)
        while at >= 0 and at - offset + self.length <= end:
            if self.stands_at(text, at - offset):
                return at - offset
            at = text.find(wanted, at + 1, end)
        return -1

    def _find_among_many(self, text: str, start: int, end: int) -> int:
        """As `find`, in one pass: bit n of `standing` says that the first n + 1 characters stand before this place."""
        anything = (1 << self.length) - 1
        wanted_at: dict[str, int] = {}
        for offset, wanted in self.texts:
            for place, character in enumerate(wanted, offset):
                anything &= ~(1 << place)
                wanted_at[character] = wanted_at.get(character, 0) | 1 << place
        fitting = {character: anything | places for character, places in wanted_at.items()}
        whole, standing = 1 << (self.length - 1), 0
        for index in range(start, end):
            standing = (standing << 1 | 1) & fitting.get(text[index], anything)
            if standing & whole:
                return index + 1 - self.length
        return -1


def pieces_of(pattern: str) -> tuple[Piece, ...]:
    """The text and wildcards of `pattern`."""
    pieces: list[Piece] = []
    start = 0
    for index, character in enumerate(pattern):
        if character in "*?":
            if index > start:
                pieces.append(pattern[start:index])
            pieces.append(Wildcard(character))
            start = index + 1
    if start < len(pattern):
        pieces.append(pattern[start:])
    return tuple(pieces)


def matcher(pieces: Sequence[Piece]) -> Matcher:
    """A function that says whether a whole text fits `pieces`."""
    stretches = [Stretch.of(stretch) for stretch in _between_stars(pieces)]
    first, middle, last = stretches[0], [s for s in stretches[1:-1] if s.length], stretches[-1]
    plain = not middle and all(len(s.texts) <= 1 and s.length == sum(len(t) for _, t in s.texts) for s in stretches)
    prefix = first.texts[0][1] if first.texts else ""
    suffix = last.texts[0][1] if last.texts else ""
    if plain and len(stretches) == 1:
        return lambda text: text == prefix
    if plain and not suffix:
        return lambda text: text.startswith(prefix)
    if plain and not prefix:
        return lambda text: text.endswith(suffix)
    if len(stretches) == 1:
        return lambda text: len(text) == first.length and first.stands_at(text, 0)
    shortest = sum(stretch.length for stretch in stretches)

    def matches(text: str) -> bool:
        end = len(text) - last.length
        if len(text) < shortest or not first.stands_at(text, 0) or not last.stands_at(text, end):
            return False
        position = first.length
        for stretch in middle:
            found = stretch.find(text, position, end)
            if found < 0:
                return False
            position = found + stretch.length
        return True

    return matches


def _between_stars(pieces: Iterable[Piece]) -> list[list[Piece]]:
    stretches: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece is Wildcard.STAR:
            stretches.append([])
        else:
            stretches[-1].append(piece)
    return stretches


@lru_cache(maxsize=8192)
def matcher_of(pieces: tuple[Piece, ...]) -> Matcher:
    """As `matcher`, for pieces that are likely to come again."""
    return matcher(pieces)


@lru_cache(maxsize=8192)
def glob(pattern: str) -> Matcher:
    """A function that says whether a whole text fits `pattern`; case-sensitive."""
    return matcher(pieces_of(pattern))


def has_wildcard(pattern: str) -> bool:
    """Whether `pattern` can stand for more than itself."""
    return "*" in pattern or "?" in pattern
