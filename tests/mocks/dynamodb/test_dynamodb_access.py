"""What callers of DynamoDB must be allowed (operations-to-actions sections 4 and 13, context-keys section 10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Simulator, enable_iam_authentication, mock_aws, set_initial_no_auth_action_count
from tests.mocks.dynamodb.tables import NOT_FOUND, fill, index, key, make_table, refused

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/music"
USER = "arn:aws:iam::123456789012:user/alice"
OTHER_ACCOUNT = "111122223333"
EXISTS = {"ConditionExpression": "attribute_exists(pk)"}


def allow(action: Any, resource: Any = ARN, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def deny(action: Any, resource: Any = ARN, **condition: Any) -> dict[str, Any]:
    return allow(action, resource, **condition) | {"Effect": "Deny"}


def user_with(*statements: dict[str, Any]) -> Any:
    """A client of the user alice, who may do exactly this."""
    iam = boto3.client("iam")
    iam.create_user(UserName="alice")
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    if statements:
        iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def denied(action: str, resource: str = ARN, why: str | None = None) -> Any:
    """The block is refused for want of that."""
    reason = why or f"because no identity-based policy allows the dynamodb:{action} action"
    text = f"User: {USER} is not authorized to perform: dynamodb:{action} on resource: {resource} {reason}"
    return refused(text, "AccessDeniedException")


EXPLICITLY = "with an explicit deny in an identity-based policy"


@pytest.fixture
def aws() -> Iterator[Simulator]:
    """As everywhere, but at the time of the machine, by which boto3 signs."""
    with mock_aws() as simulator:
        yield simulator


@pytest.fixture
def enforced(client: Any) -> Iterator[Any]:
    """A table with some items, made before; then IAM is enforced for the clients that the test makes."""
    make_table(client, types=["g:S"], GlobalSecondaryIndexes=[index("by-g", "g")])
    make_table(client, name="films")
    fill(client, 3, g={"S": "x"}, secret={"S": "s"})
    fill(client, 3, partition="b")
    yield client


@mock_aws
@set_initial_no_auth_action_count(3)
def test_access_is_per_table() -> None:
    alice = user_with(allow("dynamodb:*", ARN))
    make_table(alice)
    alice.put_item(TableName="music", Item=key("a", 1))
    assert alice.get_item(TableName="music", Key=key("a", 1))["Item"] == key("a", 1)
    with denied("CreateTable", ARN.replace("music", "films")):
        make_table(alice, name="films")
    with denied("GetItem", ARN.replace("music", "films")):
        alice.get_item(TableName="films", Key=key("a", 1))
    with denied("ListTables", ARN.replace("music", "*")):
        alice.list_tables()
    alice.describe_endpoints()


def test_each_operation_has_its_action(enforced: Any) -> None:
    alice = user_with(allow("dynamodb:Get*"))
    with enable_iam_authentication():
        alice.get_item(TableName="music", Key=key("a", 1))
        alice.get_item(TableName=ARN, Key=key("a", 1))
        for name, params in (
            ("put_item", {"Item": key("a", 1)}),
            ("delete_item", {"Key": key("a", 1)}),
            ("update_item", {"Key": key("a", 1)}),
            ("scan", {}),
            ("describe_table", {}),
            ("delete_table", {}),
            ("describe_time_to_live", {}),
        ):
            action = "".join(word.capitalize() for word in name.split("_"))
            with denied(action):
                getattr(alice, name)(TableName="music", **params)
    assert enforced.scan(TableName="music")["Count"] == 6


def test_a_refusal_comes_before_what_is_wrong(enforced: Any) -> None:
    alice = user_with(allow("dynamodb:PutItem"))
    none = ARN.replace("music", "none")
    with enable_iam_authentication():
        with denied("GetItem", none):
            alice.get_item(TableName="none", Key=key("a", 1))
        with denied("DeleteItem"):
            alice.delete_item(TableName="music", Key={"x": {"S": "y"}}, ConditionExpression="a = =")
        with refused("The conditional request failed", "ConditionalCheckFailedException"):
            alice.put_item(TableName="music", Item=key("z", 1), **EXISTS)


LEADING = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}


def test_leading_keys(enforced: Any) -> None:
    actions = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "BatchWriteItem", "Scan"]
    guard = {"Null": {"dynamodb:LeadingKeys": "false"}}
    alice = user_with(allow([f"dynamodb:{name}" for name in actions], **LEADING, **guard))
    in_partition = {"KeyConditionExpression": "pk = :p"}
    with enable_iam_authentication():
        alice.get_item(TableName="music", Key=key("a", 1))
        with denied("GetItem"):
            alice.get_item(TableName="music", Key=key("b", 1))
        with denied("PutItem"):
            alice.put_item(TableName="music", Item=key("b", 1))
        with denied("UpdateItem"):
            alice.update_item(TableName="music", Key=key("b", 1))
        with denied("DeleteItem"):
            alice.delete_item(TableName="music", Key=key("b", 1))
        found = alice.query(TableName="music", ExpressionAttributeValues={":p": {"S": "a"}}, **in_partition)
        assert found["Count"] == 3
        with denied("Query"):
            alice.query(TableName="music", ExpressionAttributeValues={":p": {"S": "b"}}, **in_partition)
        with denied("Scan"):  # it has no leading keys
            alice.scan(TableName="music")
        alice.batch_get_item(RequestItems={"music": {"Keys": [key("a", 1), key("a", 2)]}})
        with denied("BatchGetItem"):
            alice.batch_get_item(RequestItems={"music": {"Keys": [key("a", 1), key("b", 2)]}})
        with denied("BatchWriteItem"):
            alice.batch_write_item(
                RequestItems={"music": [{"PutRequest": {"Item": key("a", 7)}}, {"DeleteRequest": {"Key": key("b", 1)}}]}
            )
    assert enforced.scan(TableName="music")["Count"] == 6


def test_leading_keys_of_numbers_are_canonical(client: Any) -> None:
    make_table(client, "id:N")
    alice = user_with(allow("dynamodb:GetItem", **{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["7"]}}))
    with enable_iam_authentication():
        alice.get_item(TableName="music", Key={"id": {"N": "7.0"}})
        with denied("GetItem"):
            alice.get_item(TableName="music", Key={"id": {"N": "70"}})


def test_attributes_and_select(enforced: Any) -> None:
    """Developer Guide, "Using IAM policy conditions for fine-grained access control" (K-50)."""
    alice = user_with(
        allow(
            ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            **{
                "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "n"]},
                "StringEqualsIfExists": {
                    "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
                    "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"],
                },
            },
        )
    )
    this = {"TableName": "music", "Key": key("a", 1)}
    with enable_iam_authentication():
        got = alice.get_item(**this, ProjectionExpression="sk, #n", ExpressionAttributeNames={"#n": "n"})
        assert got["Item"] == {"sk": {"N": "1"}}
        with denied("GetItem"):
            alice.get_item(**this)
        for params in (
            {"ProjectionExpression": "sk, secret"},
            {"ProjectionExpression": "#x.y", "ExpressionAttributeNames": {"#x": "secret"}},
            {"AttributesToGet": ["secret"]},
        ):
            with denied("GetItem"):
                alice.get_item(**this, **params)
        with denied("Query"):
            alice.query(
                TableName="music",
                KeyConditionExpression="pk = :p",
                FilterExpression="begins_with(secret, :p)",
                ExpressionAttributeValues={":p": {"S": "a"}},
                ProjectionExpression="pk",
            )
        n = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
        alice.update_item(**this, **n, ReturnValues="UPDATED_NEW")
        with denied("UpdateItem"):
            alice.update_item(**this, **n, ReturnValues="ALL_NEW")
        with denied("UpdateItem"):
            alice.update_item(**this, UpdateExpression="REMOVE secret")


def test_an_index_is_a_resource_of_its_own(enforced: Any) -> None:
    alice = user_with(allow(["dynamodb:Query", "dynamodb:Scan"], f"{ARN}/index/*"))
    params = {
        "TableName": "music",
        "IndexName": "by-g",
        "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "x"}},
    }
    with enable_iam_authentication():
        assert alice.query(**params)["Count"] == 3
        assert alice.scan(TableName="music", IndexName="by-g")["Count"] == 3
        with denied("Scan"):
            alice.scan(TableName="music")
        with refused("The table does not have the specified index: other"):
            alice.scan(TableName="music", IndexName="other")


@mock_aws
@set_initial_no_auth_action_count(4)
def test_leading_keys_of_an_index() -> None:
    """They are the values of the index's own key."""
    make_table(
        boto3.client("dynamodb", region_name="us-east-1"), types=["g:S"], GlobalSecondaryIndexes=[index("i-g", "g")]
    )
    alice = user_with(allow("dynamodb:Query", "*", **LEADING))
    with refused(
        f"User: {USER} is not authorized to perform: dynamodb:Query on resource: {ARN}/index/i-g because no "
        "identity-based policy allows the dynamodb:Query action",
        "AccessDeniedException",
    ):
        alice.query(
            TableName="music",
            IndexName="i-g",
            KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": {"S": "x"}},
        )


