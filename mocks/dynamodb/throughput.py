"""Billing modes and provisioned throughput: which settings go together. Source: DynamoDB API Reference, CreateTable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .index import Index
from .invalid import invalid_parameter

PROVISIONED, ON_DEMAND = "PROVISIONED", "PAY_PER_REQUEST"


def check_throughput(billing_mode: str, throughput: Mapping[str, Any] | None, indexes: Iterable[Index]) -> None:
    """Raises Invalid for throughput that the billing mode does not have, or that it needs."""
    if billing_mode == ON_DEMAND and throughput is not None:
        raise invalid_parameter(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )
    if billing_mode == PROVISIONED and throughput is None:
        raise invalid_parameter(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    for index in indexes:
        if not index.is_global:
            continue
        has_its_own = "ProvisionedThroughput" in index.settings
        if billing_mode == ON_DEMAND and has_its_own:
            raise invalid_parameter(
                f"ProvisionedThroughput should not be specified for index: {index.name} when BillingMode is "
                "PAY_PER_REQUEST"
            )
        if billing_mode == PROVISIONED and not has_its_own:
            raise invalid_parameter(
                f"Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {index.name}"
            )


def units(throughput: Mapping[str, Any] | None) -> tuple[int, int]:
    """Read and write capacity units; none where a table is paid for by request."""
    return ((throughput or {}).get("ReadCapacityUnits", 0), (throughput or {}).get("WriteCapacityUnits", 0))


def described(throughput: Mapping[str, Any] | None) -> dict[str, Any]:
    """As DescribeTable shows it."""
    read, write = units(throughput)
    return {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": read, "WriteCapacityUnits": write}
