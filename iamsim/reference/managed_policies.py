"""The policies that AWS manages, from `policies/aws_managed.zip`; each document is read when it is used."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from iamsim.arn import Arn
from iamsim.reference.partitions import NAMES


@dataclass(frozen=True)
class ManagedPolicyData:
    """One AWS managed policy in its default version."""

    arn: str
    name: str
    version_id: str
    created_at: float  # seconds since the epoch
    updated_at: float

    @property
    def path(self) -> str:
        """Its path, such as `/` or `/service-role/`."""
        return Arn.parse(self.arn).resource.removeprefix("policy").removesuffix(self.name)

    @cached_property
    def document(self) -> str:
        """The policy document, JSON; the ARNs in it are of the policy's own partition."""
        text = _archive().read(f"{self.name}.json").decode("utf-8")
        partition = Arn.parse(self.arn).partition
        return text if partition == "aws" else text.replace('"arn:aws:', f'"arn:{partition}:')


class ManagedPolicies(Mapping[str, ManagedPolicyData]):
    """AWS managed policies by ARN. Each is known in every partition; as keys stand those of the partition `aws`."""

    def __init__(self, index: Mapping[str, Any]) -> None:
        self._index = index
        self._read: dict[str, ManagedPolicyData] = {}

    def __getitem__(self, arn: str) -> ManagedPolicyData:
        if arn not in self._read:
            name, version_id, created, updated = self._index[_of_first_partition(arn)]
            self._read[arn] = ManagedPolicyData(arn, name, version_id, _seconds(created), _seconds(updated))
        return self._read[arn]

    def __contains__(self, arn: object) -> bool:
        return isinstance(arn, str) and _of_first_partition(arn) in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)


def _of_first_partition(arn: str) -> str:
    """The ARN of the same policy in the partition `aws`."""
    scheme, _, rest = arn.partition(":")
    partition, _, rest = rest.partition(":")
    return f"{scheme}:aws:{rest}" if partition in NAMES else arn


@cache
def aws_managed_policies() -> ManagedPolicies:
    """All AWS managed policies, by ARN."""
    return ManagedPolicies(json.loads(_archive().read("index.json")))


def origin() -> dict[str, Any]:
    """Where the data come from: package, version, licence, hash and count."""
    return dict(json.loads(_archive().read("origin.json")))


@cache
def _archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(files("iamsim.policies").joinpath("aws_managed.zip").read_bytes()))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
