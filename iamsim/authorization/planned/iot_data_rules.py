"""AWS IoT's data plane. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def publish(asked: Asked) -> Iterator[Check]:
    """The topic; and to retain the message, if it is to be."""
    topic = asked.arn(f"topic/{asked.get('topic', '*')}")
    yield Check("iot:Publish", topic)
    if asked.get("retain"):
        yield Check("iot:RetainPublish", topic)
