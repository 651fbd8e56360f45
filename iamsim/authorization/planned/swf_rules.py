"""Amazon SWF: a task belongs to a domain, which only SWF knows by the task's token."""

from __future__ import annotations

from iamsim.authorization.asked import Asked, Check


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The domain that the token is of; any, if nobody knows."""
    token = asked.get("taskToken")
    domain = asked.meant("swf", "domain", token) if token is not None else None
    for check in checks if domain is not None else ():
        if check.resource.endswith("/domain/*"):
            check.resource = str(domain)
    return checks
