"""The encoded authorization failure message of EC2 and its kin, and what DecodeAuthorizationMessage makes of it.

Source: errors-and-authentication section 7.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from iamsim.policy.effect import Effect
from iamsim.policy.evaluation import Evaluation
from iamsim.policy.principal import PrincipalKind
from iamsim.policy.statement import Statement

URL_SAFE = b"-_"


def encode_authorization_message(evaluation: Evaluation) -> str:
    """The denial as a blob that only DecodeAuthorizationMessage is meant to read."""
    text = json.dumps(_details(evaluation), separators=(",", ":")).encode("utf-8")
    return base64.b64encode(zlib.compress(text, 9), URL_SAFE).decode("ascii").rstrip("=")


def decode_authorization_message(blob: str) -> str:
    """The JSON text in `blob`. Raises ValueError if it is not one of ours."""
    try:
        padded = blob + "=" * (-len(blob) % 4)
        stream = zlib.decompressobj()
        text = stream.decompress(base64.b64decode(padded, URL_SAFE, validate=True)).decode("utf-8")
        json.loads(text)
    except (ValueError, zlib.error, RecursionError) as problem:
        raise ValueError("not an encoded authorization message") from problem
    if stream.unused_data:
        raise ValueError("more than an encoded authorization message")
    return text


def _details(evaluation: Evaluation) -> dict[str, Any]:
    access, principal = evaluation.access, evaluation.access.principal
    denials = [
        matched.statement for check in evaluation.checks for matched in check.matched if matched.denies
    ]  # none for an implicit deny
    who: dict[str, Any] = {"id": principal.user_id}
    if principal.kind is PrincipalKind.USER:
        who["name"] = principal.arn.rsplit("/", 1)[-1]
    who["arn"] = principal.arn
    conditions = {**access.context, **_resource_keys(access.resource)}
    return {
        "allowed": evaluation.allowed,
        "explicitDeny": evaluation.evaluated_effect is Effect.EXPLICIT_DENY,
        "matchedStatements": {"items": [_statement(statement, principal.entity_id) for statement in denials]},
        "failures": {"items": []},
        "context": {
            "principal": who,
            "action": access.action,
            "resource": access.resource,
            "conditions": {"items": [_condition(key, value) for key, value in conditions.items()]},
        },
    }


def _resource_keys(resource: str) -> dict[str, str]:
    """The keys that say which resource it is, and that no policy can ask about (A-72)."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return {}
    _, _, service, region, account, name = parts
    kind, _, identifier = name.partition("/")
    keys = {
        "aws:Region": region,
        "aws:Service": service,
        "aws:Account": account,
        "aws:Resource": name,
        "aws:Type": kind if identifier else "",
        "aws:ID": identifier or kind,
        "aws:ARN": resource,
    }
    if service == "iam" and kind == "role":
        keys["iam:RoleName"] = identifier.rsplit("/", 1)[-1]
    return {key: value for key, value in keys.items() if value}


def _statement(statement: Statement, principal_id: str) -> dict[str, Any]:
    source = statement.source
    conditions = [
        _condition(key, values) for block in source.get("Condition", {}).values() for key, values in block.items()
    ]
    return {
        "statementId": statement.sid or "",
        "effect": "DENY",
        "principals": {"items": [{"value": principal_id}]},
        "principalGroups": {"items": []},
        "actions": _values(source.get("Action", source.get("NotAction", []))),
        "resources": _values(source.get("Resource", source.get("NotResource", "*"))),
        "conditions": {"items": conditions},
    }


def _condition(key: str, value: Any) -> dict[str, Any]:
    return {"key": key, "values": _values(value)}


def _values(value: Any) -> dict[str, Any]:
    several = value if isinstance(value, list | tuple) else [value]
    return {"items": [{"value": str(each)} for each in several]}
