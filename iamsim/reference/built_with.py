"""Which operations botocore had when the reference data were collected: what came later, the data cannot know.

`data/botocore_operations.json.gz` has a row for each service: an IAM prefix, which of its actions are operations of the
service (one bit for each, in the order of the action table), and the names of the other operations.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from iamsim.reference.service_authorization import service

FILE = Path(__file__).with_name("data") / "botocore_operations.json.gz"


def botocore_version() -> str:
    """The version of botocore that was read."""
    return str(_file()["botocore"])


def services_then() -> frozenset[str]:
    """The services that botocore had."""
    return frozenset(_file()["services"])


def services_with(prefix: str) -> list[str]:
    """The services whose actions have that IAM prefix."""
    return [name for name, (known, _, _) in _file()["services"].items() if known == prefix]


@cache
def operations_then(name: str) -> frozenset[str]:
    """The operations that the service had; none for a service that is newer."""
    if name not in _file()["services"]:
        return frozenset()
    prefix, bits, others = _file()["services"][name]
    known = service(prefix)
    actions = known.action_names if known else ()
    return frozenset(others).union(each for number, each in enumerate(actions) if int(bits, 16) >> number & 1)


def is_newer(name: str, operation: str) -> bool:
    """Whether botocore has got the operation since the data were collected."""
    return operation not in operations_then(name)


def row(prefix: str, operations: list[str]) -> list[Any]:
    """The row of a service that has these operations, by the action table of `prefix`."""
    known = service(prefix)
    actions = known.action_names if known else ()
    bits = sum(1 << number for number, each in enumerate(actions) if each in operations)
    return [prefix, f"{bits:x}", sorted(set(operations) - set(actions))]


@cache
def _file() -> dict[str, Any]:
    return dict(json.loads(gzip.decompress(FILE.read_bytes())))
