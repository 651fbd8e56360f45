"""The lines of a policy test file in its short form, each made into scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, ScalarNode

from iamsim.arn import Arn
from iamsim.cloud import DEFAULT_ACCOUNT
from iamsim.errors import UsageError
from iamsim.policy.document import Origin, written_at
from iamsim.reference.managed_policies import aws_managed_policies
from iamsim.tools.action_names import meant_by
from iamsim.tools.expectation import Expectation
from iamsim.tools.principals import principal_named
from iamsim.tools.scenario_files import policy_in_file
from iamsim.tools.shown_path import shown
from iamsim.tools.yaml_policy import json_text

LINE = ("allow", "deny", "by", "statement", "explicit", "context", "name")
REQUEST = ("principal", "action", "resource")
PRINCIPAL = ("arn", "policies", "boundary", "session", "scps", "rcps", "vpc_endpoint", "context")
RESOURCE = ("arn", "policy", "account", "block_public_access", "context")
FORM = "write `allow: WHO ACTION RESOURCE` or `deny: WHO ACTION RESOURCE`"

Scenario = dict[str, Any]
Read = tuple[str, tuple[Scenario, ...], Expectation]  # the test's name, its scenarios, and what is expected of each


class InPlace(dict[str, Any]):
    """A policy document, or a single statement, that stands in the test file itself; its node knows its lines."""

    def __init__(self, members: dict[str, Any], node: MappingNode) -> None:
        super().__init__(members)
        self._node = node

    def text(self) -> str:
        """The document's JSON text, with the lines of the test file."""
        names = {key.value for key, _ in self._node.value if isinstance(key, ScalarNode)}
        if "Effect" in names:
            return json_text(self._node, '{"Version": "2012-10-17", "Statement": [', "]}")
        return json_text(self._node)


class Lines:
    """Reads the lines of one file, whose policies, principals and resources have names."""

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self._path, self._folder = path, path.parent
        self._account = data.get("account") or DEFAULT_ACCOUNT
        self._context = _mapping(data.get("context"), "context")
        self._policies = _mapping(data.get("policies"), "policies")
        self._principals = _mapping(data.get("principals"), "principals")
        self._resources = {
            name: _fields({"arn": each} if isinstance(each, str) else each, RESOURCE, f"resources.{name}")
            for name, each in _mapping(data.get("resources"), "resources").items()
        }
        for name, each in self._resources.items():
            if "arn" not in each:
                raise UsageError(f"{path}: `resources.{name}` has no `arn`")

    def read(self, data: Any) -> Iterator[Read]:
        """The tests of one line: one for each principal, action and resource; a pattern of actions is one."""
        line = _fields(data, LINE, "the line")
        verbs = [verb for verb in ("allow", "deny") if verb in line]
        if len(verbs) != 1:
            raise UsageError(f"a line has either `allow:` or `deny:`: {FORM}")
        verb = verbs[0]
        principals, actions, resources = _request(line[verb])
        explicit = line.get("explicit")
        if explicit not in (None, "true", "false"):
            raise UsageError(f"`explicit` is `{explicit}`: it must be true or false")
        if verb == "allow" and (explicit or "by" in line):
            raise UsageError("`by` and `explicit` say why something is denied: they go with `deny:`")
        wanted = None if explicit is None else explicit == "true"
        expected = Expectation.of(verb == "allow", line.get("by"), line.get("statement"), wanted)
        for who, action, resource in product(principals, actions, resources):
            meant = meant_by(action, self._resource(resource)[0])
            name = line.get("name") or " ".join((verb, who, action, resource))
            yield name, tuple(self._scenario(who, each, resource, line) for each in meant), expected

    def _scenario(self, who: str, action: str, resource: str, line: Mapping[str, Any]) -> dict[str, Any]:
        principal, described = self._principal(who, action), self._described(who)
        arn, of_resource = self._resource(resource)
        context = {
            **self._context,
            **_mapping(described.get("context"), f"principals.{who}.context"),
            **_mapping(of_resource.get("context"), f"resources.{resource}.context"),
            **_mapping(line.get("context"), "context"),
        }
        blocks = of_resource.get("block_public_access") == "true"
        return {
            "principal": principal,
            "action": action,
            "resource": arn,
            "resource_account": of_resource.get("account"),
            "context": context,
            "infer_context": True,
            "identity_policies": self._several(described.get("policies")),
            "permissions_boundary": self._optional(described.get("boundary")),
            "session_policies": self._several(described.get("session")),
            "resource_policy": self._optional(of_resource.get("policy")),
            "scps": self._levels(described.get("scps")),
            "rcps": self._levels(described.get("rcps")),
            "vpc_endpoint_policy": self._optional(described.get("vpc_endpoint")),
            "settings": {"s3_block_public_access": blocks},
        }

    def _described(self, who: str) -> dict[str, Any]:
        """What the file says of a principal; one that it does not name has no policies."""
        each = self._principals.get(who)
        if isinstance(each, list):
            each = {"policies": each}
        elif isinstance(each, str):
            each = {"arn": each} if Arn.looks_like(each) else {"policies": [each]}
        return _fields(each or {}, PRINCIPAL, f"principals.{who}")

    def _principal(self, who: str, action: str) -> str:
        if who in self._principals:
            return str(self._described(who).get("arn") or f"arn:aws:iam::{self._account}:user/{who}")
        try:
            principal_named(who, action)
        except UsageError:
            raise UsageError(f"`principals` has no `{who}`{_near(who, self._principals)}") from None
        return who

    def _resource(self, text: str) -> tuple[str, dict[str, Any]]:
        """The ARN that `text` means, and what the file says of it: `orders`, `orders/1` (below it), or an ARN."""
        name, slash, rest = text.partition("/")
        if text in self._resources:
            return self._resources[text]["arn"], self._resources[text]
        if name in self._resources:
            return f"{self._resources[name]['arn']}{slash}{rest}", self._resources[name]
        if text != "*" and not Arn.looks_like(text):
            raise UsageError(f"`resources` has no `{name}`{_near(name, self._resources)}; else give an ARN or `*`")
        for each in self._resources.values():
            if text == each["arn"] or text.startswith(f"{each['arn']}/"):
                return text, each
        return text, {}

    def _levels(self, given: Any) -> list[list[dict[str, Any]]]:
        levels = given if isinstance(given, list) else [given] if given else []
        return [self._several(level) for level in levels]

    def _optional(self, given: Any) -> dict[str, Any] | None:
        return self._policy(given) if given else None

    def _several(self, given: Any) -> list[dict[str, Any]]:
        return [self._policy(each) for each in (given if isinstance(given, list) else [given] if given else [])]

    def _policy(self, given: Any) -> dict[str, Any]:
        """A policy by its name in the file, as a document in place, `{file: ...}`, or the ARN of one of AWS's."""
        if isinstance(given, str):
            if Arn.looks_like(given):
                return {"name": given, "document": _managed(given)}
            if given not in self._policies and (self._folder / given).is_file():
                return self._policy({"file": given})
            if given not in self._policies:
                raise UsageError(f"`policies` has no `{given}`{_near(given, self._policies)}")
            return {**self._policy(self._policies[given]), "name": given}
        if isinstance(given, Mapping) and "file" in given:
            return {"name": given["file"], "document": policy_in_file(self._folder / given["file"])}
        if not isinstance(given, InPlace):
            raise UsageError(f"`{given}` is no policy: give a name of `policies`, a document, a file, or an ARN")
        text = given.text()
        written_at(text, Origin(shown(self._path)))
        return {"name": None, "document": text}


