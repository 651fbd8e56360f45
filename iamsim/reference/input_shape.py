"""An operation's input as JSON has it, made into what botocore takes: checked names, moments and bytes."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timezone
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from botocore.utils import parse_timestamp

from iamsim.errors import UsageError

PLAIN = frozenset({"string", "character", "integer", "long", "float", "double", "boolean"})


def shaped(shape: Any, value: Any, where: str = "") -> Any:
    """`value` in the form of botocore's `shape`. Raises UsageError for what the shape does not have."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            if getattr(shape, "is_document_type", False):
                return value
            raise UsageError(f"{where or 'the parameters'}: must be an object, not {_named(value)}")
        members = shape.members
        made = {}
        for name, inner in value.items():
            member = members.get(name)
            if member is None:
                if getattr(shape, "is_document_type", False):
                    return value
                raise UsageError(f"unknown parameter `{_path(where, name)}`{_hint(name, list(members))}")
            if inner is None:
                continue
            if name == "CopySource" and isinstance(inner, dict) and member.type_name == "string":
                inner = _copy_source(inner, _path(where, name))
            if (isinstance(inner, str) and member.type_name == "string") or member.serialization.get("jsonvalue"):
                made[name] = inner
            else:
                made[name] = shaped(member, inner, _path(where, name))
        return made
    if kind == "list":
        if not isinstance(value, list | tuple):
            raise UsageError(f"`{where}` must be a list, not {_named(value)}")
        return [shaped(shape.member, each, f"{where}[{number}]") for number, each in enumerate(value)]
    if kind == "map":
        if not isinstance(value, dict):
            raise UsageError(f"`{where}` must be an object, not {_named(value)}")
        return {key: shaped(shape.value, each, _path(where, str(key))) for key, each in value.items()}
    if kind == "timestamp":
        return _moment(value, where)
    if kind == "blob" and isinstance(value, str):
        return _bytes(value)
    if kind in PLAIN and (isinstance(value, dict | list) or (kind == "string" and not isinstance(value, str))):
        raise UsageError(f"`{where}` must be a {kind}, not {_named(value)}")
    return value


def _copy_source(source: dict[str, Any], where: str) -> str:
    """S3's source of a copy, which boto3 takes as an object, too."""
    if not {"Bucket", "Key"} <= source.keys() <= {"Bucket", "Key", "VersionId"}:
        raise UsageError(f"`{where}` must have `Bucket` and `Key`, and may have `VersionId`")
    version = f"?versionId={source['VersionId']}" if source.get("VersionId") else ""
    return quote(f"{source['Bucket']}/{source['Key']}") + version


def _moment(value: Any, where: str) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        moment: datetime = parse_timestamp(value)
    except (ValueError, RuntimeError, OverflowError):
        raise UsageError(f"`{where}` must be a moment such as 2026-01-31T00:00:00Z, not `{value}`") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return value.encode()


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _named(value: Any) -> str:
    kinds = ((dict, "an object"), (list, "a list"), (str, "a string"))
    return next((name for kind, name in kinds if isinstance(value, kind)), f"`{value}`")


def _hint(name: str, known: list[str]) -> str:
    near = get_close_matches(name.lower(), [each.lower() for each in known], n=1)
    return f": did you mean `{next(each for each in known if each.lower() == near[0])}`?" if near else ""
