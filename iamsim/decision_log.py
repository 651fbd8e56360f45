"""The log of decisions."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from iamsim.policy import Effect, Evaluation
from iamsim.policy.glob import glob
from iamsim.request import Call

if TYPE_CHECKING:
    from iamsim.policy.checks import Check

KEPT = 10_000  # decisions; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one call: what was asked, and the evaluation that answers why."""

    service: str
    operation: str
    evaluation: Evaluation

    @property
    def allowed(self) -> bool:
        """Whether it was allowed."""
        return self.evaluation.allowed

    @property
    def effect(self) -> Effect:
        """`ALLOW`, `EXPLICIT_DENY` or `IMPLICIT_DENY`."""
        return self.evaluation.evaluated_effect

    @property
    def checks(self) -> tuple[Check, ...]:
        """Each check in AWS's order, with its effect and the statements that matched."""
        return self.evaluation.checks

    @property
    def principal(self) -> str:
        """The ARN of who asked."""
        return self.evaluation.access.principal.arn

    @property
    def action(self) -> str:
        """The IAM action, such as `s3:GetObject`."""
        return self.evaluation.access.action

    @property
    def resource(self) -> str:
        """The ARN of the resource, or `*`."""
        return self.evaluation.access.resource

    def explain(self) -> str:
        """Why, in lines for a person."""
        return self.evaluation.explain()

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON data."""
        return {"service": self.service, "operation": self.operation, **self.evaluation.to_dict()}

    def is_by(self, pattern: str) -> bool:
        """Whether `pattern` matches the principal's ARN, for a session its role's, or the name of the user or role."""
        principal, fits = self.evaluation.access.principal, glob(pattern)
        names = (principal.arn, principal.entity_arn, principal.entity_arn.rsplit("/", 1)[-1])
        return any(fits(name) for name in names if name)


class Decisions(list[Decision]):
    """Some decisions, oldest first."""

    @property
    def denied(self) -> Decisions:
        """Those that were denied."""
        return self.filter(denied=True)

    @property
    def allowed(self) -> Decisions:
        """Those that were allowed."""
        return self.filter(denied=False)

    def filter(
        self,
        *,
        action: str | None = None,
        resource: str | None = None,
        principal: str | None = None,
        denied: bool | None = None,
    ) -> Decisions:
        """Those that fit. `action`, `resource` and `principal` are patterns with `*` and `?`.

        A principal is meant by its ARN, or by the name of the user or role. Letter case does not count in actions.
        """
        is_action = glob(action.lower()) if action is not None else None
        is_resource = glob(resource) if resource is not None else None
        return Decisions(
            one
            for one in self
            if (denied is None or one.allowed is not denied)
            and (is_action is None or is_action(one.action.lower()))
            and (is_resource is None or is_resource(one.resource))
            and (principal is None or one.is_by(principal))
        )

    def to_json(self, *, indent: int | None = 2) -> str:
        """The decisions as a JSON array."""
        return json.dumps([one.to_dict() for one in self], indent=indent)


class DecisionLog:
    """The latest decisions, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._decisions: deque[Decision] = deque(maxlen=kept)
        self._lock = threading.Lock()
        self.made = 0  # decisions so far, those that are forgotten, too

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        """Write down one decision."""
        self.add(Decision(call.operation.service, call.operation.name, evaluation))

    def add(self, decision: Decision) -> None:
        """Write down one decision."""
        with self._lock:
            self._decisions.append(decision)
            self.made += 1

    def since(self, made: int) -> list[Decision]:
        """The decisions after the first `made`, as far as they are remembered."""
        with self._lock:
            new = min(self.made - made, len(self._decisions))
            return list(self._decisions)[len(self._decisions) - new :] if new > 0 else []

    def __iter__(self) -> Iterator[Decision]:
        return iter(tuple(self._decisions))

    def __len__(self) -> int:
        return len(self._decisions)

    @overload
    def __getitem__(self, index: int) -> Decision: ...
    @overload
    def __getitem__(self, index: slice) -> Decisions: ...
    def __getitem__(self, index: int | slice) -> Decision | Decisions:
        all_of_them = list(self)
        return Decisions(all_of_them[index]) if isinstance(index, slice) else all_of_them[index]

    @overload
    def __call__(self) -> DecisionLog: ...
    @overload
    def __call__(
        self,
        *,
        action: str | None = None,
        resource: str | None = None,
        principal: str | None = None,
        denied: bool | None = None,
    ) -> Decisions: ...
    def __call__(self, **filters: Any) -> DecisionLog | Decisions:
        """The log, or those that fit: `iamsim.decisions(...)` works where `iamsim` is the fixture, too."""
        return self.filter(**filters) if filters else self

    @property
    def denied(self) -> Decisions:
        """Those that were denied."""
        return Decisions(self).denied

    @property
    def allowed(self) -> Decisions:
        """Those that were allowed."""
        return Decisions(self).allowed

    def filter(
        self,
        *,
        action: str | None = None,
        resource: str | None = None,
        principal: str | None = None,
        denied: bool | None = None,
    ) -> Decisions:
        """Those that fit, as `Decisions.filter`."""
        return Decisions(self).filter(action=action, resource=resource, principal=principal, denied=denied)

    def to_json(self, *, indent: int | None = 2) -> str:
        """All of them as a JSON array."""
        return Decisions(self).to_json(indent=indent)

    def clear(self) -> None:
        """Forget them all."""
        self._decisions.clear()
