"""The smallest input that a botocore shape allows, with names that point nowhere."""

from __future__ import annotations

import datetime
from typing import Any

ARN = "arn:aws:iam::123456789012:policy/none"


def minimal(shape: Any, name: str = "", depth: int = 0) -> Any:
    """Only required members, each as small as its constraints let it be."""
    kind = shape.type_name
    if kind == "structure":
        names = shape.required_members or (list(shape.members)[:1] if 0 < depth < 4 else [])  # an empty one may be none
        return {each: minimal(shape.members[each], each, depth + 1) for each in names}
    if kind == "list":
        return (
            [minimal(shape.member, name, depth + 1) for _ in range(shape.metadata.get("min", 1) or 1)]
            if depth < 6
            else []
        )
    if kind == "map":
        return {minimal(shape.key, name, depth + 1): minimal(shape.value, name, depth + 1)}
    if kind == "string":
        if shape.enum:
            return shape.enum[0]
        text = ARN if "arn" in f"{shape.name} {name}".lower() else "none"
        return text.ljust(shape.metadata.get("min", 1), "x")
    if kind in ("integer", "long"):
        return int(shape.metadata.get("min", 1))
    if kind in ("float", "double"):
        return float(shape.metadata.get("min", 1))
    if kind == "boolean":
        return False
    if kind == "timestamp":
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    return b"none"
