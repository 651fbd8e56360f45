"""Which policies a decision was made under, and which are attached to anything in a simulated cloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from iamsim.cloud import Cloud
from iamsim.policy import Evaluation, Policies, Policy, PolicyType, Principal, PrincipalKind
from iamsim.testing.reported_policy import canonical, is_counted


def in_play(evaluation: Evaluation) -> Iterator[tuple[PolicyType, Policy]]:
    """The policies that the decision was made under, with their type."""
    policies, resource = evaluation.policies, evaluation.resource_type
    for kind, found in _layers(policies, resource):
        for policy in found:
            if is_counted(policy):
                yield kind, policy


def _layers(policies: Policies, resource: PolicyType) -> Iterator[tuple[PolicyType, tuple[Policy, ...]]]:
    yield PolicyType.IDENTITY, policies.identity
    yield PolicyType.BOUNDARY, (policies.boundary,) if policies.boundary is not None else ()
    yield PolicyType.SESSION, policies.session or ()
    yield resource, policies.resource
    yield PolicyType.SCP, tuple(policy for level in policies.scps or () for policy in level)
    yield PolicyType.RCP, tuple(policy for level in policies.rcps or () for policy in level)
    yield PolicyType.VPC_ENDPOINT, (policies.vpc_endpoint,) if policies.vpc_endpoint is not None else ()


def exchanged(policies: Policies, kind: PolicyType, document: str, other: Policy) -> Policies:
    """The policies with `other`'s text in place of every policy of that type and (canonical) document."""

    def new(policy: Policy) -> Policy:
        return replace(policy, document=other.document) if canonical(policy.text) == document else policy

    def each(found: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(map(new, found))

    match kind:
        case PolicyType.IDENTITY:
            return replace(policies, identity=each(policies.identity))
        case PolicyType.BOUNDARY:
            return replace(policies, boundary=policies.boundary and new(policies.boundary))
        case PolicyType.SESSION:
            return replace(policies, session=policies.session and each(policies.session))
        case PolicyType.RESOURCE | PolicyType.TRUST:
            return replace(policies, resource=each(policies.resource))
        case PolicyType.SCP:
            return replace(policies, scps=policies.scps and tuple(map(each, policies.scps)))
        case PolicyType.RCP:
            return replace(policies, rcps=policies.rcps and tuple(map(each, policies.rcps)))
        case PolicyType.VPC_ENDPOINT:
            return replace(policies, vpc_endpoint=policies.vpc_endpoint and new(policies.vpc_endpoint))


def attached(cloud: Cloud) -> Iterator[tuple[PolicyType, Policy]]:
    """The user's own policies on users (with their groups), roles, resources and accounts, whoever of them acted."""
    accounts = {cloud.account}
    for resource in cloud.resources.everything():
        accounts.add(resource.account)
        yield from ((kind, policy) for kind, policy in _of(resource, cloud) if is_counted(policy))
    for account in sorted(accounts):
        yield from ((kind, policy) for kind, policy in _of_account(account, cloud) if is_counted(policy))


def _of_account(account: str, cloud: Cloud) -> Iterator[tuple[PolicyType, Policy]]:
    membership = cloud.organizations.membership(account) if cloud.organizations is not None else None
    if membership is not None:
        yield from ((PolicyType.SCP, policy) for level in membership.scps or () for policy in level)
        yield from ((PolicyType.RCP, policy) for level in membership.rcps or () for policy in level)


def _of(resource: Any, cloud: Cloud) -> Iterator[tuple[PolicyType, Policy]]:
    document = getattr(resource, "policy", None)
    is_role = resource.arn.service == "iam" and resource.arn.type == "role"
    if isinstance(document, str) and document:
        kind = PolicyType.TRUST if is_role else PolicyType.RESOURCE
        yield kind, Policy.parse(document, name=f"policy of {resource.arn}")
    source = cloud.policies
    if source is None or resource.arn.service != "iam" or resource.arn.type not in ("user", "role"):
        return
    arn = str(resource.arn)
    kind_of = PrincipalKind.ROLE_SESSION if is_role else PrincipalKind.USER
    principal = Principal(kind_of, resource.arn.account, arn, "", entity_arn=arn)
    for policy in source.identity_policies(principal):
        yield PolicyType.IDENTITY, policy
    boundary = source.permissions_boundary(principal)
    if boundary is not None:
        yield PolicyType.BOUNDARY, boundary
