"""DescribeLimits and DescribeEndpoints. Source: Amazon DynamoDB Developer Guide, "Quotas": an account's defaults."""

from __future__ import annotations

from iamsim.kit import Call, Reply

from .failures import operation

ACCOUNT_UNITS = 80_000
TABLE_UNITS = 40_000
CACHED_MINUTES = 1440


@operation
def describe_limits(call: Call) -> Reply:
    return {
        "AccountMaxReadCapacityUnits": ACCOUNT_UNITS,
        "AccountMaxWriteCapacityUnits": ACCOUNT_UNITS,
        "TableMaxReadCapacityUnits": TABLE_UNITS,
        "TableMaxWriteCapacityUnits": TABLE_UNITS,
    }


@operation
def describe_endpoints(call: Call) -> Reply:
    domain = "amazonaws.com.cn" if call.operation.partition == "aws-cn" else "amazonaws.com"
    address = f"dynamodb.{call.region}.{domain}"
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": CACHED_MINUTES}]}
