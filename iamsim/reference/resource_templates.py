"""ARN templates of resource types, their variables bound to the input members that name the resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from iamsim.reference.member_names import MemberName, fit, holds_arn
from iamsim.reference.service_authorization import ResourceType
from iamsim.reference.values import Setting, in_template, is_arn, is_of_another, name_in, texts

VARIABLE = re.compile(r"\$\{([^}]*)\}")
OF_THE_REQUEST = ("Partition", "Region", "Account")


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

    @property
    def is_named(self) -> bool:
        """Whether the input names the resource, be it in part."""
        return bool(self.members or self.arn_members)

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
        setting = Setting(request["partition"], request["region"], request["account"])
        setting = setting.owned_by(params, self.text.split(":", 3)[2])
        given = [value for member in self.arn_members for value in texts(params.get(member))]
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
        return [
            VARIABLE.sub(lambda m, v=values: {**known, **dict(zip(named, v, strict=True))}.get(m[1], "*"), self.text)  # type: ignore[misc]
            for values in product(*named.values())
        ]

    def of_any(self, request: Mapping[str, str]) -> str:
        """The ARN with `*` for all that the request itself does not say."""
        known = {name: request[name.lower()] for name in OF_THE_REQUEST}
        return VARIABLE.sub(lambda m: known.get(m[1], "*"), self.text)

    def _may_name(self, value: str) -> bool:
        """Whether the value can be a name here: an ARN only where one of the same service gives the whole ARN."""
        return not is_arn(value) or ("*" not in self.text and not is_of_another(value, self.text))

    def _given(self, variable: str, params: Mapping[str, Any]) -> list[str]:
        return next((values for member in self.members[variable] if (values := texts(params.get(member)))), [])


def input_names(shape: Any) -> list[MemberName]:
    """The members of an input shape that can name resources: strings and lists of strings."""
    return [
        MemberName.read(name)
        for name, member in (shape.members.items() if shape is not None else ())
        if member.type_name == "string" or (member.type_name == "list" and member.member.type_name == "string")
    ]


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
    holders = _arn_holders(names, kind.name, loosely)
    arn_members = tuple(name.text for name in holders)
    holds_id_too = tuple(name.text for name in holders if name.ending == "id")  # `KmsKeyId` holds an id or an ARN
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
        yield ResourceTemplate(text, kind.name, required, members, arn_members if is_open else ())


def _arn_holders(names: list[MemberName], kind: str, loosely: bool) -> list[MemberName]:
    """The members that most surely hold ARNs of the type; strictly, one that is not sure must be the only one."""
    how_surely = {name: holds_arn(name, kind, not loosely) for name in names}
    surest = max(how_surely.values(), default=0)
    found = [name for name in names if surest and how_surely[name] == surest]
    if surest == 1 and not loosely:
        return found if len(found) == 1 and found[0].ending == "arn" else []
    return found


def _fitting(names: list[MemberName], variable: str, kind: str, operation: str, is_last: bool) -> tuple[str, ...]:
    """The members that fill the variable best; one that fits only by the end of its name must be the only one."""
    how_well = {name: fit(name, variable, kind, operation, is_last) for name in names}
    best = max(how_well.values(), default=0)
    found = tuple(name.text for name in names if best and how_well[name] == best)
    return () if best == 1 and len(found) > 1 else found
