"""Requests per second of the HTTP server: boto3 and plain keep-alive connections, beside moto's server in one run.

    python benchmarks/server.py [--rounds 3] [--seconds 1.0] [--without-moto]

moto comes from PyPI into an environment of its own under .bench/; it is called, never looked into.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ROOT = Path(__file__).parents[1]
MOTO = ROOT / ".bench" / "moto-server"
REGION = "us-east-1"
ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
JSON_TYPE = "application/x-amz-json-1.0"
SERVE = "from iamsim.cli.serve import serve; serve()"
Results = dict[str, float]  # requests per second, and megabytes under `memory`


def moto_server() -> Path:
    """moto's server, installed on first use."""
    server = MOTO / "bin" / "moto_server"
    if not server.exists():
        print("installing moto[server] from PyPI into .bench/moto-server ...", file=sys.stderr)
        venv.create(MOTO, with_pip=True)
        packages = ["moto[server,s3,dynamodb,sqs,iam,sts]"]
        subprocess.run([str(MOTO / "bin" / "python"), "-m", "pip", "install", "-q", *packages], check=True)
    return server


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def started(system: str) -> Iterator[tuple[str, int]]:
    """The URL and the process of a server that is ready."""
    port = free_port()
    command = [str(moto_server()), "-p", str(port)]
    if system == "iamsim":
        command = [sys.executable, "-c", SERVE, "--port", str(port)]
    quiet = subprocess.DEVNULL
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INITIAL_NO_AUTH")}
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(10)


def memory_mb(process: int) -> float:
    """What the process has resident; 0 where /proc is not there."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def cpu_s(process: int) -> float:
    """The seconds of CPU that the process has used, which others on the machine do not change; 0 without /proc."""
    status = Path(f"/proc/{process}/stat")
    if not status.exists():
        return 0.0
    fields = status.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def unchecked(url: str, calls: str) -> None:
    """Let so many calls run unchecked from here on: both systems take moto's endpoint."""
    headers = {"Content-Type": "text/plain"}  # moto reads no form here
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset-auth", calls.encode(), headers)).close()


def per_second(call: Callable[[], Any], seconds: float) -> float:
    """How often `call` runs in a second, one after the other."""
    for _ in range(10):
        call()
    count, start = 0, time.perf_counter()
    while (taken := time.perf_counter() - start) < seconds:
        call()
        count += 1
    return count / taken


def signed(url: str, keys: tuple[str, str], service: str, method: str, path: str, body: bytes, **headers: str) -> bytes:
    """A signed request as it goes over a connection."""
    host = url.removeprefix("http://")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, url + path, data=body, headers={"Host": host, **named})
    (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(*keys), service, REGION).add_auth(request)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def plain(url: str, data: bytes, connections: int, seconds: float) -> float:
    """Requests per second of one signed request, repeated on connections that are kept if the server keeps them."""
    address = ("127.0.0.1", int(url.rpartition(":")[2]))
    counts = [0] * connections
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        connection = socket.create_connection(address, timeout=10)
        while time.perf_counter() < end:
            connection.sendall(data)
            head = answer_head(connection)
            counts[number] += 1
            if b"connection: close" in head:  # the server keeps none
                connection.close()
                connection = socket.create_connection(address, timeout=10)
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


