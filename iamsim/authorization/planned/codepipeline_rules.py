"""AWS CodePipeline: webhooks belong to a pipeline, custom action types to `Custom`. Source: SAR of CodePipeline."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def put_webhook(asked: Asked) -> Iterator[Check]:
    """The webhook, and the pipeline that it starts."""
    yield asked.check(asked.arn(f"webhook:{next(asked.at('webhook.name'), '*')}"))
    yield asked.check(asked.arn(next(asked.at("webhook.targetPipeline"), "*")))


def create_custom_action_type(asked: Asked) -> Iterator[Check]:
    """The action type, of which a customer makes only his own."""
    parts = (asked.get(name, "*") for name in ("category", "provider", "version"))
    yield asked.check(asked.arn(f"actiontype:Custom/{'/'.join(map(str, parts))}"))


delete_custom_action_type = create_custom_action_type
