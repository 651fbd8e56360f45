"""botocore's data, read once: the models of services, their paginators and waiters."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.loaders
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.model import ServiceModel

from iamsim.errors import NotMocked


@cache
def loader(data_path: str | None = None) -> Any:
    """The process's one loader for `data_path`: what it has read, every session and every stage shares."""
    return _create_loader(data_path)


_create_loader = botocore.loaders.create_loader  # the original: the interception puts `loader` in its place


@cache
def service_model(service: str) -> Any:
    """The botocore.model.ServiceModel of `service`. Raises NotMocked for a name that botocore does not know."""
    try:
        description = loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        raise NotMocked(f"botocore {botocore.__version__} does not know the service `{service}`") from None
    return ServiceModel(description, service_name=service)


def load_data(service: str, kind: str) -> dict[str, Any]:
    """The `paginators-1` or `waiters-2` data of `service`, {} if it has none."""
    try:
        return dict(loader().load_service_model(service, kind))
    except (UnknownServiceError, DataNotFoundError):
        return {}
