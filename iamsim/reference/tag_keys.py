"""The condition keys that an action's tags make: aws:ResourceTag and aws:RequestTag, and the services' own (K-26)."""

from __future__ import annotations

import re
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


UNKNOWN = TagKeys(("aws:ResourceTag/",), ("aws:RequestTag/",))


@lru_cache(maxsize=8192)
def tag_keys(action_name: str, resource: str) -> TagKeys:
    """The keys that `action_name` on the ARN `resource` has, as AWS's reference says.

    Of an action that the reference does not have, those of every action.
    """
    found = action(action_name)
    if found is None:
        return UNKNOWN
    keys = set(found.condition_keys)
    fitting = [each for each in found.resource_types if _is_of(each, resource)]
    of_types: set[str] = set()
    for each in fitting or found.resource_types:
        of_types.update(each.condition_keys, each.type.condition_keys)
    families = {match[1] for key in keys | of_types if (match := FAMILY.fullmatch(key))}
    of_request = {each for each in families if OF_REQUEST.fullmatch(each)}
    if "aws:TagKeys" in keys | of_types:
        of_request.add("aws:RequestTag/")
    return TagKeys(
        tuple(sorted(each for each in families - of_request if OF_RESOURCE.fullmatch(each))), tuple(sorted(of_request))
    )


def _is_of(each: ActionResource, resource: str) -> bool:
    return any(reader(template).fullmatch(resource) for template in each.type.templates)
