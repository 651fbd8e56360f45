"""The models of all services, one after the other; none is kept."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.loaders import Loader
from botocore.model import ServiceModel


def every_service() -> Iterator[ServiceModel]:
    """botocore's services in alphabetical order."""
    versions = Loader()
    for name in versions.list_available_services("service-2"):
        version = versions.determine_latest_version(name, "service-2")
        model = Loader().load_data(f"{name}/{version}/service-2")  # a loader keeps all that it has loaded
        yield ServiceModel(model, service_name=name)
