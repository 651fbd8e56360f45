"""What starting costs: importing, entering and leaving a mock, the first call of a service; beside boto3 and moto.

python benchmarks/startup.py [--runs 5] [--without-moto]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from calls import moto_python

IMPORT = "import time, resource; t = time.perf_counter(); {what}; print((time.perf_counter() - t) * 1000)"
MEMORY = "import resource; {what}; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
MOCK = """
import time, boto3
from {package} import mock_aws
def use():
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1"); sqs = boto3.client("sqs", region_name="us-east-1")
        s3.create_bucket(Bucket="bench"); sqs.list_queues()
use()
times = []
for _ in range(15):
    t = time.perf_counter(); use(); times.append((time.perf_counter() - t) * 1000)
print(sorted(times)[7])
"""
FIRST_ENTER = """
from {package} import mock_aws
import time
t = time.perf_counter()
with mock_aws(): print((time.perf_counter() - t) * 1000)
"""
FIRST_CALL = """
import time, boto3
from {package} import mock_aws
with mock_aws():
    t = time.perf_counter()
    client = boto3.client("{service}", region_name="us-east-1")
    made = time.perf_counter()
    client.{operation}()
    print((time.perf_counter() - made) * 1000)
"""
SERVICES = {
    "s3": "list_buckets",
    "sqs": "list_queues",
    "dynamodb": "list_tables",
    "iam": "list_users",
    "sts": "get_caller_identity",
    "ec2": "describe_vpcs",
}


def median(python: Path, code: str, runs: int) -> float:
    """The median of what `code` prints, each run in a new process."""
    outputs = [
        subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout
        for _ in range(runs + 1)
    ]
    return statistics.median(float(output) for output in outputs[1:])


def main() -> None:
    """Print one row per measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--without-moto", action="store_true")
    chosen = parser.parse_args()
    here = Path(sys.executable)
    systems = {"iamsim": here} if chosen.without_moto else {"iamsim": here, "moto": moto_python()}
    base = median(here, IMPORT.format(what="import boto3"), chosen.runs)
    memory = median(here, MEMORY.format(what="import boto3"), 1)
    print(f"import boto3: {base:.0f} ms, {memory:.0f} MB")
    for package, python in systems.items():
        took = median(python, IMPORT.format(what=f"from {package} import mock_aws"), chosen.runs)
        used = median(python, MEMORY.format(what=f"from {package} import mock_aws"), 1)
        print(f"{package}: import {took:.0f} ms = {took / base:.2f}x boto3's, {used:.0f} MB")
        enter = median(python, FIRST_ENTER.format(package=package), chosen.runs)
        print(f"{package}: first enter {enter:.0f} ms")
        use = median(python, MOCK.format(package=package), chosen.runs)
        print(f"{package}: mock, two clients, two calls: {use:.1f} ms")
        for service, operation in SERVICES.items():
            first = FIRST_CALL.format(package=package, service=service, operation=operation)
            print(f"{package}: first call of {service}: {median(python, first, chosen.runs):.1f} ms")


if __name__ == "__main__":
    main()