def answer_head(connection: socket.socket) -> bytes:
    """The head of the next answer, in lower case, once its body has been read too."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError(f"closed after {received[:300]!r}")
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    head = head.lower()
    if not head.startswith((b"http/1.1 200", b"http/1.0 200")):
        raise ConnectionError(f"refused: {received[:600]!r}")
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head


def measure(system: str, seconds: float) -> Results:
    """One run of everything against one server."""
    with started(system) as (url, process):
        found = {"memory MB at the start": memory_mb(process)}

        def client(service: str, keys: tuple[str, str]) -> Any:
            config = Config(retries={"total_max_attempts": 1})
            secret = {"aws_access_key_id": keys[0], "aws_secret_access_key": keys[1]}
            return boto3.client(service, region_name=REGION, endpoint_url=url, config=config, **secret)

        anybody = ("testing", "testing")
        iam = client("iam", anybody)
        iam.create_user(UserName="bench")
        iam.put_user_policy(UserName="bench", PolicyName="all", PolicyDocument=json.dumps(ADMIN))
        key = iam.create_access_key(UserName="bench")["AccessKey"]
        keys = (key["AccessKeyId"], key["SecretAccessKey"])
        s3, sqs, dynamodb, sts = (client(service, keys) for service in ("s3", "sqs", "dynamodb", "sts"))
        s3.create_bucket(Bucket="bench")
        queue = sqs.create_queue(QueueName="bench")["QueueUrl"]
        dynamodb.create_table(
            TableName="bench",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        item = {"id": {"S": "1"}, "name": {"S": "somebody"}}
        large = b"x" * (8 << 20)
        calls = {
            "sts.get_caller_identity": lambda: sts.get_caller_identity(),
            "s3.put_object 1 KB": lambda: s3.put_object(Bucket="bench", Key="key", Body=b"x" * 1024),
            "s3.get_object 1 KB": lambda: s3.get_object(Bucket="bench", Key="key")["Body"].read(),
            "dynamodb.put_item": lambda: dynamodb.put_item(TableName="bench", Item=item),
            "sqs.send_message": lambda: sqs.send_message(QueueUrl=queue, MessageBody="hello"),
            "s3.put_object 8 MB": lambda: s3.put_object(Bucket="bench", Key="large", Body=large),
        }
        target = "DynamoDB_20120810.PutItem"
        document = json.dumps({"TableName": "bench", "Item": item}).encode()
        form = b"Action=GetCallerIdentity&Version=2011-06-15"
        plain_calls = {
            "sts": signed(url, keys, "sts", "POST", "/", form, Content_Type="application/x-www-form-urlencoded"),
            "s3 put": signed(url, keys, "s3", "PUT", "/bench/plain", b"x" * 1024),
            "s3 get": signed(url, keys, "s3", "GET", "/bench/plain", b""),
            "dynamodb": signed(
                url, keys, "dynamodb", "POST", "/", document, X_Amz_Target=target, Content_Type=JSON_TYPE
            ),
        }
        for mode, count in (("off", "inf"), ("on", "0")):
            unchecked(url, count)
            for name, data in plain_calls.items():
                before, answered = cpu_s(process), 0.0
                for connections in (1, 8):
                    found[f"plain {name}, {connections} at once, IAM {mode}"] = plain(url, data, connections, seconds)
                    answered += found[f"plain {name}, {connections} at once, IAM {mode}"] * seconds
                used = cpu_s(process) - before
                found[f"plain {name}, a second of the server's CPU, IAM {mode}"] = answered / used if used else 0.0
            for name, call in calls.items():
                found[f"{name}, IAM {mode}"] = per_second(call, seconds)
        found["memory MB at the end"] = memory_mb(process)
    return found


def main() -> None:
    """Print one row for each thing measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--without-moto", action="store_true")
    chosen = parser.parse_args()
    systems = ["iamsim"] if chosen.without_moto else ["iamsim", "moto"]
    rounds: dict[str, list[Results]] = {system: [] for system in systems}
    for _ in range(chosen.rounds):  # in turn, so that a slow moment of the machine hits all alike
        for system in systems:
            rounds[system].append(measure(system, chosen.seconds))
    print(f"{'median of requests per second':54}" + "".join(f"{system:>10}" for system in systems) + "    ratio")
    for name in rounds["iamsim"][0]:
        values = [statistics.median(each[name] for each in rounds[system]) for system in systems]
        ratio = f"{values[0] / values[1]:8.2f}x" if len(values) > 1 and values[1] else ""
        print(f"{name:54}" + "".join(f"{value:10.0f}" for value in values) + ratio)


if __name__ == "__main__":
    main()
