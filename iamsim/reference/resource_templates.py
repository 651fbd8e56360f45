"""ARN templates of resource types, for one operation: their variables filled by input members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from iamsim.reference.service_authorization import service
from iamsim.reference.values import (
    Setting,
    arn_of,
    in_template,
    is_arn,
    is_of_another,
    name_in,
    reader,
    texts_at,
)

VARIABLE = re.compile(r"\$\{([^}]*)\}")
NAME_BEFORE_A_QUALIFIER = re.compile(r"\$\{(\w+)\}:[^:]*$")
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
    kind_template: str = ""  # AWS's own, with all its variables
    is_made: bool = False  # whether the operation makes a resource of the type
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
        of_parents: dict[str, str] = {}
        for value in (value for values in given_names.values() for value in values if is_arn(value)):
            of_parents |= variables_in(value)
        named = {
            variable: [
                of_parents[variable] if is_arn(each) and variable in of_parents else name_in(each, variable, self.text)
                for each in values
                if self._may_name(variable, each)
            ]
            for variable, values in given_names.items()
        }
        if self.arn_members and not self.members:
            variables = [each for each in VARIABLE.findall(self.text) if each not in OF_THE_REQUEST]
            names = [value for value in given if not is_arn(value)] if len(variables) == 1 else []
            return [arn_of(name, self.text, setting) for name in names]
        if not all(named.values()):
            is_by_name = not any(is_arn(each) for values in given_names.values() for each in values)
            if not (self.required and is_by_name and any(named.values())):
                return []
            named = {variable: values or ["*"] for variable, values in named.items()}
        known = dict(zip(OF_THE_REQUEST, setting, strict=True))
        return [self._filled({**known, **dict(zip(named, values, strict=True))}) for values in product(*named.values())]

    def _filled(self, values: Mapping[str, str]) -> str:
        """The template with the values; one such as `name:3` holds what stands after it, too."""
        template = self.kind_template or self.text
        arn = VARIABLE.sub(lambda match: values.get(match[1], "*"), template)
        before = NAME_BEFORE_A_QUALIFIER.search(template) if arn.endswith(":*") else None
        return arn[:-2] if before is not None and ":" in values.get(before[1], "") else arn

    def among(self, arns: list[str]) -> list[str]:
        """Those of the ARNs that are of this template, which begins its resource with a word of its own.

        And not of what is in such a resource.
        """
        resource = self.kind_template.split(":", 5)[-1]
        if not arns or resource.startswith("$"):
            return []
        return [arn for arn in arns if reader(self.kind_template).fullmatch(arn) and _is_of(arn, self.kind_template)]

    def of_any(self, request: Mapping[str, str]) -> str:
        """The ARN with `*` for all that the request itself does not say."""
        known = {name: request[name.lower()] for name in OF_THE_REQUEST}
        return VARIABLE.sub(lambda m: known.get(m[1], "*"), self.text)

    def _may_name(self, variable: str, value: str) -> bool:
        """Whether the value can be a name here: an ARN only where one of the same service gives the whole ARN.

        Or where it has the variable itself, as the ARN of an instance has that of what is in it.
        """
        if not is_arn(value):
            return True
        return not is_of_another(value, self.text) and ("*" not in self.text or variable in variables_in(value))

    def _given(self, variable: str, params: Mapping[str, Any]) -> list[str]:
        return next((values for member in self.members[variable] if (values := texts_at(params, member))), [])


@lru_cache(maxsize=4096)
def variables_in(arn: str) -> Mapping[str, str]:
    """What the variables of the ARN's own template stand for in it: `ClusterName` in the ARN of a cluster.

    {} for an ARN of a form that the reference does not have.
    """
    closest = closest_template(arn)
    if closest is None:
        return {}
    names = VARIABLE.findall(closest)
    parts = [re.escape(part) for part in VARIABLE.split(closest)[::2]]
    match = re.fullmatch("([^/:]*)".join(parts[:-1]) + "(.*)" + parts[-1], arn, re.DOTALL) if names else None
    found = dict(zip(names, match.groups(), strict=True)) if match is not None else {}
    return {name: value for name, value in found.items() if name not in OF_THE_REQUEST}


@lru_cache(maxsize=4096)
def closest_template(arn: str) -> str | None:
    """The template of the ARN's service that says most of it; None for a form that the reference does not have."""
    known = service(arn.split(":", 3)[2])
    templates = [each for kind in known.resource_types.values() for each in kind.templates] if known else []
    fitting = [each for each in templates if reader(each).fullmatch(arn)]
    return max(fitting, key=_literal_length, default=None)


def _is_of(arn: str, template: str) -> bool:
    """Whether no other template says more of the ARN than this one."""
    closest = closest_template(arn)
    return closest is None or _literal_length(closest) <= _literal_length(template)


def _literal_length(template: str) -> int:
    return len(VARIABLE.sub("", template))
