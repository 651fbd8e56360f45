"""Few and short wildcard patterns for many actions, that match these and no other action that AWS is known to have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from iamsim.reference.service_authorization import service

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|.")


def minimise(actions: Iterable[str], whole_words: bool = False) -> list[str]:
    """Patterns that match exactly `actions` (of any case) among the known ones, in alphabetical order.

    A name that AWS is not known to have stays as it is. `whole_words` cuts names only between words, `s3:Get*` and not
    `s3:G*`: longer, but less likely to match what AWS adds later.

    Invariant: expanding the patterns gives back the known ones of `actions`.
    """
    patterns = set()
    by_prefix: dict[str, set[str]] = defaultdict(set)
    for name in actions:
        prefix, _, rest = name.partition(":")
        known = service(prefix.lower())
        found = known.action(rest) if known else None
        if found:
            by_prefix[found.prefix].add(found.name)
        else:
            patterns.add(name)
    for prefix, wanted in by_prefix.items():
        known = service(prefix)
        names = known.action_names if known else ()
        patterns.update(f"{prefix}:{pattern}" for pattern in _cover(names, wanted, whole_words))
    return sorted(patterns)


def _cover(names: Sequence[str], wanted: set[str], whole_words: bool) -> list[str]:
    """Patterns that match exactly `wanted` of `names`: the widest first, each where it covers most of what is left.

    A set of names is an integer with a bit for each.
    """
    others = sum(1 << number for number, name in enumerate(names) if name not in wanted)
    left = sum(1 << number for number, name in enumerate(names) if name in wanted)
    shortest: dict[int, str] = {1 << number: name for number, name in enumerate(names) if name in wanted}
    for pattern, matched in _candidates(names, wanted, whole_words):
        if not matched & others and matched.bit_count() > 1:
            known = shortest.get(matched)
            if known is None or (len(pattern), pattern) < (len(known), known):
                shortest[matched] = pattern
    chosen: list[tuple[int, str]] = []
    while left:
        matched = max(shortest, key=lambda each: ((each & left).bit_count(), -len(shortest[each]), shortest[each]))
        chosen.append((matched, shortest.pop(matched)))
        left &= ~matched
    for one in sorted(chosen, key=lambda each: each[0].bit_count()):
        rest = [each for each in chosen if each is not one]
        if not one[0] & ~_union(matched for matched, _ in rest):
            chosen = rest
    return [pattern for _, pattern in chosen]


def _candidates(names: Sequence[str], wanted: set[str], whole_words: bool) -> Iterator[tuple[str, int]]:
    """Patterns `Start*`, `*End`, `Start*End` and `*Word*` of the wanted names, each with the names that it matches."""
    yield "*", (1 << len(names)) - 1
    starts: dict[str, int] = defaultdict(int)  # in lower case, as IAM compares
    ends: dict[str, int] = defaultdict(int)
    lengths = [len(name) for name in names]
    for number, name in enumerate(names):
        lower, bit = name.lower(), 1 << number
        for cut in range(1, len(lower) + 1):
            starts[lower[:cut]] |= bit
            ends[lower[-cut:]] |= bit
    lowers = [name.lower() for name in names]
    spoken = {lower[begin:end] for name, lower in zip(names, lowers, strict=True) for begin, end in _words(name)}
    within = {word: sum(1 << number for number, name in enumerate(lowers) if word in name) for word in spoken}
    for name in wanted:
        words = _words(name)
        cuts = [end for _, end in words] if whole_words else range(1, len(name) + 1)
        yield from ((f"{name[:cut]}*", starts[name[:cut].lower()]) for cut in cuts)
        for first, (begin, stop) in enumerate(words):
            yield f"*{name[begin:]}", ends[name[begin:].lower()]
            yield f"*{name[begin:stop]}*", within[name[begin:stop].lower()]
            for after, _ in words[first + 1 :]:
                start, end = name[:stop], name[after:]
                both = starts[start.lower()] & ends[end.lower()]
                shorter = sum(1 << n for n in _bits(both) if lengths[n] < len(start) + len(end))
                yield f"{start}*{end}", both & ~shorter


def _words(name: str) -> list[tuple[int, int]]:
    return [match.span() for match in WORD.finditer(name)]


def _bits(value: int) -> Iterator[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


def _union(sets: Iterable[int]) -> int:
    total = 0
    for each in sets:
        total |= each
    return total
