"""ArnEquals and ArnLike, which are the same (C-9): six segments, each with wildcards, case-sensitive (L-110)."""

from __future__ import annotations

from collections.abc import Sequence

from iamsim.policy.arn_pattern import ArnMatcher, arn_matcher, cut, segments_of
from iamsim.policy.conditions.comparison import Comparison
from iamsim.policy.context import Context
from iamsim.policy.glob import Piece, pieces_of
from iamsim.policy.variables import Part, fill_in, has_variable, parts_of


def like(values: tuple[str, ...], substitute: bool) -> Comparison:
    """Whether the request's ARN fits one of the policy's. A lone `*` fits everything (L-111)."""
    if "*" in values:
        return lambda value, context: True
    fixed: list[ArnMatcher] = []
    variable: list[list[list[Part]]] = []
    for value in values:
        segments = cut(parts_of(value, wildcards=True) if substitute else pieces_of(value))
        if segments is None:
            continue
        if any(has_variable(segment) for segment in segments):
            variable.append(segments)
        else:
            fixed.append(arn_matcher([fill_in(segment, {}) or [] for segment in segments]))

    def compare(value: str, context: Context) -> bool:
        arn = segments_of(value)
        if arn is None:
            return False
        if any(fits(arn) for fits in fixed):
            return True
        filled = (_filled(segments, context) for segments in variable)
        return any(pieces is not None and arn_matcher(pieces)(arn) for pieces in filled)

    return compare


def _filled(segments: Sequence[Sequence[Part]], context: Context) -> list[list[Piece]] | None:
    filled: list[list[Piece]] = []
    for segment in segments:
        pieces = fill_in(segment, context)
        if pieces is None:
            return None
        filled.append(pieces)
    return filled
