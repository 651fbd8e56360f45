"""botocore's data, read once: the models of services, their paginators and waiters."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import botocore
import botocore.loaders
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.model import ServiceModel

from iamsim.errors import NotMocked

_READ: dict[tuple[str, ...], dict[Any, Any]] = {}  # what loaders have read, by their search paths


class SharingLoader(botocore.loaders.Loader):  # type: ignore[misc]  # botocore is untyped
    """A loader that shares what it reads with all others of the same search paths, so that no model is read twice."""

    @property
    def _cache(self) -> dict[Any, Any]:
        return _READ.setdefault(tuple(self.search_paths), {})

    @_cache.setter
    def _cache(self, value: dict[Any, Any]) -> None:
        """botocore gives each loader an empty cache of its own; it is not needed."""


@cache
def loader() -> SharingLoader:
    """The simulator's own loader. It has the search paths of boto3's sessions, and so shares what they read."""
    own = SharingLoader()
    own.search_paths.append(str(Path(boto3.__file__).with_name("data")))
    return own


@cache
def service_model(service: str) -> Any:
    """The botocore.model.ServiceModel of `service`. Raises NotMocked for a name that botocore does not know."""
    try:
        description = loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        raise NotMocked(f"botocore {botocore.__version__} does not know the service `{service}`") from None
    return ServiceModel(with_own_paths(description), service_name=service)


@cache
def global_region(service: str, partition: str) -> str | None:
    """The region that all calls of a service go to that has no regions, such as IAM; None for other services."""
    for each in loader().load_data("endpoints")["partitions"]:
        known = each["services"].get(service_model(service).endpoint_prefix, {})
        if each["partition"] == partition and known.get("isRegionalized") is False:
            endpoint = known["endpoints"].get(known.get("partitionEndpoint"), {})
            region = endpoint.get("credentialScope", {}).get("region")
            return str(region) if region else None
    return None


def with_own_paths(description: dict[str, Any]) -> dict[str, Any]:
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


def load_data(service: str, kind: str) -> dict[str, Any]:
    """The `paginators-1` or `waiters-2` data of `service`, {} if it has none."""
    try:
        return dict(loader().load_service_model(service, kind))
    except (UnknownServiceError, DataNotFoundError):
        return {}


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a message that a name of botocore's is unknown: what may have been meant."""
    near = get_close_matches(name.lower(), [each.lower() for each in known], n=1)
    return f": did you mean `{next(each for each in known if each.lower() == near[0])}`?" if near else ""
