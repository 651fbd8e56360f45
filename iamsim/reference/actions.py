"""IAM actions by name: what AWS says of one, which ones a pattern matches, what a misspelt one may have meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from iamsim.reference.minimise import minimise
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
    """Names of actions that a misspelt `name` may have meant, the likeliest first; none where nothing comes near."""
    prefix, _, rest = name.partition(":")
    known = service(prefix.lower())
    if known is not None:
        return [f"{known.prefix}:{near}" for near in _near(rest, known.action_names, limit)]
    homes = [home for home in sorted(prefixes()) if (other := service(home)) and other.action(rest)]
    near_prefixes = get_close_matches(prefix.lower(), homes, n=limit, cutoff=0.3) or homes[:limit]
    if homes:
        return [str(found) for home in near_prefixes if (found := action(f"{home}:{rest}"))]
    likely = get_close_matches(prefix.lower(), prefixes(), n=1)
    return did_you_mean(f"{likely[0]}:{rest}", limit) if likely else []


def _near(name: str, known: tuple[str, ...], limit: int) -> list[str]:
    by_lower = {each.lower(): each for each in known}
    return [by_lower[near] for near in get_close_matches(name.lower(), by_lower, n=limit, cutoff=0.7)]


def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
