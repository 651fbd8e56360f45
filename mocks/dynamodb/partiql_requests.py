"""PartiQL statements made into the reads and writes that the other operations do, too."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import syntax
from .condition import Condition
from .expression_parameters import Selection
from .invalid import Invalid
from .item_collection import Kept, Place
from .key_condition import KeyCondition
from .partiql import Statement
from .partiql_where import Where
from .paths import tree_of
from .placeholders import Scope
from .projection import Projection
from .query import entries_of
from .reading import Source, check_select, read_page, source_in
from .syntax import Expression
from .table import Table
from .update import bind
from .values import AttributeValue, Item
from .writing import Deletion, Insertion, Modification, Write, key_in, put_of

ORDER_NEEDS_PARTITION = "Must have WHERE clause in the statement when using ORDER BY clause."


def write_of(table: Table, statement: Statement) -> Write:
    """The write that a statement other than SELECT means. Raises Invalid."""
    if statement.verb == "Insert":
        put = put_of(table, {"Item": statement.item})
        return Insertion(table, put.key, put.at, None, put.new)
    if statement.index is not None:
        raise Invalid("Only SELECT statements can name an index")
    named, rest = Where.of(statement).whole_key(table.keys)
    key = key_in(table, {"Key": named})
    at = table.place(key)
    if statement.verb == "Delete":  # of an item that is not there: nothing to do, and no failure
        return Deletion(table, key, at, _condition(rest, absent=True) if rest is not None else None)
    if statement.verb == "Exists":
        return Write(table, key, at, _condition(rest, absent=False))
    scope = Scope("UpdateExpression", statement.given)
    update = bind(Expression.of(syntax.Update(statement.changes)), scope, table.keys.names)
    return Modification(table, key, at, _condition(rest, absent=False), update)


def read_item(table: Table, statement: Statement) -> tuple[Kept | None, Item | None]:
    """The one item that a SELECT with a whole key reads, and what it gives of it. Raises Invalid for another SELECT."""
    if statement.index is not None:
        raise Invalid("Select statements of a batch or transaction cannot name an index")
    named, rest = Where.of(statement).whole_key(table.keys)
    kept = table.find(table.place(key_in(table, {"Key": named})))
    if kept is None or (rest is not None and not rest.matches(kept.item)):
        return kept, None
    projection = _projection(statement)
    return kept, kept.item if projection is None else projection.project(kept.item)


def read_items(table: Table, statement: Statement, params: Mapping[str, Any]) -> dict[str, Any]:
    """The page that ExecuteStatement answers a SELECT with. Raises Invalid."""
    members = {"TableName": statement.table, "IndexName": statement.index}
    for name in ("Limit", "ConsistentRead", "ReturnConsumedCapacity"):
        members[name] = params.get(name)
    request: dict[str, Any] = {name: value for name, value in members.items() if value is not None}
    source = source_in(table, request)
    conditions, rest = Where.of(statement).key_conditions(source.keys)
    forward = _is_forward(statement, source, conditions)
    selection = Selection(None, rest, _projection(statement))
    check_select(source, request, selection)
    start = source.start({"ExclusiveStartKey": _key_in(params["NextToken"])}) if "NextToken" in params else None
    page = read_page(source, request, selection, _entries(source, conditions, start, forward=forward))
    reply: dict[str, Any] = {
        name: page[name] for name in ("Items", "LastEvaluatedKey", "ConsumedCapacity") if name in page
    }
    if "LastEvaluatedKey" in page:
        reply["NextToken"] = _token_of(page["LastEvaluatedKey"])
    return reply


def _condition(rest: Condition | None, *, absent: bool) -> Condition:
    """`rest`, of an item that is there; `absent` is what is said of one that is not."""

    def matches(item: Mapping[str, AttributeValue]) -> bool:
        return (rest is None or rest.matches(item)) if item else absent

    return Condition(matches, rest.attributes if rest is not None else frozenset(), frozenset())


def _projection(statement: Statement) -> Projection | None:
    if statement.paths is None:
        return None
    tree = tree_of(statement.paths, lambda text: Invalid(f"Invalid SELECT: {text}"))
    return Projection(tree, frozenset(map(str, tree)), frozenset())


def _is_forward(statement: Statement, source: Source, conditions: Sequence[KeyCondition] | None) -> bool:
    if statement.order is None:
        return True
    name, forward = statement.order
    if conditions is None:
        raise Invalid(ORDER_NEEDS_PARTITION)
    if name not in source.keys.names:
        raise Invalid(f"Variable reference {name} in ORDER BY clause must be part of the primary key")
    return forward


def _entries(
    source: Source, conditions: Sequence[KeyCondition] | None, start: Item | None, *, forward: bool
) -> Iterator[tuple[Place, Kept]]:
    """What a SELECT reads: all, or some partitions in the order in which a Scan would come to them."""
    if conditions is None:
        return source.items.all() if start is None else source.items.after(*source.place(start))
    serials = {condition.hash_identity: source.items.serial(condition.hash_identity) for condition in conditions}
    ordered = sorted(conditions, key=lambda condition: serials[condition.hash_identity])
    if start is not None:
        first = source.items.serial(source.place(start)[0])
        ordered = [condition for condition in ordered if serials[condition.hash_identity] >= first]
    return (
        entry
        for number, condition in enumerate(ordered)
        for entry in entries_of(source, condition, start if number == 0 else None, forward=forward)
    )


def _token_of(key: Item) -> str:
    text = json.dumps(key, default=lambda value: {"bytes": base64.b64encode(value).decode()})
    return base64.urlsafe_b64encode(text.encode()).decode()


def _key_in(token: str) -> Item:
    try:
        key: Item = json.loads(
            base64.urlsafe_b64decode(token),
            object_hook=lambda value: base64.b64decode(value["bytes"]) if value.keys() == {"bytes"} else value,
        )
    except ValueError:
        raise Invalid("The NextToken is not valid") from None
    return key
