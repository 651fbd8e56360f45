"""Amazon DynamoDB: the partition key where no table says which attribute it is. Source: context-keys section 10.

It is the first attribute that an item, a key or a condition names: so callers write them, and with a key of one
attribute there is no other. A key of one attribute tells it for all items of that table in the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iamsim.authorization.asked import Asked, Check

LEADING = ("dynamodb:FirstPartitionKeyValues", "dynamodb:LeadingKeys")
BY_KEY = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
EQUALS = re.compile(r"""(?:"([^"]+)"|([\w.#-]+))\s*=\s*(\?|:\w+|'(?:[^']|'')*'|-?[\d.]+)""")
INSERTED = re.compile(r"""VALUE\s*\{\s*['"]([^'"]+)['"]\s*:\s*(\?|'(?:[^']|'')*'|-?[\d.]+)""", re.IGNORECASE)
WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)
FILLS = ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")  # what restores depend on

REPLICA_ACTIONS = {
    "Create": ("CreateTable", "CreateTableReplica", *FILLS),
    "Delete": ("DeleteTable", "DeleteTableReplica"),
}

Item = Mapping[str, Any]


def without_state(asked: Asked, checks: list[Check]) -> None:
    """dynamodb:LeadingKeys, and that a statement which has them reads no whole table."""
    operation, params = asked.operation, asked.params
    if operation in BY_KEY:
        _add(checks[0], [params])
    elif operation in ("TransactGetItems", "TransactWriteItems"):
        for check, element in zip(checks, asked.at("TransactItems[]"), strict=False):
            _add(check, list(element.values()))
    elif operation == "BatchGetItem":
        for check, request in zip(checks, (asked.get("RequestItems") or {}).values(), strict=False):
            _add(check, [{"Key": key} for key in request.get("Keys") or ()])
    elif operation == "BatchWriteItem":
        for check, requests in zip(checks, (asked.get("RequestItems") or {}).values(), strict=False):
            _add(check, [each for request in requests for each in request.values()])
    elif operation == "Query":
        _put(checks[0], _values(_queried(params)))
    else:
        statements = asked.get("Statements") or asked.get("TransactStatements") or [params]
        for check, each in zip(checks, statements, strict=False):
            _add_of_statement(check, str(each.get("Statement") or ""), each.get("Parameters") or ())


def create_global_table(asked: Asked) -> Iterator[Check]:
    """The global table, and the table of that name here, which is made part of it."""
    name = asked.get("GlobalTableName", "*")
    yield asked.check(asked.arn(f"global-table/{name}", region=""))
    yield asked.check(asked.named(name, "table/"))


def import_table(asked: Asked) -> Iterator[Check]:
    """The table that is made."""
    yield asked.check(asked.named(next(asked.at("TableCreationParameters.TableName"), None), "table/"))


def restore_table_to_point_in_time(asked: Asked) -> Iterator[Check]:
    """The table that was, and the one that is made of it."""
    yield from _restored(asked, asked.named(asked.get("SourceTableArn") or asked.get("SourceTableName"), "table/"))


def restore_table_from_backup(asked: Asked) -> Iterator[Check]:
    """The backup, and the table that is made of it."""
    yield from _restored(asked, asked.named(asked.get("BackupArn"), "table/*/backup/"))


def forwarded(asked: Asked) -> Iterator[Check]:
    """What the replicas that a table gets or loses need, in their regions (Developer Guide, V2gt_IAM)."""
    table = asked.named(asked.get("TableName"), "table/").split(":")
    for update in asked.at("ReplicaUpdates[]"):
        for kind, request in update.items():
            if kind not in REPLICA_ACTIONS:
                continue
            replica = ":".join([*table[:3], request.get("RegionName", "*"), *table[4:]])
            yield from (Check(f"dynamodb:{name}", replica) for name in REPLICA_ACTIONS[kind])


def encryption_context(asked: Asked) -> dict[str, str | None]:
    """The table's name and whose it is (K-61)."""
    table = asked.named(asked.get("TableName"), "table/")
    return {"aws:dynamodb:tableName": table.rpartition("table/")[2], "aws:dynamodb:subscriberId": table.split(":")[4]}


def _restored(asked: Asked, source: str) -> Iterator[Check]:
    """To make a table of `source`, and to fill it."""
    target = asked.named(asked.get("TargetTableName"), "table/")
    yield from (asked.check(source), asked.check(target))
    for name in FILLS:
        yield Check(f"dynamodb:{name}", target)


def _add(check: Check, requests: Sequence[Item]) -> None:
    """The values of the partition key in the items, or the keys of items, of the requests for one table."""
    items: list[Item] = [each.get("Key") or each.get("Item") or {} for each in requests]
    names = [next(iter(each.get("Key") or each.get("Item") or {}), "") for each in requests]
    alone = next((next(iter(each["Key"])) for each in requests if len(each.get("Key") or ()) == 1), None)
    _put(check, _values(item.get(alone or name) for item, name in zip(items, names, strict=True)))


def _put(check: Check, values: list[str]) -> None:
    for key in LEADING if values else ():
        check.context.setdefault(key, values)


def _values(values: Any) -> list[str]:
    texts = [_text(next(iter(value.values()), "")) for value in values if isinstance(value, dict)]
    return list(dict.fromkeys(texts))


def _text(inner: Any) -> str:
    return inner.decode("latin-1") if isinstance(inner, bytes) else str(inner)


def _queried(params: Item) -> Iterator[Any]:
    """What the first attribute that a query sets equal is equal to."""
    match = EQUALS.search(params.get("KeyConditionExpression") or "")
    if match is not None:
        yield (params.get("ExpressionAttributeValues") or {}).get(match[3])
    for condition in (params.get("KeyConditions") or {}).values():
        if condition.get("ComparisonOperator") == "EQ":
            yield from condition.get("AttributeValueList", ())[:1]
            return


def _add_of_statement(check: Check, statement: str, parameters: Sequence[Item]) -> None:
    """The value that a PartiQL statement gives the first attribute that it inserts or asks to be equal."""
    where = WHERE.search(statement)
    match = INSERTED.search(statement) or (EQUALS.search(statement, where.end()) if where else None)
    if match is None:
        return
    literal = match[match.lastindex or 0]
    if literal == "?":
        number = statement.count("?", 0, match.end()) - 1
        values = _values(parameters[number : number + 1])
    else:
        values = [literal[1:-1].replace("''", "'") if literal.startswith("'") else literal]
    _put(check, values)
    if values and "dynamodb:FullTableScan" in check.context:
        check.context["dynamodb:FullTableScan"] = "false"