def test_a_batch_needs_every_table(enforced: Any) -> None:
    alice = user_with(allow(["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"]))
    films = ARN.replace("music", "films")
    wanted = {"Keys": [key("a", 1)]}
    write = [{"PutRequest": {"Item": key("n", 1)}}]
    with enable_iam_authentication():
        assert alice.batch_get_item(RequestItems={"music": wanted})["Responses"]["music"]
        with denied("BatchGetItem", films):
            alice.batch_get_item(RequestItems={"music": wanted, "films": wanted})
        with denied("BatchWriteItem", films):
            alice.batch_write_item(RequestItems={"music": write, "films": write})
    assert enforced.scan(TableName="music")["Count"] == 6  # nothing was written


def test_a_transaction_needs_each_action(enforced: Any) -> None:
    alice = user_with(allow(["dynamodb:PutItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem"]))
    put = {"Put": {"TableName": "music", "Item": key("n", 1)}}
    check = {"ConditionCheck": {"TableName": "music", "Key": key("a", 1), **EXISTS}}
    delete = {"Delete": {"TableName": "music", "Key": key("a", 1)}}
    with enable_iam_authentication():
        with denied("DeleteItem"):
            alice.transact_write_items(TransactItems=[put, delete])
        with denied("ConditionCheckItem", ARN.replace("music", "films")):
            alice.transact_write_items(
                TransactItems=[put, {"ConditionCheck": check["ConditionCheck"] | {"TableName": "films"}}]
            )
        alice.transact_write_items(TransactItems=[put, check])
        alice.transact_get_items(TransactItems=[{"Get": {"TableName": "music", "Key": key("a", 1)}}])
        with denied("GetItem", ARN.replace("music", "films")):
            alice.transact_get_items(TransactItems=[{"Get": {"TableName": "films", "Key": key("a", 1)}}])
    assert enforced.scan(TableName="music")["Count"] == 7


