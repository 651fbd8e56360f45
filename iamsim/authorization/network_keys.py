"""Condition keys of the network that a request came through. Source: context-keys section 3."""

from __future__ import annotations

from typing import Any

from iamsim.network import VpcEndpoint, endpoint_in
from iamsim.policy.principal import PrincipalKind
from iamsim.reference.key_support import (
    SOURCE_VPC_ARN,
    VPCE_ACCOUNT,
    VPCE_ORG_ID,
    VPCE_ORG_PATHS,
    WITHOUT_ENDPOINT_KEYS,
)
from iamsim.request import Call


def endpoint_of(call: Call) -> VpcEndpoint | None:
    """The VPC endpoint that the request came through; None for what a service calls or forwards (K-20, R-120)."""
    http, endpoints = call.http, call.cloud.vpc_endpoints
    if http.vpc_endpoint is None and not endpoints:
        return None
    if call.principal.kind is PrincipalKind.SERVICE or call.principal.called_via:
        return None
    return http.vpc_endpoint or endpoints.get(endpoint_in(http.host) or "")


def add_network_keys(context: dict[str, Any], call: Call) -> None:
    """The keys that every decision of the call has.

    The address of a service that calls for itself is left out: it is in no range that a policy could mean (K-21).
    """
    endpoint = endpoint_of(call)
    if endpoint is not None:
        context["aws:VpcSourceIp"] = call.http.source_ip
        context["aws:SourceVpc"] = endpoint.vpc
        context["aws:SourceVpce"] = endpoint.id
    elif call.principal.kind is not PrincipalKind.SERVICE and call.http.vpc_endpoint is None:
        context["aws:SourceIp"] = call.http.source_ip


def add_endpoint_keys(context: dict[str, Any], call: Call, action: str) -> None:
    """The keys of VPC endpoints that only some services have; `action` is in lower case."""
    endpoint = endpoint_of(call)
    if endpoint is None or action in WITHOUT_ENDPOINT_KEYS:
        return
    prefix, partition = action.partition(":")[0], call.operation.partition
    if prefix in SOURCE_VPC_ARN:
        vpc = f"arn:{partition}:ec2:{endpoint.region}:{endpoint.account}:vpc/{endpoint.vpc}"
        context["aws:SourceVpcArn"] = vpc
    if prefix in VPCE_ACCOUNT:
        context["aws:VpceAccount"] = endpoint.account
    organizations = call.cloud.organizations
    membership = organizations.membership(endpoint.account) if organizations is not None else None
    if membership is not None:
        if prefix in VPCE_ORG_ID:
            context["aws:VpceOrgID"] = membership.organization
        if prefix in VPCE_ORG_PATHS:
            context["aws:VpceOrgPaths"] = [membership.path]
