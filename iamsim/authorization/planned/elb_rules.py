"""Classic load balancers, whose ARNs have neither type nor id. Source: SAR, Elastic Load Balancing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check


def delete_load_balancer(asked: Asked) -> Iterator[Check]:
    """The load balancer."""
    yield asked.check(asked.arn(f"loadbalancer/{asked.get('LoadBalancerName', '*')}"))


def add_tags(asked: Asked) -> Iterator[Check]:
    """Each load balancer."""
    for name in asked.get("LoadBalancerNames") or ("*",):
        yield asked.check(asked.arn(f"loadbalancer/{name}"))


remove_tags = add_tags


def keys(asked: Asked) -> dict[str, Any]:
    """The protocols of listeners."""
    if asked.operation not in ("CreateLoadBalancer", "CreateLoadBalancerListeners"):
        return {}
    protocols = list(dict.fromkeys(asked.at("Listeners[].Protocol")))
    return asked.keys({"ListenerProtocol": protocols})
