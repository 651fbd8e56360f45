"""ARN templates of resource types, their variables bound to the input members that name the resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from iamsim.reference.member_names import MemberName, fit, holds_arn, plain
from iamsim.reference.service_authorization import ResourceType
from iamsim.reference.values import Setting, in_template, is_arn, is_of_another, name_in, texts_at

VARIABLE = re.compile(r"\$\{([^}]*)\}")
NAME_BEFORE_A_QUALIFIER = re.compile(r"\$\{(\w+)\}:[^:]*$")
OF_THE_REQUEST = ("Partition", "Region", "Account")
DEPTH = 2  # how many structures deep a member may be that names a resource
NAMES_NOTHING = re.compile("filter|criteria|sort|query|tag|s3", re.IGNORECASE)  # structures that name no resource


@dataclass(frozen=True, slots=True, eq=False)
class ResourceTemplate:
    """The ARN template of a resource type, for one operation.

    `text` has `*` for a variable that nothing in the input fills. `members` has for a variable the input members that
    may fill it, `arn_members` are those that may hold the whole ARN.
    """

    text: str
    type: str
    required: bool
    members: Mapping[str, tuple[str, ...]]
    arn_members: tuple[str, ...] = ()
    kind_template: str = ""  # AWS's own, with all its variables
    list_of_structures: str = ""  # the member whose elements each name one resource, by more than one variable

    @property
    def service(self) -> str:
        """The service in the ARN."""
        return self.text.split(":", 3)[2]

    @property
    def is_named(self) -> bool:
        """Whether the input names the resource, be it in part."""
        return bool(self.members or self.arn_members)

    @property
    def own_members(self) -> frozenset[str]:
        """The input members that may fill the last variable, the resource's own, whatever stands before it."""
        variables = [name for name in VARIABLE.findall(self.kind_template) if name not in OF_THE_REQUEST]
        return frozenset(self.members.get(variables[-1], ())) if variables else frozenset()

    @property
    def all_members(self) -> frozenset[str]:
        """The input members that may name it, in whichever way."""
        return frozenset(self.arn_members).union(*self.members.values())

    @property
    def is_named_in_full(self) -> bool:
        """Whether the input can fill the whole ARN."""
        return bool(self.arn_members) or (bool(self.members) and "*" not in self.text)

    def arns(self, params: Mapping[str, Any], request: Mapping[str, str]) -> list[str]:
        """The ARNs that `params` names; none if it names nothing. `request` has partition, region and account."""
        if self.list_of_structures in params:
            name = self.list_of_structures
            alone = [self._arns({**params, name: [each]}, request) for each in params[name] or ()]
            return list(dict.fromkeys(arn for found in alone for arn in found))
        return self._arns(params, request)

    def _arns(self, params: Mapping[str, Any], request: Mapping[str, str]) -> list[str]:
        setting = Setting(request["partition"], request["region"], request["account"])
        setting = setting.owned_by(params, self.service)
        given = [value for member in self.arn_members for value in texts_at(params, member)]
        whole = [arn for value in given if (arn := in_template(value, self.text, setting))]
        if whole:
            return whole
        given_names = {variable: self._given(variable, params) for variable in self.members}
        for values in given_names.values():
            whole += [arn for value in values if (arn := in_template(value, self.text, setting))]
        if whole:
            return whole
        named = {
            variable: [name_in(each, variable, self.text) for each in values if self._may_name(each)]
            for variable, values in given_names.items()
        }
        if self.arn_members and not self.members:
            variables = [each for each in VARIABLE.findall(self.text) if each not in OF_THE_REQUEST]
            if len(variables) != 1:
                return []
            named = {variables[0]: [name_in(value, variables[0], self.text) for value in given if not is_arn(value)]}
        if not all(named.values()):
            is_by_name = not any(is_arn(each) for values in given_names.values() for each in values)
            if not (self.required and is_by_name and any(named.values())):
                return []
            named = {variable: values or ["*"] for variable, values in named.items()}
        known = dict(zip(OF_THE_REQUEST, setting, strict=True))
        return [self._filled({**known, **dict(zip(named, values, strict=True))}) for values in product(*named.values())]

    def _filled(self, values: Mapping[str, str]) -> str:
        """The text with the values; one such as `name:3` holds what stands after it, too."""
        arn = VARIABLE.sub(lambda match: values.get(match[1], "*"), self.text)
        before = NAME_BEFORE_A_QUALIFIER.search(self.text) if arn.endswith(":*") else None
        return arn[:-2] if before is not None and ":" in values.get(before[1], "") else arn

    def of_any(self, request: Mapping[str, str]) -> str:
        """The ARN with `*` for all that the request itself does not say."""
        known = {name: request[name.lower()] for name in OF_THE_REQUEST}
        return VARIABLE.sub(lambda m: known.get(m[1], "*"), self.text)

    def _may_name(self, value: str) -> bool:
        """Whether the value can be a name here: an ARN only where one of the same service gives the whole ARN."""
        return not is_arn(value) or ("*" not in self.text and not is_of_another(value, self.text))

    def _given(self, variable: str, params: Mapping[str, Any]) -> list[str]:
        return next((values for member in self.members[variable] if (values := texts_at(params, member))), [])