def test_the_enclosing_operation(enforced: Any) -> None:
    only = {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}}
    alice = user_with(allow("dynamodb:PutItem", **only))
    item = {"TableName": "music", "Item": key("n", 1)}
    with enable_iam_authentication():
        with denied("PutItem"):
            alice.put_item(**item)
        alice.transact_write_items(TransactItems=[{"Put": item}])


def test_consumed_capacity_is_a_condition(enforced: Any) -> None:
    alice = user_with(
        allow("dynamodb:*"),
        deny("dynamodb:*", StringNotEquals={"dynamodb:ReturnConsumedCapacity": ["TOTAL"]}),
    )
    with enable_iam_authentication():
        alice.get_item(TableName="music", Key=key("a", 1), ReturnConsumedCapacity="TOTAL")
        with denied("GetItem", why=EXPLICITLY):
            alice.get_item(TableName="music", Key=key("a", 1))


def test_tags_at_creation_need_a_permission(aws: Simulator) -> None:
    alice = user_with(allow("dynamodb:CreateTable"))
    tags = [{"Key": "team", "Value": "x"}]
    with enable_iam_authentication():
        with denied("TagResource"):
            make_table(alice, Tags=tags)
        with denied("PutResourcePolicy"):
            make_table(alice, ResourcePolicy=policy_for(OTHER_ACCOUNT))
        make_table(alice)


def test_tags_of_the_table_hold_for_its_indexes(enforced: Any) -> None:
    enforced.tag_resource(ResourceArn=ARN, Tags=[{"Key": "team", "Value": "x"}])
    alice = user_with(allow("dynamodb:Scan", "*", StringEquals={"aws:ResourceTag/team": "x"}))
    with enable_iam_authentication():
        alice.scan(TableName="music")
        alice.scan(TableName="music", IndexName="by-g")
        with denied("Scan", ARN.replace("music", "films")):
            alice.scan(TableName="films")


