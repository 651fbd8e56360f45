"""Decisions per second of the policy engine, beside the naive reference evaluator. Run: `python benchmarks/engine.py`.

(a) one policy, 3 statements, 2 conditions; (b) 10 identity policies with 60 statements, a boundary, 2 SCP levels with
20 statements and a bucket policy with 10. Each with one request repeated, and with 10,000 different requests. (c) what
a document costs: parsing text that is new, and text that is known.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from iamsim.policy import Access, Policies, Policy, Principal, PrincipalKind, evaluate
from tests.reference import evaluator as reference

ACCOUNT = "111111111111"
ALICE = Principal(
    PrincipalKind.USER,
    ACCOUNT,
    f"arn:aws:iam::{ACCOUNT}:user/alice",
    "AIDA",
    entity_arn=f"arn:aws:iam::{ACCOUNT}:user/alice",
)
CONTEXT = {
    "aws:username": "alice",
    "aws:userid": "AIDA",
    "aws:PrincipalArn": ALICE.arn,
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalType": "User",
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalTag/team": "blue",
    "aws:SourceIp": "10.1.2.3",
    "aws:SecureTransport": "true",
    "aws:CurrentTime": "2026-01-01T00:00:00Z",
    "aws:EpochTime": "1767225600",
    "aws:RequestedRegion": "eu-west-1",
    "aws:ViaAWSService": "false",
    "aws:UserAgent": "Boto3/1.34",
    "aws:ResourceAccount": ACCOUNT,
}
SERVICES = ["s3", "sqs", "sns", "dynamodb", "ec2", "lambda", "kms", "iam", "logs", "events"]


def document(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def one_policy() -> Policies:
    conditions = {"Bool": {"aws:SecureTransport": "true"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    return Policies(
        identity=(
            Policy.parse(
                document(
                    {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
                    {
                        "Effect": "Allow",
                        "Action": ["s3:GetObject", "s3:PutObject"],
                        "Resource": "arn:aws:s3:::bucket/*",
                        "Condition": conditions,
                    },
                    {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"},
                )
            ),
        )
    )


def many_policies() -> Policies:
    def statement(index: int, **more: object) -> dict[str, object]:
        service = SERVICES[index % len(SERVICES)]
        deny = index % 6 == 5
        return {
            "Sid": f"S{index}",
            "Effect": "Deny" if deny else "Allow",
            "Action": f"{service}:Delete*" if deny else [f"{service}:Get*", f"{service}:List*", f"{service}:PutObject"],
            "Resource": [
                f"arn:aws:{service}:::bucket/home/${{aws:username}}/*",
                f"arn:aws:{service}:*:*:bucket{index}*",
            ],
            **({"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["blue", "red"]}}} if index % 2 else {}),
            **more,
        }

    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    identity = [document(*(statement(6 * p + i) for i in range(6))) for p in range(10)]
    scps = [
        document(full, *(statement(10 * level + i, Effect="Deny", Action="iam:*") for i in range(9)))
        for level in (0, 1)
    ]
    bucket = document(*(statement(i, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/r{i}"}) for i in range(10)))
    return Policies(
        identity=tuple(Policy.parse(text) for text in identity),
        boundary=Policy.parse(document(full)),
        resource=(Policy.parse(bucket),),
        scps=tuple((Policy.parse(text),) for text in scps),
    )


def requests(count: int, key: str) -> list[Access]:
    return [
        Access(
            ALICE,
            ("s3:GetObject", "s3:PutObject")[index % 2],
            f"arn:aws:s3:::bucket/{key}{index}",
            ACCOUNT,
            {**CONTEXT, "aws:SourceIp": f"10.1.{index // 250 % 250}.{index % 250}"},
        )
        for index in range(count)
    ]


def rate(decide: Callable[[Access, Policies], object], accesses: Sequence[Access], policies: Policies) -> float:
    """Decisions per second: the best of three runs."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for access in accesses:
            decide(access, policies)
        best = max(best, len(accesses) / (time.perf_counter() - start))
    return best


def parses(texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        Policy.parse(text)
    return len(texts) / (time.perf_counter() - start)


def main() -> None:
    print(f"{'decisions per second':<68}{'engine':>12}{'naive':>10}{'ratio':>8}")
    for title, policies, key in (
        ("(a) one policy, 3 statements", one_policy(), ""),
        ("(b) 13 policies and bucket policy, 91 statements", many_policies(), "home/alice/"),
    ):
        for kind, accesses in (("repeated", requests(1, key) * 10_000), ("10,000 different", requests(10_000, key))):
            assert evaluate(accesses[0], policies).allowed
            fast, slow = rate(evaluate, accesses, policies), rate(reference.evaluate, accesses[:100], policies)
            print(f"{title + ', ' + kind:<68}{fast:>12,.0f}{slow:>10,.0f}{fast / slow:>7,.0f}x")
    text = document(*({"Sid": f"S{i}", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"} for i in range(6)))
    new = [text.replace("S0", f"N{i}") for i in range(1000)]
    print(f"(c) documents of 6 statements per second: new {parses(new):,.0f}, known {parses([text] * 10_000):,.0f}")


if __name__ == "__main__":
    main()
