"""What policies see of a caller's connection: its address, and whether it is encrypted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iamsim.network import VpcEndpoint
from iamsim.server import ServerThread


def test_the_address_of_the_peer(server: ServerThread, client: Callable[..., Any], user: Callable[..., Any]) -> None:
    client("sqs", user("sqs:ListQueues")).list_queues()
    context = server.simulator.decisions[-1].evaluation.access.context
    assert context["aws:SourceIp"] == "127.0.0.1"
    assert context["aws:SecureTransport"] == "false"


def test_the_host_name_of_an_endpoint(
    server: ServerThread, client: Callable[..., Any], user: Callable[..., Any]
) -> None:
    """Who reaches the server by an endpoint's own name, as a hosts file or a proxy can have it, comes through it."""
    server.simulator.cloud.vpc_endpoints["vpce-0c2d"] = VpcEndpoint(
        "vpce-0c2d", "vpc-0a1b", "123456789012", "eu-central-1"
    )
    sqs = client("sqs", user("sqs:ListQueues"))
    name = "vpce-0c2d-29p5708s.sqs.eu-central-1.vpce.amazonaws.com"
    sqs.meta.events.register("before-sign.sqs", lambda request, **_: request.headers.add_header("Host", name))
    sqs.list_queues()
    context = server.simulator.decisions[-1].evaluation.access.context
    assert (context["aws:SourceVpce"], context["aws:VpcSourceIp"]) == ("vpce-0c2d", "127.0.0.1")
