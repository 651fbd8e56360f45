"""ARNs with wildcards, matched segment by segment: a `*` does not cross the first five colons (L-41, L-42, L-110)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from iamsim.policy.glob import Matcher, Piece, Wildcard, matcher
from iamsim.policy.variables import Part

SEGMENTS = 6  # arn, partition, service, region, account, resource

ArnMatcher: TypeAlias = Callable[[Sequence[str]], bool]  # takes the six segments of an ARN


def segments_of(text: str) -> tuple[str, ...] | None:
    """The six segments of the ARN `text`; None if it is none."""
    segments = text.split(":", SEGMENTS - 1)
    return tuple(segments) if len(segments) == SEGMENTS and segments[0] == "arn" else None


def cut(parts: Sequence[Part]) -> list[list[Part]] | None:
    """`parts` cut at the first five colons of their text, never within a variable; None if there are too few."""
    segments: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, str) and len(segments) < SEGMENTS:
            first, *others = part.split(":", SEGMENTS - len(segments))
            segments[-1].append(first)
            segments.extend([other] for other in others)
        else:
            segments[-1].append(part)
    return segments if len(segments) == SEGMENTS else None


def arn_matcher(segments: Sequence[Sequence[Piece]]) -> ArnMatcher:
    """A function that says whether the six segments of an ARN fit `segments`."""
    matchers: list[tuple[int, Matcher]] = [
        (index, matcher(pieces)) for index, pieces in enumerate(segments) if list(pieces) != [Wildcard.STAR]
    ]
    matchers.reverse()  # the resource tells ARNs apart best

    def matches(arn: Sequence[str]) -> bool:
        for index, fits in matchers:  # noqa: SIM110 - on the path of every decision
            if not fits(arn[index]):
                return False
        return True

    return matches
