"""The names of actions in tests: what AWS does not have would never be noticed where a denial is expected."""

from __future__ import annotations

import re
from functools import lru_cache

from iamsim.errors import UsageError
from iamsim.reference.actions import Action, actions_of, did_you_mean, expand
from iamsim.reference.actions import action as known_action
from iamsim.reference.built_with import services_with
from iamsim.reference.service_model import service_model

VARIABLE = re.compile(r"\\\$\\\{\w+\\\}")  # `${BucketName}`, escaped as in a regular expression


def check_action(name: str) -> None:
    """Raises UsageError if `name` is no action, or one that AWS's service, if it is known, does not have."""
    prefix, colon, rest = name.partition(":")
    if not colon or not rest or "*" in name or "?" in name:
        raise UsageError(f"`{name}` is no action: write `service:Action`, such as `s3:GetObject`")
    if known_action(name) is None and (actions_of(prefix) or did_you_mean(name)):
        near = did_you_mean(name, limit=1)
        hint = f": did you mean `{near[0]}`?" if near else ""
        raise UsageError(f"AWS has no action `{name}`{hint}")


def check_action_or_operation(name: str) -> None:
    """As `check_action`, but the name may also be that of an operation, such as `sqs:SendMessageBatch`."""
    prefix, _, operation = name.lower().partition(":")
    if known_action(name) is None:
        models = [service_model(each) for each in services_with(prefix)]
        if not any(operation == known.lower() for model in models for known in model.operation_names):
            check_action(name)


def meant_by(pattern: str, resource: str) -> list[str]:
    """The actions that `pattern` means for `resource`: one by its name, or those of a pattern such as `s3:Get*` that
    can be about a resource of this kind (`*`: all of them). Raises UsageError if AWS has none.
    """
    if "*" not in pattern and "?" not in pattern:
        check_action(pattern)
        return [pattern]
    if pattern != "*" and ":" not in pattern:
        raise UsageError(f"`{pattern}` is no pattern of actions: write `service:Action`, such as `s3:Get*`")
    matching = expand(pattern)
    if not matching:
        raise UsageError(f"AWS has no action that `{pattern}` matches")
    fitting = [str(each) for each in matching if resource == "*" or _is_about(each, resource)]
    if not fitting:
        raise UsageError(f"`{pattern}` matches {len(matching)} actions, none of which is about `{resource}`")
    return fitting


def _is_about(action: Action, resource: str) -> bool:
    return not _kinds(action.prefix, resource).isdisjoint(each.name for each in action.resource_types)


@lru_cache(maxsize=1024)
def _kinds(prefix: str, resource: str) -> frozenset[str]:
    """The types of the service's resources that have such an ARN: those of the templates that say most of it."""
    known = {each.type for action in actions_of(prefix) for each in action.resource_types}
    fitting: dict[int, set[str]] = {}
    for kind in known:
        for template in kind.templates:
            pattern = VARIABLE.sub(".+", re.escape(template).replace(r"\*", ".+"))
            if re.fullmatch(pattern, resource):
                fitting.setdefault(len(pattern), set()).add(kind.name)
    return frozenset(fitting[max(fitting)]) if fitting else frozenset()
