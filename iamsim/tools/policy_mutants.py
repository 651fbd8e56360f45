"""Mutants of a policy document: the document without one statement, one action, or one condition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from iamsim.policy import Policy
from iamsim.policy.glob import glob
from iamsim.policy.statement import Statement, texts

INERT = {"Effect": "Deny", "Action": "none:None", "Resource": "*"}  # no request has such an action


class Removed(Enum):
    """What a mutant is without."""

    STATEMENT = "statement"
    ACTION = "action"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A document without one thing. What stands in the statement's place keeps the places of the others."""

    statement: int  # index
    removed: Removed
    what: str  # the action, or the condition in words; "" for the statement
    document: Policy

    def matters_to(self, action: str, original: Statement) -> bool:
        """Whether a request for `action` (lower case) can be decided otherwise without it."""
        if self.removed is Removed.ACTION:
            return glob(self.what.lower())(action)
        return original.covers_action(action)


@lru_cache(maxsize=1024)
def mutants(text: str) -> tuple[Mutant, ...]:
    """The mutants of the document that `text` writes, in its order."""
    return tuple(_mutants(Policy.parse(text)))


def _mutants(policy: Policy) -> Iterator[Mutant]:
    source = json.loads(policy.text)
    listed = source["Statement"] if isinstance(source["Statement"], list) else [source["Statement"]]
    source["Statement"] = listed

    def without(number: int, statement: dict[str, Any]) -> Policy:
        changed = [*listed[:number], statement, *listed[number + 1 :]]
        return Policy.parse(json.dumps(source | {"Statement": changed}))

    for number, (members, statement) in enumerate(zip(listed, policy.statements, strict=True)):
        yield Mutant(number, Removed.STATEMENT, "", without(number, INERT))
        for element in ("Action", "NotAction"):
            actions = texts(members.get(element, []))
            for action in dict.fromkeys(actions) if len(set(actions)) > 1 else ():
                rest = [each for each in actions if each != action]
                yield Mutant(number, Removed.ACTION, action, without(number, members | {element: rest}))
        for condition in statement.conditions:
            block = deepcopy(members["Condition"])
            del block[condition.operator][condition.key]
            left = {operator: keys for operator, keys in block.items() if keys}
            yield Mutant(
                number, Removed.CONDITION, condition.describe(), without(number, members | {"Condition": left})
            )
