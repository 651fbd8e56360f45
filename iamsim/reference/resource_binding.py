"""Which input members name a resource: the variables of its type's ARN template bound to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iamsim.reference.member_names import MemberName, fit, holds_arn, makes, plain
from iamsim.reference.resource_templates import OF_THE_REQUEST, VARIABLE, ResourceTemplate
from iamsim.reference.service_authorization import ResourceType

OVERRIDDEN = 9  # how well a member fills a variable that is written down
DEPTH = 2  # how many structures deep a member may be that names a resource
NAMES_NOTHING = re.compile("filter|criteria|sort|query|tag|s3", re.IGNORECASE)  # structures that name no resource


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
        how_well: dict[str, int] = {}
        for variable in variables:
            is_last = variable == variables[-1]
            found, score = _fitting(names, variable, kind.name, operation, is_last)
            if not found and is_last:
                found = holds_id_too
            if overrides and variable in overrides:
                found, score = (overrides[variable],), OVERRIDDEN
            if found:
                members[variable], how_well[variable] = found, score
        for variable in [each for each in members if _is_taken(each, members, how_well)]:
            del members[variable]
            others = [each for each in names if not any(each.text in taken for taken in members.values())]
            found, _ = _fitting(others, variable, kind.name, operation, variable == variables[-1])
            if found:
                members[variable] = found
        kept = {*OF_THE_REQUEST, *(variables if arn_members else members)}
        text = VARIABLE.sub(lambda m, kept=kept: m[0] if m[1] in kept else "*", template)  # type: ignore[misc]
        is_open = bool(variables) or "*" in template
        holding = arn_members or (own_identifiers if not variables else ())  # an id cannot be put into such a template
        holding = holding if is_open else ()
        made = makes(operation, kind.name)
        yield ResourceTemplate(text, kind.name, required, members, holding, template, made, _shared_list(members))


def by_the_only_member(template: ResourceTemplate, model: Any, prefix: str) -> ResourceTemplate:
    """`template`, which no member names by its name, with the first required member if that is only called `Id` or so.

    Before that, with the one required member for an ARN, whatever it is called: the ARN itself says of what it is.
    """
    shape = model.input_shape
    required = [(name, shape.members[name]) for name in (shape.required_members if shape is not None else ())]
    names = [MemberName.read(name) for name, member in required if member.type_name == "string" and not member.enum]
    if makes(model.name, template.type) or not names:
        return template
    arns = [name for name in names if name.ending == "arn" and not name.stem.endswith("role")]
    if len(arns) == 1:
        return replace(template, arn_members=(arns[0].text,))
    variables = [name for name in VARIABLE.findall(template.kind_template) if name not in OF_THE_REQUEST]
    first = names[0]
    if (
        template.service != prefix
        or model.name.startswith("Create")
        or first.stem
        or first.ending not in ("id", "name")
        or len(variables) != 1
        or "*" in template.kind_template
    ):
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


def _is_taken(variable: str, members: Mapping[str, tuple[str, ...]], how_well: Mapping[str, int]) -> bool:
    """Whether the variable's members fill another one better: `BrokerId` is no `${BrokerName}` beside `${BrokerId}`."""
    return any(
        set(members[variable]) <= set(members[other]) and how_well[variable] < how_well[other]
        for other in members
        if other != variable
    )


def _fitting(
    names: list[MemberName], variable: str, kind: str, operation: str, is_last: bool
) -> tuple[tuple[str, ...], int]:
    """The members that fill the variable best, and how well.

    One that fits only by the end of its name must be the only one.

    Those of the input itself go before those of its structures.
    """
    for some in ([each for each in names if not each.within], [each for each in names if each.within]):
        how_well = {name: fit(name, variable, kind, operation, is_last) for name in some}
        best = max(how_well.values(), default=0)
        found = tuple(name.text for name in some if best and how_well[name] == best)
        if best == 4:  # the same name; a bare noun may stand for it, as `Group` does for `GroupName`
            found += tuple(name.text for name in some if how_well[name] == 3 and not name.ending)
        if found and not (best == 1 and len(found) > 1):
            return found, best
    return (), 0
