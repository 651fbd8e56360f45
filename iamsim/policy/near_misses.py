"""Statements that would have allowed the request, had one of their elements been different."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamsim.policy.document import Policy, can_allow
from iamsim.policy.effect import CheckType, Effect, PolicyType
from iamsim.policy.layers import endpoint_caller
from iamsim.policy.principal_element import Reach
from iamsim.policy.request import Request
from iamsim.policy.statement import Statement, texts
from iamsim.policy.variables import Variable

if TYPE_CHECKING:
    from iamsim.policy.evaluation import Evaluation

MOST = 3  # nearest misses that are worth a reader's time
SIMILAR = 0.6  # how alike action names must be for a misspelling
ELEMENTS = ("Condition", "Resource", "Principal", "Action")  # the likelier culprit first


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An Allow that failed by one element: what it wants, and what the request has."""

    policy: Policy
    policy_type: PolicyType
    statement: Statement
    element: str  # one of ELEMENTS
    wanted: str
    actual: str
    closeness: float = 1.0

    def describe(self) -> str:
        """Such as: `Condition wants Bool aws:SecureTransport "true"; the request has "false"`."""
        return f"{self.element} wants {self.wanted}; the request has {self.actual}"


def nearest_misses(evaluation: Evaluation) -> tuple[NearMiss, ...]:
    """The statements of the deciding layer that came nearest to allowing; none for an explicit deny."""
    if evaluation.evaluated_effect is not Effect.IMPLICIT_DENY:
        return ()
    check = evaluation.deciding_check
    if check is None:
        return ()
    found = []
    for policy in check.policies:
        is_resources = policy in evaluation.policies.resource and check.check_type in (
            CheckType.RESOURCE,
            CheckType.PRINCIPAL,
        )
        kind = evaluation.resource_type if is_resources else check.policy_types[0]
        for statement in policy.statements:
            if statement.allows and can_allow(statement, kind.has_principals):
                failed = list(_failures(statement, kind, evaluation, policy))
                found += failed if len(failed) == 1 else []
    found.sort(key=lambda miss: (ELEMENTS.index(miss.element), -miss.closeness))
    return tuple(found[:MOST])


def _failures(statement: Statement, kind: PolicyType, evaluation: Evaluation, policy: Policy) -> Iterator[NearMiss]:
    request = evaluation.request

    def miss(element: str, wanted: str, actual: str, closeness: float = 1.0) -> NearMiss:
        return NearMiss(policy, kind, statement, element, wanted, actual, closeness)

    if not statement.covers_action(request.action):
        closeness = _likeness(statement, request.access.action, "Action")
        yield miss("Action", _written(statement, "Action", "NotAction"), request.access.action, closeness)
        if closeness < SIMILAR:  # another action altogether is no near miss: count it twice
            yield miss("Action", "", "")
    if kind.has_principals and statement.principal is not None:
        gateway = kind is PolicyType.VPC_ENDPOINT
        caller = endpoint_caller(request, evaluation.policies) if gateway else request.caller
        reach = statement.principal.reach(caller)
        actual = evaluation.access.principal.arn
        if reach is Reach.DELEGATES and evaluation.deciding_type is PolicyType.IDENTITY:
            actual += ", for whom an account's name only lets identity-based policies decide"
            yield miss("Principal", _written(statement, "Principal", ""), actual)
        elif reach is Reach.NONE:
            yield miss("Principal", _written(statement, "Principal", ""), actual)
    if not statement.covers_resource(request):
        closeness = _likeness(statement, request.resource.text, "Resource")
        wanted = _written(statement, "Resource", "NotResource") + _variables(statement, request)
        yield miss("Resource", wanted, request.resource.text, closeness)
    for condition in statement.conditions:
        if not condition.holds(request.context()):
            yield miss("Condition", condition.describe(), condition.found_in(request.context()))


def _likeness(statement: Statement, actual: str, member: str) -> float:
    """How alike `actual` and the nearest of the values of `member` are, from 0 to 1."""
    wanted = [value.lower() for value in texts(statement.source.get(member, []))]
    return max((difflib.SequenceMatcher(None, actual.lower(), one).ratio() for one in wanted[:100]), default=0.0)


def _written(statement: Statement, member: str, negated: str) -> str:
    """The element as a reader would say it."""
    name = member if member in statement.source else negated
    value = statement.source.get(name, "nothing")
    if isinstance(value, dict):
        value = [f"{kind} {one}" for kind, given in value.items() for one in texts(given)]
    shown = list(texts(value))
    listed = " or ".join(f"`{one}`" for one in shown[:5]) + (" or others" if len(shown) > 5 else "")
    return f"anything but {listed}" if name == negated else listed


def _variables(statement: Statement, request: Request) -> str:
    """What the request puts in the place of the variables of Resource or NotResource."""
    element = statement.resource or statement.not_resource
    parts = [part for pattern in element.variable for part in pattern.tail] if element is not None else []
    values = {part.key: part.value(request.context()) for part in parts if isinstance(part, Variable)}
    told = [f"{key} is absent" if value is None else f"{key} is `{value}`" for key, value in values.items()]
    return f" ({', '.join(told)})" if told else ""
