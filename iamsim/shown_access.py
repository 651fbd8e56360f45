"""All that calls of an operation can need, to be read: what the reference says, and what sample calls show beside it.

Rules in Python find further resources and actions, such as the volume of an instance or a key of KMS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iamsim.reference.actions import action
from iamsim.reference.default_access import OperationAccess, condition_keys
from iamsim.reference.resource_templates import ResourceTemplate
from iamsim.reference.service_authorization import ActionResource
from iamsim.reference.values import OPEN, reader
from iamsim.sample_calls import sample_checks

TWO_IN_ONE = {  # input members that name both the bucket and the key, or only one of them, in AWS's words
    "${CopySource}": "${BucketName}/${ObjectName}",
    "${Bucket}/*": "${BucketName}/${ObjectName}",
}


@dataclass(frozen=True, slots=True)
class ShownAction:
    """One action that calls of an operation can need. `dependent`: beside the main one."""

    action: str
    resource_templates: tuple[str, ...]
    dependent: bool
    condition_keys: tuple[str, ...]


def shown_access(service: str, operation: str, access: OperationAccess) -> list[ShownAction]:
    """The actions of `access`, each once, then those that only sample calls need; none if `access` has none."""
    found: dict[str, ShownAction] = {}
    for each in access.needed:
        texts = tuple(_in_aws_words(text) for text in each.resource_templates)
        shown = ShownAction(each.action, texts, each.dependent, each.condition_keys)
        found[each.action] = _joined(found[each.action], shown) if each.action in found else shown
    if not found:
        return []
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for check in sample_checks(service, operation):
        seen[check.action].add(check.resource)
    for name, resources in seen.items():
        given = found.get(name)
        if given is None:
            found[name] = _of_samples(name, resources)
        elif not given.dependent:
            found[name] = _joined(given, _of_samples(name, _beyond(given, resources)))
    return list(found.values())


def _joined(one: ShownAction, other: ShownAction) -> ShownAction:
    templates = tuple(dict.fromkeys(one.resource_templates + other.resource_templates))
    return replace(
        one,
        resource_templates=tuple(text for text in templates if text != "*") or ("*",),
        dependent=one.dependent and other.dependent,
        condition_keys=tuple(dict.fromkeys(one.condition_keys + other.condition_keys)),
    )


def _in_aws_words(text: str) -> str:
    for members, words in TWO_IN_ONE.items():
        text = text.replace(members, words)
    return text


def _beyond(given: ShownAction, resources: Iterable[str]) -> list[str]:
    """The resources that no template of the action is for."""
    return [arn for arn in resources if not any(reader(text).fullmatch(arn) for text in given.resource_templates)]


def _of_samples(name: str, resources: Iterable[str]) -> ShownAction:
    """The action, with the templates of AWS's reference that are for the resources."""
    known = action(name)
    if known is None:
        return ShownAction(name, ("*",), True, ())
    fitting = dict(_fitting(known.resource_types, resources))
    templates = [ResourceTemplate(text, each.name, each.required, {}) for text, each in sorted(fitting.items())]
    keys = condition_keys(known, templates)
    return ShownAction(str(known), tuple(each.text for each in templates) or ("*",), True, keys)


def _fitting(types: Iterable[ActionResource], resources: Iterable[str]) -> Iterator[tuple[str, ActionResource]]:
    """For each resource the closest template, with its type."""
    every = [(text, each) for each in types for text in each.type.templates]
    for arn in resources:
        fitting = [(text, each) for text, each in every if reader(text).fullmatch(arn)]
        if fitting:
            yield max(fitting, key=lambda pair: len(OPEN.sub("", pair[0])))
