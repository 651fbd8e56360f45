"""What a policy document may consist of (policy-language section 1): each problem with its place and what was expected.

Only what makes a document unreadable is refused here; what AWS refuses on saving beyond that is in `validation/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from iamsim.policy.conditions import BASES, NULL, operator
from iamsim.policy.syntax import NumberText, Path

Problem: TypeAlias = "tuple[Path, str]"

VERSIONS = ("2008-10-17", "2012-10-17")
DOCUMENT_MEMBERS = ("Version", "Id", "Statement")
STATEMENT_MEMBERS = (
    "Sid", "Principal", "NotPrincipal", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
EITHER = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
EFFECTS = ("Allow", "Deny")


def is_text(value: object) -> bool:
    """Whether `value` was a JSON string."""
    return isinstance(value, str) and not isinstance(value, NumberText)


def problems(document: Any) -> Iterator[Problem]:
    """Everything in `document` that does not fit the grammar."""
    if not isinstance(document, dict):
        yield (), f"expected a policy document, an object with `Statement`; found {_kind(document)}"
        return
    yield from _unknown(document, DOCUMENT_MEMBERS, (), "policy")
    version = document.get("Version", VERSIONS[0])
    if not is_text(version) or version not in VERSIONS:
        yield ("Version",), f'expected "2012-10-17" or "2008-10-17"; found {_shown(version)}'
    if not is_text(document.get("Id", "")):
        yield ("Id",), f"expected a string; found {_kind(document['Id'])}"
    if "Statement" not in document:
        yield (), "expected `Statement`, which is missing"
        return
    statements = document["Statement"]
    if isinstance(statements, list):
        if not statements:
            yield ("Statement",), "expected at least one statement (L-6)"
        for index, statement in enumerate(statements):
            yield from _statement(statement, ("Statement", index))
    else:
        yield from _statement(statements, ("Statement",))


def _statement(statement: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(statement, dict):
        yield path, f"expected a statement, which is an object; found {_kind(statement)}"
        return
    yield from _unknown(statement, STATEMENT_MEMBERS, path, "statement")
    if "Effect" not in statement:
        yield path, "expected `Effect`, which is missing"
    elif not is_text(statement["Effect"]) or statement["Effect"] not in EFFECTS:
        yield (*path, "Effect"), f'expected "Allow" or "Deny"; found {_shown(statement["Effect"])}'
    if not is_text(statement.get("Sid", "")):
        yield (*path, "Sid"), f"expected a string; found {_kind(statement['Sid'])}"
    for one, other in EITHER:
        if one in statement and other in statement:
            yield (*path, other), f"expected either `{one}` or `{other}`, found both"
    for member in ("Action", "NotAction", "Resource", "NotResource"):
        if member in statement:
            yield from _texts(statement[member], (*path, member))
    for member in ("Principal", "NotPrincipal"):
        if member in statement:
            yield from _principal(statement[member], (*path, member))
    if "Condition" in statement:
        yield from _condition(statement["Condition"], (*path, "Condition"))


def _principal(principal: Any, path: Path) -> Iterator[Problem]:
    if isinstance(principal, dict):
        yield from _unknown(principal, PRINCIPAL_TYPES, path, "principal")
        for kind, names in principal.items():
            yield from _texts(names, (*path, kind))
    elif not is_text(principal) or principal != "*":
        yield path, f'expected "*" or an object with {_listed(PRINCIPAL_TYPES)}; found {_shown(principal)}'


def _condition(condition: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(condition, dict):
        yield path, f"expected an object of condition operators; found {_kind(condition)}"
        return
    for name, keys in condition.items():
        if operator(name) is None:
            yield (*path, name), f"unknown condition operator `{name}`{_suggestion(name, _operators_like(name))}"
        if not isinstance(keys, dict):
            yield (*path, name), f"expected an object of condition keys; found {_kind(keys)}"
            continue
        for key, values in keys.items():
            for value in values if isinstance(values, list) else [values]:
                if not isinstance(value, (str, bool)):
                    yield (*path, name, key), f"expected a string, number or boolean; found {_kind(value)}"


def _operators_like(name: str) -> Collection[str]:
    prefix = name[: name.index(":") + 1] if name.startswith(("ForAllValues:", "ForAnyValue:")) else ""
    bases = [*BASES, *([] if prefix else [NULL])]
    return [prefix + base for base in bases] + [f"{prefix}{base}IfExists" for base in BASES]


def _texts(value: Any, path: Path) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, element in enumerate(value):
            if not is_text(element):
                yield (*path, index), f"expected a string; found {_kind(element)}"
    elif not is_text(value):
        yield path, f"expected a string or a list of strings; found {_kind(value)}"


def _unknown(members: Mapping[str, Any], known: Collection[str], path: Path, where: str) -> Iterator[Problem]:
    for name in members:
        if name not in known:
            yield (*path, name), f"unknown member `{name}` of a {where}{_suggestion(name, known)}"


def _suggestion(name: str, known: Collection[str]) -> str:
    import difflib

    exact = [one for one in known if one.lower() == name.lower()]
    close = exact or difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else f"; expected {_listed(known)}" if len(known) < 12 else ""


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = ((NumberText, "a number"), (bool, "a boolean"), (str, "a string"), (dict, "an object"), (list, "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "something else")


def _shown(value: object) -> str:
    return f'"{value}"' if is_text(value) else _kind(value)
