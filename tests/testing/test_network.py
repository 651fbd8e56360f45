"""`from_network(...)`: where calls come from, as block and decorator, for all clients."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
import requests

from iamsim import Simulator, UsageError, decisions
from iamsim.testing import as_root, assert_allowed, assert_denied, from_network, user, vpc_endpoint
from iamsim.testing.acting import Actor

OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
FROM_OFFICE = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": OFFICE}
ORDER = "arn:aws:s3:::orders/1"


def address() -> Any:
    return decisions()[-1].evaluation.access.context.get("aws:SourceIp")


@pytest.fixture
def buckets(aws: Simulator) -> Any:
    return as_root().client("s3", region_name="us-east-1").list_buckets


class TestBlock:
    def test_nests(self, buckets: Any) -> None:
        with from_network("203.0.113.1"):
            with from_network("203.0.113.2"):
                buckets()
                assert address() == "203.0.113.2"
            buckets()
            assert address() == "203.0.113.1"
        buckets()
        assert address() == "127.0.0.1"

    def test_ends_with_an_exception(self, buckets: Any) -> None:
        with pytest.raises(ZeroDivisionError), from_network("203.0.113.1"):
            1 / 0  # noqa: B018
        buckets()
        assert address() == "127.0.0.1"

    def test_threads_and_raw_requests(self, aws: Simulator, buckets: Any) -> None:
        url = (
            as_root()
            .client("s3", region_name="us-east-1")
            .generate_presigned_url("get_object", {"Bucket": "orders", "Key": "1"})
        )
        with from_network("2001:db8::1"):
            thread = threading.Thread(target=buckets)
            thread.start()
            thread.join()
            assert address() == "2001:db8::1"
            requests.get(url, timeout=10)
        assert [each.evaluation.access.context["aws:SourceIp"] for each in list(decisions())[-2:]] == [
            "2001:db8::1"
        ] * 2

    def test_policies_meet_it(self, alice: Actor, aws: Simulator) -> None:
        bob = user("bob", FROM_OFFICE)
        with from_network("203.0.113.77"):
            bob.client("s3").get_object(Bucket="orders", Key="1")
            assert_allowed("bob", "s3:GetObject", ORDER)
        assert_denied("bob", "s3:GetObject", ORDER, by="identity")


class TestDecorator:
    def test_functions(self, buckets: Any) -> None:
        @from_network("203.0.113.1")
        def work() -> Any:
            buckets()
            return address()

        assert [work(), work()] == ["203.0.113.1"] * 2

    def test_coroutines(self, buckets: Any) -> None:
        @from_network("203.0.113.1")
        async def work() -> Any:
            await asyncio.sleep(0)
            buckets()
            return address()

        assert asyncio.run(work()) == "203.0.113.1"


class TestMistakes:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({}, "`from_network` takes either `source_ip` or `vpc_endpoint`"),
            ({"source_ip": "203.0.113.1", "vpc_endpoint": "vpce-1"}, "takes either `source_ip` or `vpc_endpoint`"),
            ({"source_ip": "203.0.113"}, "`source_ip` is `203.0.113`: give an IP address"),
            ({"vpc_endpoint": "vpc-1"}, "`vpc-1` is no VPC endpoint: its id starts with `vpce-`"),
            (
                {"vpc_endpoint": "vpce-1", "policy": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
                "policy of `vpce-1`: Missing required field Principal",
            ),
        ],
    )
    def test_what_cannot_be_meant(self, aws: Simulator, options: dict[str, Any], message: str) -> None:
        with pytest.raises(UsageError, match=message), from_network(**options):
            pass


def test_endpoints_are_part_of_the_state(aws: Simulator) -> None:
    before = aws.snapshot()
    vpc_endpoint("vpce-1", vpc="vpc-1")
    assert list(aws.cloud.vpc_endpoints) == ["vpce-1"]
    aws.restore(before)
    assert aws.cloud.vpc_endpoints == {}
    vpc_endpoint("vpce-1")
    aws.reset()
    assert aws.cloud.vpc_endpoints == {}
