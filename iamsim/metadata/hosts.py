"""The addresses at which an instance, a container or a pod is told about itself."""

from __future__ import annotations

INSTANCE_HOSTS = frozenset({"169.254.169.254", "[fd00:ec2::254]", "fd00:ec2::254"})
CONTAINER_HOSTS = frozenset({"169.254.170.2"})
METADATA_HOSTS = INSTANCE_HOSTS | CONTAINER_HOSTS | {"169.254.170.23", "[fd00:ec2::23]", "fd00:ec2::23"}


def is_metadata_host(host: str) -> bool:
    """Whether `host`, perhaps with the port 80, is one of these addresses."""
    return host.removesuffix(":80") in METADATA_HOSTS
