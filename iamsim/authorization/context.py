"""The request context: every condition key that AWS would put there for this call.

Source: context-keys sections 1-6. `principal_keys.py`, `network_keys.py` and `resource_keys.py` have the longer parts.
"""

from __future__ import annotations

from typing import Any

from iamsim.authorization.moments import timestamp
from iamsim.authorization.network_keys import add_endpoint_keys, add_network_keys
from iamsim.authorization.principal_keys import add_principal_keys
from iamsim.authorization.resource_keys import add_key_keys, add_owner_keys, add_resource_tags
from iamsim.reference.key_support import has_resource_owner
from iamsim.request import Call, Required

Context = dict[str, Any]  # a str is a single-valued key, a list a multivalued one

GLOBAL_REGION = "us-east-1"  # what aws:RequestedRegion says for services without regions


def request_context(call: Call) -> Context:
    """The keys that all decisions of `call` share, of whichever service: principal, session, network and request."""
    now, headers = call.cloud.clock.now(), call.http.headers
    context: Context = {
        "aws:CurrentTime": timestamp(now),
        "aws:EpochTime": str(int(now)),
        "aws:SecureTransport": "true" if call.http.scheme == "https" else "false",
        "aws:RequestedRegion": call.operation.region or GLOBAL_REGION,
    }
    if "user-agent" in headers:
        context["aws:UserAgent"] = headers["user-agent"]
    if "referer" in headers:
        context["aws:referer"] = headers["referer"]
    add_network_keys(context, call)
    add_principal_keys(context, call.principal, call.cloud, now)
    return context


def access_context(call: Call, shared: Context, needed: Required, owner: str) -> Context:
    """The keys of one decision: those of the call, those of the resource that `owner` has, and its own."""
    action = needed.action.lower()
    context = shared.copy()
    owner = needed.context.get("aws:ResourceAccount", owner)
    if owner and has_resource_owner(action):
        add_owner_keys(context, call, owner)
    if "aws:SourceVpce" in shared:
        add_endpoint_keys(context, call, action)
    if action.startswith("kms:"):
        add_key_keys(context, call, needed)
    add_resource_tags(context, call, needed)
    context.update(needed.context)
    return context
