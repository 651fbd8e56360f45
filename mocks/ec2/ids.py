"""Identifiers: the form that each kind of resource has, and the ARN that one stands for."""

from __future__ import annotations

import hashlib
import re

from iamsim.kit import ApiError, Arn, Call, identity

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
    prefix = PREFIXES[kind]
    if kind_of(identifier) != kind:
        if kind in EXPECTED:
            text = f"Value ({identifier}) for parameter {EXPECTED[kind]} is invalid. Expected: '{prefix}-...'."
            raise ApiError(text, code="InvalidParameterValue")
        if kind in MALFORMED:
            hint = "" if identifier.startswith(f"{prefix}-") else f' (expecting "{prefix}-...")'
            raise ApiError(f'Invalid id: "{identifier}"{hint}', code=MALFORMED[kind])
    return call.make_arn(kind, id=identifier)


@identity("instance id")
def instance_id(call: Call, value: str) -> Arn:
    return named(call, "instance", value)


@identity("image id")
def image_id(call: Call, value: str) -> Arn:
    return named(call, "image", value)


@identity("subnet id")
def subnet_id(call: Call, value: str) -> Arn:
    return named(call, "subnet", value)


@identity("vpc id")
def vpc_id(call: Call, value: str) -> Arn:
    return named(call, "vpc", value)


@identity("group id")
def group_id(call: Call, value: str) -> Arn:
    return named(call, "security-group", value)


@identity("group rule id")
def group_rule_id(call: Call, value: str) -> Arn:
    return named(call, "security-group-rule", value)


@identity("interface id")
def interface_id(call: Call, value: str) -> Arn:
    return named(call, "network-interface", value)


@identity("internet gateway id")
def internet_gateway_id(call: Call, value: str) -> Arn:
    return named(call, "internet-gateway", value)


@identity("route table id")
def route_table_id(call: Call, value: str) -> Arn:
    return named(call, "route-table", value)


@identity("volume id")
def volume_id(call: Call, value: str) -> Arn:
    return named(call, "volume", value)


@identity("snapshot id")
def snapshot_id(call: Call, value: str) -> Arn:
    return named(call, "snapshot", value)
