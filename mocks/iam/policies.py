"""Operations on managed policies and their versions. Source: IAM API reference; quotas: policy-language section 10."""

from __future__ import annotations

from functools import cache

from iamsim.kit import Call, PolicyType, Reply, aws_managed_policies, operation

from . import tags as tagged
from .account import account_of, forget, in_order, is_taken, keep
from .documents import checked, size
from .failures import DeleteConflict, EntityAlreadyExists, LimitExceeded
from .managed_policy import (
    ManagedPolicy,
    PolicyVersion,
    aws_policy,
    described,
    get_policy_of,
    own_policy,
    version_of,
    versions_of,
)
from .tags import TagList
from .usage import usage

MAX_SIZE = 6_144  # characters
MAX_VERSIONS = 5
PAGE_SIZE = 100


@operation
def create_policy(
    call: Call,
    *,
    policy_name: str,
    policy_document: str,
    path: str = "/",
    description: str = "",
    tags: TagList | None = None,
) -> Reply:
    """Raises EntityAlreadyExists, MalformedPolicyDocument, LimitExceeded."""
    arn = call.make_arn("policy", path=path, name=policy_name)
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "policy", policy_name):
        raise EntityAlreadyExists(f"A policy called {policy_name} already exists. Duplicate names are not allowed.")
    document, now = _checked(policy_document), call.clock.now()
    policy = keep(
        call,
        ManagedPolicy(
            arn,
            wanted_tags,
            unique_id=call.clock.new_unique_id("ANPA"),
            created_at=now,
            updated_at=now,
            description=description,
            versions={"v1": PolicyVersion("v1", document, now)},
        ),
    )
    shown = described(policy, 0, 0)
    shown.pop("Description", None)  # CreatePolicy leaves it out
    return {"Policy": shown if tags else {name: value for name, value in shown.items() if name != "Tags"}}


@operation
def get_policy(call: Call, *, policy_arn: str) -> Reply:
    policy, counted = get_policy_of(call, policy_arn), usage(call)
    return {"Policy": described(policy, counted.attachments[policy_arn], counted.boundaries[policy_arn])}


@operation
def delete_policy(call: Call, *, policy_arn: str) -> None:
    """Raises DeleteConflict while it is attached, or has versions beside the default one."""
    policy, counted = own_policy(call, policy_arn), usage(call)
    if counted.attachments[policy_arn] or counted.boundaries[policy_arn]:
        raise DeleteConflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
    forget(call, policy)


@operation
def list_policies(
    call: Call,
    *,
    scope: str = "All",
    only_attached: bool = False,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
) -> Reply:
    """The account's policies, then those of AWS, each by name."""
    counted = usage(call)
    policies: list[ManagedPolicy] = [] if scope == "AWS" else in_order(call, ManagedPolicy, path_prefix)
    if scope != "Local":
        policies = policies + [each for each in _of_aws(call.operation.partition) if each.path.startswith(path_prefix)]
    if only_attached or policy_usage_filter:
        used = {
            "PermissionsPolicy": counted.attachments.keys(),
            "PermissionsBoundary": counted.boundaries.keys(),
            None: counted.attachments.keys() | counted.boundaries.keys(),
        }[policy_usage_filter]
        policies = [policy for policy in policies if str(policy.arn) in used]
    reply = dict(call.page(policies, limit=PAGE_SIZE) or {})
    shown = [
        described(each, counted.attachments[str(each.arn)], counted.boundaries[str(each.arn)], with_details=False)
        for each in reply["Policies"]
    ]
    return reply | {"Policies": shown}


@cache
def _of_aws(partition: str) -> tuple[ManagedPolicy, ...]:
    """All policies that AWS manages, by name."""
    arns = (f"arn:{partition}:{arn.split(':', 2)[2]}" for arn in aws_managed_policies())
    known = filter(None, map(aws_policy, arns))
    return tuple(sorted(known, key=lambda policy: policy.name))


@operation
def create_policy_version(call: Call, *, policy_arn: str, policy_document: str, set_as_default: bool = False) -> Reply:
    """Raises LimitExceeded for a sixth version."""
    policy, document = own_policy(call, policy_arn), _checked(policy_document)
    if len(policy.versions) >= MAX_VERSIONS:
        raise LimitExceeded(
            f"A managed policy can have up to {MAX_VERSIONS} versions. Before you create a new version, you must "
            "delete an existing version."
        )
    policy.last_version += 1
    version = PolicyVersion(f"v{policy.last_version}", document, call.clock.now())
    policy.versions[version.id] = version
    policy.updated_at = version.created_at
    if set_as_default:
        _set_default(call, policy, version)
    return {"PolicyVersion": version.described(is_default=set_as_default, with_document=False)}


@operation
def get_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Reply:
    policy = get_policy_of(call, policy_arn)
    version = version_of(policy, version_id)
    return {"PolicyVersion": version.described(is_default=version.id == policy.default_version)}


@operation
def list_policy_versions(call: Call, *, policy_arn: str) -> Reply:
    policy = get_policy_of(call, policy_arn)
    versions = [
        version.described(is_default=version.id == policy.default_version, with_document=False)
        for version in versions_of(policy)
    ]
    return call.page(versions, limit=PAGE_SIZE)


@operation
def set_default_policy_version(call: Call, *, policy_arn: str, version_id: str) -> None:
    policy = own_policy(call, policy_arn)
    _set_default(call, policy, version_of(policy, version_id))


@operation
def delete_policy_version(call: Call, *, policy_arn: str, version_id: str) -> None:
    """Raises DeleteConflict for the default version."""
    policy = own_policy(call, policy_arn)
    version = version_of(policy, version_id)
    if version.id == policy.default_version:
        raise DeleteConflict("Cannot delete the default version of a policy.")
    del policy.versions[version.id]


def _set_default(call: Call, policy: ManagedPolicy, version: PolicyVersion) -> None:
    policy.default_version = version.id
    policy.updated_at = call.clock.now()
    account_of(call).changed()


def _checked(document: str) -> str:
    checked(document, PolicyType.IDENTITY)
    if size(document) > MAX_SIZE:
        raise LimitExceeded(f"Cannot exceed quota for PolicySize: {MAX_SIZE}")
    return document
