"""One decision about EC2: an action on a resource, with its condition keys (context-keys section 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from iamsim.kit import Arn, Call, Required, tags_in

from .image import Image
from .resource import Ec2Resource

Keys = dict[str, Any]


def on_resource(call: Call, kind: str, arn: Arn, keys: Keys | None = None) -> Required:
    """The operation on an existing resource, with the keys that the resource has."""
    target = call.target(kind, arn)
    context: Keys = dict(keys or {})
    if isinstance(target.resource, Ec2Resource):
        context |= target.resource.condition_keys()
    if kind == "image" and isinstance(target.resource, Image):
        # Public images belong to other accounts, but what a caller may do with them is up to its own policies.
        context["aws:ResourceAccount"] = target.resource.owner
        target = replace(target, account=call.account)
    return Required(action_of(call), str(arn), context, target)


def tagging(call: Call, new: Arn | None) -> Iterator[Required]:
    """ec2:CreateTags on each kind of new resource that gets tags. `new` is the ARN of one that has its name already."""
    for specification in call.params.get("TagSpecifications", []):
        kind = specification.get("ResourceType", "")
        if not specification.get("Tags") or kind not in call.definition.nouns:
            continue
        arn = new if new is not None and new.resource.startswith(f"{kind}/") else unnamed(call, kind)
        keys = request_tags(call, kind) | {"ec2:CreateAction": call.operation.name}
        yield Required("ec2:CreateTags", str(arn), keys)


def request_tags(call: Call, kind: str) -> Keys:
    """aws:RequestTag/* and aws:TagKeys of the resources of that kind that the call makes."""
    tags: dict[str, str] = {}
    for specification in call.params.get("TagSpecifications", []):
        if specification.get("ResourceType") == kind:
            tags |= tags_in(specification.get("Tags", []))
    keys: Keys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return keys | ({"aws:TagKeys": list(tags)} if tags else {})


def unnamed(call: Call, kind: str) -> Arn:
    """The ARN of a resource that has no id yet."""
    names = dict.fromkeys(call.definition.nouns[kind].variables, "*")
    return call.make_arn(kind, **names)


def action_of(call: Call) -> str:
    return f"ec2:{call.operation.name}"
