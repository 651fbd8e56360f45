"""PartiQL: ExecuteStatement, BatchExecuteStatement, ExecuteTransaction."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mocks.dynamodb.tables import INVALID, NOT_FOUND, fill, index, key, make_table, numbers, refused

CONDITION_FAILED = "The conditional request failed"
MALFORMED = "Statement wasn't well formed, can't be processed: "


def run(client: Any, text: str, *parameters: dict[str, Any], **params: Any) -> dict[str, Any]:
    if parameters:
        params["Parameters"] = list(parameters)
    reply: dict[str, Any] = client.execute_statement(Statement=text, **params)
    return reply


def test_an_insert_is_read_back(client: Any) -> None:
    make_table(client)
    text = (
        """INSERT INTO "music" VALUE {'pk': 'it''s', 'sk': -1.50, 'a': [1, TRUE, NULL, {'b': ?}], 's': <<'x', 'y'>>}"""
    )
    assert run(client, text, {"B": b"\x00"})["Items"] == []
    assert client.scan(TableName="music")["Items"] == [
        {
            "pk": {"S": "it's"},
            "sk": {"N": "-1.5"},
            "a": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": True}, {"M": {"b": {"B": b"\x00"}}}]},
            "s": {"SS": ["x", "y"]},
        }
    ]
    with refused("Duplicate primary key exists in table", "DuplicateItemException"):
        run(client, "INSERT INTO music VALUE {'pk': 'it''s', 'sk': -1.5}")
    with refused(INVALID + "Missing the key sk in the item"):
        run(client, "INSERT INTO music VALUE {'pk': 'a'}")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("pk = 'a'", [0, 1, 2, 3, 4]),
        ("pk = 'a' AND sk > 2", [3, 4]),
        ("sk >= 1 AND pk = 'a' AND sk < 3", [1, 2]),
        ("pk = 'a' AND sk BETWEEN 1 AND 2", [1, 2]),
        ("3 <= sk AND 'a' = pk", [3, 4]),
        ("pk = 'a' AND sk IN [4, 0]", [0, 4]),
        ("pk = 'a' AND NOT (sk = 1 OR sk = 2)", [0, 3, 4]),
        ("pk = 'a' AND n.x[0] = 'even'", [0, 2, 4]),
        ("pk = 'a' AND begins_with(n.x[0], 'od')", [1, 3]),
        ("pk = 'a' AND n IS MISSING", []),
        ("pk = 'a' AND no IS MISSING AND n IS NOT NULL AND size(n) = 1", [0, 1, 2, 3, 4]),
        ("sk = 4", [4, 4]),
        ("pk IN ('b', 'a', 'a') AND sk >= 4", [4, 4]),
        ("pk = 'none'", []),
        ("pk = 'a' ORDER BY sk DESC", [4, 3, 2, 1, 0]),
    ],
)
def test_selections(client: Any, clause: str, expected: list[int]) -> None:
    make_table(client)
    for partition in ("a", "b"):
        for number in range(5):
            word = "odd" if number % 2 else "even"
            item = key(partition, number) | {"n": {"M": {"x": {"L": [{"S": word}]}}}}
            client.put_item(TableName="music", Item=item)
    assert numbers(run(client, f'SELECT * FROM "music" WHERE {clause}')) == expected
    pages = []
    params: dict[str, Any] = {}
    while True:
        page = run(client, f"select sk from music where {clause}", Limit=1, **params)
        pages += numbers(page)
        if "NextToken" not in page:
            break
        params = {"NextToken": page["NextToken"]}
    assert pages == expected


def test_projections_and_indexes(client: Any) -> None:
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g", projection="KEYS_ONLY")])
    fill(client, 3, g={"S": "x"}, m={"M": {"x": {"S": "1"}, "y": {"S": "2"}}})
    assert run(client, "SELECT sk, m.y FROM music WHERE pk = ? AND sk = ?", {"S": "a"}, {"N": "1"})["Items"] == [
        {"sk": {"N": "1"}, "m": {"M": {"y": {"S": "2"}}}}
    ]
    found = run(client, """SELECT * FROM "music"."by-g" WHERE g = 'x'""", ReturnConsumedCapacity="INDEXES")
    assert (len(found["Items"]), found["Items"][0].keys()) == (3, {"pk", "sk", "g"})
    assert found["ConsumedCapacity"]["GlobalSecondaryIndexes"] == {"by-g": {"CapacityUnits": 0.5}}
    with refused(INVALID + "Global secondary index by-g does not project [m]"):
        run(client, """SELECT m FROM "music"."by-g" WHERE g = 'x'""")


def test_updates(client: Any) -> None:
    make_table(client)
    fill(client, 1, n={"N": "1"}, l={"L": []}, s={"SS": ["x"]}, gone={"S": "x"})
    where = "WHERE pk = 'a' AND sk = 0"
    text = (
        f"UPDATE music SET n = n + 2 SET l = list_append(l, ['y']), s = set_add(s, <<'y'>>) REMOVE gone {where} "
        "RETURNING ALL NEW *"
    )
    new = key("a", 0) | {"n": {"N": "3"}, "l": {"L": [{"S": "y"}]}, "s": {"SS": ["x", "y"]}}
    assert run(client, text)["Items"] == [new]
    assert run(client, f"UPDATE music SET n = ? {where} AND n = 3", {"N": "4"})["Items"] == []
    modified = run(client, f"UPDATE music SET s = set_delete(s, <<'x'>>) {where} RETURNING MODIFIED OLD *")
    assert modified["Items"] == [{"s": {"SS": ["x", "y"]}}]
    with refused(CONDITION_FAILED, "ConditionalCheckFailedException") as response:
        run(client, f"UPDATE music SET n = 0 {where} AND n > 5", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert response["Item"]["n"] == {"N": "4"}
    with refused(CONDITION_FAILED, "ConditionalCheckFailedException"):  # it does not make items
        run(client, "UPDATE music SET n = 0 WHERE pk = 'b' AND sk = 0")
    with refused("Where clause does not contain a mandatory equality on all key attributes"):
        run(client, "UPDATE music SET n = 0 WHERE pk = 'a'")
    with refused(INVALID + "Cannot update attribute sk. This attribute is part of the key"):
        run(client, f"UPDATE music SET sk = 1 {where}")


def test_deletions(client: Any) -> None:
    make_table(client)
    fill(client, 2, n={"N": "1"})
    with refused(CONDITION_FAILED, "ConditionalCheckFailedException"):
        run(client, "DELETE FROM music WHERE pk = 'a' AND sk = 0 AND n = 2")
    deleted = run(client, "DELETE FROM music WHERE pk = 'a' AND sk = 0 RETURNING ALL OLD *")
    assert deleted["Items"] == [key("a", 0) | {"n": {"N": "1"}}]
    assert run(client, "DELETE FROM music WHERE pk = 'a' AND sk = 0 AND n = 2")["Items"] == []
    assert client.scan(TableName="music")["Count"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * FROM music WHERE pk =", MALFORMED + "Expected a value"),
        ("SELECT * music", MALFORMED + "Expected FROM"),
        ("SELECT * FROM music WHERE pk = 'a' 'b'", MALFORMED + "Unexpected token after expression: 'b'"),
        ("SELECT * FROM music WHERE pk = ~", MALFORMED + "Unexpected character ~"),
        ("DROP TABLE music", MALFORMED + "Expected a statement"),
        ("SELECT * FROM music WHERE pk = ?", "Number of parameters in request and statement don't match."),
        ("SELECT * FROM music ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."),
        ("EXISTS(SELECT * FROM music WHERE pk = 'a' AND sk = 1)", "EXISTS is only supported in transactions"),
        ('SELECT * FROM "music"."none"', "The table does not have the specified index: none"),
    ],
)
def test_what_is_no_statement(client: Any, text: str, message: str) -> None:
    make_table(client)
    with refused(message):
        run(client, text)


def test_batches_answer_one_by_one(client: Any) -> None:
    make_table(client)
    fill(client, 2)
    reply = client.batch_execute_statement(
        Statements=[
            {"Statement": "INSERT INTO music VALUE {'pk': 'a', 'sk': 7}"},
            {"Statement": "INSERT INTO music VALUE {'pk': 'a', 'sk': 1}"},
            {"Statement": "UPDATE music SET n = 1 WHERE pk = ? AND sk = 9", "Parameters": [{"S": "a"}]},
            {"Statement": "INSERT INTO none VALUE {'pk': 'a', 'sk': 1}"},
            {"Statement": "nonsense"},
            {"Statement": "DELETE FROM music WHERE pk = 'a' AND sk = 0"},
        ]
    )
    assert reply["Responses"] == [
        {"TableName": "music"},
        {
            "TableName": "music",
            "Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"},
        },
        {"TableName": "music", "Error": {"Code": "ConditionalCheckFailed", "Message": CONDITION_FAILED}},
        {"Error": {"Code": "ResourceNotFound", "Message": NOT_FOUND}},
        {"Error": {"Code": "ValidationError", "Message": MALFORMED + "Expected a statement"}},
        {"TableName": "music"},
    ]
    reply = client.batch_execute_statement(
        Statements=[
            {"Statement": f"SELECT * FROM music WHERE pk = 'a' AND sk = {number}", "ConsistentRead": True}
            for number in (7, 0)
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert reply["Responses"] == [{"TableName": "music", "Item": key("a", 7)}, {"TableName": "music"}]
    assert reply["ConsumedCapacity"] == [{"TableName": "music", "CapacityUnits": 2.0}]


def test_transactions_are_all_or_nothing(client: Any) -> None:
    make_table(client)
    fill(client, 2)

    def transact(*texts: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = client.execute_transaction(
            TransactStatements=[{"Statement": text} for text in texts], **params
        )
        return reply

    insert = "INSERT INTO music VALUE {'pk': 'a', 'sk': 7}"
    exists = "EXISTS(SELECT * FROM music WHERE pk = 'a' AND sk = %d)"
    with refused(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
        "TransactionCanceledException",
    ) as response:
        transact(insert, exists % 9)
    assert response["CancellationReasons"][1] == {"Code": "ConditionalCheckFailed", "Message": CONDITION_FAILED}
    assert client.scan(TableName="music")["Count"] == 2
    for _ in range(2):
        transact(insert, exists % 1, "DELETE FROM music WHERE pk = 'a' AND sk = 0", ClientRequestToken="t")
    found = transact(*(f"SELECT * FROM music WHERE pk = 'a' AND sk = {number}" for number in (0, 1, 7)))
    assert found["Responses"] == [{}, {"Item": key("a", 1)}, {"Item": key("a", 7)}]
    with refused(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [DuplicateItem]",
        "TransactionCanceledException",
    ):
        transact(insert)
    with refused("Either all statements must read, or all must write"):
        transact(insert, "SELECT * FROM music WHERE pk = 'a' AND sk = 1")
