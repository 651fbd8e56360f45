"""AWS CodePipeline: a webhook belongs to a pipeline. Source: SAR of CodePipeline."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def put_webhook(asked: Asked) -> Iterator[Check]:
    """The webhook, and the pipeline that it starts."""
    yield asked.check(asked.arn(f"webhook:{next(asked.at('webhook.name'), '*')}"))
    yield asked.check(asked.arn(next(asked.at("webhook.targetPipeline"), "*")))
