"""Amazon ECR: which setting of the account a call is about. Source: context-keys section 14."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked


def keys(asked: Asked) -> dict[str, Any]:
    """ecr:AccountSetting."""
    return asked.keys({"AccountSetting": asked.get("name")}) if asked.operation.endswith("AccountSetting") else {}
