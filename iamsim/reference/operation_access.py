"""What any operation of any service must be allowed: the exceptions by name, else the default rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from iamsim.reference.actions import action
from iamsim.reference.default_access import (
    NeededAction,
    OperationAccess,
    condition_keys,
    default_access,
    dependent_action,
    dependents_of,
    resources_of,
)
from iamsim.reference.overlay import OverlayRule, rules_of
from iamsim.reference.resource_binding import input_names, templates_of
from iamsim.reference.resource_templates import OF_THE_REQUEST, ResourceTemplate
from iamsim.reference.service_authorization import Action
from iamsim.reference.service_model import service_model

WRITTEN = re.compile(r"\{(\w+)\}")


def operation_access(service: str, operation: str) -> OperationAccess:
    """What `operation` of botocore's `service` must be allowed.

    Raises NotMocked for a service, botocore's OperationNotFoundError for an operation that botocore does not know.
    """
    return access_of(service_model(service).operation_model(operation))


def access_of(model: Any) -> OperationAccess:
    """What the operation of this botocore.model.OperationModel must be allowed."""
    rules = rules_of(model.service_model.service_name, model.name)
    return by_rules(rules, model) if rules else default_access(model)


def by_rules(rules: Sequence[OverlayRule], model: Any) -> OperationAccess:
    """What the written `rules` say that the operation of this botocore.model.OperationModel needs."""
    if any(rule.action is None for rule in rules):
        return OperationAccess(reason="no permission is needed")
    return OperationAccess(tuple(_needed(rules, model)))


def _needed(rules: Sequence[OverlayRule], model: Any) -> Iterator[NeededAction]:
    written = {(rule.action or "").lower() for rule in rules}
    reason = f"written down for {model.name}"
    for rule in rules:
        found = action(rule.action or "")
        if found is None:  # one that only botocore's documentation names, or whoever declared it
            yield NeededAction(rule.action or "", tuple(_as_written(rule)), rule.dependent, (), reason)
            continue
        resources = _resources(rule, found, model)
        yield NeededAction(str(found), resources, rule.dependent, condition_keys(found, resources), reason)
        for name, why in dependents_of(found, model) if not rule.dependent else ():
            if name.lower() not in written:
                written.add(name.lower())
                yield dependent_action(name, model, resources, why)


def _resources(rule: OverlayRule, found: Action, model: Any) -> tuple[ResourceTemplate, ...]:
    if rule.resource is None and not rule.members:
        return resources_of(found, model)
    if rule.resource == "*":
        return ()
    if rule.resource is not None and rule.resource.startswith("arn:"):
        return tuple(_as_written(rule))
    names = input_names(model.input_shape)
    templates = [
        template
        for resource in found.resource_types
        if rule.resource in (None, resource.name)
        for template in templates_of(resource.type, resource.required, model.name, names, overrides=rule.members)
    ]
    return tuple(replace(each, required=True) for each in templates) if rule.resource else tuple(templates)


def _as_written(rule: OverlayRule) -> Iterator[ResourceTemplate]:
    """The ARN that the rule writes itself, with input members as variables; none if it writes none."""
    if rule.resource is not None and rule.resource.startswith("arn:"):
        members = {name: (name,) for name in WRITTEN.findall(rule.resource) if name.capitalize() not in OF_THE_REQUEST}
        yield ResourceTemplate(WRITTEN.sub(_in_aws_form, rule.resource), rule.resource, True, members)


def _in_aws_form(match: re.Match[str]) -> str:
    """`{partition}` as `${Partition}`; an input member keeps its name."""
    name = match[1].capitalize()
    return "${" + (name if name in OF_THE_REQUEST else match[1]) + "}"
