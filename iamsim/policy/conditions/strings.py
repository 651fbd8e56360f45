"""String operators and Bool: C-1, C-2, C-3, C-6. Variables are filled in as literal text (L-61, L-68)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iamsim.policy.conditions.comparison import Comparison
from iamsim.policy.context import Context
from iamsim.policy.glob import glob, matcher, matcher_of
from iamsim.policy.variables import Part, fill_in, has_variable, joined, parts_of

BOOLEANS = ("true", "false")


def _same(text: str) -> str:
    return text


def equals(values: tuple[str, ...], substitute: bool) -> Comparison:
    """StringEquals: exact, case-sensitive; wildcards are literal characters (L-113)."""
    return _equality(values, substitute, _same)


def equals_ignoring_case(values: tuple[str, ...], substitute: bool) -> Comparison:
    """StringEqualsIgnoreCase: exact but for letter case."""
    return _equality(values, substitute, str.lower)


def bool_equals(values: tuple[str, ...], substitute: bool) -> Comparison:
    """Bool: `true` or `false` in any letter case; no other text matches (L-90)."""
    fixed = tuple(value for value in values if value.lower() in BOOLEANS)
    open_ended = tuple(value for value in values if substitute and "${" in value)
    compare = _equality(fixed + open_ended, substitute, str.lower)
    if not open_ended:
        return compare
    return lambda value, context: value.lower() in BOOLEANS and compare(value, context)


def like(values: tuple[str, ...], substitute: bool) -> Comparison:
    """StringLike: `*` and `?` anywhere; the whole text must match."""
    fixed, open_ended = _sorted_out(values, substitute, wildcards=True)
    matchers = [glob(value) for value in fixed]
    matchers += [matcher(fill_in(parts, {}) or []) for parts in open_ended if not has_variable(parts)]
    variable = [parts for parts in open_ended if has_variable(parts)]

    def compare(value: str, context: Context) -> bool:
        if any(fits(value) for fits in matchers):
            return True
        filled = (fill_in(parts, context) for parts in variable)
        return any(pieces is not None and matcher_of(tuple(pieces))(value) for pieces in filled)

    return compare


def _equality(values: tuple[str, ...], substitute: bool, normal: Callable[[str], str]) -> Comparison:
    fixed, open_ended = _sorted_out(values, substitute, wildcards=False)
    texts = frozenset(normal(value) for value in fixed)
    if not open_ended:
        if normal is _same:
            return lambda value, context: value in texts
        return lambda value, context: normal(value) in texts

    def compare(value: str, context: Context) -> bool:
        value = normal(value)
        if value in texts:
            return True
        filled = (fill_in(parts, context) for parts in open_ended)
        return any(pieces is not None and normal(joined(pieces)) == value for pieces in filled)

    return compare


def _sorted_out(
    values: tuple[str, ...], substitute: bool, *, wildcards: bool
) -> tuple[list[str], list[Sequence[Part]]]:
    """The values that are just themselves, and the parts of those in which `${...}` means something."""
    plain = [value for value in values if not substitute or "${" not in value]
    with_dollar = [value for value in values if substitute and "${" in value]
    return plain, [parts_of(value, wildcards=wildcards) for value in with_dollar]
