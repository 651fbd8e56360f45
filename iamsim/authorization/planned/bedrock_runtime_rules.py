"""Amazon Bedrock: the type of a model follows from its id. Source: O section 4."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

OF_A_PROFILE = re.compile(r"(?:us|us-gov|eu|apac|jp|au|ca|global)\.[\w-]+\.")


def invoke_model(asked: Asked) -> Iterator[Check]:
    """The model, or the inference profile that stands before several."""
    yield from _invoked(asked, "InvokeModel")


def invoke_model_with_response_stream(asked: Asked) -> Iterator[Check]:
    """The same, with its own action."""
    yield from _invoked(asked, "InvokeModelWithResponseStream")


converse = start_async_invoke = invoke_model
converse_stream = invoke_model_with_response_stream


def _invoked(asked: Asked, action: str) -> Iterator[Check]:
    """The model; and to apply the guardrail, if one is named. Source: Amazon Bedrock User Guide, guardrails."""
    yield Check(f"bedrock:{action}", model(asked, str(asked.get("modelId", "*"))))
    guardrail = asked.get("guardrailIdentifier") or next(asked.at("guardrailConfig.guardrailIdentifier"), None)
    if guardrail:
        yield Check("bedrock:ApplyGuardrail", asked.named(guardrail, "guardrail/"))


def model(asked: Asked, name: str) -> str:
    """The ARN of the model, or of the inference profile that stands before several."""
    if is_arn(name):
        return name
    if OF_A_PROFILE.match(name):
        return asked.arn(f"inference-profile/{name}")
    return asked.arn(f"foundation-model/{name}", account="")
