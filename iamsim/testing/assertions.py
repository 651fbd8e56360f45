"""`assert_allowed` and `assert_denied`: what somebody may do, without a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.testing.acting import Actor
from iamsim.testing.questions import Context, question
from iamsim.tools.action_names import meant_by
from iamsim.tools.expectation import By, Expectation, told

__unittest = True  # unittest leaves frames of such modules out of its tracebacks
Several = str | Sequence[str]


def assert_allowed(
    principal: str | Actor,
    action: Several,
    resource: Several = "*",
    *,
    context: Context | None = None,
    statement: str | None = None,
    **documents: Any,
) -> None:
    """Fails, with the explanation, unless `principal` may do every `action` on every `resource`.

    An action may be a pattern such as `s3:Get*`: all actions that it matches and that can be about such a resource.

    Without `documents` the simulator that is on is asked, and `principal` is an Actor, an ARN, or the name of a user or
    role there. With `identity_policies` (or `policies`), `boundary`, `session_policies`, `resource_policy`, `scps`,
    `rcps` or `vpc_endpoint_policy` these alone decide, and no simulator is needed. `context` adds condition keys.
    """
    __tracebackhide__ = True
    _check(Expectation.of(True, statement=statement), principal, action, resource, context, documents)


def assert_denied(
    principal: str | Actor,
    action: Several,
    resource: Several = "*",
    *,
    context: Context | None = None,
    by: By = None,
    statement: str | None = None,
    explicit: bool | None = None,
    **documents: Any,
) -> None:
    """Fails, with the explanation, unless `principal` is denied every `action` on every `resource`.

    `by` is what decides: `identity`, `boundary`, `session`, `resource`, `scp`, `rcp`, `vpc_endpoint` or
    `block_public_access`; a list is exactly all that stand in the way. `statement` is the Sid of a Deny that matches.
    """
    __tracebackhide__ = True
    _check(Expectation.of(False, by, statement, explicit), principal, action, resource, context, documents)


def allowed_actions(
    principal: str | Actor,
    resource: str = "*",
    candidates: Several | None = None,
    *,
    context: Context | None = None,
    **documents: Any,
) -> list[str]:
    """Those of `candidates` (actions, or patterns such as `s3:*`) that `principal` may do on `resource`.

    A pattern means those of its actions that can be about such a resource. Without `candidates` they are all actions of
    the service whose resource it is.
    """
    if candidates is None:
        if not Arn.looks_like(resource):
            raise UsageError(f"say which actions on `{resource}` are meant: `candidates`, such as `s3:*`")
        candidates = f"{Arn.parse(resource).service}:*"
    patterns = [candidates] if isinstance(candidates, str) else candidates
    names = dict.fromkeys(name for pattern in patterns for name in meant_by(pattern, resource))
    return [name for name in names if question(principal, name, resource, context, documents).allowed]


def _check(
    expected: Expectation,
    principal: str | Actor,
    actions: Several,
    resources: Several,
    context: Context | None,
    documents: dict[str, Any],
) -> None:
    __tracebackhide__ = True
    for pattern, resource in product(_each(actions), _each(resources)):
        for action in meant_by(pattern, resource):
            evaluation = question(principal, action, resource, context, documents)
            problem = expected.mismatch(evaluation)
            if problem is not None:
                raise AssertionError(told(evaluation, problem))


def _each(given: Several) -> Iterable[str]:
    return [given] if isinstance(given, str) else given
