"""The condition keys that an action's tags make: aws:ResourceTag and aws:RequestTag, and the services' own (K-26)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from iamsim.reference.actions import action
from iamsim.reference.service_authorization import ActionResource
from iamsim.reference.values import reader

FAMILY = re.compile(
    r"(.+/)(?:\$\{TagKey\}|tag-key)?"
)  # `ec2:ResourceTag/${TagKey}`, `secretsmanager:ResourceTag/tag-key`
OF_REQUEST = re.compile(r"(?i)[^:]+:(?:RequestTag|req-tag)/")
OF_RESOURCE = re.compile(r"(?i)[^:]+:(?:ResourceTag|(?:\w+-)*tag|(?:Vector|Table)?BucketTag|AccessPointTag)/")


class TagKeys(NamedTuple):
    """What stands before a tag's key in each condition key, such as `aws:ResourceTag/`."""

    of_resource: tuple[str, ...]
    of_request: tuple[str, ...]  # none: the action knows no tags of the request, nor aws:TagKeys
    of_new: tuple[str, ...] = ()  # those of a resource that the action makes, which it has from the request


UNKNOWN = TagKeys(("aws:ResourceTag/",), ("aws:RequestTag/",))


@lru_cache(maxsize=8192)
def tag_keys(action_name: str, resource: str) -> TagKeys:
    """The keys that `action_name` on the ARN `resource` has, as AWS's reference says.

    Of an action that the reference does not have, those of every action.
    """
    found = action(action_name)
    if found is None:
        return UNKNOWN
    fitting = [each for each in found.resource_types if _is_of(each, resource)] or found.resource_types
    by_row = any(each.condition_keys for each in found.resource_types)
    every, own = set(found.condition_keys), set(found.condition_keys)
    for each in fitting:
        every.update(each.condition_keys, each.type.condition_keys)
        own.update(each.condition_keys if by_row else each.type.condition_keys)  # what the action's own row says
    of_request = {each for each in _families(own) if OF_REQUEST.fullmatch(each)}
    if "aws:TagKeys" in own:
        of_request.add("aws:RequestTag/")
    return TagKeys(
        tuple(sorted(each for each in _families(every) if OF_RESOURCE.fullmatch(each))),
        tuple(sorted(of_request)),
        tuple(sorted(each for each in _families(own) if OF_RESOURCE.fullmatch(each))),
    )


def _families(keys: Iterable[str]) -> set[str]:
    return {match[1] for key in keys if (match := FAMILY.fullmatch(key))}


def _is_of(each: ActionResource, resource: str) -> bool:
    return any(reader(template).fullmatch(resource) for template in each.type.templates)
