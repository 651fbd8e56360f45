"""Which decision of the log is behind an error that boto3 raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from iamsim.decision_log import Decision

# The codes that refusals carry, by all protocols and services; `Forbidden`: HeadObject's and HeadBucket's has no body.
CODES = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "AuthorizationError", "ForbiddenException", "UnauthorizedOperation",
        "AuthorizationErrorException", "403",
    }
)  # fmt: skip

# The codes by which services say that they do not know an access key; EC2 says so of a wrong secret, too.
UNKNOWN_KEY = frozenset({"InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "AuthFailure"})
ADVICE = (
    "IAM is enforced, and the call was signed with credentials that the simulator does not know, such as those of a "
    "client made without any\n"
    "act as somebody (`with as_user(...)`), give the client the access key of an IAM user or role, or arrange before "
    "IAM is enforced"
)


def is_by_nobody(error: BaseException | None) -> bool:
    """Whether `error`, or an error that led to it, tells of credentials that are not known."""
    return any(isinstance(each, ClientError) and tells_of_nobody(each.response) for each in chain(error))


def tells_of_nobody(response: Mapping[str, Any]) -> bool:
    """Whether an answer says that credentials are not known; EC2 uses the same code for images of others, with 400."""
    code, status = response.get("Error", {}).get("Code"), response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return code in UNKNOWN_KEY and (code, status) != ("AuthFailure", 400)


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
