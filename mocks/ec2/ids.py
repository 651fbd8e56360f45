"""Identifiers: the form that each kind of resource has, and the ARN that one stands for."""

from __future__ import annotations

import hashlib
import re

from iamsim.kit import ApiError, Arn, Call, before_every_operation

from .failures import InvalidParameterValue

PREFIXES = {
    "instance": "i",
    "image": "ami",
    "subnet": "subnet",
    "vpc": "vpc",
    "security-group": "sg",
    "security-group-rule": "sgr",
    "network-interface": "eni",
    "volume": "vol",
    "snapshot": "snap",
    "key-pair": "key",
    "internet-gateway": "igw",
    "route-table": "rtb",
}
KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
DIGITS = re.compile(r"[0-9a-f]{8}|[0-9a-f]{17}")

# Kinds whose malformed identifiers EC2 tells apart from unknown ones. Source: EC2 API reference, errors-overview.
MALFORMED = {
    "instance": "InvalidInstanceID.Malformed",
    "image": "InvalidAMIID.Malformed",
    "security-group": "InvalidGroupId.Malformed",
    "security-group-rule": "InvalidSecurityGroupRuleId.Malformed",
    "network-interface": "InvalidNetworkInterfaceId.Malformed",
}
EXPECTED = {"volume": "volumeId", "snapshot": "snapshotId"}  # these are told apart as parameter values


def new_id(call: Call, kind: str) -> str:
    """An identifier that nothing has yet, such as `i-0abcdef1234567890`."""
    return f"{PREFIXES[kind]}-{call.clock.new_token(17)}"


def settled_id(kind: str, *of: str) -> str:
    """The same identifier for the same `of`: for what exists in an account and region before any call."""
    return f"{PREFIXES[kind]}-{hashlib.sha256('/'.join((kind, *of)).encode()).hexdigest()[:17]}"


def kind_of(identifier: str) -> str | None:
    """The kind of resource that an identifier is of, by its prefix; None for no identifier of EC2."""
    prefix, _, digits = identifier.partition("-")
    return KINDS.get(prefix) if DIGITS.fullmatch(digits) else None


def named(call: Call, kind: str, identifier: str) -> Arn:
    """The ARN of the `kind` of that identifier. Raises the kind's error for one that cannot be one."""
    check(kind, identifier)
    return call.make_arn(kind, id=identifier)


@before_every_operation
def refuse_malformed_ids(call: Call) -> None:
    """Raises the kind's error for a parameter that cannot be an identifier of it."""
    for kind, noun in call.definition.nouns.items():
        for member, how in noun.members.items():
            if how == "id" and kind in call.named and member in call.params:
                value = call.params[member]
                for identifier in value if isinstance(value, list) else [value]:
                    check(kind, identifier)
                    if Arn.looks_like(identifier) and noun.missing:
                        code, text = noun.missing
                        raise ApiError(text.replace("{name}", identifier), code=code)


def check(kind: str, identifier: str) -> None:
    """Raises the kind's error for what is no identifier of it; none for kinds that EC2 just does not find."""
    if kind_of(identifier) == kind:
        return
    prefix = PREFIXES[kind]
    if kind in EXPECTED:
        raise InvalidParameterValue(
            f"Value ({identifier}) for parameter {EXPECTED[kind]} is invalid. Expected: '{prefix}-...'."
        )
    if kind in MALFORMED:
        hint = "" if identifier.startswith(f"{prefix}-") else f' (expecting "{prefix}-...")'
        raise ApiError(f'Invalid id: "{identifier}"{hint}', code=MALFORMED[kind])
