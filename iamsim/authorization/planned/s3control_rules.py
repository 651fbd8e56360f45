"""S3 control: what a batch job does. Source: S3 User Guide, batch-ops-job-tags; SAR, Amazon S3."""

from __future__ import annotations

from typing import Any

from iamsim.authorization.asked import Asked, as_text


def keys(asked: Asked) -> dict[str, Any]:
    """The operation and the priority that a job is asked to have."""
    if "Job" not in asked.operation:
        return {}
    found = {"RequestJobOperation": next(iter(asked.get("Operation") or ()), None)}
    if "Priority" in asked.params:
        found["RequestJobPriority"] = as_text(asked.get("Priority"))
    return asked.keys(found)
