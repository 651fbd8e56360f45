"""cedarpy, given the nearest that Cedar has to the policies, where it differs always the cheaper form.

A statement becomes `permit` or `forbid` over the action, the ARN and the condition keys in the context. Cedar has no
layers and no variables in patterns: boundary and SCPs that allow everything are left out, their Denies become `forbid`,
and `${aws:username}` is written out. Policies and entities are parsed beforehand.
"""

from __future__ import annotations

import json
from typing import Any

import cedarpy
import timing

Json = dict[str, Any]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text(value: str) -> str:
    return json.dumps(value.replace("${aws:username}", "alice"))


def any_of(tests: list[str]) -> str:
    return "(" + " || ".join(tests) + ")"


def fits(member: str, patterns: Any) -> str:
    tests = []
    for pattern in listed(patterns):
        if pattern == "*":
            return "true"
        tests.append(f"context.{member} {'like' if '*' in pattern else '=='} {text(pattern)}")
    return any_of(tests)


def condition(operator: str, key: str, values: Any) -> str:
    value = f'context["{key}"]'
    if operator == "IpAddress":
        return any_of([f"ip({value}).isInRange(ip({text(one)}))" for one in listed(values)])
    return any_of([f"{value} == {text(one)}" for one in listed(values)])


def cedar(statement: Json) -> str:
    tests = [fits("action", statement["Action"]), fits("arn", statement["Resource"])]
    tests += [
        condition(operator, key, values)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    who = f" == User::{text(statement['Principal']['AWS'])}" if "Principal" in statement else ""
    effect = "permit" if statement["Effect"] == "Allow" else "forbid"
    return f"{effect}(principal{who}, action, resource) when {{ {' && '.join(tests)} }};"


def prepare(case: Json) -> Any:
    given = case["policies"]
    documents = [*given["identity"], *([given["resource"]] if given["resource"] else [])]
    statements = [statement for document in documents for statement in document["Statement"]]
    if not all("Action" in one and "Resource" in one and set(one.get("Condition", {})) <= {
        "Bool", "IpAddress", "StringEquals"} for one in statements):  # fmt: skip
        return None
    for level in given["scps"] or []:
        statements += [one for document in level for one in document["Statement"] if one["Effect"] == "Deny"]
    policies = cedarpy.PolicySet.from_str("\n".join(map(cedar, statements)))
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(request: Json) -> bool:
        return cedarpy.is_authorized(request, policies, entities).decision == cedarpy.Decision.Allow

    def make(action: str, resource: str, address: str) -> Json:
        return {
            "principal": {"type": "User", "id": case["principal"]},
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Resource", "id": resource},
            "context": {**timing.context_of(case, address), "action": action, "arn": resource},
        }

    return decide, make


timing.main(prepare)
