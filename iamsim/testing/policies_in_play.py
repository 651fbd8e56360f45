"""Which policies a decision was made under, and which are attached to anything in a simulated cloud."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from iamsim.cloud import Cloud
from iamsim.policy import Evaluation, Policies, Policy, PolicyType, Principal, PrincipalKind, Statement

WORDS = {
    PolicyType.IDENTITY: "identity",
    PolicyType.BOUNDARY: "boundary",
    PolicyType.SESSION: "session",
    PolicyType.RESOURCE: "resource",
    PolicyType.TRUST: "trust",
    PolicyType.SCP: "scp",
    PolicyType.RCP: "rcp",
    PolicyType.VPC_ENDPOINT: "vpc endpoint",
}
OF_AWS = (":iam::aws:policy/", ":organizations::aws:policy/")
PLACED = ("arn:", "group ", "policy of ", "role ", "user ")
MADE_UP = ("root user", "ACL of ", "`deny` at ", "everything")  # what stands for no document of the user's


@dataclass(frozen=True, slots=True, order=True)
class PolicyKey:
    """A policy as reports count it: one row for one document of one type, wherever it is attached."""

    kind: str  # one of WORDS
    document: str  # canonical JSON


@dataclass(frozen=True, slots=True, order=True)
class Written:
    """How the user wrote a policy, and where: of several forms the first in this order is shown."""

    rank: int  # 0: in a file; 1: nobody knows; 2: in code, where lines of the document mean nothing
    place: str
    text: str

    @staticmethod
    def of(policy: Policy) -> Written:
        """How and where this one was written."""
        origin = policy.document.origin
        rank = 1 if origin is None else 0 if origin.is_file else 2
        return Written(rank, origin.place if origin is not None else "", policy.text)

    @property
    def policy(self) -> Policy:
        """The policy, nameless."""
        return Policy.parse(self.text)

    @property
    def file(self) -> str | None:
        """The file, if it was written in one."""
        return self.place if self.rank == 0 else None

    def line_of(self, statement: Statement) -> int | None:
        """The line on which a statement begins; None where that means nothing."""
        return None if self.rank == 2 else statement.line

    def place_of(self, statement: Statement) -> str:
        """The statement with its line."""
        line = self.line_of(statement)
        return statement.label if line is None else f"{statement.label} (line {line})"


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The document in one form: what differs in white space and order of members only is the same."""
    return json.dumps(json.loads(text), sort_keys=True)


def key_of(kind: PolicyType, policy: Policy) -> PolicyKey:
    """The key under which a policy is counted."""
    return PolicyKey(WORDS[kind], canonical(policy.text))


def is_counted(policy: Policy) -> bool:
    """Whether it is the user's own: neither AWS's, nor one that only stands for something else."""
    if any(mark in policy.label for mark in OF_AWS):
        return False
    return not (policy.name or "").startswith(MADE_UP)


def label_of(policy: Policy) -> str:
    """What to call it: its ARN, else its holder and its name."""
    if policy.arn or not policy.source:
        return policy.label
    return f"{policy.source}: {policy.name}" if policy.name else policy.source


def name_of(labels: Collection[str]) -> str:
    """What to call a document that is known under these names: where it is attached, before what a test file says."""
    placed = [label for label in labels if label.startswith(PLACED)] or labels
    return min(placed) + (f" (and {len(placed) - 1} more)" if len(placed) > 1 else "")


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
