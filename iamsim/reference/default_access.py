"""What an operation must be allowed by the default rule: `<prefix>:<Operation>` on the resources that it names (O-1).

Exceptions by name are not here but in `operations/<service>.yaml` and in the mocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iamsim.reference import api_gateway_access
from iamsim.reference.actions import action
from iamsim.reference.built_with import botocore_version, is_newer
from iamsim.reference.member_names import plain
from iamsim.reference.near_names import near_names
from iamsim.reference.passed_roles import HANDS_NOTHING_OVER, hands_over_a_role
from iamsim.reference.prefixes import is_decided_by_iam, likely_prefix, prefix_in, why_without_prefix
from iamsim.reference.resource_binding import by_the_only_member, input_names, templates_of
from iamsim.reference.resource_templates import ResourceTemplate
from iamsim.reference.service_authorization import Action, ActionResource, documented_only, service
from iamsim.reference.values import arns_in, texts_at

CHANGES = ("Create", "Delete", "Put", "Update")
PASS_ROLE = "iam:PassRole"
SHORTEST_NOUN = 3  # `es` ends many words
UNSIGNED = "calls are not signed, so no IAM policy decides them"
BEARER = "calls carry a bearer token, which IAM policies do not decide"


@dataclass(frozen=True, slots=True)
class NeededAction:
    """One action that a call must be allowed. `dependent`: beside the main one, perhaps only for certain parameters."""

    action: str
    resources: tuple[ResourceTemplate, ...]
    dependent: bool
    condition_keys: tuple[str, ...]
    reason: str  # the rule that gave it

    @property
    def resource_templates(self) -> tuple[str, ...]:
        """ARN templates in AWS's form, `*` for an action that takes no resource (O-4)."""
        return tuple(dict.fromkeys(resource.text for resource in self.resources)) or ("*",)

    def arns(self, params: Mapping[str, Any], request: Mapping[str, str]) -> list[str]:
        """The ARNs to decide on for a call with `params`; `request` has its partition, region and account.

        A type that the input could name and does not is left out (O-5), unless nothing would be left.
        """
        named = {each: each.arns(params, request) for each in self.resources if each.is_named}
        given = {arn for arns in named.values() for arn in arns} & _texts(params)
        if given:  # whole ARNs say of which type they are: what else their members might name is not meant
            holders = {member for each in named for member in each.all_members}
            sure = {member for member in holders if given & set(texts_at(params, member))}
            named = {
                each: arns
                for each, arns in named.items()
                if given & set(arns) or not sure >= each.all_members or (each.required and each.is_made)
            }
        finer = [set(each.members) for each, arns in named.items() if arns and not each.required]
        found: dict[str, None] = {}
        for each in self.resources:
            if not each.is_named and each.required:
                found |= dict.fromkeys(each.among(arns_in(params)) or [each.of_any(request)])
            elif each.required:
                found |= dict.fromkeys(named.get(each) or each.among(arns_in(params)))
            elif not any(set(each.members) < other for other in finer):
                found |= dict.fromkeys(named.get(each, ()))
        return list(found) or self._of_any(params, request)

    def _of_any(self, params: Mapping[str, Any], request: Mapping[str, str]) -> list[str]:
        """The resources where no member is known to name one: ARNs of their types anywhere, else any of each type."""
        if not self.resources:
            return ["*"]
        given = [arn for each in self.resources for arn in each.among(arns_in(params))]
        required = [each for each in self.resources if each.required]
        return list(dict.fromkeys(given)) or [each.of_any(request) for each in required or self.resources]


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """All that an operation must be allowed. `reason` says why where it is nothing, or nothing is known.

    `assumed` is the name that the action most likely has where none is known (O-8).
    """

    needed: tuple[NeededAction, ...] = ()
    reason: str = ""
    assumed: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the reference says what is needed, be it nothing."""
        return self.assumed is None


def _texts(params: Mapping[str, Any]) -> set[str]:
    """The ARNs among the values of the input's own members."""
    values = [each for value in params.values() for each in (value if isinstance(value, list) else (value,))]
    return {each for each in values if isinstance(each, str) and each.startswith("arn:")}


def default_access(model: Any) -> OperationAccess:
    """What the operation of this botocore.model.OperationModel must be allowed by rule, without exceptions by name."""
    name = model.service_model.service_name
    if model.auth_type == "none":
        return OperationAccess(reason=UNSIGNED)
    prefix = prefix_in(model.service_model)
    if prefix is None:
        assumed = f"{likely_prefix(model.service_model)}:{model.name}" if is_decided_by_iam(name) else None
        return OperationAccess(reason=why_without_prefix(name), assumed=assumed)
    if model.service_model.metadata.get("signatureVersion") == "bearer":
        return OperationAccess(reason=BEARER)
    token = f"{prefix}:{model.name}"
    if token in documented_only():
        return OperationAccess((NeededAction(token, (), False, (), "named by botocore's documentation only"),))
    found = next(_by_name(prefix, model), None)
    if found is not None:
        return OperationAccess(tuple(needed_actions(found[0], model, found[1])))
    by_method = api_gateway_access.by_http_method(model) if prefix == "apigateway" else None
    if by_method is not None:
        reason = "the action is the HTTP method"
        return OperationAccess((NeededAction(by_method[0], (by_method[1],), False, by_method[2], reason),))
    reason = f"the reference data have no action {token}, nor one of a name near it"
    if is_newer(name, model.name):
        reason = f"the operation is newer than the reference data, which go with botocore {botocore_version()}"
    return OperationAccess(reason=reason, assumed=token)


