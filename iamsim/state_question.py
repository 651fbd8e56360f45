"""Would it be allowed? Asked of a simulator's state; nothing is called or logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from iamsim.arn import Arn
from iamsim.authorization.context import request_context
from iamsim.cloud import DEFAULT_REGION, Cloud
from iamsim.errors import NotMocked
from iamsim.kit.call import Call
from iamsim.kit.loader import Service, load_service
from iamsim.policy import Evaluation, Principal
from iamsim.request import HttpRequest, Operation, Required, Target

Decide = Callable[[Call, Required, dict[str, Any]], Evaluation]  # by the policies that the cloud has


def ask_state(
    cloud: Cloud,
    decide: Decide,
    principal: Principal,
    action: str,
    resource: str,
    context: Mapping[str, Any],
    mark: Callable[[HttpRequest], None] | None = None,
) -> Evaluation:
    """The decision on `action`; `mark` writes on the request where it comes from."""
    service, arn = _service(resource, action), Arn.parse(resource) if Arn.looks_like(resource) else None
    definition = replace(service.definition, context=None)  # its own keys come from calls: here from `context`
    region = arn.region if arn is not None and arn.region else DEFAULT_REGION
    partition = arn.partition if arn is not None else "aws"
    operation = Operation(definition.service, "", "", region, partition, None)
    http = HttpRequest("POST", f"{definition.service}.{region}.amazonaws.com", "/")
    if mark is not None:
        mark(http)
    call = Call(operation, {}, principal, http, cloud, definition, service=service)
    target = _target(call, arn, cloud) if arn is not None else None
    needed = Required(action, resource, dict(context), target)
    return decide(call, needed, request_context(call))


def _service(resource: str, action: str) -> Service:
    """The mock that keeps the resource; for what no mock keeps, IAM's, which then has nothing to say about it."""
    names = [Arn.parse(resource).service] if Arn.looks_like(resource) else []
    for name in [*names, action.partition(":")[0].lower()]:
        found = _mock(name)
        if found is not None:
            return found
    return load_service("iam")


@lru_cache(maxsize=256)
def _mock(name: str) -> Service | None:
    try:
        return load_service(name)
    except NotMocked:
        return None


def _target(call: Call, arn: Arn, cloud: Cloud) -> Target | None:
    """The resource of that ARN as the authoriser sees it; None if its service has no type of such ARNs."""
    for kind, cls in call.service.classes.items():
        if cloud.resources.find(cls, arn) is not None:
            return call.target(kind, arn)
    fitting = [noun for noun in call.definition.nouns.values() if noun.names_in(arn)]
    if not fitting:
        return None
    return call.target(max(fitting, key=lambda noun: len(noun.variables)).kind, arn)
