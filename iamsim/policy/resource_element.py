"""The Resource and NotResource elements (L-40 to L-51).

Most patterns are a whole ARN, or one whose only star is the last character; those need one look-up or one comparison
of text. Partition, service and Region compare without regard to letter case (L-43), so both sides are put in one form
first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from iamsim.policy.arn_pattern import ArnMatcher, arn_matcher, segments_of
from iamsim.policy.context import Context
from iamsim.policy.glob import Matcher, Wildcard, has_wildcard, matcher, matcher_of, pieces_of
from iamsim.policy.memory import remembered
from iamsim.policy.variables import Part, fill_in, has_variable, joined, parts_of

ContextOf: TypeAlias = Callable[[], Context]


class ResourceName(NamedTuple):
    """What a request is about: an ARN in canonical form, or `*` for no resource (L-45)."""

    text: str
    segments: tuple[str, ...] | None  # None: no ARN


@remembered(16384)
def resource_name(text: str) -> ResourceName:
    """The canonical form of `text`."""
    segments = segments_of(text)
    if segments is None:
        return ResourceName(text, None)
    arn, partition, service, region, account, resource = segments
    canonical = (arn, partition.lower(), service.lower(), region.lower(), account, resource)
    return ResourceName(text if canonical == segments else ":".join(canonical), canonical)


@dataclass(frozen=True, slots=True, eq=False)
class _Variable:
    """A pattern whose resource part holds variables."""

    head: ArnMatcher | None  # what the first five segments must fit; None where `start` says all of it
    start: str  # the text with which a resource that fits must begin
    tail: Sequence[Part]
    is_prefix: bool  # the only wildcard of `tail` is a star at its end

    def fits(self, name: ResourceName, context: ContextOf) -> bool:
        if not name.text.startswith(self.start) or name.segments is None:
            return False
        if self.head is not None and not self.head(name.segments):
            return False
        filled = fill_in(self.tail, context())
        if filled is None:
            return False
        if self.is_prefix:
            return name.segments[5].startswith(joined(filled))
        return matcher_of(tuple(filled))(name.segments[5])


def _variable(segments: Sequence[str], head: str, tail: Sequence[Part]) -> _Variable:
    is_prefix = [part for part in tail if isinstance(part, Wildcard)] == [Wildcard.STAR] and tail[-1] is Wildcard.STAR
    if not has_wildcard(head):
        first = tail[0] if isinstance(tail[0], str) else ""
        return _Variable(None, head + first, tail, is_prefix)
    pieces = [pieces_of(segment) for segment in segments[:5]]
    return _Variable(arn_matcher([*pieces, [Wildcard.STAR]]), "", tail, is_prefix)


@dataclass(frozen=True, slots=True, eq=False)
class ResourceElement:
    """The resources that a statement lists."""

    everything: bool
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    tails: tuple[tuple[str, Matcher], ...]  # the first five segments as text, and what the sixth must fit
    segmented: tuple[ArnMatcher, ...]
    variable: tuple[_Variable, ...]
    is_malformed: bool

    @staticmethod
    def of(patterns: Sequence[str], *, substitute: bool) -> ResourceElement:
        """The element as a document has it. Only `*` and six-segment ARNs ever match (L-42, L-50)."""
        exact, prefixes, malformed = set(), [], not patterns
        tails: list[tuple[str, Matcher]] = []
        segmented: list[ArnMatcher] = []
        variable: list[_Variable] = []
        for pattern in patterns:
            segments = resource_name(pattern).segments
            if segments is None:
                malformed = malformed or pattern != "*"
                continue
            head, resource = ":".join((*segments[:5], "")), segments[5]
            tail = parts_of(resource, wildcards=True) if substitute else pieces_of(resource)
            if has_variable(tail):
                variable.append(_variable(segments, head, tail))
            elif has_wildcard(head):
                pieces = fill_in(tail, {}) or []
                segmented.append(arn_matcher([*(pieces_of(segment) for segment in segments[:5]), pieces]))
            elif all(isinstance(part, str) for part in tail):
                exact.add(head + "".join(str(part) for part in tail))
            elif tail[-1] is Wildcard.STAR and all(isinstance(part, str) for part in tail[:-1]):
                prefixes.append(head + "".join(str(part) for part in tail[:-1]))
            else:
                tails.append((head, matcher(fill_in(tail, {}) or [])))
        return ResourceElement(
            "*" in patterns,
            frozenset(exact),
            tuple(prefixes),
            tuple(tails),
            tuple(segmented),
            tuple(variable),
            malformed,
        )

    def lists(self, name: ResourceName, context: ContextOf) -> bool:
        """Whether the resource `name` is among them; `context` is asked only where a variable stands."""
        if self.everything:
            return True
        text = name.text
        if text in self.exact or text.startswith(self.prefixes):
            return True
        for head, fits in self.tails:
            if text.startswith(head) and fits(text[len(head) :]):
                return True
        segments = name.segments
        if segments is None:
            return False
        for fits_arn in self.segmented:
            if fits_arn(segments):
                return True
        for pattern in self.variable:  # noqa: SIM110 - on the path of every decision
            if pattern.fits(name, context):
                return True
        return False

    def is_resolved(self, context: ContextOf) -> bool:
        """Whether the request has a value for every variable (L-66)."""
        return all(fill_in(pattern.tail, context()) is not None for pattern in self.variable)
