"""Condition keys of the resource that one decision is about. Source: context-keys sections 4 and 12, K-25, K-26."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.arn import Arn
from iamsim.reference.tag_keys import tag_keys
from iamsim.request import Call, Required


def add_owner_keys(context: dict[str, Any], call: Call, owner: str) -> None:
    """Who owns the resource."""
    context["aws:ResourceAccount"] = owner
    organizations = call.cloud.organizations
    membership = organizations.membership(owner) if organizations is not None else None
    if membership is not None:
        context["aws:ResourceOrgID"], context["aws:ResourceOrgPaths"] = membership.organization, [membership.path]


def add_resource_tags(context: dict[str, Any], call: Call, needed: Required) -> None:
    """The tags that the resource has, under every name that the action knows them by (K-26)."""
    tags = _tags(call, needed)
    if not tags:
        return
    for before in tag_keys(needed.action, needed.resource).of_resource:
        for key, value in tags.items():
            context[before + key] = value


def add_key_keys(context: dict[str, Any], call: Call, needed: Required) -> None:
    """kms:CallerAccount and, of a request that a service forwards, kms:ViaService (section 12)."""
    principal = needed.principal or call.principal
    if principal.account:
        context["kms:CallerAccount"] = principal.account
    if principal.called_via:
        service = principal.called_via[-1].removesuffix(".cn").removesuffix(".amazonaws.com")
        context["kms:ViaService"] = f"{service}.{call.operation.region}.amazonaws.com"


def _tags(call: Call, needed: Required) -> Mapping[str, str]:
    """The resource's tags; an S3 object's, as far as they count here, are its bucket's (K-27)."""
    target = needed.target
    if target is not None:
        tagged = target.resource if target.resource is not None else target.policy_holder
    elif Arn.looks_like(needed.resource) and "*" not in needed.resource:  # a role that is passed, for example
        tagged = call.cloud.resources.at(Arn.parse(needed.resource))
    else:
        return {}
    tags: Mapping[str, str] = getattr(tagged, "tags", {})
    return tags
