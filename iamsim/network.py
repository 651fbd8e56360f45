"""The private ways to AWS: VPC endpoints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from iamsim.policy.document import Policy

NAME_IN_HOST = re.compile(r"(?:^|\.)(vpce-[0-9a-z]+)-[0-9a-z-]+\.(?:.+\.)?vpce\.")


@cache
def full_access() -> Policy:
    """The policy of an endpoint that was made without one (R-91)."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return Policy.parse({"Version": "2008-10-17", "Statement": [statement]}, name="default VPC endpoint policy")


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """An interface or a gateway endpoint: through it requests come from inside a VPC."""

    id: str  # `vpce-...`
    vpc: str  # `vpc-...`
    account: str  # its owner's
    region: str
    policy: Policy = field(default_factory=full_access)
    is_gateway: bool = False


def endpoint_in(host: str) -> str | None:
    """The id of the endpoint whose own DNS name `host` is: `vpce-0fe5-29p5.sqs.us-east-1.vpce.amazonaws.com`.

    Source: AWS PrivateLink guide, interface endpoint DNS names; Amazon S3 User Guide, privatelink-interface-endpoints.
    """
    found = NAME_IN_HOST.search(host.lower())
    return found[1] if found else None
