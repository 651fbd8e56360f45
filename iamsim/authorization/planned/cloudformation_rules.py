"""AWS CloudFormation: templates in S3, macros, regions, imports. Source: O sections 5 and 9; context-keys 14."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

from iamsim.authorization.asked import Asked, Check

OF_AWS = "AWS::"
HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3(?:[.-][\w-]+)*\.amazonaws\.com(?:\.cn)?")


class TemplateLoader(yaml.SafeLoader):
    """Reads a template, be it JSON or YAML, without what its short forms such as `!Ref` mean."""


TemplateLoader.add_multi_constructor("!", lambda loader, suffix, node: None)


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """For a change set also each of AWS's macros that the template goes through, which are resources of their own."""
    if asked.operation != "CreateChangeSet":
        return checks
    macros = [each for each in _transforms(str(asked.get("TemplateBody") or "")) if each.startswith(OF_AWS)]
    names = [each.removeprefix(OF_AWS) for each in macros]
    return [*checks, *(asked.check(asked.arn(f"transform/{name}", account="aws")) for name in names)]


def keys(asked: Asked) -> dict[str, Any]:
    """The regions and the role of a stack set, the types of imported resources, the name of a change set."""
    found: dict[str, Any] = {
        "TargetRegion": list(asked.get("Regions") or ()),
        "RoleArn": asked.get("AdministrationRoleARN"),
        "ImportResourceTypes": list(dict.fromkeys(asked.at("ResourcesToImport[].ResourceType"))),
    }
    change_set = str(asked.get("ChangeSetName") or "")
    if ":changeSet/" in change_set:
        found["ChangeSetName"] = change_set.split(":changeSet/")[1].split("/")[0]
    return asked.keys(found)


def forwarded(asked: Asked) -> Iterator[Check]:
    """To read the template and the stack policy, where they are in S3."""
    for member in ("TemplateURL", "StackPolicyURL"):
        parts = urlsplit(str(asked.get(member) or ""))
        host = HOST.fullmatch(parts.netloc)
        path = unquote(parts.path).lstrip("/")
        name = f"{host['bucket']}/{path}" if host is not None and host["bucket"] else path
        if host is not None and "/" in name:
            action = "s3:GetObjectVersion" if "versionId" in parse_qs(parts.query) else "s3:GetObject"
            yield Check(action, asked.setting.arn("s3", name, region="", account=""))


def _transforms(template: str) -> list[str]:
    """The macros that the template as a whole is put through; none where it cannot be read."""
    try:
        parsed = yaml.load(template, Loader=TemplateLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return []
    found = parsed.get("Transform") if isinstance(parsed, dict) else None
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)]
