"""The condition keys that policies ask about: GetContextKeysForCustomPolicy and ...ForPrincipalPolicy (A-93)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from iamsim.kit import Arn, Call, Policy, Reply, operation

from .failures import InvalidInput, NoSuchEntity
from .group import Group
from .policy_holder import PolicyHolder
from .role import Role
from .user import User

VARIABLE = re.compile(r"\$\{([^{}$,'*?]+)(?:, *'[^']*')?\}")


@operation
def get_context_keys_for_custom_policy(call: Call, *, policy_input_list: list[str]) -> Reply:
    """The keys in conditions and variables of the documents, each once."""
    return {"ContextKeyNames": keys_in(parsed(text, index) for index, text in enumerate(policy_input_list))}


@operation
def get_context_keys_for_principal_policy(
    call: Call, *, policy_source_arn: str, policy_input_list: list[str] | None = None
) -> Reply:
    """As above, with the policies of a user (and its groups), group or role."""
    given = [parsed(text, index) for index, text in enumerate(policy_input_list or [])]
    return {"ContextKeyNames": keys_in([*policy_source(call, policy_source_arn).policies(), *given])}


def policy_source(call: Call, arn: str) -> PolicyHolder:
    """The user, group or role of that ARN. Raises InvalidInput or NoSuchEntity."""
    if not Arn.looks_like(arn):
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    classes: tuple[type[PolicyHolder], ...] = (User, Group, Role)
    for cls in classes:
        found = call.find(cls, Arn.parse(arn))
        if found is not None:
            return found
    raise NoSuchEntity(f"The entity with ARN {arn} cannot be found.")


def parsed(text: str, index: int, source: str = "PolicyInputList") -> Policy:
    """A document that a call brings along. Raises InvalidInput."""
    try:
        return Policy.parse(text, name=f"{source}.{index + 1}")
    except ValueError:
        raise InvalidInput("Syntax error in policy.") from None


def keys_in(policies: Iterable[Policy]) -> list[str]:
    """The names of the keys, each once whatever its case, in the order in which they stand."""
    found: dict[str, str] = {}
    for policy in policies:
        document = json.loads(policy.text)
        statements = document["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            for key in _keys(statement):
                found.setdefault(key.lower(), key)
    return list(found.values())


def _keys(statement: dict[str, Any]) -> Iterator[str]:
    for name in ("Resource", "NotResource"):
        for text in _texts(statement.get(name, [])):
            yield from VARIABLE.findall(text)
    for keys in statement.get("Condition", {}).values():
        for key, values in keys.items():
            yield key
            for text in _texts(values):
                yield from VARIABLE.findall(text)


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
