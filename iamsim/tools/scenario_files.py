"""Files of scenarios: one scenario, a JSON array, JSON lines, or YAML; documents may stand in files beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from iamsim.errors import UsageError
from iamsim.policy.document import Origin, written_at
from iamsim.tools.shown_path import shown
from iamsim.tools.yaml_policy import json_text

DECODER = json.JSONDecoder()


def read_scenarios(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The scenarios of a file, each with the line where it starts. Raises UsageError that names file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path}: not UTF-8 at byte {problem.start}") from None
    if path.suffix in (".yaml", ".yml"):
        found = _yaml(path, text)
    else:
        found = _json(path, text)
    for line, data in found:
        if not isinstance(data, dict):
            raise UsageError(f"{path}, line {line}: a scenario must be an object, not {type(data).__name__}")
        yield line, _with_files(data, path, line)


def _json(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    """One value, an array, or one value per line."""
    position = _skip_blank(text, 0)
    if position == len(text):
        raise UsageError(f"{path}: the file is empty: expected a scenario, an array of them, or one on each line")
    is_array = text[position] == "["
    counted, line = 0, 1
    position = _skip_blank(text, position + 1) if is_array else position
    while position < len(text) and not (is_array and text[position] == "]"):
        line += text.count("\n", counted, position)
        counted = position
        try:
            value, position = DECODER.raw_decode(text, position)
        except json.JSONDecodeError as problem:
            place = f"line {problem.lineno}, column {problem.colno}"
            raise UsageError(f"{path}, {place}: not JSON: {problem.msg}") from None
        except RecursionError:
            raise UsageError(f"{path}, line {line}: nested too deeply") from None
        yield line, value
        position = _skip_blank(text, position)
        if is_array:
            position = _next_item(path, text, position)
    if is_array and position >= len(text):
        raise UsageError(f"{path}, line {text.count(chr(10)) + 1}: the array is not closed: expected `]`")
    if is_array and _skip_blank(text, position + 1) < len(text):
        raise UsageError(f"{path}, line {text.count(chr(10), 0, position) + 1}: something follows the array")


def _next_item(path: Path, text: str, position: int) -> int:
    """Where the next item of an array starts, or its end."""
    if position < len(text) and text[position] == ",":
        return _skip_blank(text, position + 1)
    if position < len(text) and text[position] != "]":
        raise UsageError(f"{path}, line {text.count(chr(10), 0, position) + 1}: expected `,` or `]`")
    return position


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n\ufeff":
        position += 1
    return position


def _yaml(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        nodes = list(yaml.compose_all(text, Loader=loader))
        values = list(yaml.load_all(text, Loader=loader))
    except yaml.MarkedYAMLError as problem:
        raise UsageError(f"{path}{_place(problem)}: not YAML: {problem.problem}") from None
    except (yaml.YAMLError, RecursionError) as problem:
        raise UsageError(f"{path}: not YAML: {problem}") from None
    for node, value in zip(nodes, values, strict=True):
        if isinstance(value, list):
            for item, each in zip(node.value, value, strict=True):
                yield item.start_mark.line + 1, each
        elif value is not None:
            yield node.start_mark.line + 1, value


def _with_files(data: dict[str, Any], path: Path, line: int) -> dict[str, Any]:
    """The scenario with `{"file": "path"}` replaced by what the file beside it holds, wherever a document may stand."""

    def filled(value: Any) -> Any:
        if isinstance(value, Mapping):
            if set(value) == {"file"} and isinstance(value["file"], str):
                return _document(path.parent / value["file"], path, line)
            return {key: filled(member) for key, member in value.items()}
        return [filled(each) for each in value] if isinstance(value, list) else value

    places = {
        "identity_policies", "permissions_boundary", "session_policies", "resource_policy", "scps", "rcps",
        "vpc_endpoint_policy",
    }  # fmt: skip
    return {key: filled(value) if key in places else value for key, value in data.items()}


def policy_in_file(path: Path) -> str:
    """The JSON text of the policy document in a file, from YAML with the same lines. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path}: not UTF-8 at byte {problem.start}") from None
    if path.suffix in (".yaml", ".yml"):
        text = _json_of_yaml(path, text)
    written_at(text, Origin(shown(path)))
    return text


def _json_of_yaml(path: Path, text: str) -> str:
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as problem:
        raise UsageError(f"{path}{_place(problem)}: not YAML: {problem.problem}") from None
    except (yaml.YAMLError, RecursionError) as problem:
        raise UsageError(f"{path}: not YAML: {problem}") from None
    if node is None:
        raise UsageError(f"{path}: the file is empty: expected a policy document")
    try:
        return json_text(node)
    except UsageError as problem:
        raise UsageError(f"{path}, {problem}") from None


def _place(problem: yaml.MarkedYAMLError) -> str:
    mark = problem.problem_mark
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _document(place: Path, path: Path, line: int) -> str:
    try:
        return policy_in_file(place)
    except UsageError as problem:
        raise UsageError(f"{path}, line {line}: {problem}") from None
