"""The Action and NotAction elements (L-30 to L-36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iamsim.policy.glob import Matcher, glob, has_wildcard


def is_action(pattern: str) -> bool:
    """Whether `pattern` has the form `prefix:Name` or is `*`; nothing else ever matches (L-30, L-31)."""
    return pattern == "*" or pattern.count(":") == 1


@dataclass(frozen=True, slots=True, eq=False)
class ActionElement:
    """The actions that a statement lists."""

    literals: frozenset[str]  # lower case
    patterns: tuple[Matcher, ...]
    services: frozenset[str] | None  # the prefixes listed, lower case; None where one has a wildcard
    is_malformed: bool

    @staticmethod
    def of(patterns: Iterable[str]) -> ActionElement:
        """The element as a document has it. Letter case does not count; `*` and `?` may stand anywhere (L-32)."""
        patterns = tuple(patterns)
        good = [pattern.lower() for pattern in patterns if is_action(pattern)]
        prefixes = [pattern.partition(":")[0] for pattern in good]
        return ActionElement(
            frozenset(pattern for pattern in good if not has_wildcard(pattern)),
            tuple(glob(pattern) for pattern in good if has_wildcard(pattern)),
            None if any(map(has_wildcard, prefixes)) else frozenset(prefixes),
            is_malformed=not patterns or len(good) != len(patterns),
        )

    def lists(self, action: str) -> bool:
        """Whether `action`, in lower case, is among them."""
        return action in self.literals or any(fits(action) for fits in self.patterns)
