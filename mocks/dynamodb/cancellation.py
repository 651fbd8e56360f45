"""Why a transaction is cancelled: a reason for each of its items, in their order.

Source: Amazon DynamoDB API Reference, TransactionCanceledException.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from iamsim.kit import error

from .invalid import Invalid
from .item import old_item
from .writing import ConditionFailed, Misfit, Put, Write

TransactionCanceledException = error("TransactionCanceledException")

MAX_BYTES = 4 * 1024 * 1024
SAME_ITEM = "Transaction request cannot include multiple operations on one item"
NOTHING = {"Code": "None"}

Reason = dict[str, Any]


def reason_of(prepared: Write | Invalid, params: Mapping[str, Any]) -> Reason:
    """Why this write cancels the transaction; NOTHING if it does not."""
    if isinstance(prepared, Invalid):
        return invalid(prepared)
    try:
        prepared.outcome()
    except ConditionFailed as failure:
        return {"Code": failure.reason, "Message": failure.text, **old_item(failure, params)}
    except Invalid as refusal:
        return invalid(refusal)
    return NOTHING


def invalid(refusal: Invalid) -> Reason:
    """The reason that an item or key gives that cannot be one of its table."""
    return {"Code": "ValidationError", "Message": refusal.message}


def raise_for(reasons: Sequence[Reason]) -> None:
    """Raises TransactionCanceledException if there is any reason to."""
    if any(reason is not NOTHING for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        raise TransactionCanceledException(
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            fields={"CancellationReasons": [*reasons]},
        )


def check_together(prepared: Sequence[Write | Misfit]) -> list[Write]:
    """Those that are writes. Raises Invalid if they cannot be in one transaction."""
    writes = [each for each in prepared if isinstance(each, Write)]
    if len({(write.table.arn, write.at) for write in writes}) < len(writes):
        raise Invalid(SAME_ITEM)
    if sum(write.new.size_bytes for write in writes if isinstance(write, Put)) > MAX_BYTES:
        raise Invalid("Transaction request exceeds the size limit of 4 MB")
    return writes
