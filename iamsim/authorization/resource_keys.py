"""Condition keys of the resource that one decision is about. Source: context-keys sections 4 and 12, K-25, K-26."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.arn import Arn
from iamsim.reference.key_support import has_resource_owner
from iamsim.reference.tag_keys import tag_keys
from iamsim.request import Call, Required


def owner_keys(call: Call, action: str, owner: str) -> dict[str, Any]:
    """Who owns the resource; `action` is in lower case."""
    if not owner or not has_resource_owner(action):
        return {}
    keys: dict[str, Any] = {"aws:ResourceAccount": owner}
    organizations = call.cloud.organizations
    membership = organizations.membership(owner) if organizations is not None else None
    if membership is not None:
        keys["aws:ResourceOrgID"], keys["aws:ResourceOrgPaths"] = membership.organization, [membership.path]
    return keys


def resource_tag_keys(call: Call, needed: Required) -> dict[str, Any]:
    """The tags that the resource has, under every name that the action knows them by (K-26)."""
    tags = _tags(call, needed)
    if not tags:
        return {}
    families = tag_keys(needed.action, needed.resource).of_resource
    return {before + key: value for before in families for key, value in tags.items()}


def key_keys(call: Call, needed: Required) -> dict[str, Any]:
    """kms:CallerAccount and, of a request that a service forwards, kms:ViaService (section 12)."""
    principal = needed.principal or call.principal
    keys: dict[str, Any] = {"kms:CallerAccount": principal.account} if principal.account else {}
    if principal.called_via:
        service = principal.called_via[-1].removesuffix(".cn").removesuffix(".amazonaws.com")
        keys["kms:ViaService"] = f"{service}.{call.operation.region}.amazonaws.com"
    return keys


def _tags(call: Call, needed: Required) -> Mapping[str, str]:
    """The resource's tags; an S3 object's, as far as they count here, are its bucket's (K-27)."""
    if needed.target is not None:
        tagged = needed.target.resource if needed.target.resource is not None else needed.target.policy_holder
    elif Arn.looks_like(needed.resource) and "*" not in needed.resource:  # a role that is passed, for example
        tagged = call.cloud.resources.at(Arn.parse(needed.resource))
    else:
        return {}
    tags: Mapping[str, str] = getattr(tagged, "tags", {})
    return tags