def line_of(verb: str, given: Any) -> Any:
    """The line that `given` is in a list below `allow` or `deny`: the request, and in a mapping what may follow it."""
    if not isinstance(given, Mapping):
        return {verb: given}
    rest = {name: value for name, value in given.items() if name not in REQUEST}
    return {verb: {name: value for name, value in given.items() if name in REQUEST}, **rest}


def _request(given: Any) -> tuple[list[str], list[str], list[str]]:
    if isinstance(given, str):
        words = given.split()
        if len(words) not in (2, 3):
            raise UsageError(f"`{given}` has {len(words)} word{'s' * (len(words) != 1)}: {FORM}")
        return [words[0]], [words[1]], [words[2] if len(words) == 3 else "*"]
    fields = _fields(given, REQUEST, "the request")
    for name in ("principal", "action"):
        if name not in fields:
            raise UsageError(f"`{name}` is missing: {FORM}")
    return _list(fields["principal"]), _list(fields["action"]), _list(fields.get("resource", "*"))


def _list(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]


def _managed(arn: str) -> str:
    known = aws_managed_policies()
    if arn not in known:
        raise UsageError(f"`{arn}` is no managed policy of AWS: give its document")
    return known[arn].document


def _mapping(given: Any, where: str) -> dict[str, Any]:
    if given in (None, ""):
        return {}
    if not isinstance(given, dict):
        raise UsageError(f"`{where}` must be a mapping")
    return given


def _fields(given: Any, known: tuple[str, ...], where: str) -> dict[str, Any]:
    fields = _mapping(given, where)
    for name in fields:
        if name not in known:
            raise UsageError(f"unknown field `{name}` in {where}{_near(str(name), known)}")
    return fields


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f": did you mean `{near[0]}`?" if near else f": known are {', '.join(known) or 'none'}"
