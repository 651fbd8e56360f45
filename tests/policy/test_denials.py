"""Eight typical denials, as they are told, in full."""

# ruff: noqa: E501 - the lines are as long as they are told

from __future__ import annotations

import json
from typing import Any

from iamsim.policy import Access, Evaluation, Policies, Policy, Principal, evaluate
from tests.policy.scenarios import principal

ALICE = principal("arn:aws:iam::111111111111:user/alice")
BOB = principal("arn:aws:iam::222222222222:user/bob")
WORKER = principal("arn:aws:sts::111111111111:assumed-role/worker/s", "arn:aws:iam::111111111111:role/worker")
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:orders"
OBJECT = "arn:aws:s3:::uploads/out/report.csv"
FULL = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', name="FullAccess")


def policy(name: str, *statements: dict[str, Any], **more: str) -> Policy:
    return Policy.parse(
        json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2), name=name, **more
    )  # each statement on lines of its own


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def ask(who: Principal, action: str, on: str, *, context: Any = None, **policies: Any) -> Evaluation:
    account = "111111111111"
    return evaluate(Access(who, action, on, account, context or {}), Policies(**policies))


def told(evaluation: Evaluation) -> list[str]:
    assert not evaluation.allowed
    return evaluation.explain().splitlines()


def test_another_region() -> None:
    sender = policy(
        "sender",
        allow("sqs:ReceiveMessage"),
        allow("sqs:Send*", [QUEUE.replace("eu-west-1", "us-*"), "arn:aws:sqs:*:*:invoices"], Sid="Send"),
        source="policies/sender.json",
    )
    assert told(ask(ALICE, "sqs:SendMessage", QUEUE, identity=(sender,))) == [
        "DENIED: arn:aws:iam::111111111111:user/alice sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:orders",
        "  because no identity-based policy allows the sqs:SendMessage action",
        "  principal's account: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        "      sender, Send (policies/sender.json, line 9): Resource wants `arn:aws:sqs:us-*:111111111111:orders` (the nearest of 2); the request has arn:aws:sqs:eu-west-1:111111111111:orders",
        "        differs in the Region: wants `us-*`, has `eu-west-1`",
    ]


def test_an_object_outside_the_prefix() -> None:
    reader = policy("reader", allow("s3:GetObject", "arn:aws:s3:::uploads/in/*", Sid="ReadIncoming"))
    assert told(ask(WORKER, "s3:GetObject", OBJECT, identity=(reader,))) == [
        "DENIED: arn:aws:sts::111111111111:assumed-role/worker/s s3:GetObject on arn:aws:s3:::uploads/out/report.csv",
        "  because no identity-based policy allows the s3:GetObject action",
        "  principal's account: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        "      reader, ReadIncoming (line 4): Resource wants `arn:aws:s3:::uploads/in/*`; the request has arn:aws:s3:::uploads/out/report.csv",
        "        differs in the resource part: wants `uploads/in/*`, has `uploads/out/report.csv`",
    ]


def test_an_action_without_resources() -> None:
    reader = policy("reader", allow("s3:List*", "arn:aws:s3:::uploads"))
    assert told(ask(ALICE, "s3:ListAllMyBuckets", "*", identity=(reader,))) == [
        "DENIED: arn:aws:iam::111111111111:user/alice s3:ListAllMyBuckets on *",
        "  because no identity-based policy allows the s3:ListAllMyBuckets action",
        "  principal's account: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        "      reader, statement 1 (line 4): Resource wants `arn:aws:s3:::uploads`; the request has *",
        "        the action is on no particular resource, so only `*` fits",
    ]


def test_a_misspelt_action() -> None:
    reader = policy("reader", allow(["s3:ListBucket", "s3:GetObjects", "s3:PutObject"]), allow("sqs:*"))
    assert told(ask(ALICE, "s3:GetObject", OBJECT, identity=(reader,))) == [
        "DENIED: arn:aws:iam::111111111111:user/alice s3:GetObject on arn:aws:s3:::uploads/out/report.csv",
        "  because no identity-based policy allows the s3:GetObject action",
        "  principal's account: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        "      reader, statement 1 (line 4): Action wants `s3:GetObjects`; the request has s3:GetObject",
    ]