def needed_actions(found: Action, model: Any, reason: str) -> Iterator[NeededAction]:
    """The action `found` on the resources that the operation names, then the actions that depend on it (O-6)."""
    resources = resources_of(found, model)
    yield NeededAction(str(found), resources, False, condition_keys(found, resources), reason)
    for name, why in dependents_of(found, model):
        yield dependent_action(name, model, resources, why)


def dependents_of(found: Action, model: Any) -> Iterator[tuple[str, str]]:
    """The actions that the operation needs beside `found`, each with the reason."""
    for name in found.dependent_actions:
        if name == PASS_ROLE and model.name != found.name and model.name.startswith(HANDS_NOTHING_OVER):
            continue  # what only lends its action to an operation that takes no role
        yield name, f"a dependent action of {found}"
    if PASS_ROLE not in found.dependent_actions and hands_over_a_role(found, model):
        yield PASS_ROLE, "the call hands over a role"


def dependent_action(name: str, model: Any, main: Sequence[ResourceTemplate], reason: str) -> NeededAction:
    """The action `name` as one that the operation needs beside its main one, which is on the resources `main`."""
    known = action(name)
    if known is None:
        return NeededAction(name, (), True, (), reason)
    if known.prefix == prefix_in(model.service_model):
        resources = _tagged(known, main, model.name) if known.access_level == "Tagging" else resources_of(known, model)
    else:
        resources = resources_of(known, model, loosely=True)
    resources = resources or resources_of(known, model)
    return NeededAction(str(known), resources, True, condition_keys(known, resources), reason)


def resources_of(found: Action, model: Any, loosely: bool = False) -> tuple[ResourceTemplate, ...]:
    """The ARN templates of the action, bound to the operation's input.

    Of the types that are not required, those that the input names in full or by their own last variable, else those
    that it names in part, else all.
    `loosely`: the action is of another service; what it creates or tags there, the input does not name.
    """
    names = input_names(model.input_shape)
    every = [
        template
        for resource in found.resource_types
        for template in templates_of(
            resource.type,
            resource.required,
            model.name,
            [] if loosely and _is_new(resource, found) else names,
            loosely,
        )
    ]
    required = [template for template in every if template.required]
    if len(required) == 1 and not required[0].is_named and not loosely:
        required = [by_the_only_member(required[0], model, found.prefix)]
        every = [required[0] if template.required else template for template in every]
    full = [template for template in every if not template.required and template.is_named_in_full]
    partly = [template for template in every if not template.required and template.is_named and template not in full]
    taken = {member for template in required + full for member in template.all_members}
    by_own_name = [template for template in partly if template.own_members and not template.own_members & taken]
    kept = _most_fitting(required) + (full + by_own_name or partly) or every
    return tuple(sorted(kept, key=lambda template: -about(model.name, template.type)))


def about(operation: str, kind: str) -> int:
    """How surely the operation's own noun is the resource type: `CreateCacheCluster` is about a `cluster`."""
    noun = plain(re.sub(r"^[A-Z][a-z]+|(?<=[a-z])From[A-Z].*|s$", "", operation))
    own = plain(kind).removesuffix("s")
    if not noun or len(own) < SHORTEST_NOUN:
        return 0
    return 3 if noun == own else 2 if noun.endswith(own) else int(own.endswith(noun))


def condition_keys(found: Action, resources: Sequence[ResourceTemplate]) -> tuple[str, ...]:
    """The service's and AWS's keys that a policy may test for the action on resources of these types."""
    types = {template.type for template in resources}
    keys = dict.fromkeys(found.condition_keys)
    for resource in found.resource_types:
        if resource.name in types:
            keys |= dict.fromkeys(resource.condition_keys + resource.type.condition_keys)
    return tuple(keys)


def _is_new(resource: ActionResource, found: Action) -> bool:
    return found.access_level == "Tagging" or plain(found.name) == f"create{plain(resource.name)}"


def _tagged(tagging: Action, main: Sequence[ResourceTemplate], operation: str) -> tuple[ResourceTemplate, ...]:
    """What is tagged at creation: what the operation makes by its name, else what is new.

    That is what the input cannot name in full, or at least cannot leave out.
    """
    types = {resource.name for resource in tagging.resource_types}
    shared = [template for template in main if template.type in types]
    surest = max((about(operation, template.type) for template in shared), default=0)
    made = [template for template in shared if surest and about(operation, template.type) == surest]
    if len({template.type for template in made}) == 1:
        return tuple(made)
    new = [template for template in shared if not template.is_named_in_full]
    return tuple(new or [template for template in shared if template.required] or shared)


def _most_fitting(templates: Sequence[ResourceTemplate]) -> list[ResourceTemplate]:
    """Without the other templates of a type that has one which the input names in full."""
    filled = {template.type for template in templates if template.is_named_in_full}
    return [template for template in templates if template.is_named_in_full or template.type not in filled]


def _by_name(prefix: str, model: Any) -> Iterator[tuple[Action, str]]:
    """The actions that authorise the operation, the likeliest first, each with the rule that found it."""
    known = service(prefix)
    assert known is not None  # noqa: S101 - prefix_in knows only such
    names = [(model.name, "the operation's own name"), *near_names(model.name)]
    for name, rule in names:
        if found := known.action(name):
            yield found, rule
    documented = {
        found.name: found
        for token in re.findall(rf"(?<![\w:/.-]){re.escape(prefix)}:(\w+)(?![\w:/*?-])", model.documentation or "")
        if (found := known.action(token))
    }
    if len(documented) == 1:
        found = next(iter(documented.values()))
        if not (model.name.startswith(CHANGES) and found.access_level in ("List", "Read")):
            yield found, "the one action that the operation's documentation names"
