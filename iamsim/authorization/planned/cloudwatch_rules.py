"""Amazon CloudWatch: metrics have no ARN. Source: O section 5; context-keys section 14."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check


def put_metric_data(asked: Asked) -> Iterator[Check]:
    """`*`; the namespace is a condition key."""
    yield asked.check()


get_metric_data = get_metric_statistics = list_metrics = put_metric_data


def keys(asked: Asked) -> dict[str, Any]:
    """The log groups that a rule of Contributor Insights reads."""
    try:
        rule = json.loads(asked.get("RuleDefinition") or "{}")
    except ValueError:
        return {}
    groups = rule.get("LogGroupNames") if isinstance(rule, dict) else None
    return asked.keys({"requestInsightRuleLogGroups": groups})
