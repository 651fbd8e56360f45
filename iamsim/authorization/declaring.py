"""Saying what an operation needs that AWS's reference does not know: `declare_action`."""

from __future__ import annotations

import re

from botocore.model import OperationNotFoundError

from iamsim.authorization.outline import known_access, outline
from iamsim.errors import NotMocked, UsageError
from iamsim.reference.operation_access import WRITTEN
from iamsim.reference.overlay import OverlayRule, declare, forget, read_overlay
from iamsim.reference.resource_templates import OF_THE_REQUEST
from iamsim.reference.service_model import did_you_mean, loader, service_model

ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


def declare_action(service: str, operation: str, action: str | None, *, resource: str = "*") -> None:
    """Say that `operation` of botocore's `service` is allowed by the IAM action `action`; None: it needs none.

    `resource` is `*`, or an ARN in which `{Member}` stands for a member of the input, and `{partition}`, `{region}` and
    `{account}` for those of the call. It holds in this process from now on. Raises UsageError for what cannot be.
    """
    _declare(service, operation, (OverlayRule(action, resource if action is not None else None),))


def declare_actions(text: str, source: str) -> None:
    """The same for what the YAML `text` says of a service's operations, in the words of a mock's `access:`.

    Raises UsageError that names `source`.
    """
    service, access = read_overlay(text, source)
    for operation, rules in access.items():
        try:
            _declare(service, operation, rules)
        except UsageError as problem:
            raise UsageError(f"{source}: {problem}") from None


def withdraw_action(service: str, operation: str) -> None:
    """Take back what `declare_action` said of the operation."""
    forget(service, operation)
    _renew()


def _declare(service: str, operation: str, rules: tuple[OverlayRule, ...]) -> None:
    members = _members(service, operation)
    for rule in rules:
        resource = rule.resource or "*"
        if rule.action is not None and not ACTION.fullmatch(rule.action):
            raise UsageError(f"`{rule.action}` is no IAM action: write `prefix:Name`, such as `s3:GetObject`")
        if resource != "*" and not (resource.startswith("arn:") and resource.count(":") >= 5):
            raise UsageError(
                f"`{resource}` is no resource: give `*` or an ARN, such as arn:{{partition}}:s3:::{{Bucket}}"
            )
        for name in WRITTEN.findall(resource):
            if name not in members and name.capitalize() not in OF_THE_REQUEST:
                raise UsageError(f"{service}:{operation} has no member `{name}`{did_you_mean(name, members)}")
    declare(service, operation, rules)
    _renew()


def _renew() -> None:
    known_access.cache_clear()
    outline.cache_clear()


def _members(service: str, operation: str) -> list[str]:
    """The members of the operation's input. Raises UsageError for an operation that botocore does not know."""
    try:
        model = service_model(service)
    except NotMocked as failure:
        known = loader().list_available_services("service-2")
        raise UsageError(f"{failure.message}{did_you_mean(service, known)}") from None
    try:
        shape = model.operation_model(operation).input_shape
    except OperationNotFoundError:
        hint = did_you_mean(operation, model.operation_names)
        raise UsageError(f"{service} has no operation `{operation}`{hint}") from None
    return list(shape.members) if shape is not None else []
