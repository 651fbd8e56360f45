"""One operation of a mock: the function that a module gave, checked against botocore's model and ready to call."""

from __future__ import annotations

import inspect
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from botocore import xform_name

from iamsim.errors import UnsupportedParameter, UsageError
from iamsim.kit.call import Call
from iamsim.kit.declare import OPERATION, READS
from iamsim.kit.model_age import unknown_name
from iamsim.kit.naming import missing
from iamsim.kit.resource import Reply, Resource
from iamsim.kit.validation import check_limits


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter that takes the resource that the call names."""

    cls: type[Resource]
    is_list: bool
    is_optional: bool

    def take(self, call: Call) -> Any:
        """The resource, the resources, or (where it is optional) None. Raises the noun's `missing` error."""
        arns = call.named.get(self.cls.kind, [])
        if self.is_list:
            return [call.get(self.cls, arn) for arn in arns]
        found = call.find(self.cls)
        if found is None and not self.is_optional:
            raise missing(self.cls.noun, str(arns[0].name) if arns else "", next(iter(arns), None))
        return found


@dataclass(frozen=True, slots=True)
class Handler:
    """Calls one function of a mock with the parameters that it asks for."""

    function: Callable[..., Reply]
    resources: tuple[Named, ...]
    parameters: tuple[tuple[str, str], ...]  # input member, parameter of the function
    acted_on: frozenset[str]  # input members; any other that is given warns
    takes_everything: bool = False

    def run(self, call: Call) -> dict[str, Any]:
        """The operation's output."""
        params = call.params
        check_limits(call.operation, params, call.definition.validation)
        if not self.takes_everything:
            for member in params.keys() - self.acted_on:
                warnings.warn(
                    f"iamsim does not act on `{member}` of {call.operation.service}:{call.operation.name}",
                    UnsupportedParameter,
                    stacklevel=2,
                )
        chosen = {name: params[member] for member, name in self.parameters if member in params}
        return self.function(call, *(each.take(call) for each in self.resources), **chosen) or {}


def make_handler(function: Callable[..., Reply], model: Any, silent: frozenset[str]) -> Handler:
    """The handler of `function`, for the botocore operation `model`.

    `silent` are the input members that need no warning: those that name a resource, and those without an effect.
    Raises UsageError for a parameter that the operation does not have.
    """
    members = model.input_shape.members if model.input_shape else {}
    spelled = {xform_name(member): member for member in members}
    resources: list[Named] = []
    parameters: list[tuple[str, str]] = []
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            raise UsageError(f"`{function.__module__}.{function.__name__}`: name the parameters, or use `call.params`")
        if parameter.kind is parameter.KEYWORD_ONLY:
            member = spelled.get(name.rstrip("_"))
            if member is None:
                known = ", ".join(sorted(spelled))
                unknown_name(
                    f"`{function.__module__}.{function.__name__}`: {model.name} has no parameter `{name}`, but {known}"
                )
                continue
            parameters.append((member, name))
        else:
            resources.append(_named(get_type_hints(function).get(name), function, name))
    return Handler(
        function=function,
        resources=tuple(resources),
        parameters=tuple(parameters),
        acted_on=silent.union((member for member, _ in parameters), getattr(function, READS, ())),
        takes_everything=getattr(function, OPERATION) == "whole input",
    )


def _named(hint: Any, function: Callable[..., Reply], name: str) -> Named:
    is_list, is_optional = get_origin(hint) is list, False
    if is_list:
        hint = get_args(hint)[0]
    elif get_origin(hint) in (Union, types.UnionType):
        is_optional = True
        hint = next(each for each in get_args(hint) if each is not type(None))
    if not (isinstance(hint, type) and issubclass(hint, Resource)):
        raise UsageError(f"`{function.__module__}.{function.__name__}`: `{name}` must be typed as a Resource")
    return Named(hint, is_list, is_optional)
