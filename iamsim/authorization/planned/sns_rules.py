"""Amazon SNS: where a message may go, and the topic of a subscription. Source: O sections 4, 5 and 8."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role


def publish(asked: Asked) -> Iterator[Check]:
    """To a topic, an endpoint, or a telephone, which has no ARN."""
    yield asked.check(asked.get("TopicArn") or asked.get("TargetArn") or "*")


def unsubscribe(asked: Asked) -> Iterator[Check]:
    """The topic of the subscription: its ARN without the subscription's own id."""
    arn = str(asked.get("SubscriptionArn", "*"))
    topic = asked.meant("sns", "topic", arn)
    yield asked.check(topic or (arn.rpartition(":")[0] if arn.count(":") == 6 else arn))


get_subscription_attributes = set_subscription_attributes = unsubscribe


def forwarded(asked: Asked) -> Iterator[Check]:
    """The roles that write delivery statuses or records, which attributes name."""
    given = asked.get("Attributes") or asked.get("attributes")
    attributes = given if isinstance(given, dict) else {}
    for name, value in {asked.get("AttributeName", ""): asked.get("AttributeValue"), **attributes}.items():
        if "Role" in name and ROLE_ARN.match(str(value)):
            yield pass_role(str(value), "sns")
