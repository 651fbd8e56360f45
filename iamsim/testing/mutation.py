"""Mutation: which tests would notice if a statement, an action or a condition were not in a policy.

Nothing runs again: every decision of a test is made once more without it, by the same policies otherwise. A mutant is
killed by a test in which a decision then turns from allowed to denied or back. Where an explicit deny only becomes an
implicit one, tests notice that ask for it: the mutant is weakened there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from enum import Enum
from typing import Any

from iamsim.policy import Evaluation, Policy, PolicyType, evaluate
from iamsim.testing.policies_in_play import exchanged, in_play
from iamsim.testing.reported_policy import PolicyKey, ReportedPolicy, Written, is_counted, key_of, label_of
from iamsim.tools.policy_mutants import Mutant, mutants


class Fate(Enum):
    """What became of a mutant, the worst first."""

    SURVIVED = "survived"
    WEAKENED = "weakened"
    KILLED = "killed"


class Mutated(ReportedPolicy):
    """The mutants of one policy, and by which tests each is killed."""

    def __init__(self, policy: Policy, document: str) -> None:
        super().__init__(policy)
        self.mutants = mutants(document)  # of the canonical form, so that their order is the same everywhere
        self.killers: list[set[str]] = [set() for _ in self.mutants]
        self.weakened: list[set[str]] = [set() for _ in self.mutants]

    def fates(self) -> Iterator[tuple[Mutant, Fate, set[str]]]:
        """Each mutant, what became of it, and the tests that notice."""
        for mutant, killers, weakened in zip(self.mutants, self.killers, self.weakened, strict=True):
            fate = Fate.KILLED if killers else Fate.WEAKENED if weakened else Fate.SURVIVED
            yield mutant, fate, killers or weakened


class Mutation:
    """All policies that were attached or in play, and what became of their mutants."""

    def __init__(self) -> None:
        self.policies: dict[PolicyKey, Mutated] = {}

    def exists(self, kind: PolicyType, policy: Policy) -> None:
        """The policy is attached somewhere."""
        self._mutated(kind, policy)

    def decided(self, evaluation: Evaluation, test: str) -> None:
        """A decision was made in `test`: make it again under each mutant that matters and is not killed by it yet."""
        action, seen = evaluation.request.action, set()
        for kind, policy in in_play(evaluation):
            key = key_of(kind, policy)
            mutated = self._mutated(kind, policy)
            if not is_counted(policy) or key in seen:
                continue
            seen.add(key)
            for mutant, killers, weakened in zip(mutated.mutants, mutated.killers, mutated.weakened, strict=True):
                original = mutated.policy.statements[mutant.statement]
                if test in killers or not mutant.matters_to(action, original):
                    continue
                policies = exchanged(evaluation.policies, kind, key.document, mutant.document)
                other = evaluate(evaluation.access, policies)
                if other.allowed is not evaluation.allowed:
                    killers.add(test)
                elif other.evaluated_effect is not evaluation.evaluated_effect:
                    weakened.add(test)

    def _mutated(self, kind: PolicyType, policy: Policy) -> Mutated:
        key = key_of(kind, policy)
        if key not in self.policies:
            self.policies[key] = Mutated(policy, key.document)
        self.policies[key].named(label_of(policy), Written.of(policy))
        return self.policies[key]

    def in_order(self) -> list[tuple[PolicyKey, Mutated]]:
        """The policies by name and type."""
        return sorted(self.policies.items(), key=lambda item: (item[1].label, item[0]))

    def counts(self) -> Counter[Fate]:
        """How many mutants met each fate."""
        return Counter(fate for mutated in self.policies.values() for _, fate, _ in mutated.fates())

    def to_dict(self) -> list[dict[str, Any]]:
        """All of it as JSON data."""
        return [
            {
                "policy": mutated.label,
                "type": key.kind,
                "file": mutated.written.file,
                "sid": mutated.policy.statements[mutant.statement].label,
                "line": mutated.written.line_of(mutated.policy.statements[mutant.statement]),
                "without": mutant.removed.value,
                **({"what": mutant.what} if mutant.what else {}),
                "outcome": fate.value,
                "tests": sorted(tests),
            }
            for key, mutated in self.in_order()
            for mutant, fate, tests in mutated.fates()
        ]

    def sent(self) -> list[dict[str, Any]]:
        """What another process needs to `add` it."""
        return [
            {
                "kind": key.kind,
                "document": key.document,
                "written": astuple(mutated.written),
                "labels": sorted(mutated.labels),
                "killers": [sorted(each) for each in mutated.killers],
                "weakened": [sorted(each) for each in mutated.weakened],
            }
            for key, mutated in self.policies.items()
        ]

    def add(self, sent: list[Mapping[str, Any]]) -> None:
        """Take in what another process has found."""
        for one in sent:
            key = PolicyKey(one["kind"], one["document"])
            written = Written(*one["written"])
            mutated = self.policies.setdefault(key, Mutated(written.policy, key.document))
            for label in one["labels"]:
                mutated.named(label, written)
            for ours, theirs in ((mutated.killers, one["killers"]), (mutated.weakened, one["weakened"])):
                for tests, others in zip(ours, theirs, strict=True):
                    tests.update(others)
