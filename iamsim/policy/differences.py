"""In what a pattern and a value differ, said so that the eye need not search: which segment of an ARN, which action."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Sequence

from iamsim.policy.arn_pattern import segments_of
from iamsim.policy.context import Context
from iamsim.policy.glob import matcher
from iamsim.policy.variables import fill_in, parts_of

SEGMENT_NAMES = ("prefix", "partition", "service", "Region", "account", "resource part")
SIMILAR = 0.8  # how alike the names of actions must be for a misspelling
AS_SIMILAR = 0.05  # how much less alike the next one may be
MOST = 100  # names that are compared, and characters of each
LONGEST = 128


def arn_difference(pattern: str, arn: str, context: Context) -> str:
    """What keeps `arn` from fitting `pattern`, such as: differs in the Region: wants `us-*`, has `eu-west-1`."""
    if arn == "*":
        return "the action is on no particular resource, so only `*` fits"
    wanted, actual = segments_of(pattern), segments_of(arn)
    if wanted is None or actual is None:
        return f"`{pattern if wanted is None else arn}` is no ARN of six parts"
    differing = [index for index, fits in enumerate(_fitting(wanted, actual, context)) if not fits]
    if all(wanted[index].lower() == actual[index].lower() for index in differing):
        return "differs only in letter case" if differing else ""
    if len(differing) == 1:
        (index,) = differing
        return f"differs in the {SEGMENT_NAMES[index]}: wants `{wanted[index]}`, has `{actual[index]}`"
    names = [SEGMENT_NAMES[index] for index in differing]
    return f"differs in the {', '.join(names[:-1])} and the {names[-1]}"


def nearest_arn(patterns: Sequence[str], arn: str, context: Context) -> tuple[str, float]:
    """The one of `patterns` that `arn` comes nearest to, and how near, from 0 to 1."""
    actual = segments_of(arn)

    def closeness(pattern: str) -> float:
        wanted = segments_of(pattern)
        if wanted is None or actual is None:
            return 0.0
        fitting = sum(_fitting(wanted, actual, context))
        alike = next(
            (n for n, (a, b) in enumerate(zip(pattern, arn, strict=False)) if a != b), min(len(pattern), len(arn))
        )
        return (fitting + alike / (1 + max(len(pattern), len(arn)))) / (len(SEGMENT_NAMES) + 1)

    found = max(patterns, key=closeness, default="")
    return found, closeness(found)


def _fitting(wanted: Sequence[str], actual: Sequence[str], context: Context) -> list[bool]:
    """For each segment, whether it fits."""
    filled = [fill_in(parts_of(segment, wildcards=True), context) for segment in wanted]
    return [pieces is not None and matcher(pieces)(text) for pieces, text in zip(filled, actual, strict=True)]


def nearest_actions(names: Iterable[str], action: str) -> list[tuple[float, str]]:
    """Those of `names` that `action` may be a misspelling of, or may have been meant by it, and how alike they are."""
    service, _, operation = action.lower().partition(":")
    comparer = difflib.SequenceMatcher(b=operation[:LONGEST])
    same_service = (name for name in names if len(name) <= LONGEST and name.lower().startswith(service + ":"))
    found = []
    for name in itertools.islice(same_service, MOST):
        comparer.set_seq1(name.lower()[len(service) + 1 :])
        if comparer.real_quick_ratio() >= SIMILAR and comparer.quick_ratio() >= SIMILAR:
            found.append((comparer.ratio(), name))
    likest = max(found, default=(0.0, ""))[0]
    return sorted((one for one in found if one[0] >= max(SIMILAR, likest - AS_SIMILAR)), key=lambda one: -one[0])
