"""botocore's models of the services, loaded once for the whole process."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.loaders
from botocore.model import ServiceModel

from iamsim.protocol.sqs_query import with_query_names

_loader: Any = None


def set_loader(loader: Any) -> None:
    """Read models through `loader` (a botocore `Loader`) from now on, so that a client and the simulator share them."""
    global _loader
    _loader = loader
    service_model.cache_clear()
    query_model.cache_clear()


def get_loader() -> Any:
    """The one loader: the caller's, or one of our own."""
    global _loader
    if _loader is None:
        _loader = botocore.loaders.create_loader()
    return _loader


@cache
def service_model(service: str) -> Any:
    """botocore's `ServiceModel` of `service`. Raises botocore's `UnknownServiceError`."""
    return ServiceModel(_own_copy(get_loader().load_service_model(service, "service-2")), service)


@cache
def query_model(service: str) -> Any:
    """The model by which `service` speaks the query protocol: botocore's, or one with the names that it lost."""
    model = service_model(service)
    if service == "sqs" and model.metadata["protocol"] != "query":
        description = _own_copy(get_loader().load_service_model(service, "service-2"))
        return ServiceModel(with_query_names(description), service)
    return model


def _own_copy(description: dict[str, Any]) -> dict[str, Any]:
    """The description with `http` traits that no client changes.

    An S3 client takes `{Bucket}` out of the paths of the model that its loader gave it, and leaves the path it found
    under `authPath`.
    """
    operations = {}
    for name, operation in description["operations"].items():
        http = dict(operation.get("http", {}))
        if http.get("authPath", "").startswith("/{Bucket}") and not http["requestUri"].startswith("/{Bucket}"):
            http["requestUri"] = "/{Bucket}" + http["requestUri"]
        operations[name] = {**operation, "http": http}
    return {**description, "operations": operations}
