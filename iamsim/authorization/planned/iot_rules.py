"""AWS IoT: the targets of a job are things or groups, by their ARNs. Source: SAR of IoT."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def create_job(asked: Asked) -> Iterator[Check]:
    """The job, what it goes to, and the template that it is made from."""
    yield asked.check(asked.arn(f"job/{asked.get('jobId', '*')}"))
    for target in asked.get("targets") or ():
        yield asked.check(target)
    if asked.get("jobTemplateArn"):
        yield asked.check(asked.get("jobTemplateArn"))