def test_partiql_has_actions_of_its_own(enforced: Any) -> None:
    alice = user_with(
        allow("dynamodb:PartiQLSelect", [ARN, f"{ARN}/index/*"], **LEADING),
        deny("dynamodb:PartiQLSelect", "*", Bool={"dynamodb:FullTableScan": "true"}),
        allow("dynamodb:PartiQLInsert", StringEquals={"dynamodb:EnclosingOperation": "ExecuteTransaction"}),
    )

    def run(text: str) -> Any:
        return alice.execute_statement(Statement=text)

    with enable_iam_authentication():
        assert len(run("SELECT * FROM music WHERE pk = 'a'")["Items"]) == 3
        with denied("PartiQLSelect"):
            run("SELECT * FROM music WHERE pk = 'b'")
        with denied("PartiQLSelect"):
            run("SELECT * FROM music WHERE pk IN ['a', 'b']")
        with denied("PartiQLSelect", why=EXPLICITLY):
            run("SELECT * FROM music")
        with denied("PartiQLSelect", f"{ARN}/index/by-g"):
            run('SELECT * FROM "music"."by-g" WHERE g = \'x\'')
        insert = "INSERT INTO music VALUE {'pk': 'a', 'sk': 9}"
        with denied("PartiQLInsert"):
            run(insert)
        with denied("PartiQLDelete"):
            alice.batch_execute_statement(Statements=[{"Statement": "DELETE FROM music WHERE pk = 'a' AND sk = 1"}])
        alice.execute_transaction(TransactStatements=[{"Statement": insert}])
    assert enforced.scan(TableName="music")["Count"] == 7


def policy_for(principal: str, *actions: str, resource: Any = (ARN, f"{ARN}/index/*")) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": list(actions or ("dynamodb:GetItem",)),
        "Resource": list(resource),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_resource_policy_is_put_read_and_deleted(client: Any) -> None:
    make_table(client)
    missing = f"Resource-based policy not found for the provided ResourceArn: {ARN}"
    with refused(missing, "PolicyNotFoundException"):
        client.get_resource_policy(ResourceArn=ARN)
    document = policy_for(OTHER_ACCOUNT)
    with refused(missing, "PolicyNotFoundException"):
        client.put_resource_policy(ResourceArn=ARN, Policy=document, ExpectedRevisionId="1")
    revision = client.put_resource_policy(ResourceArn=ARN, Policy=document, ExpectedRevisionId="NO_POLICY")[
        "RevisionId"
    ]
    assert client.get_resource_policy(ResourceArn=ARN)["Policy"] == document
    assert client.delete_resource_policy(ResourceArn=ARN, ExpectedRevisionId=revision)["RevisionId"] == revision
    assert "RevisionId" not in client.delete_resource_policy(ResourceArn=ARN)
    with refused("Resource-based policy is not valid: Invalid effect: allow"):
        client.put_resource_policy(ResourceArn=ARN, Policy=document.replace('"Allow"', '"allow"'))
    with refused("Resource-based policy grants public access, which DynamoDB blocks"):
        client.put_resource_policy(ResourceArn=ARN, Policy=policy_for("*"))
    with refused(f"{NOT_FOUND}: Table: none not found", "ResourceNotFoundException"):
        client.get_resource_policy(ResourceArn=ARN.replace("music", "none"))


def test_a_resource_policy_lets_somebody_in(enforced: Any) -> None:
    alice = user_with()
    enforced.put_resource_policy(
        ResourceArn=ARN, Policy=policy_for(USER, "dynamodb:GetItem", "dynamodb:Scan", "dynamodb:DescribeTimeToLive")
    )
    with enable_iam_authentication():
        assert alice.get_item(TableName="music", Key=key("a", 1))["Item"]
        assert alice.scan(TableName="music", IndexName="by-g")["Count"] == 3
        with denied("DescribeTimeToLive"):
            alice.describe_time_to_live(TableName="music")


def test_another_account_s_table_is_named_by_its_arn(client: Any) -> None:
    there = make_table_in(OTHER_ACCOUNT)
    arn = ARN.replace("123456789012", OTHER_ACCOUNT)
    alice = user_with(allow("dynamodb:*", "*"))
    with (
        enable_iam_authentication(),
        refused(
            f"User: {USER} is not authorized to perform: dynamodb:GetItem on resource: {arn} because no resource-based "
            "policy allows the dynamodb:GetItem action",
            "AccessDeniedException",
        ),
    ):
        alice.get_item(TableName=arn, Key=key("a", 1))
    there.put_resource_policy(ResourceArn=arn, Policy=policy_for(USER, resource=[arn]))
    there.put_item(TableName="music", Item=key("a", 1))
    with enable_iam_authentication():
        assert alice.get_item(TableName=arn, Key=key("a", 1))["Item"] == key("a", 1)
        with refused(
            f"User: {USER} is not authorized to perform: dynamodb:DescribeTimeToLive on resource: {arn} because no "
            "resource-based policy allows the dynamodb:DescribeTimeToLive action",
            "AccessDeniedException",
        ):
            alice.describe_time_to_live(TableName=arn)


def make_table_in(account: str) -> Any:
    """A client of that account, which has a table."""
    credentials = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/admin", RoleSessionName="session"
    )["Credentials"]
    client = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    make_table(client)
    return client
