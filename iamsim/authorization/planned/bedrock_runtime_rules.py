"""Amazon Bedrock: the type of a model follows from its id. Source: O section 4."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

OF_A_PROFILE = re.compile(r"(?:us|us-gov|eu|apac|jp|au|ca|global)\.[\w-]+\.")


def invoke_model(asked: Asked) -> Iterator[Check]:
    """The model, or the inference profile that stands before several."""
    yield Check("bedrock:InvokeModel", _model(asked))


def invoke_model_with_response_stream(asked: Asked) -> Iterator[Check]:
    """The same, with its own action."""
    yield Check("bedrock:InvokeModelWithResponseStream", _model(asked))


converse = start_async_invoke = invoke_model
converse_stream = invoke_model_with_response_stream


def _model(asked: Asked) -> str:
    name = str(asked.get("modelId", "*"))
    if is_arn(name):
        return name
    if OF_A_PROFILE.match(name):
        return asked.arn(f"inference-profile/{name}")
    return asked.arn(f"foundation-model/{name}", account="")
