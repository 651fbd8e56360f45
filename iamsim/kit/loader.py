"""Loads a mock by name and checks it: what AWS's model does not have is refused here, not found in use."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from botocore import xform_name

from iamsim.arn import Arn
from iamsim.errors import ApiError, NotMocked, UsageError
from iamsim.kit.declare import BEFORE, IDENTITY, OPERATION, PROVIDES
from iamsim.kit.handler import Handler, make_handler
from iamsim.kit.model_age import unknown_name
from iamsim.kit.naming import OWNER, Binding, bindings
from iamsim.kit.paging import paging_members
from iamsim.kit.resource import Resource
from iamsim.kit.tags import tag_operations
from iamsim.reference.definition import ServiceDefinition, read_definition
from iamsim.reference.prefixes import likely_prefix, prefix_of
from iamsim.reference.service_model import load_data, service_model


@dataclass
class Service:
    """One mock, loaded: its nouns, its operations and how calls name its resources."""

    definition: ServiceDefinition
    model: Any  # botocore.model.ServiceModel
    classes: Mapping[str, type[Resource]]
    functions: Mapping[str, Callable[..., Any]]
    identities: Mapping[str, Callable[[Any, Any], Arn]]
    providers: Mapping[type, type]
    before: tuple[Callable[[Any], None], ...] = ()  # what runs ahead of every operation
    _handlers: dict[str, Handler] = field(default_factory=dict)
    _bindings: dict[str, list[Binding]] = field(default_factory=dict)

    @cached_property
    def paginators(self) -> dict[str, Any]:
        """botocore's paginators of this service, by operation."""
        return dict(load_data(self.definition.service, "paginators-1").get("pagination", {}))

    def handler(self, operation: str) -> Handler:
        """What runs `operation`. Raises NotMocked if nothing does."""
        handler = self._handlers.get(operation)
        if handler is None:
            if operation not in self.functions:
                raise NotMocked(f"iamsim does not simulate {self._what_is_missing(operation)} yet")
            model = self.model.operation_model(operation)
            silent = self.definition.no_effect.union(
                member for noun in self.definition.nouns.values() for member in noun.members
            )
            silent |= paging_members(self.paginators.get(operation, {}))
            handler = self._handlers[operation] = make_handler(self.functions[operation], model, silent)
        return handler

    def _what_is_missing(self, operation: str) -> str:
        name = self.definition.service
        return f"{name}:{operation}" if self.functions else f"the service {name}"

    def bindings(self, operation: str) -> list[Binding]:
        """How calls of `operation` name resources."""
        found = self._bindings.get(operation)
        if found is None:
            shape = self.model.operation_model(operation).input_shape
            found = bindings(shape.members if shape else {}, self.definition, self.identities)
            self._bindings[operation] = found
        return found


def _package() -> ModuleType:
    """The package that holds the mocks, which is nothing that a type checker can see from here."""
    return import_module("iamsim.mocks")


def mocked_services() -> list[str]:
    """botocore's names of the services that have a mock, in alphabetical order."""
    found = []
    for folder in _package().__path__:
        found += [path.parent.name.replace("_", "-") for path in Path(folder).glob("*/service.yaml")]
    return sorted(found)


@cache
def load_service(name: str) -> Service:
    """The mock of the service that botocore calls `name`. Raises NotMocked if there is none."""
    folder = name.replace("-", "_")
    for root in _package().__path__:
        path = Path(root) / folder / "service.yaml"
        if path.is_file():
            return _load(read_definition(path.read_text(encoding="utf-8"), f"mocks/{folder}/service.yaml"), folder)
    raise NotMocked(f"iamsim does not simulate the service {name} yet")


@cache
def service_of(name: str) -> Service:
    """The mock of the service that botocore calls `name`, or one of which nothing runs: its calls can be authorised."""
    try:
        return load_service(name)
    except NotMocked:
        return without_mock(name)


@cache
def without_mock(name: str) -> Service:
    """The service of that name as one of which nothing is simulated."""
    model = service_model(name)
    definition = ServiceDefinition(name, prefix_of(name) or likely_prefix(model), nouns={}, access={})
    return Service(definition, model, classes={}, functions={}, identities={}, providers={})


