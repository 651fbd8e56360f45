"""IAM actions by name: what AWS says of one, which ones a pattern matches, what a misspelt one may have meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from iamsim.reference.minimise import minimise
from iamsim.reference.overlay import overlay
from iamsim.reference.service_authorization import Action, documented_only, prefixes, service

__all__ = [
    "Action",
    "action",
    "actions_of",
    "did_you_mean",
    "documented_only",
    "expand",
    "has_key",
    "minimise",
    "resource_type",
]

SHORTEST_BEGINNING = 4


@lru_cache(maxsize=8192)
def action(name: str) -> Action | None:
    """The action `s3:getobject`, in any case; None if AWS has none of that name."""
    prefix, _, rest = name.partition(":")
    known = service(prefix) or service(prefix.lower())
    return known.action(rest) if known else None


@lru_cache(maxsize=4096)
def has_key(name: str, key: str) -> bool:
    """Whether AWS's reference has the condition key for the action, on any of its resources."""
    found = action(name)
    if found is None:
        return False
    of_resources = (keys for each in found.resource_types for keys in (each.condition_keys, each.type.condition_keys))
    return any(key in keys for keys in (found.condition_keys, *of_resources))


def actions_of(prefix: str) -> tuple[Action, ...]:
    """All actions of the IAM prefix, by name; none for a prefix that AWS does not have."""
    known = service(prefix.lower())
    return known.actions if known else ()


def expand(pattern: str) -> list[Action]:
    """The actions that a policy's action pattern matches, such as `s3:Get*`, `*:Tag*` or `*`, in alphabetical order."""
    prefix, _, name = pattern.lower().partition(":")
    if pattern == "*":
        prefix, name = "*", "*"
    if not re.search(r"[*?]", prefix + name):
        found = action(pattern)
        return [found] if found else []
    matching_prefixes = sorted(filter(_matcher(prefix).fullmatch, prefixes()))
    matches = _matcher(name).fullmatch
    return [each for known in matching_prefixes for each in actions_of(known) if matches(each.name.lower())]


def resource_type(prefix: str, name: str) -> tuple[str, ...]:
    """The ARN templates of a resource type, such as `bucket` of `s3`; none if AWS has no such type."""
    known = service(prefix.lower())
    for kind in known.resource_types.values() if known else ():
        if kind.name.lower() == name.lower():
            return kind.templates
    return ()


def did_you_mean(name: str, limit: int = 3) -> list[str]:
    """Names of actions that a misspelt `name` may have meant, the likeliest first; none where nothing comes near.

    An operation whose action has another name, such as `s3:ListBuckets`, means that action.
    """
    prefix, _, rest = name.partition(":")
    known = service(prefix.lower())
    if known is not None:
        near = [*_of_operation(known.prefix, rest), *_near(f"{known.prefix}:", rest, known.action_names, limit)]
        if near:
            return list(dict.fromkeys(near))[:limit]
    homes = [home for home in sorted(prefixes()) if (other := service(home)) and other.action(rest)]
    near_prefixes = get_close_matches(prefix.lower(), homes, n=limit, cutoff=0.3) or homes[:limit]
    if homes:
        return [str(found) for home in near_prefixes if (found := action(f"{home}:{rest}"))]
    if known is not None:
        return []
    likely = get_close_matches(prefix.lower(), prefixes(), n=1)
    return did_you_mean(f"{likely[0]}:{rest}", limit) if likely else []


def _of_operation(prefix: str, name: str) -> list[str]:
    """The action of the operation `name`, where it is written down that it has another name."""
    for operation, rules in overlay(prefix).items():
        if operation.lower() == name.lower():
            return [rule.action for rule in rules if rule.action and not rule.dependent]
    return []


def _near(prefix: str, name: str, known: tuple[str, ...], limit: int) -> list[str]:
    """Names that are like `name`, then those that it begins."""
    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), by_lower, n=limit, cutoff=0.7)
    begun = [each for each in by_lower if len(name) >= SHORTEST_BEGINNING and each.startswith(name.lower())]
    return [prefix + by_lower[each] for each in [*near, *sorted(begun, key=len)]]


def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
