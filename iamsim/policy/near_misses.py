"""Statements that would have allowed the request, had one of their elements been different."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from iamsim.policy.conditions import Condition, operator
from iamsim.policy.context import Context
from iamsim.policy.differences import arn_difference, nearest_actions, nearest_arn
from iamsim.policy.document import Policy, can_allow
from iamsim.policy.effect import CheckType, Effect, PolicyType
from iamsim.policy.layers import endpoint_caller
from iamsim.policy.principal_element import Reach
from iamsim.policy.request import Request
from iamsim.policy.resource_element import resource_name
from iamsim.policy.statement import Statement, texts
from iamsim.policy.variables import Variable

if TYPE_CHECKING:
    from iamsim.policy.evaluation import Evaluation

MOST = 3  # nearest misses that are worth a reader's time
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
    difference: str = ""  # where they differ, if that can be said more exactly
    closeness: float = 1.0
    condition: Condition | None = None  # the one that does not hold
    value: str | Sequence[str] | None = None  # what the request has for its key

    def describe(self) -> str:
        """Such as: `Condition wants Bool aws:SecureTransport "true"; the request has "false"`."""
        return f"{self.element} wants {self.wanted}; the request has {self.actual}"

    def what_failed(self) -> str:
        """Such as: `Condition StringEquals aws:PrincipalTag/team: wanted 'red', request has none`."""
        if self.condition is None:
            return f"{self.element}: wanted {self.wanted}, request has {self.actual}"
        key = f"{self.condition.operator} {self.condition.key}"
        return f"Condition {key}: wanted {_quoted(self.condition.values)}, request has {_quoted(self.value, ' and ')}"


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
                failed = list(islice(_failures(statement, kind, evaluation, policy), 2))
                found += failed if len(failed) == 1 else []
    found.sort(key=lambda miss: (ELEMENTS.index(miss.element), -miss.closeness))
    return tuple(found[:MOST])


def _failures(statement: Statement, kind: PolicyType, evaluation: Evaluation, policy: Policy) -> Iterator[NearMiss]:
    """A miss for each element that does not match; another action altogether is no near miss and counts twice."""
    request, context = evaluation.request, evaluation.request.context()

    def miss(
        element: str, wanted: str, actual: str, difference: str = "", closeness: float = 1.0, **of_condition: Any
    ) -> NearMiss:
        return NearMiss(policy, kind, statement, element, wanted, actual, difference, closeness, **of_condition)

    if not statement.covers_action(request.action):
        action = request.access.action
        near = nearest_actions(texts(statement.source.get("Action", [])), action)
        names = [name for _, name in near] or texts(statement.source.get("NotAction", []))
        yield miss("Action", listed(names, "NotAction" in statement.source), action, "", near[0][0] if near else 0.0)
        if not near:
            yield miss("Action", "", "")
    if kind.has_principals and statement.principal is not None:
        gateway = kind is PolicyType.VPC_ENDPOINT
        caller = endpoint_caller(request, evaluation.policies) if gateway else request.caller
        reach = statement.principal.reach(caller)
        actual = evaluation.access.principal.arn
        if reach is Reach.DELEGATES and evaluation.deciding_type is PolicyType.IDENTITY:
            delegates = "an account's name only lets identity-based policies decide, and none allows"
            yield miss("Principal", written(statement, "Principal"), actual, delegates)
        elif reach is Reach.NONE:
            yield miss("Principal", written(statement, "Principal"), actual)
    if not statement.covers_resource(request):
        yield _by_resource(statement, request, policy.document.version, miss)
    for condition in statement.conditions:
        if not condition.holds(context):
            difference = _by_arn(condition, context)
            value = context.get(condition.key.lower())
            told = condition.describe(), condition.found_in(context)
            yield miss("Condition", *told, difference, condition=condition, value=value)


def _by_resource(statement: Statement, request: Request, version: str, miss: Callable[..., NearMiss]) -> NearMiss:
    name, context = request.resource.text, request.context()
    variables = _variables(statement, request)
    if statement.not_resource is not None:
        return miss("Resource", written(statement, "Resource") + variables, name, "", 0.0)
    patterns = [resource_name(pattern).text for pattern in texts(statement.source["Resource"])]
    pattern, closeness = nearest_arn(patterns, name, context)
    others = f" (the nearest of {len(patterns)})" if len(patterns) > 1 else ""
    difference = arn_difference(pattern, name, context)
    if "${" in pattern and version != "2012-10-17":
        difference = f"`${{...}}` is plain text in a document of version {version}"
    return miss("Resource", f"`{pattern}`{others}{variables}", name, difference, closeness)


def _by_arn(condition: Condition, context: Context) -> str:
    """Where an ARN differs from the only one that a condition wants."""
    found, value = operator(condition.operator), context.get(condition.key.lower())
    if found is None or found.negated or not found.base_name.startswith("Arn") or len(condition.values) != 1:
        return ""
    return arn_difference(condition.values[0], value, context) if isinstance(value, str) else ""


def written(statement: Statement, member: str) -> str:
    """An element as a reader would say it; `member` is its name without `Not`."""
    is_negated = member not in statement.source
    value = statement.source.get(f"Not{member}" if is_negated else member, [])
    if isinstance(value, dict):
        value = [f"{kind} {one}" for kind, given in value.items() for one in texts(given)]
    return listed(texts(value), is_negated)


def listed(values: Sequence[str], is_negated: bool = False) -> str:
    """The first few of `values`."""
    told = " or ".join(f"`{one}`" for one in values[:3]) + (" or others" if len(values) > 3 else "")
    return f"anything but {told}" if is_negated else told or "nothing"


def _quoted(values: str | Sequence[str] | None, between: str = " or ") -> str:
    if values is None:
        return "none"
    return between.join(f"'{one}'" for one in ([values] if isinstance(values, str) else values)) or "an empty list"


def _variables(statement: Statement, request: Request) -> str:
    """What the request puts in the place of the variables of Resource or NotResource."""
    element = statement.resource or statement.not_resource
    parts = [part for pattern in element.variable for part in pattern.tail] if element is not None else []
    values = {part.key: part.value(request.context()) for part in parts if isinstance(part, Variable)}
    told = [f"{key} is absent" if value is None else f"{key} is `{value}`" for key, value in values.items()]
    return f" ({', '.join(told)})" if told else ""
