"""Policy coverage: which statements, actions and conditions of the policies that are attached tests have needed.

A statement was needed where it allowed in a decision that ended in an allow, or denied in one that ended in an explicit
deny. Several that say the same were all needed: `mutation.py` tells which of them could go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from iamsim.policy import Effect, Evaluation, Policy, PolicyType, Statement
from iamsim.policy.glob import glob
from iamsim.policy.statement import texts
from iamsim.reference.actions import action as known_action
from iamsim.testing.policies_in_play import in_play
from iamsim.testing.reported_policy import PolicyKey, ReportedPolicy, Written, is_counted, key_of, label_of

Times = dict[str, int]  # how many decisions of each test


@dataclass
class StatementUse:
    """What was needed of one statement."""

    tests: Times = field(default_factory=dict)
    actions: dict[str, set[str]] = field(default_factory=dict)  # pattern -> the actions for which it was needed
    conditions: dict[str, set[bool]] = field(default_factory=dict)  # condition in words -> what it was found to be


class Counted(ReportedPolicy):
    """One policy: the names under which it is known, and the use of its statements."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.uses = [StatementUse() for _ in policy.statements]
        for statement, use in zip(policy.statements, self.uses, strict=True):
            use.actions = {pattern: set() for pattern in texts(statement.source.get("Action", []))}
            use.conditions = {condition.describe(): set() for condition in statement.conditions}


class PolicyCoverage:
    """All policies that were attached or in play, and what of them was needed."""

    def __init__(self) -> None:
        self.policies: dict[PolicyKey, Counted] = {}

    def exists(self, kind: PolicyType, policy: Policy) -> None:
        """The policy is attached somewhere."""
        self._counted(kind, policy)

    def decided(self, evaluation: Evaluation, test: str) -> None:
        """A decision was made in `test`."""
        action, request = evaluation.request.action, evaluation.request
        for kind, policy in in_play(evaluation):
            counted = self._counted(kind, policy)
            for statement, use in zip(policy.statements, counted.uses, strict=True):
                if statement.conditions and _is_about(statement, evaluation):
                    context = request.context()
                    for condition in statement.conditions:
                        use.conditions[condition.describe()].add(condition.holds(context))
        for kind, policy, statement in _needed(evaluation):
            if not is_counted(policy):
                continue
            use = self._counted(kind, policy).uses[statement.index]
            use.tests[test] = use.tests.get(test, 0) + 1
            for pattern, found in use.actions.items():
                if glob(pattern.lower())(action):
                    found.add(str(known_action(action) or evaluation.access.action))

    def _counted(self, kind: PolicyType, policy: Policy) -> Counted:
        key = key_of(kind, policy)
        if key not in self.policies:
            self.policies[key] = Counted(policy)
        counted = self.policies[key]
        counted.named(label_of(policy), Written.of(policy))
        return counted

    def in_order(self) -> list[tuple[PolicyKey, Counted]]:
        """The policies by name and type."""
        return sorted(self.policies.items(), key=lambda item: (item[1].label, item[0]))

    def to_dict(self) -> list[dict[str, Any]]:
        """All of it as JSON data."""
        return [
            {
                "policy": counted.label,
                "type": key.kind,
                "file": counted.written.file,
                "statements": [
                    {
                        "sid": statement.label,
                        "effect": statement.effect,
                        "line": counted.written.line_of(statement),
                        "needed": sum(use.tests.values()),
                        "tests": sorted(use.tests),
                        "actions": {pattern: sorted(found) for pattern, found in use.actions.items()},
                        "conditions": [
                            {"condition": words, "was_true": True in found, "was_false": False in found}
                            for words, found in use.conditions.items()
                        ],
                    }
                    for statement, use in zip(counted.policy.statements, counted.uses, strict=True)
                ],
            }
            for key, counted in self.in_order()
        ]

    def sent(self) -> list[dict[str, Any]]:
        """What another process needs to `add` it."""
        return [
            {
                "kind": key.kind,
                "document": key.document,
                "written": astuple(counted.written),
                "labels": sorted(counted.labels),
                "uses": [
                    {
                        "tests": use.tests,
                        "actions": {pattern: sorted(found) for pattern, found in use.actions.items()},
                        "conditions": {words: sorted(found) for words, found in use.conditions.items()},
                    }
                    for use in counted.uses
                ],
            }
            for key, counted in self.policies.items()
        ]

    def add(self, sent: list[Mapping[str, Any]]) -> None:
        """Take in what another process has counted."""
        for one in sent:
            key = PolicyKey(one["kind"], one["document"])
            written = Written(*one["written"])
            counted = self.policies.setdefault(key, Counted(written.policy))
            for label in one["labels"]:
                counted.named(label, written)
            for use, other in zip(counted.uses, one["uses"], strict=True):
                for test, times in other["tests"].items():
                    use.tests[test] = use.tests.get(test, 0) + times
                for pattern, found in other["actions"].items():
                    use.actions[pattern].update(found)
                for words, values in other["conditions"].items():
                    use.conditions[words].update(values)


def _needed(evaluation: Evaluation) -> Iterator[tuple[PolicyType, Policy, Statement]]:
    """The statements that decided."""
    if evaluation.evaluated_effect is Effect.IMPLICIT_DENY:
        return
    for check in evaluation.checks:
        if check.effect is evaluation.evaluated_effect:
            for matched in check.matched:
                if matched.denies is not evaluation.allowed and not matched.note:
                    yield matched.policy_type, matched.policy, matched.statement


def _is_about(statement: Statement, evaluation: Evaluation) -> bool:
    """Whether only the conditions decide if the statement matches."""
    request = evaluation.request
    if not statement.covers_action(request.action) or not statement.covers_resource(request):
        return False
    return statement.principal is None or statement.principal.includes(request.caller)


def uncovered(counted: Counted) -> Iterator[tuple[Statement, str]]:
    """What no test has needed, statement by statement, in words."""
    for statement, use in zip(counted.policy.statements, counted.uses, strict=True):
        if not use.tests:
            yield statement, "not needed"
            continue
        unused = [pattern for pattern, found in use.actions.items() if not found]
        if unused:
            yield statement, f"not needed: {', '.join(unused)}"
        for words, found in use.conditions.items():
            if found != {True, False}:
                never = "true" if found == {False} else "false" if found else "asked"
                yield statement, f"condition never {never}: {words}"


def used_by_patterns(counted: Counted) -> Iterator[tuple[Statement, str, list[str]]]:
    """The patterns that stand for several actions, with those for which each was needed."""
    for statement, use in zip(counted.policy.statements, counted.uses, strict=True):
        for pattern, found in use.actions.items():
            if found and ("*" in pattern or "?" in pattern):
                yield statement, pattern, sorted(found)


def totals(counted: Counted) -> Mapping[str, tuple[int, int]]:
    """How many statements, actions and conditions there are, and were needed (conditions: were both true and false)."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for use in counted.uses:
        for name, flags in (
            ("statements", [bool(use.tests)]),
            ("actions", [bool(each) for each in use.actions.values()]),
            ("conditions", [len(each) == 2 for each in use.conditions.values()]),
        ):
            found[name][0] += sum(flags)
            found[name][1] += len(flags)
    return {name: (needed, all_) for name, (needed, all_) in found.items()}
