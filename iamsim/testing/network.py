"""Where calls come from: a public address, or a VPC through one of its endpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_address
from types import TracebackType
from typing import Any, TypeVar

from iamsim.cloud import DEFAULT_REGION
from iamsim.errors import UsageError
from iamsim.network import VpcEndpoint, full_access
from iamsim.policy import Policy, PolicySyntaxError, PolicyType
from iamsim.testing.active import ACTIVE
from iamsim.testing.given_policies import Given, document_text
from iamsim.testing.origins import ORIGINS, Origin
from iamsim.testing.wrap import wrapped_in

F = TypeVar("F", bound=Callable[..., Any])
PRIVATE_ADDRESS = "10.0.0.10"  # of a caller inside a VPC, where the test gives none


class FromNetwork:
    """Inside the block or the function all calls of all threads come from there."""

    def __init__(self, find: Callable[[], Origin]) -> None:
        self._find = find
        self._entered: list[ExitStack] = []

    def __enter__(self) -> FromNetwork:
        stack = ExitStack()
        stack.enter_context(ORIGINS.set(self._find()))
        self._entered.append(stack)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered.pop().close()

    def __call__(self, function: F) -> F:
        return wrapped_in(lambda: self, function)


def from_network(
    source_ip: str | None = None,
    *,
    vpc_endpoint: str | VpcEndpoint | None = None,
    vpc: str | None = None,
    ip: str = PRIVATE_ADDRESS,
    policy: Given | None = None,
    gateway: bool = False,
    account: str | None = None,
) -> FromNetwork:
    """Let calls come from the public address `source_ip`, or from `ip` inside a VPC through `vpc_endpoint`.

    The endpoint is one that `vpc_endpoint(...)` made, or one for this block with the `vpc`, `policy` and so on given.
    As context manager or decorator; raises UsageError on entering.
    """

    def find() -> Origin:
        if (source_ip is None) == (vpc_endpoint is None):
            raise UsageError("`from_network` takes either `source_ip` or `vpc_endpoint`")
        if source_ip is not None:
            return Origin(_address(source_ip, "source_ip"))
        known = ACTIVE.simulator.cloud.vpc_endpoints
        if isinstance(vpc_endpoint, VpcEndpoint):
            endpoint = vpc_endpoint
        elif vpc_endpoint in known and not (vpc or policy or account or gateway):
            endpoint = known[vpc_endpoint]
        else:
            endpoint = _endpoint(str(vpc_endpoint), vpc, policy, gateway=gateway, account=account, region=None)
        return Origin(_address(ip, "ip"), endpoint)

    return FromNetwork(find)


def vpc_endpoint(
    endpoint_id: str,
    *,
    vpc: str | None = None,
    policy: Given | None = None,
    gateway: bool = False,
    account: str | None = None,
    region: str | None = None,
) -> VpcEndpoint:
    """Make a VPC endpoint that calls can come through: in `from_network`, or by its own host names, such as
    `https://vpce-0fe5b17a-29p5708s.sqs.us-east-1.vpce.amazonaws.com`.

    `policy` is its policy, without one full access; `account` its owner, without one the simulator's own.
    """
    made = _endpoint(endpoint_id, vpc, policy, gateway=gateway, account=account, region=region)
    ACTIVE.simulator.cloud.vpc_endpoints[endpoint_id] = made
    return made


def _endpoint(
    endpoint_id: str,
    vpc: str | None,
    policy: Given | None,
    *,
    gateway: bool,
    account: str | None,
    region: str | None,
) -> VpcEndpoint:
    if not endpoint_id.startswith("vpce-"):
        raise UsageError(f"`{endpoint_id}` is no VPC endpoint: its id starts with `vpce-`")
    return VpcEndpoint(
        id=endpoint_id,
        vpc=vpc or f"vpc-{endpoint_id.removeprefix('vpce-')}",
        account=account or ACTIVE.simulator.cloud.account,
        region=region or DEFAULT_REGION,
        policy=full_access() if policy is None else _policy(policy, endpoint_id),
        is_gateway=gateway,
    )


def _policy(given: Given, endpoint_id: str) -> Policy:
    try:
        policy = Policy.parse(document_text(given), name=f"policy of {endpoint_id}")
    except PolicySyntaxError as problem:
        raise UsageError(f"policy of `{endpoint_id}`: {problem}") from None
    for finding in policy.validate(PolicyType.VPC_ENDPOINT):
        if finding.is_error:
            raise UsageError(f"policy of `{endpoint_id}`: {finding.message}")
    return policy


def _address(text: str, name: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise UsageError(f"`{name}` is `{text}`: give an IP address") from None
