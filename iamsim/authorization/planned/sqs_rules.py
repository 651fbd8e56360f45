"""Amazon SQS: a queue is in the region that its URL says; a task handle that cannot be read may be of any queue."""

from __future__ import annotations

import re

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

OF_AWS = re.compile(r"https?://(?:sqs\.([a-z]+-[a-z-]+-\d+)|([a-z]+-[a-z-]+-\d+)\.queue)\.amazonaws\.com")


def without_state(asked: Asked, checks: list[Check]) -> None:
    """The region of the queue's URL; `*` for the queue that only the handle would name."""
    given = asked.get("QueueUrl", "")
    url = OF_AWS.match(given)
    if is_arn(given):
        for check in checks:
            check.resource = given
    if url:
        for check in checks:
            check.resource = re.sub(r":sqs:[^:]*:", f":sqs:{url[1] or url[2]}:", check.resource)
    if asked.operation == "CancelMessageMoveTask" and checks[0].resource.endswith(":"):
        checks[0].resource += "*"
