"""Which decision of the log is behind an error that boto3 raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from botocore.exceptions import ClientError

from iamsim.decision_log import Decision

# The codes that refusals carry, by all protocols and services; `Forbidden`: HeadObject's and HeadBucket's has no body.
CODES = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "AuthorizationError", "ForbiddenException", "UnauthorizedOperation",
        "AuthorizationErrorException", "403",
    }
)  # fmt: skip


def denial_behind(error: BaseException | None, decisions: Iterable[Decision]) -> Decision | None:
    """The latest denial that `error`, or an error that led to it, tells of; None if it tells of none."""
    denied = [decision for decision in decisions if not decision.allowed]
    for each in chain(error):
        if isinstance(each, ClientError) and each.response.get("Error", {}).get("Code") in CODES:
            for decision in reversed(denied):
                if decision.operation == each.operation_name:
                    return decision
    return None


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error`, what is grouped in it, and what it was raised from or while handling; the outermost first."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        each = todo.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        todo += [*getattr(each, "exceptions", ()), each.__cause__, each.__context__]