def _load(written: ServiceDefinition, folder: str) -> Service:
    package = import_module(f"iamsim.mocks.{folder}")
    modules = [import_module(f"{package.__name__}.{each.name}") for each in pkgutil.iter_modules(package.__path__)]
    definition, classes = _with_borrowed(written)
    model = service_model(definition.service)
    names = {xform_name(operation): operation for operation in model.operation_names}
    functions: dict[str, Callable[..., Any]] = {}
    identities: dict[str, Callable[[Any, Any], Arn]] = {}
    providers: dict[type, type] = {}
    access: dict[str, Callable[..., Any]] = {}
    before: list[Callable[[Any], None]] = []
    for module in modules:
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                if isinstance(value, type) and issubclass(value, ApiError):
                    _check_error(value, model, module)
                continue
            if isinstance(value, type) and issubclass(value, Resource) and value.kind:
                if value.kind not in definition.nouns:
                    raise UsageError(f"`{module.__name__}.{name}`: `{value.kind}` is not in {definition.source}")
                value.noun = definition.nouns[value.kind]
                classes[value.kind] = value
            elif hasattr(value, OPERATION):
                if name not in names:
                    unknown_name(_unknown(f"{module.__name__}.{name}", definition.service, name, list(names)))
                    continue
                functions[names[name]] = value
            elif hasattr(value, BEFORE):
                before.append(value)
            elif hasattr(value, IDENTITY):
                identities[getattr(value, IDENTITY)] = value
            elif hasattr(value, PROVIDES):
                providers[getattr(value, PROVIDES)] = value
            elif callable(value) and module.__name__.endswith(".access"):
                access[name] = value
    _check_names(definition, model)
    for name, function in tag_operations(definition, classes, model).items():
        setattr(function, OPERATION, "whole input")
        functions.setdefault(name, function)
    prefix = definition.prefix or prefix_of(definition.service) or likely_prefix(model)
    definition = replace(definition, prefix=prefix, functions=access)
    service = Service(definition, model, classes, functions, identities, providers, tuple(before))
    _check_definition(service)
    return service


def _with_borrowed(definition: ServiceDefinition) -> tuple[ServiceDefinition, dict[str, type[Resource]]]:
    """`definition` with the templates of the nouns that other mocks keep, and the classes of those nouns."""
    nouns = dict(definition.nouns)
    classes: dict[str, type[Resource]] = {}
    for kind, noun in nouns.items():
        if noun.of is not None:
            keeper = load_service(noun.of)
            if kind not in keeper.classes:
                raise UsageError(f"{definition.source}: resources.{kind}: the mock of {noun.of} has no such noun")
            kept = keeper.definition.nouns[kind]
            nouns[kind] = replace(kept, members=noun.members, missing=noun.missing, tags=noun.tags, of=noun.of)
            classes[kind] = keeper.classes[kind]
    return replace(definition, nouns=nouns), classes


def _check_error(cls: type[ApiError], model: Any, module: ModuleType) -> None:
    """An error made by `error(...)` is one of the model's, or says its status."""
    if cls.__module__ != "iamsim.kit.declare" or cls.status is not None:
        return
    known = {shape.name for shape in model.error_shapes} | {shape.error_code for shape in model.error_shapes}
    if cls.code not in known:
        unknown_name(
            _unknown(f"{module.__name__}: error `{cls.code}`", model.service_name, cls.code, sorted(known))
            + "; for an error that the model does not have, say its `status`"
        )


def _check_names(definition: ServiceDefinition, model: Any) -> None:
    """Operations, input members and errors that service.yaml names are AWS's."""
    service, operations = definition.service, set(model.operation_names)
    for name in definition.access:
        if name not in operations:
            unknown_name(_unknown(f"{definition.source}: `{name}`", service, name, sorted(operations)))
    data = load_data(service, "service-2")
    inputs = [data["shapes"][each["input"]["shape"]] for each in data["operations"].values() if "input" in each]
    members = {member for shape in inputs for member in shape["members"]}
    errors = [name for name, shape in data["shapes"].items() if shape.get("exception")]
    errors += [data["shapes"][name]["error"].get("code", name) for name in errors if "error" in data["shapes"][name]]
    for noun in definition.nouns.values():
        where = f"{definition.source}: resources.{noun.kind}"
        for verb in (noun.tags.tag, noun.tags.untag, noun.tags.list) if noun.tags else ():
            if verb and verb not in operations:
                unknown_name(_unknown(f"{where}.tags: `{verb}`", service, verb, sorted(operations)))
        for member in noun.members:
            if member not in members:
                unknown_name(_unknown(f"{where}: member `{member}`", service, member, sorted(members)))
        code = noun.missing[0] if noun.missing else ""  # some models lack errors that AWS has: look for slips only
        if code not in errors and get_close_matches(code, errors, n=1, cutoff=0.85):
            unknown_name(_unknown(f"{where}: missing `{code}`", service, code, errors))


def _check_definition(service: Service) -> None:
    """What service.yaml names of the mock's own is there: identities and functions."""
    definition = service.definition
    for noun in definition.nouns.values():
        for how in noun.members.values():
            if how not in ("arn", OWNER) and how not in noun.variables and how not in service.identities:
                raise UsageError(
                    f"{definition.source}: resources.{noun.kind}: `{how}` is neither `arn`, nor a variable of the "
                    "template, nor an @identity of the mock"
                )
    wanted = [rule.function for rule in definition.access.values() if rule.function]
    for function in [*wanted, *([definition.context] if definition.context else [])]:
        if function not in definition.functions:
            raise UsageError(f"{definition.source}: the mock's access.py has no function `{function}`")


def _unknown(where: str, service: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f": did you mean `{near[0]}`?" if near else ""
    return f"{where}: {service} has no such name in AWS's model{hint}"
