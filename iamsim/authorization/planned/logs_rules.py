"""Amazon CloudWatch Logs: but for tags, a log group's ARN ends in a log stream, be it empty. Source: O 5 and 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.actions import action
from iamsim.reference.values import is_arn

TAGGING = ("TagResource", "UntagResource", "ListTagsForResource", "TagLogGroup", "UntagLogGroup", "ListTagsLogGroup")

DELIVERS = ("PutDeliveryDestination", "CreateDelivery")


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """With the empty log stream."""
    for check in checks:
        if ":log-group:" in check.resource and asked.operation not in TAGGING:
            check.resource = with_stream(check.resource)
    return checks


def with_stream(arn: str) -> str:
    """The log group's ARN with the empty log stream, which it may have written as `:*`."""
    if ":log-group:*" not in arn:
        arn = arn.removesuffix(":*")
    return arn if ":log-stream" in arn else f"{arn}:log-stream:"


def describe_log_groups(asked: Asked) -> Iterator[Check]:
    """All there are."""
    yield asked.check(asked.arn("log-group::log-stream:"))


def filter_log_events(asked: Asked) -> Iterator[Check]:
    """The log group, by name or ARN."""
    named = asked.get("logGroupName") or asked.get("logGroupIdentifier") or "*"
    yield asked.check(with_stream(asked.named(named, "log-group:")))


describe_log_streams = get_log_group_fields = list_anomalies = filter_log_events


def get_log_events(asked: Asked) -> Iterator[Check]:
    """The log stream."""
    named = asked.get("logGroupName") or asked.get("logGroupIdentifier") or "*"
    group = asked.named(named, "log-group:").removesuffix(":*")
    yield asked.check(f"{group}:log-stream:{asked.get('logStreamName', '*')}")


def start_query(asked: Asked) -> Iterator[Check]:
    """Every log group that is asked."""
    named = [asked.get("logGroupName"), *(asked.get("logGroupNames") or ()), *(asked.get("logGroupIdentifiers") or ())]
    arns = [with_stream(asked.named(each, "log-group:")) for each in named if each]
    for arn in arns or [asked.arn("log-group:*:log-stream:")]:
        yield asked.check(arn)


def create_log_anomaly_detector(asked: Asked) -> Iterator[Check]:
    """Every log group that is watched."""
    for each in asked.get("logGroupArnList") or ("*",):
        yield asked.check(with_stream(asked.named(each, "log-group:")))


def forwarded(asked: Asked) -> Iterator[Check]:
    """To see what is masked; to have a service's resource deliver its logs. Source: O 4 and 12, PutDeliverySource."""
    if asked.get("unmask"):
        rule = get_log_events if asked.operation == "GetLogEvents" else filter_log_events
        yield from (Check("logs:Unmask", check.resource) for check in rule(asked))
    if asked.operation == "PutDeliverySource":
        arn = str(asked.get("resourceArn", ""))
        allow = action(f"{arn.split(':')[2]}:AllowVendedLogDeliveryForResource") if is_arn(arn) else None
        if allow is not None:
            yield Check(str(allow), arn)


def keys(asked: Asked) -> dict[str, Any]:
    """What logs come from and where they go."""
    found: dict[str, Any] = {}
    if asked.operation == "PutDeliverySource" and asked.get("resourceArn"):
        found["logs:LogGeneratingResourceArns"] = [asked.get("resourceArn")]
    for path in ("deliveryDestinationConfiguration.destinationResourceArn", "deliveryDestinationArn"):
        for arn in asked.at(path) if asked.operation in DELIVERS else ():
            found["logs:DeliveryDestinationResourceArn"] = arn
    return found


def start_live_tail(asked: Asked) -> Iterator[Check]:
    """Every log group that is followed."""
    for each in asked.get("logGroupIdentifiers") or ("*",):
        yield asked.check(with_stream(asked.named(each, "log-group:")))
