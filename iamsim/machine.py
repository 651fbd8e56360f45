"""What the metadata service asks of EC2: an instance as it sees itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from iamsim.arn import Arn


@dataclass(frozen=True)
class Machine:
    """One instance, as its own metadata service knows it."""

    arn: Arn
    is_running: bool
    options: Mapping[str, Any]  # its MetadataOptions
    categories: Mapping[str, str]  # by their paths below `meta-data/`, but for those of IAM
    identity: Mapping[str, Any]  # the instance identity document
    user_data: bytes | None
    profile: Arn | None
    profile_id: str
    vpc_id: str
    private_ip: str


class MachineSource(Protocol):
    """Knows the instances: answered by the mock that keeps them."""

    def machine(self, instance_id: str) -> Machine | None:
        """The instance as it is now; None if there is none of that id."""

    def instance_ids(self) -> list[str]:
        """The ids of all instances."""
