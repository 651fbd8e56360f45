"""Amazon Bedrock: the type of a model or profile follows from its id. Source: SAR of Bedrock."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.bedrock_runtime_rules import OF_A_PROFILE, model
from iamsim.reference.values import is_arn


def create_model_customization_job(asked: Asked) -> Iterator[Check]:
    """The model to be, and the one that it is made from."""
    yield asked.check(asked.arn("custom-model/*"))
    yield asked.check(model(asked, str(asked.get("baseModelIdentifier", "*"))))


def create_model_invocation_job(asked: Asked) -> Iterator[Check]:
    """The job to be, and the model."""
    yield asked.check(asked.arn("model-invocation-job/*"))
    yield asked.check(model(asked, str(asked.get("modelId", "*"))))


def create_provisioned_model_throughput(asked: Asked) -> Iterator[Check]:
    """The model that gets throughput of its own."""
    yield asked.check(model(asked, str(asked.get("modelId", "*"))))


def get_inference_profile(asked: Asked) -> Iterator[Check]:
    """One that AWS defines has its region's group in the id."""
    name = str(asked.get("inferenceProfileIdentifier", "*"))
    kind = "inference-profile" if OF_A_PROFILE.match(name) else "application-inference-profile"
    yield asked.check(name if is_arn(name) else asked.arn(f"{kind}/{name}"))
