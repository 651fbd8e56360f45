"""Which resources a call names: input members, bound to the ARN templates of service.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iamsim.arn import Arn
from iamsim.errors import ApiError
from iamsim.reference.definition import Noun, ServiceDefinition

if TYPE_CHECKING:
    from iamsim.kit.call import Call

OWNER = "account"  # how a member names the account that owns the resource
Identities = Mapping[str, Callable[["Call", Any], Arn]]


@dataclass(frozen=True, slots=True)
class Binding:
    """How one operation's input names resources of one noun."""

    noun: Noun
    members: tuple[tuple[str, str, bool], ...]  # input member, how it names one, whether it is a list
    identities: Identities

    def arns(self, call: Call) -> list[Arn]:
        """The ARNs named. Raises the noun's `missing` error for a value that cannot be read."""
        values: dict[str, str] = {}
        for member, how, is_list in self.members:
            value = call.params.get(member)
            if value is None:
                continue
            if is_list:
                return [self._arn(call, how, each) for each in value]
            if how == OWNER or (how in self.noun.variables and not self._is_arn(value)):
                values[how] = value
            else:
                return [self._arn(call, how, value)]
        if values.keys() >= self.noun.variables and (values or self.members):
            return [call.make_arn(self.noun.kind, **values)]
        return []

    def _arn(self, call: Call, how: str, value: Any) -> Arn:
        try:
            if how == "arn" or (how in self.noun.variables and self._is_arn(value)):
                return Arn.parse(value)
            if how in self.identities:
                return self.identities[how](call, value)
        except ValueError:
            raise missing(self.noun, str(value)) from None
        return call.make_arn(self.noun.kind, **{how: value})

    def _is_arn(self, value: Any) -> bool:
        return isinstance(value, str) and len(self.noun.variables) == 1 and Arn.looks_like(value)


def bindings(input_members: Mapping[str, Any], definition: ServiceDefinition, identities: Identities) -> list[Binding]:
    """How an operation with these input members (name to botocore shape) names resources.

    The most specific noun comes first; those of other services, such as a role that is handed over, come last.
    """
    found = []
    for noun in definition.nouns.values():
        members = tuple(
            (member, how, input_members[member].type_name == "list")
            for member, how in noun.members.items()
            if member in input_members
        )
        reachable = {how for _, how, _ in members}
        whole = any(how not in noun.variables for how in reachable - {OWNER}) or reachable >= noun.variables
        if members and whole:
            found.append(Binding(noun, members, identities))
    return sorted(found, key=lambda binding: (binding.noun.of is not None, -len(binding.noun.variables)))


def missing(noun: Noun, name: str, arn: Arn | None = None) -> ApiError:
    """What is said when nothing is named `name`, or has that ARN."""
    if noun.missing is None:
        return ApiError(f"The {noun.kind} {name} does not exist.", code="ResourceNotFoundException")
    code, message = noun.missing
    return ApiError(message.replace("{name}", name).replace("{arn}", str(arn or name)), code=code)
