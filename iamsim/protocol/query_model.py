"""The model by which a service speaks the query protocol, where botocore now speaks another with it."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.model import ServiceModel

from iamsim.protocol.sqs_query import with_query_names
from iamsim.reference.service_model import loader, service_model, with_own_paths


@cache
def query_model(service: str) -> Any:
    """botocore's `ServiceModel` of `service`, or one with the names that it lost."""
    model = service_model(service)
    if service == "sqs" and model.metadata["protocol"] != "query":
        description = with_own_paths(loader().load_service_model(service, "service-2"))
        return ServiceModel(with_query_names(description), service)
    return model