def input_names(shape: Any) -> list[MemberName]:
    """The members of an input shape that can name resources: strings and lists of strings, those of structures too."""
    return [MemberName.read(path) for path in _paths(shape, "", DEPTH)] if shape is not None else []


def _paths(shape: Any, before: str, depth: int) -> Iterator[str]:
    inner = []
    for name, member in shape.members.items():
        kind = member.type_name
        if kind == "string" or (kind == "list" and member.member.type_name == "string"):
            yield before + name
        elif kind == "structure" and not NAMES_NOTHING.search(name):
            inner.append((member, f"{before}{name}."))
        elif kind == "list" and member.member.type_name == "structure" and not NAMES_NOTHING.search(name):
            inner.append((member.member, f"{before}{name}[]."))
    for member, path in inner if depth else ():
        yield from _paths(member, path, depth - 1)


def templates_of(
    kind: ResourceType,
    required: bool,
    operation: str,
    names: list[MemberName],
    loosely: bool = False,
    overrides: Mapping[str, str] | None = None,
) -> Iterator[ResourceTemplate]:
    """The templates of `kind`, bound to the members `names` of `operation`.

    `loosely`: a member that ends in the type's name will do, such as `TaskRoleArn` for a role. `overrides`: the members
    that are known to fill a variable.
    """
    holders = _arn_holders(names, kind.name, operation, loosely)
    arn_members = tuple(name.text for name in holders)
    own_identifiers = tuple(
        name.text for name in names if name.ending == "id" and not name.within and name.stem == plain(kind.name)
    )
    holds_id_too = tuple(  # `KmsKeyId` holds an id or an ARN; the id in `ResourceIdentifier` may be of another type
        name.text
        for name in holders
        if name.ending == "id" and (name.stem != "resource" or not name.text.endswith("Identifier"))
    )
    for template in kind.templates:
        variables = [name for name in VARIABLE.findall(template) if name not in OF_THE_REQUEST]
        members: dict[str, tuple[str, ...]] = {}
        for variable in variables:
            is_last = variable == variables[-1]
            found = _fitting(names, variable, kind.name, operation, is_last) or (holds_id_too if is_last else ())
            if overrides and variable in overrides:
                found = (overrides[variable],)
            if found:
                members[variable] = found
        kept = {*OF_THE_REQUEST, *(variables if arn_members else members)}
        text = VARIABLE.sub(lambda m, kept=kept: m[0] if m[1] in kept else "*", template)  # type: ignore[misc]
        is_open = bool(variables) or "*" in template
        holding = arn_members or (own_identifiers if not variables else ())  # an id cannot be put into such a template
        holding = holding if is_open else ()
        yield ResourceTemplate(text, kind.name, required, members, holding, template, _shared_list(members))


def by_the_only_member(template: ResourceTemplate, model: Any) -> ResourceTemplate:
    """`template`, which no member names by its name, with the first required member if that is only called `Id` or so.

    Else with the one required member for an ARN, whatever it is called: the ARN itself says of what it is.
    """
    shape = model.input_shape
    required = [(name, shape.members[name]) for name in (shape.required_members if shape is not None else ())]
    names = [MemberName.read(name) for name, member in required if member.type_name == "string" and not member.enum]
    if model.name.startswith("Create") or not names:
        return template
    arns = [name for name in names if name.ending == "arn" and not name.stem.endswith("role")]
    if len(arns) == 1:
        return replace(template, arn_members=(arns[0].text,))
    variables = [name for name in VARIABLE.findall(template.kind_template) if name not in OF_THE_REQUEST]
    first = names[0]
    if first.stem or first.ending not in ("id", "name") or len(variables) != 1 or "*" in template.kind_template:
        return template
    if first.ending == "name" and MemberName.read(variables[0]).ending == "id":
        return template
    return replace(template, text=template.kind_template, members={variables[0]: (first.text,)})


def _shared_list(members: Mapping[str, tuple[str, ...]]) -> str:
    """The list of structures in which more than one variable is, "" if there is none."""
    lists = [path.partition("[].")[0] for paths in members.values() for path in paths[:1] if "[]." in path]
    return next((name for name in lists if lists.count(name) > 1 and "." not in name), "")


def _arn_holders(names: list[MemberName], kind: str, operation: str, loosely: bool) -> list[MemberName]:
    """The members that most surely hold ARNs of the type; strictly, one that is not sure must be the only one.

    Those of the input itself go before those of its structures.
    """
    for some in ([each for each in names if not each.within], [each for each in names if each.within]):
        how_surely = {name: holds_arn(name, kind, operation, not loosely) for name in some}
        surest = max(how_surely.values(), default=0)
        found = [name for name in some if surest and how_surely[name] == surest]
        if surest == 1 and not loosely and not (len(found) == 1 and found[0].ending == "arn"):
            continue
        if found:
            return found
    return []


def _fitting(names: list[MemberName], variable: str, kind: str, operation: str, is_last: bool) -> tuple[str, ...]:
    """The members that fill the variable best; one that fits only by the end of its name must be the only one.

    Those of the input itself go before those of its structures.
    """
    for some in ([each for each in names if not each.within], [each for each in names if each.within]):
        how_well = {name: fit(name, variable, kind, operation, is_last) for name in some}
        best = max(how_well.values(), default=0)
        found = tuple(name.text for name in some if best and how_well[name] == best)
        if found and not (best == 1 and len(found) > 1):
            return found
    return ()
