"""Elastic Load Balancing: new resources have `*` for their ids. Source: O section 5."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_tags import tags_of

KINDS = {"application": "app", "network": "net", "gateway": "gwy"}


def create_load_balancer(asked: Asked) -> Iterator[Check]:
    """The load balancer, of the type that is asked for."""
    kind = KINDS.get(asked.get("Type", "application"), "app")
    yield from _made(asked, f"loadbalancer/{kind}/{asked.get('Name', '*')}/*")


def create_target_group(asked: Asked) -> Iterator[Check]:
    """The target group."""
    yield from _made(asked, f"targetgroup/{asked.get('Name', '*')}/*")


def _made(asked: Asked, resource: str) -> Iterator[Check]:
    yield asked.check(asked.arn(resource))
    if tags_of(asked):
        action = "elasticloadbalancing:AddTags"
        yield Check(action, asked.arn(resource), {"elasticloadbalancing:CreateAction": asked.operation})