def test_a_service_control_policy() -> None:
    region = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}
    guard = policy(
        "StayInEurope",
        {"Sid": "Regions", "Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": region},
        source="scps/regions.json",
    )
    evaluation = ask(
        ALICE,
        "sqs:SendMessage",
        QUEUE.replace("eu-west-1", "us-east-1"),
        context={"aws:RequestedRegion": "us-east-1"},
        identity=(FULL,),
        scps=((FULL,), (FULL, guard)),
        scp_targets=(
            "arn:aws:organizations::333333333333:root/o-1/r-1",
            "arn:aws:organizations::333333333333:ou/o-1/ou-1",
        ),
    )
    assert told(evaluation) == [
        "DENIED: arn:aws:iam::111111111111:user/alice sqs:SendMessage on arn:aws:sqs:us-east-1:111111111111:orders",
        "  with an explicit deny in a service control policy",
        "  service control policies, level 2 (arn:aws:organizations::333333333333:ou/o-1/ou-1): DENIES",
        "    Deny by StayInEurope, Regions (scps/regions.json, line 4)",
        "      denies anything but `iam:*` on `*`",
        '      where StringNotEquals aws:RequestedRegion "eu-west-1" or "eu-central-1"; the request has "us-east-1"',
        "    Allow by FullAccess, statement 1 (line 1)",
        "  service control policies, level 1 (arn:aws:organizations::333333333333:root/o-1/r-1): allows",
        "    Allow by FullAccess, statement 1 (line 1)",
        "  principal's account: allows",
        "    Allow by FullAccess, statement 1 (line 1)",
    ]


def test_a_permissions_boundary() -> None:
    boundary = policy("boundary", allow(["s3:*", "logs:*"]), arn="arn:aws:iam::111111111111:policy/boundary")
    assert told(ask(WORKER, "sqs:SendMessage", QUEUE, identity=(FULL,), boundary=boundary)) == [
        "DENIED: arn:aws:sts::111111111111:assumed-role/worker/s sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:orders",
        "  because no permissions boundary allows the sqs:SendMessage action",
        "  permissions boundary: DOES NOT ALLOW",
        "    no statement matches, in arn:aws:iam::111111111111:policy/boundary",
        "  principal's account: allows",
        "    Allow by FullAccess, statement 1 (line 1)",
    ]


def test_a_queue_of_another_account() -> None:
    queue = policy(
        "queue policy",
        {**allow("sqs:SendMessage", QUEUE), "Principal": {"AWS": "arn:aws:iam::222222222222:role/bob"}},
        {**allow("sqs:*"), "Principal": {"AWS": "111111111111"}},
    )
    assert told(ask(BOB, "sqs:SendMessage", QUEUE, identity=(FULL,), resource=(queue,))) == [
        "DENIED: arn:aws:iam::222222222222:user/bob sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:orders",
        "  because no resource-based policy allows the sqs:SendMessage action",
        "  resource's owner: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        "      queue policy, statement 1 (line 4): Principal wants `AWS arn:aws:iam::222222222222:role/bob`; the request has arn:aws:iam::222222222222:user/bob",
        "      queue policy, statement 2 (line 12): Principal wants `AWS 111111111111`; the request has arn:aws:iam::222222222222:user/bob",
        "  principal's account: allows",
        "    Allow by FullAccess, statement 1 (line 1)",
    ]


def test_a_topic_that_may_not_send() -> None:
    topic, other = "arn:aws:sns:eu-west-1:111111111111:orders", "arn:aws:sns:eu-west-1:111111111111:returns"
    queue = policy(
        "queue policy",
        {
            **allow("sqs:SendMessage", QUEUE, Condition={"ArnEquals": {"aws:SourceArn": topic}}),
            "Principal": {"Service": "sns.amazonaws.com"},
        },
    )
    evaluation = ask(
        Principal.service("sns.amazonaws.com"),
        "sqs:SendMessage",
        QUEUE,
        context={"aws:SourceArn": other},
        resource=(queue,),
    )
    assert told(evaluation) == [
        "DENIED: sns.amazonaws.com sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:orders",
        "  because no resource-based policy allows the sqs:SendMessage action",
        "  resource's owner: DOES NOT ALLOW",
        "    no statement allows it; nearest:",
        '      queue policy, statement 1 (line 4): Condition wants ArnEquals aws:SourceArn "arn:aws:sns:eu-west-1:111111111111:orders"; the request has "arn:aws:sns:eu-west-1:111111111111:returns"',
        "        differs in the resource part: wants `orders`, has `returns`",
    ]
