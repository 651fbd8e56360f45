"""Grants as statements: what is allowed on the same resources together, in an order that does not change by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from iamsim.arn import Arn
from iamsim.tools.least_privilege.grants import WILDCARD, Grant
from iamsim.tools.least_privilege.need import Condition

LONGEST_SID = 60
KIND_WITHOUT_TYPE = {"sqs": "Queue", "sns": "Topic", "execute-api": "Api"}  # whose ARNs do not name the type


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """Actions of one service on resources, under conditions: each a key with the values that it may have."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[Condition, ...], ...] = ()  # of one key each
    sid: str = ""

    @property
    def prefix(self) -> str:
        """The IAM prefix of the actions."""
        return self.actions[0].partition(":")[0]

    def document(self) -> dict[str, Any]:
        """As a policy has it. Lists stay lists, also of one: a second element is then one more line in a diff."""
        conditions: dict[str, dict[str, list[str]]] = {}
        for values in self.conditions:
            conditions.setdefault(_operator(values), {})[values[0].key] = [each.value for each in values]
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
            **({"Condition": conditions} if conditions else {}),
        }


def statements_for(grants: Iterable[Grant]) -> list[Statement]:
    """Statements that allow exactly what `grants` give, by service and in alphabetical order."""
    actions: dict[tuple[str, str, tuple[Condition, ...]], set[str]] = defaultdict(set)
    for grant in grants:
        actions[grant.prefix, grant.resource, grant.conditions].add(grant.action)
    resources: dict[tuple[tuple[str, ...], tuple[Condition, ...]], set[str]] = defaultdict(set)
    for (_, resource, conditions), found in actions.items():
        resources[tuple(sorted(found)), conditions].add(resource)
    values: dict[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], set[tuple[Condition, ...]]]
    values = defaultdict(set)
    for (names, conditions), on in resources.items():
        values[names, tuple(sorted(on)), tuple(each.key for each in conditions)].add(conditions)
    made = [
        Statement(names, on, conditions)
        for (names, on, keys), alternatives in values.items()
        for conditions in _together(keys, alternatives)
    ]
    return with_sids(sorted(made, key=lambda one: (one.prefix, one.resources, one.actions, one.conditions)))


def with_sids(statements: Iterable[Statement]) -> list[Statement]:
    """The same with Sids that say what each is about; those about the same are numbered."""
    named: list[Statement] = []
    counts: dict[str, int] = defaultdict(int)
    for statement in statements:
        sid = _sid(statement)
        counts[sid] += 1
        named.append(replace(statement, sid=sid if counts[sid] == 1 else f"{sid}No{counts[sid]}"))
    return named


def _together(
    keys: tuple[str, ...], alternatives: set[tuple[Condition, ...]]
) -> list[tuple[tuple[Condition, ...], ...]]:
    """The alternatives as conditions: of a single key in one list of values, else each on its own."""
    if len(keys) == 1:
        return [(tuple(sorted(each for (each,) in alternatives)),)]
    return [tuple((each,) for each in conditions) for conditions in sorted(alternatives)]


def _operator(values: tuple[Condition, ...]) -> str:
    if values[0].is_boolean:
        return "Bool"
    return "StringLike" if any(WILDCARD.search(each.value) for each in values) else "StringEquals"


def _sid(statement: Statement) -> str:
    """Service, and what it is about: `S3Orders2026`, `IamPassRoleShop`, `Ec2Everything`, of several `SqsQueues`."""
    about = _names(statement.resources)
    if len(statement.actions) == 1 and statement.conditions:  # a permission of its own, such as PassRole
        action = statement.actions[0].partition(":")[2]
        about = action + (about.removeprefix("Role") if action.endswith("Role") else about)
    return (_camel(statement.prefix) + about)[:LONGEST_SID]


def _names(resources: tuple[str, ...]) -> str:
    if resources == ("*",):
        return "Everything"
    if len(resources) == 1:
        name = _camel(Arn.parse(resources[0]).resource)
        return f"{name}Objects" if _kind(resources[0]) == "Object" else name or "All"
    kinds = {_kind(each) for each in resources}
    return f"{kinds.pop()}s" if len(kinds) == 1 else "Resources"


def _kind(resource: str) -> str:
    if not Arn.looks_like(resource):
        return "Resource"
    arn = Arn.parse(resource)
    if arn.service == "s3" and not arn.region:
        return "Object" if "/" in arn.resource else "Bucket"
    return KIND_WITHOUT_TYPE.get(arn.service) or _camel(arn.type) or "Resource"


def _camel(text: str) -> str:
    """The words of `text` as a Sid may have them: letters and digits only."""
    return "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))
