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


def get_thing_shadow(asked: Asked) -> Iterator[Check]:
    """The thing, and after it the name of the shadow if it has one. Source: AWS IoT Developer Guide, iot-policy."""
    shadow = f"/{asked.get('shadowName')}" if asked.get("shadowName") else ""
    yield Check(f"iot:{asked.operation}", asked.arn(f"thing/{asked.get('thingName', '*')}{shadow}"))


update_thing_shadow = delete_thing_shadow = get_thing_shadow
