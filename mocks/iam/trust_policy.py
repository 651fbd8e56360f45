"""Role trust policies as IAM keeps them: normalised, and bound to the unique ids of those whom they name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Arn, Call, PolicyType

from .account import Entity, arn_of
from .documents import checked, size
from .failures import LimitExceeded, MalformedPolicyDocument

MAX_SIZE = 2_048  # characters
ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass
class TrustPolicy:
    """A trust policy.

    Users and roles of the account are kept as entities: a renamed one is followed, and one that was deleted shows as
    its unique id, which nobody who is created later has (R-55).
    """

    document: dict[str, Any]
    entities: dict[str, Entity] = field(default_factory=dict)  # by the ARN that was given
    _text: tuple[tuple[str, ...], str] | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The document as it is now, without white space."""
        shown = tuple(each.unique_id if each.is_deleted else str(each.arn) for each in self.entities.values())
        if self._text is None or self._text[0] != shown:
            current = dict(zip(self.entities, shown, strict=True))
            document = _with_principals(self.document, lambda kind, name: current.get(name, name))
            self._text = (shown, json.dumps(document, separators=(",", ":")))
        return self._text[1]


def read_trust_policy(call: Call, text: str, find: Callable[[Arn], Entity | None]) -> TrustPolicy:
    """The trust policy that `text` writes. `find` gives a user or role of the caller's account.

    Raises MalformedPolicyDocument, also for a user, role or provider of the account that does not exist (M-23), and
    LimitExceeded.
    """
    checked(text, PolicyType.TRUST)
    if size(text) > MAX_SIZE:
        raise LimitExceeded(f"Cannot exceed quota for ACLSizePerRole: {MAX_SIZE}")
    entities: dict[str, Entity] = {}

    def normal(kind: str, name: str) -> str:
        if kind == "AWS" and ACCOUNT.fullmatch(name):
            return f"arn:{call.operation.partition}:iam::{name}:root"  # L-121
        if Arn.looks_like(name) and Arn.parse(name).account == call.account:
            arn = Arn.parse(name)
            if arn.resource == "root" or arn.type == "federated-user":
                return name
            if arn.type == "assumed-role":
                if arn_of(call, "role", arn.resource.split("/")[1]) is None:
                    raise MalformedPolicyDocument(_invalid(kind, name))
                return name
            entity = find(arn)
            if entity is None:
                raise MalformedPolicyDocument(_invalid(kind, name))
            if kind == "AWS":
                entities[name] = entity
        return name

    return TrustPolicy(_with_principals(json.loads(text), normal), entities)


def _invalid(kind: str, name: str) -> str:
    return f'Invalid principal in policy: "{kind.upper()}":"{name}"'


def _with_principals(document: dict[str, Any], change: Callable[[str, str], str]) -> dict[str, Any]:
    """A copy of the document in which `change` has been made to every principal, given its type and name."""
    given = document["Statement"]
    statements = [_changed(statement, change) for statement in (given if isinstance(given, list) else [given])]
    return document | {"Statement": statements}


def _changed(statement: dict[str, Any], change: Callable[[str, str], str]) -> dict[str, Any]:
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return statement
    changed = {
        kind: [change(kind, name) for name in names] if isinstance(names, list) else change(kind, names)
        for kind, names in principal.items()
    }
    return statement | {"Principal": changed}
