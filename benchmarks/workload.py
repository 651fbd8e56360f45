"""The calls that are timed, the same for every system. Run by calls.py in an environment of each system's own."""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3

REGION = "us-east-1"
ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SETUP_CALLS = 4  # create_user, put_user_policy, create_access_key, and one more for the bucket's owner


@contextlib.contextmanager
def iamsim(enforced: bool) -> Iterator[None]:
    from iamsim import mock_aws

    with mock_aws():
        yield


@contextlib.contextmanager
def moto(enforced: bool) -> Iterator[None]:
    from moto import mock_aws

    with mock_aws():
        yield


def enforcement(system: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """The decorator that enforces IAM from the first call on."""
    if system == "iamsim":
        from iamsim import set_initial_no_auth_action_count
    else:
        from moto.core import set_initial_no_auth_action_count
    return set_initial_no_auth_action_count(0)


def administrator() -> dict[str, str]:
    """The keys of a new user who may do everything."""
    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName="bench")
    iam.put_user_policy(UserName="bench", PolicyName="all", PolicyDocument=json.dumps(ADMIN))
    key = iam.create_access_key(UserName="bench")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def calls(keys: dict[str, str]) -> dict[str, Callable[[], Any]]:
    """What is timed, by name, on resources made here."""

    def client(service: str) -> Any:
        return boto3.client(service, region_name=REGION, **keys)

    s3, sqs, dynamodb, ec2 = client("s3"), client("sqs"), client("dynamodb"), client("ec2")
    iam, sts = client("iam"), client("sts")
    s3.create_bucket(Bucket="bench")
    s3.put_object(Bucket="bench", Key="key", Body=b"x" * 1024)
    url = sqs.create_queue(QueueName="bench")["QueueUrl"]
    full = sqs.create_queue(QueueName="full")["QueueUrl"]
    for start in range(0, 1000, 10):
        entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(start, start + 10)]
        sqs.send_message_batch(QueueUrl=full, Entries=entries)
    dynamodb.create_table(
        TableName="bench",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    item = {"id": {"S": "1"}, "name": {"S": "somebody"}, "age": {"N": "42"}}
    dynamodb.put_item(TableName="bench", Item=item)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=2, MaxCount=2)
    return {
        "sts.get_caller_identity": lambda: sts.get_caller_identity(),
        "s3.put_object 1 KB": lambda: s3.put_object(Bucket="bench", Key="key", Body=b"x" * 1024),
        "s3.get_object 1 KB": lambda: s3.get_object(Bucket="bench", Key="key")["Body"].read(),
        "sqs.send_message": lambda: sqs.send_message(QueueUrl=url, MessageBody="hello"),
        "sqs.send_message, 1,000 waiting": lambda: sqs.send_message(QueueUrl=full, MessageBody="hello"),
        "dynamodb.put_item": lambda: dynamodb.put_item(TableName="bench", Item=item),
        "dynamodb.get_item": lambda: dynamodb.get_item(TableName="bench", Key={"id": {"S": "1"}}),
        "iam.get_user": lambda: iam.get_user(UserName="bench"),
        "ec2.describe_instances": lambda: ec2.describe_instances(),
    }


def timed(call: Callable[[], Any], count: int) -> float:
    """The median time of one call in milliseconds."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def canned(call: Callable[[], Any]) -> Any:
    """A stand-in for botocore's send that repeats what the simulator answered to `call`."""
    import botocore.httpsession
    from botocore.awsrequest import AWSResponse

    from iamsim.intercept.boto import Raw

    session = botocore.httpsession.URLLib3Session
    simulated, seen = session.send, []

    def record(self: Any, request: Any) -> Any:
        seen.append(simulated(self, request))
        return seen[-1]

    session.send = record
    call()
    session.send = simulated
    answer = seen[-1]
    body = answer.content if not answer.raw.getvalue() else answer.raw.getvalue()

    def send(self: Any, request: Any) -> Any:
        return AWSResponse(request.url, answer.status_code, answer.headers, Raw(body))

    return send


def measure(system: str, mode: str, count: int) -> dict[str, float]:
    """Milliseconds per call, by call."""
    start = moto if system == "moto" else iamsim
    with start(mode == "on"):
        keys = administrator()
        found = {}
        for name, call in calls(keys).items():
            if mode == "floor":
                import botocore.httpsession

                original = botocore.httpsession.URLLib3Session.send
                botocore.httpsession.URLLib3Session.send = canned(call)
                found[name] = timed(call, count)
                botocore.httpsession.URLLib3Session.send = original
                continue

            def run(call: Callable[[], Any] = call) -> float:
                timed(call, max(count // 10, 3))
                return timed(call, count)

            found[name] = enforcement(system)(run)() if mode == "on" else run()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=["iamsim", "moto"])
    parser.add_argument("mode", choices=["floor", "off", "on"])
    parser.add_argument("--count", type=int, default=300)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.system, chosen.mode, chosen.count)))
