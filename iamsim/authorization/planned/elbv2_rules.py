"""Elastic Load Balancing: new resources have `*` for their ids. Source: O section 5; SAR, Elastic Load Balancing V2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import tagging
from iamsim.reference.actions import has_key

KINDS = {"application": "app", "network": "net", "gateway": "gwy"}


def create_load_balancer(asked: Asked) -> Iterator[Check]:
    """The load balancer, of the type that is asked for."""
    kind = KINDS.get(asked.get("Type", "application"), "app")
    yield from _made(asked, f"loadbalancer/{kind}/{asked.get('Name', '*')}/*")


def create_target_group(asked: Asked) -> Iterator[Check]:
    """The target group."""
    yield from _made(asked, f"targetgroup/{asked.get('Name', '*')}/*")


def create_trust_store(asked: Asked) -> Iterator[Check]:
    """The trust store."""
    yield from _made(asked, f"truststore/{asked.get('Name', '*')}/*")


def create_listener(asked: Asked) -> Iterator[Check]:
    """The load balancer; and to tag the listener, whose ARN begins as the load balancer's."""
    arn = str(asked.get("LoadBalancerArn") or asked.arn("loadbalancer/*"))
    yield asked.check(arn)
    yield from tagging(asked, arn.replace(":loadbalancer/", ":listener/") + "/*", "AddTags")


def create_rule(asked: Asked) -> Iterator[Check]:
    """The listener; and to tag the rule, whose ARN begins as the listener's."""
    arn = str(asked.get("ListenerArn") or asked.arn("listener/*"))
    yield asked.check(arn)
    yield from tagging(asked, arn.replace(":listener/", ":listener-rule/") + "/*", "AddTags")


def modify_rule(asked: Asked) -> Iterator[Check]:
    """The rule."""
    yield asked.check(asked.get("RuleArn") or asked.arn("listener-rule/*"))


delete_rule = modify_rule


def set_rule_priorities(asked: Asked) -> Iterator[Check]:
    """Each rule."""
    for arn in asked.at("RulePriorities[].RuleArn"):
        yield asked.check(arn)


def keys(asked: Asked) -> dict[str, Any]:
    """Subnets by their mappings; the protocol and the security policy of a listener."""
    found = {
        "Subnet": list(asked.at("SubnetMappings[].SubnetId")),
        "ListenerProtocol": [asked.get("Protocol")] if asked.get("Protocol") else None,
        "SecurityPolicy": [asked.get("SslPolicy")] if asked.get("SslPolicy") else None,
    }
    action = f"{asked.prefix}:{asked.operation}"
    return {key: value for key, value in asked.keys(found).items() if has_key(action, key)}


def _made(asked: Asked, resource: str) -> Iterator[Check]:
    yield asked.check(asked.arn(resource))
    yield from tagging(asked, asked.arn(resource), "AddTags")
