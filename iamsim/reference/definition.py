"""What a `service.yaml` says: the nouns of a service, how calls name them, and what a caller must be allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

import yaml

from iamsim.arn import Arn
from iamsim.errors import UsageError

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times faster
VARIABLE = re.compile(r"\{(\w+)\}")
FILLED_IN = frozenset({"partition", "region", "account"})  # by the request, not by an input member


@dataclass(frozen=True, slots=True)
class TagOperations:
    """Where a noun's tags come in and go out: operation names, and the input member that carries them at creation."""

    tag: str | None = None
    untag: str | None = None
    list: str | None = None
    at_create: str | None = None


@dataclass(frozen=True, slots=True)
class Noun:
    """A resource type: its ARN's template, and which input member names one and how.

    `members` maps an input member to `arn` (the value is the ARN), to a variable of the template, or to the name of an
    identity function of the mock. `missing` is the error's code and message when nothing of that name exists.
    """

    kind: str
    template: str
    members: Mapping[str, str]
    missing: tuple[str, str] | None = None
    tags: TagOperations | None = None
    policy_holder: str | None = None  # the noun that holds this one's resource policy, where it is another
    policy_for: str | None = None  # the service whose actions the resource policy is about, where it is another
    of: str | None = None  # the service whose mock keeps it, where it is another: template and class are that one's
    variables: frozenset[str] = frozenset()

    @property
    def is_global(self) -> bool:
        """Whether its ARN has no region."""
        return self.template.split(":")[3] == ""

    def arn_text(self, values: Mapping[str, str]) -> str:
        """The ARN with `values` for every variable of the template."""
        return self.template.format_map(values)

    def names_in(self, arn: Arn) -> dict[str, str]:
        """The template's variables as `arn` fills them: bucket and key of an object's ARN. {} for another type."""
        match = _reader(self.template).fullmatch(str(arn))
        return match.groupdict() if match else {}


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What an operation must be allowed where it is not `prefix:Operation` on the resource it names."""

    action: str | None = None
    resource: str | None = None  # a noun, `*`, or an ARN template
    function: str | None = None  # of the mock's access.py
    needs_permission: bool = True


DEFAULT_RULE = AccessRule()


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """One service.yaml, read and checked for form."""

    service: str
    prefix: str  # of IAM actions; "" until the mock is loaded, if service.yaml says none
    nouns: Mapping[str, Noun]
    access: Mapping[str, AccessRule]
    context: str | None = None  # the function of access.py that gives the service's own condition keys
    no_effect: frozenset[str] = frozenset()  # input members that rightly change nothing in a simulation
    validation: str | None = None  # the error code for input that the model's lengths, ranges and patterns refuse
    gaps: tuple[str, ...] = ()
    tag_members: frozenset[str] = frozenset()  # input members that carry the tags of something new
    source: str = field(default="", compare=False)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # those of the mock's access.py

    def rule(self, operation: str) -> AccessRule:
        """How `operation` is authorised."""
        return self.access.get(operation, DEFAULT_RULE)


@cache
def _reader(template: str) -> re.Pattern[str]:
    """A pattern that reads an ARN of this template; every variable but the last stops at `/` and `:`."""
    parts = VARIABLE.split(template)
    last = max((index for index in range(1, len(parts), 2)), default=0)
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P<{part}>.+)" if index == last and part not in FILLED_IN else f"(?P<{part}>[^/:]*)"
    return re.compile(pattern, re.DOTALL)


def read_definition(text: str, source: str) -> ServiceDefinition:
    """The service.yaml `text`. Raises UsageError that names `source` and the field that is wrong."""
    try:
        data = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as problem:
        raise UsageError(f"{source}: not YAML: {problem}") from problem
    fields = _fields(
        data,
        source,
        "the file",
        {"service", "prefix", "resources", "access", "context", "no_effect", "validation", "gaps"},
    )
    if "service" not in fields:
        raise UsageError(f"{source}: `service` is missing: say botocore's name of the service")
    nouns = {
        kind: _noun(kind, body, f"{source}: resources.{kind}") for kind, body in (fields.get("resources") or {}).items()
    }
    return ServiceDefinition(
        service=fields["service"],
        prefix=fields.get("prefix", ""),
        nouns=nouns,
        access={name: _rule(body, f"{source}: access.{name}") for name, body in (fields.get("access") or {}).items()},
        context=fields.get("context"),
        no_effect=frozenset(fields.get("no_effect") or ()),
        validation=fields.get("validation"),
        gaps=tuple(fields.get("gaps") or ()),
        tag_members=frozenset(noun.tags.at_create for noun in nouns.values() if noun.tags and noun.tags.at_create),
        source=source,
    )


def _noun(kind: str, body: Any, where: str) -> Noun:
    fields = _fields(body, where, kind, {"of", "arn", "members", "missing", "tags", "policy"})
    template = fields.get("arn", "")
    if "of" not in fields and template.count(":") < 5:
        raise UsageError(f"{where}: `arn` must be the template of an ARN")
    missing = fields.get("missing")
    if missing is not None and (not isinstance(missing, dict) or len(missing) != 1):
        raise UsageError(f"{where}: `missing` must be one error code and its message")
    policy = _fields(fields.get("policy") or {}, where, "policy", {"held_by", "for"})
    tags = _fields(fields.get("tags") or {}, where, "tags", {"tag", "untag", "list", "at_create"})
    return Noun(
        kind=kind,
        template=template,
        members=dict(fields.get("members") or {}),
        missing=next(iter(missing.items())) if missing else None,
        tags=TagOperations(**tags) if tags else None,
        policy_holder=policy.get("held_by"),
        policy_for=policy.get("for"),
        of=fields.get("of"),
        variables=frozenset(VARIABLE.findall(template)) - FILLED_IN,
    )


def _rule(body: Any, where: str) -> AccessRule:
    fields = _fields(body, where, "the rule", {"action", "resource", "function", "permission"})
    if fields.get("permission", "none") != "none":
        raise UsageError(f"{where}: `permission` can only be `none`")
    return AccessRule(
        action=fields.get("action"),
        resource=fields.get("resource"),
        function=fields.get("function"),
        needs_permission="permission" not in fields,
    )


def _fields(data: Any, where: str, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise UsageError(f"{where}: {what} must be a mapping")
    for name in data:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(sorted(known))}"
            raise UsageError(f"{where}: unknown field `{name}`: {hint}")
    return data
