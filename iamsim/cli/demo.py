"""`iamsim demo`: an order service meets its policy. What is told is checked: else the exit code is 1."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
import click
from botocore.exceptions import ClientError
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

from iamsim.simulator import Simulator
from iamsim.testing.mock import mock_aws
from iamsim.testing.switches import enable_iam_authentication

REGION = "eu-central-1"
ACCOUNT = "123456789012"
ORDERS = {"o-1": "pending", "o-2": "shipped", "o-3": "pending"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
}
FIRST_POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Orders",
            "Effect": "Allow",
            "Action": ["dynamodb:Scan", "dynamodb:UpdateItem"],
            "Resource": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
        },
        {"Sid": "Invoices", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::invoices/2026/*"},
        {
            "Sid": "Shipping",
            "Effect": "Allow",
            "Action": ["sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:shipping",
        },
    ],
}


class NotAsTold(Exception):
    """Something in the story did not happen as it is told."""


@dataclass
class OrderService:
    """What a team would write: plain boto3, no word of iamsim."""

    session: Any

    def run(self) -> list[str]:
        """Invoice and ship every pending order; their ids."""
        table = self.session.resource("dynamodb").Table("orders")
        s3, sqs = self.session.client("s3"), self.session.client("sqs")
        queue_url = sqs.get_queue_url(QueueName="shipping")["QueueUrl"]
        shipped = []
        for order in table.scan()["Items"]:
            if order["state"] == "pending":
                s3.put_object(
                    Bucket="invoices", Key=f"2026/{order['id']}.txt", Body=f"Invoice for {order['id']}".encode()
                )
                sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"ship": order["id"]}))
                table.update_item(
                    Key={"id": order["id"]},
                    UpdateExpression="SET #s = :shipped",
                    ExpressionAttributeNames={"#s": "state"},
                    ExpressionAttributeValues={":shipped": "shipped"},
                )
                shipped.append(order["id"])
        return sorted(shipped)


@click.command(short_help="Show what iamsim does.")
def demo() -> None:
    """Show what iamsim does: an order service is denied, the denial is explained, its policy is mended."""
    console = Console(width=110)
    try:
        with mock_aws() as aws:
            _tell(console, aws)
    except NotAsTold as surprise:
        console.print(f"[bold red]Not as told:[/] {surprise}")
        raise SystemExit(1) from None


def _tell(console: Console, aws: Simulator) -> None:
    console.rule("[bold]iamsim: a simulated AWS in which IAM is real")
    session = _arrange()
    console.print(
        "\nAn order service uses DynamoDB, S3 and SQS as the role [bold]order-service[/]. Its policy is nearly right:\n"
    )
    console.print(_document(FIRST_POLICY))
    console.print("\n[bold]1. The service runs, with IAM enforced on every call.[/]\n")
    denial = _denied(session)
    console.print(Panel(denial["Message"], title=f"ClientError: {denial['Code']}", border_style="red"))
    _expect(denial["Code"] == "AccessDenied", "SQS denies with the code AccessDenied")
    _expect("sqs:sendmessage" in denial["Message"], "the message names sqs:sendmessage")
    _expect("no identity-based policy allows" in denial["Message"], "the message says which kind of policy is missing")

    console.print("\n[bold]2. iamsim says why.[/]\n")
    decision = aws.decisions.denied[-1]
    console.print(Panel(decision.explain(), title="explanation", border_style="yellow"))
    _expect(len(aws.decisions.denied) == 1, "one decision was a denial")
    _expect(not _messages(), "a denied call changes nothing: no message was sent")

    console.print("\n[bold]3. The policy gets the missing action, and the service runs again.[/]\n")
    mended = json.loads(json.dumps(FIRST_POLICY))
    mended["Statement"][2]["Action"].append("sqs:SendMessage")
    _put_policy(mended)
    console.print(_document(mended["Statement"][2]))
    with enable_iam_authentication():
        shipped = OrderService(session).run()
    _expect(shipped == ["o-1", "o-3"], "both pending orders were shipped")
    _expect(_messages() == 2, "two messages wait in the queue")
    console.print(_decisions(aws))
    console.print(f"\nShipped: [bold green]{', '.join(shipped)}[/]. Everything was as told.")


def _arrange() -> Any:
    """The resources and the role, made unchecked as a test's arrangement is; a session of the role."""
    boto3.client("s3", region_name=REGION).create_bucket(
        Bucket="invoices", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    boto3.client("sqs", region_name=REGION).create_queue(QueueName="shipping")
    table = boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for order_id, state in ORDERS.items():
        table.put_item(Item={"id": order_id, "state": state})
    boto3.client("iam").create_role(RoleName="order-service", AssumeRolePolicyDocument=json.dumps(TRUST))
    _put_policy(FIRST_POLICY)
    credentials = boto3.client("sts", region_name=REGION).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/order-service", RoleSessionName="night-run"
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=REGION,
    )


def _put_policy(document: dict[str, Any]) -> None:
    boto3.client("iam").put_role_policy(
        RoleName="order-service", PolicyName="orders", PolicyDocument=json.dumps(document, indent=2)
    )


def _denied(session: Any) -> dict[str, Any]:
    with enable_iam_authentication():
        try:
            OrderService(session).run()
        except ClientError as error:
            return dict(error.response["Error"])
    raise NotAsTold("the service ran although its policy misses an action")


def _messages() -> int:
    """How many messages wait in the queue."""
    sqs = boto3.client("sqs", region_name=REGION)
    attributes = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName="shipping")["QueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def _decisions(aws: Simulator) -> Table:
    table = Table(title="every decision of both runs", title_justify="left")
    for column in ("action", "resource", "decision"):
        table.add_column(column)
    for decision in aws.decisions:
        effect = decision.evaluation.evaluated_effect.name
        table.add_row(decision.action, decision.resource, f"[{'green' if decision.allowed else 'red'}]{effect}[/]")
    return table


def _document(document: Any) -> Syntax:
    return Syntax(json.dumps(document, indent=2), "json", background_color="default")


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise NotAsTold(what)
