"""TransactGetItems and TransactWriteItems: all or nothing.

Source: DynamoDB API Reference, TransactWriteItems; Developer Guide, "Managing complex workflows with transactions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from iamsim.kit import Call, Reply, error

from .capacity import READ, WRITE, Consumed, collection_metrics
from .expression_parameters import projection_in
from .failures import operation_on_whole_input
from .invalid import Invalid
from .item import CONDITION_FAILED
from .table import Table, table_named
from .writing import ConditionFailed, Misfit, Put, Write, check_of, deletion_of, key_in, modification_of, put_of

TransactionCanceledException = error("TransactionCanceledException")
IdempotentParameterMismatchException = error("IdempotentParameterMismatchException")

MAX_BYTES = 4 * 1024 * 1024
TOKEN_LIVES_S = 600  # how long a repeated ClientRequestToken is answered like the first
TIMES = 2  # a transaction reads or writes everything twice

PREPARED: dict[str, Callable[[Table, Mapping[str, Any]], Write]] = {
    "Put": put_of,
    "Update": modification_of,
    "Delete": deletion_of,
    "ConditionCheck": check_of,
}
NOTHING = {"Code": "None"}

Reason = dict[str, Any]


@operation_on_whole_input
def transact_get_items(call: Call) -> Reply:
    """Raises TransactionCanceledException for a key that its table cannot have."""
    gets = [each["Get"] for each in call.params["TransactItems"]]
    tables = [table_named(call, each["TableName"]) for each in gets]
    responses: list[dict[str, Any]] = []
    reasons: list[Reason] = []
    used: dict[str, tuple[Table, Consumed]] = {}
    for table, get in zip(tables, gets, strict=True):
        projection = projection_in(get)
        try:
            kept = table.find(table.place(key_in(table, get)))
        except Misfit as refusal:
            reasons.append(_invalid(refusal))
            continue
        reasons.append(NOTHING)
        consumed = used.setdefault(get["TableName"], (table, Consumed()))[1]
        consumed.add_read(kept.size_bytes if kept else 0, consistent=True, times=TIMES)
        if kept is None:
            responses.append({})
        else:
            responses.append({"Item": kept.item if projection is None else projection.project(kept.item)})
    _raise_for(reasons)
    return {"Responses": responses} | _consumed(call, used, READ)


@operation_on_whole_input
def transact_write_items(call: Call) -> Reply:
    """Raises TransactionCanceledException with a reason for each item, and changes nothing then."""
    params, now = call.params, call.clock.now()
    actions = [_action(each) for each in params["TransactItems"]]
    tables = [table_named(call, action["TableName"]) for _, action in actions]
    if _was_done(tables, params, now):
        return _repeated(call, actions, tables)
    prepared = [_prepare(kind, action, table) for (kind, action), table in zip(actions, tables, strict=True)]
    writes = [each for each in prepared if isinstance(each, Write)]
    _check_together(writes)
    _raise_for([_reason(each, action) for each, (_, action) in zip(prepared, actions, strict=True)])
    return _do(call, actions, writes, now)


def _prepare(kind: str, action: Mapping[str, Any], table: Table) -> Write | Misfit:
    """The write, or why it cannot be one of this table."""
    if kind == "ConditionCheck" and "ConditionExpression" not in action:
        raise Invalid("The ConditionExpression is required for ConditionCheck")
    try:
        return PREPARED[kind](table, action)
    except Misfit as refusal:
        return refusal


def _reason(prepared: Write | Misfit, action: Mapping[str, Any]) -> Reason:
    """Why this write cancels the transaction; NOTHING if it does not."""
    if isinstance(prepared, Misfit):
        return _invalid(prepared)
    try:
        prepared.outcome()
    except ConditionFailed as failure:
        reason: Reason = {"Code": "ConditionalCheckFailed", "Message": CONDITION_FAILED}
        if action.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and failure.old is not None:
            reason["Item"] = failure.old
        return reason
    except Invalid as refusal:
        return _invalid(refusal)
    return NOTHING


def _invalid(refusal: Invalid) -> Reason:
    return {"Code": "ValidationError", "Message": refusal.message}


def _do(call: Call, actions: Sequence[tuple[str, Any]], writes: Sequence[Write], now: float) -> Reply:
    params = call.params
    used: dict[str, tuple[Table, Consumed]] = {}
    metrics: dict[str, list[dict[str, Any]]] = {}
    token = params.get("ClientRequestToken")
    for (_, action), write in zip(actions, writes, strict=True):
        consumed = used.setdefault(action["TableName"], (write.table, Consumed()))[1]
        consumed.add_write(write, write.run(now), TIMES)
        metric = collection_metrics(write, params.get("ReturnItemCollectionMetrics"))
        if metric is not None:
            metrics.setdefault(action["TableName"], []).append(metric)
        if token is not None:
            write.table.transactions[token] = (now + TOKEN_LIVES_S, params["TransactItems"])
    reply = _consumed(call, used, WRITE)
    return reply | {"ItemCollectionMetrics": metrics} if metrics else reply


def _was_done(tables: Sequence[Table], params: Mapping[str, Any], now: float) -> bool:
    """Whether this was done under its token. Raises IdempotentParameterMismatchException if another one was."""
    token = params.get("ClientRequestToken")
    for table in tables:
        until, items = table.transactions.get(token, (0.0, None)) if token is not None else (0.0, None)
        if until > now:
            if items != params["TransactItems"]:
                raise IdempotentParameterMismatchException(
                    "Client request token is being reused with different parameters"
                )
            return True
        table.forget_transactions(now)
    return False


def _repeated(call: Call, actions: Sequence[tuple[str, Any]], tables: Sequence[Table]) -> Reply:
    """The answer to a transaction that was done before: it only reads."""
    used: dict[str, tuple[Table, Consumed]] = {}
    for (kind, action), table in zip(actions, tables, strict=True):
        kept = table.find(PREPARED[kind](table, action).at)
        consumed = used.setdefault(action["TableName"], (table, Consumed()))[1]
        consumed.add_read(kept.size_bytes if kept else 0, consistent=True, times=TIMES)
    return _consumed(call, used, READ)


def _action(element: Mapping[str, Any]) -> tuple[str, Any]:
    """The one action of an element, and its kind."""
    if len(element) != 1:
        raise Invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    return next(iter(element.items()))


def _check_together(writes: Sequence[Write]) -> None:
    """Raises Invalid for writes that cannot be in one transaction."""
    if len({(write.table.arn, write.at) for write in writes}) < len(writes):
        raise Invalid("Transaction request cannot include multiple operations on one item")
    if sum(write.new.size_bytes for write in writes if isinstance(write, Put)) > MAX_BYTES:
        raise Invalid("Transaction request exceeds the size limit of 4 MB")


def _raise_for(reasons: Sequence[Reason]) -> None:
    if any(reason is not NOTHING for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        raise TransactionCanceledException(
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            fields={"CancellationReasons": [*reasons]},
        )


def _consumed(call: Call, used: Mapping[str, tuple[Table, Consumed]], of: str) -> dict[str, Any]:
    how = call.params.get("ReturnConsumedCapacity")
    told = [consumed.told(table, named, how, of=of) for named, (table, consumed) in used.items()]
    return {"ConsumedCapacity": told} if how in ("TOTAL", "INDEXES") else {}
