"""API Gateway's control plane: the action is the HTTP method, the resource the path of the call (O section 4)."""

from __future__ import annotations

import re
from typing import Any

from iamsim.reference.resource_templates import VARIABLE, ResourceTemplate
from iamsim.reference.service_authorization import service

LABEL = re.compile(r"\{([\w-]+)\+?\}")


def by_http_method(model: Any) -> tuple[str, ResourceTemplate, tuple[str, ...]]:
    """The action, the resource and the condition keys of an operation of `apigateway` or `apigatewayv2`."""
    method = model.http["method"]
    path = re.sub(r"^/v2(?=/)", "", model.http["requestUri"].split("?")[0])
    labels = {
        member.serialization.get("name", name): name
        for name, member in (model.input_shape.members.items() if model.input_shape else ())
        if member.serialization.get("location") == "uri"
    }
    template = "arn:${Partition}:apigateway:${Region}::" + LABEL.sub(r"${\1}", path)
    members = {label: (labels[label],) for label in LABEL.findall(path)}
    keys = dict.fromkeys(("aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"))
    kind = ""
    known = service("apigateway")
    action = known.action(method) if known else None
    for resource in action.resource_types if action else ():
        if any(_shape(each) == _shape(template) for each in resource.type.templates):
            kind = kind or resource.name
            keys.update(dict.fromkeys(resource.condition_keys + resource.type.condition_keys))
    return f"apigateway:{method}", ResourceTemplate(template, kind, True, members), tuple(keys)


def _shape(template: str) -> str:
    return VARIABLE.sub("*", template)
