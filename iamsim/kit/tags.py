"""The tag operations that service.yaml names: they need no code in a mock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from iamsim.kit.call import Call
from iamsim.kit.resource import Reply, Resource
from iamsim.reference.definition import ServiceDefinition
from iamsim.reference.tags import PAIRS, tags_in


def tag_operations(definition: ServiceDefinition, classes: Mapping[str, type[Resource]], model: Any) -> dict[str, Any]:
    """The functions for the tag, untag and list operations of every noun that has a class."""
    functions: dict[str, Callable[[Call], Reply]] = {}
    for verb, make in (("tag", _tag), ("untag", _untag), ("list", _list)):
        nouns: dict[str, list[type[Resource]]] = {}
        for kind, noun in definition.nouns.items():
            name = getattr(noun.tags, verb, None)
            if name and kind in classes:
                nouns.setdefault(name, []).append(classes[kind])
        for name, owners in nouns.items():
            functions[name] = make(model.operation_model(name), owners)
    return functions


def _the_one(call: Call, owners: list[type[Resource]]) -> Resource:
    """The resource that the call names, of whichever of these classes."""
    for cls in owners:
        if cls.kind in call.named and call.find(cls) is not None:
            return call.get(cls)
    return call.get(next((cls for cls in owners if cls.kind in call.named), owners[0]))


def _tag(model: Any, owners: list[type[Resource]]) -> Callable[[Call], Reply]:
    member = next(name for name, shape in model.input_shape.members.items() if _carries_tags(shape))

    def tag(call: Call) -> Reply:
        _the_one(call, owners).tags.update(tags_in(call.params[member]))
        return None

    return tag


def _untag(model: Any, owners: list[type[Resource]]) -> Callable[[Call], Reply]:
    member = next(
        name
        for name, shape in model.input_shape.members.items()
        if shape.type_name == "list" and shape.member.type_name == "string"
    )

    def untag(call: Call) -> Reply:
        tags = _the_one(call, owners).tags
        for key in call.params[member]:
            tags.pop(key, None)
        return None

    return untag


def _list(model: Any, owners: list[type[Resource]]) -> Callable[[Call], Reply]:
    member, shape = next((n, s) for n, s in model.output_shape.members.items() if _carries_tags(s))

    def list_tags(call: Call) -> Reply:
        tags = _the_one(call, owners).tags
        if shape.type_name == "map":
            return {member: dict(tags)} if tags else {}
        key, value = next(pair for pair in PAIRS if pair[0] in shape.member.members)
        pairs = [{key: k, value: v} for k, v in tags.items()]
        if call.operation.name in call.service.paginators:
            return call.page(pairs)
        return {member: pairs} | ({"IsTruncated": False} if "IsTruncated" in model.output_shape.members else {})

    return list_tags


def _carries_tags(shape: Any) -> bool:
    if shape.type_name == "map":
        return bool(shape.value.type_name == "string")
    return bool(
        shape.type_name == "list"
        and shape.member.type_name == "structure"
        and any(key in shape.member.members for key, _ in PAIRS)
    )
