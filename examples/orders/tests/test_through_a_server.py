"""A program of its own, in any language, that talks to the simulator over HTTP; and a server that runs elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import boto3
from iamsim.server import ServerThread, serve_in_thread
from iamsim.simulator import Simulator
from iamsim.testing import Actor, assert_denied, connect, expect_denied, role

import orders

HERE = Path(__file__).parents[1]
PROGRAM = "import orders; orders.forget(orders.place({'id': '1'}))"


def test_a_program_of_its_own(service: Actor, iamsim_session: Simulator) -> None:
    with serve_in_thread(iamsim_session) as server, service, expect_denied("s3:DeleteObject", by="boundary"):
        variables = {**os.environ, **service.environment(server.url)}
        run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=HERE, env=variables, capture_output=True, text=True)
    assert run.returncode == 1
    assert "not authorized to perform: s3:DeleteObject" in run.stderr


def test_about_a_server_that_runs_elsewhere() -> None:
    with ServerThread() as server, connect(server.url):  # say, `iamsim serve` in a container
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="orders")
        role("order-service", HERE / "policies" / "order-service.json", boundary=HERE / "policies" / "boundary.yaml")
        assert_denied("order-service", "s3:DeleteObject", "arn:aws:s3:::orders/2026/1.json", statement="DenyDeletes")
        with role("guest"), expect_denied("s3:GetObject", by="identity"):
            orders.S3.get_object(Bucket="orders", Key="2026/1.json")
