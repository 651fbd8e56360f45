"""The fewest grants that give what was needed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from iamsim.policy.glob import glob
from iamsim.policy.resource_element import ResourceElement, resource_name
from iamsim.tools.least_privilege.generalise import REGION, exact, generalised
from iamsim.tools.least_privilege.need import Condition, Need

WILDCARD = re.compile(r"[*?]|\$\{")  # or an escape, which is no text either


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """An action on all resources of a pattern, under conditions whose values may be patterns."""

    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()

    @property
    def prefix(self) -> str:
        """The IAM prefix of the action."""
        return self.action.partition(":")[0]

    def gives(self, need: Need) -> bool:
        """Whether a policy with this grant allows what was needed."""
        if self.action != need.action or not _names(self.resource, need.resource):
            return False
        had = {each.key: each.value for each in need.conditions}
        return all(each.key in had and glob(each.value)(had[each.key]) for each in self.conditions)


def grants_for(needs: Iterable[Need], account: str, *, is_exact: bool = False) -> list[Grant]:
    """Grants that together give all `needs` of a principal of `account`.

    Invariant: without any one of them, one of the needs is not given.
    """
    by_action: dict[str, set[Need]] = defaultdict(set)
    for need in needs:
        by_action[need.action].add(need)
    found: list[Grant] = []
    for of_action in by_action.values():
        found += _without_idle({_grant(need, account, is_exact=is_exact) for need in of_action}, of_action)
    return sorted(found)


def _grant(need: Need, account: str, *, is_exact: bool) -> Grant:
    if is_exact:
        return Grant(need.action, exact(need.resource), need.conditions)
    conditions = tuple(Condition(each.key, REGION.sub("*", each.value), each.is_boolean) for each in need.conditions)
    return Grant(need.action, generalised(need.resource, account), conditions)


def _without_idle(grants: set[Grant], needs: set[Need]) -> list[Grant]:
    """Without those whose needs the others give, too; of two that could go, the narrower goes."""
    by_resource: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        by_resource[need.resource].append(need)
    served = {
        grant: {
            need
            for need in (needs if WILDCARD.search(grant.resource) else by_resource[grant.resource])
            if grant.gives(need)
        }
        for grant in grants
    }
    given_by = {need: sum(need in those for those in served.values()) for need in needs}
    for grant in sorted(grants, key=_width):
        if all(given_by[need] > 1 for need in served[grant]):
            for need in served.pop(grant):
                given_by[need] -= 1
    return list(served)


def _width(grant: Grant) -> tuple[int, int, Grant]:
    """How much it allows, roughly: fewer conditions, more wildcards are more."""
    wildcards = len(WILDCARD.findall(grant.resource)) + sum(len(WILDCARD.findall(c.value)) for c in grant.conditions)
    return (-len(grant.conditions), wildcards, grant)


def _names(pattern: str, resource: str) -> bool:
    return _element(pattern).lists(resource_name(resource), _no_context)


@lru_cache(maxsize=4096)
def _element(pattern: str) -> ResourceElement:
    return ResourceElement.of([pattern], substitute=True)


def _no_context() -> dict[str, str]:
    return {}
