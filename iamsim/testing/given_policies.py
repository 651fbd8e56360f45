"""Policies as testers give them: objects, JSON text, JSON or YAML files, ARNs of managed policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.policy.document import Origin, written_at
from iamsim.policy.syntax import text_of
from iamsim.testing.place import place
from iamsim.tools.scenario_files import policy_in_file

Given = Mapping[str, Any] | str | Path
VERSION = "2012-10-17"


@dataclass(frozen=True)
class GivenPolicy:
    """One policy: its document's JSON text, or the ARN of a managed policy."""

    name: str | None
    text: str | None = None
    arn: str | None = None


def given_policies(given: Given | Sequence[Given] | None, what: str = "policies") -> list[GivenPolicy]:
    """The policies in `given`: one, a list, or `{name: policy}`. A single statement stands for a document of it.

    Raises UsageError for what is no policy.
    """
    if given is None:
        return []
    if isinstance(given, Mapping) and not _is_document(given):
        return [_one(each, str(name), f"{what}[{name!r}]") for name, each in given.items()]
    if isinstance(given, Mapping | str | Path):
        return [_one(given, None, what)]
    return [_one(each, None, f"{what}[{index}]") for index, each in enumerate(given)]


def document_text(given: Given) -> str:
    """The JSON text of one policy that is given as a document. Raises UsageError for an ARN."""
    policy = _one(given, None, "the policy")
    if policy.text is None:
        raise UsageError(f"`{policy.arn}` is the ARN of a managed policy: here a document is needed")
    return policy.text


def _is_document(given: Mapping[str, Any]) -> bool:
    return bool(given.keys() & {"Statement", "Version", "Effect"})


def _one(given: Any, name: str | None, where: str) -> GivenPolicy:
    if isinstance(given, Mapping):
        if "document" in given:
            return _one(given["document"], given.get("name") or name, where)
        if not _is_document(given):
            raise UsageError(
                f"`{where}` is no policy: it has neither `Statement` (a document) nor `Effect` (a statement)"
            )
        text = text_of({"Version": VERSION, "Statement": [given]} if "Effect" in given else given)
        written_at(text, Origin(str(place()), is_file=False))
        return GivenPolicy(name, text)
    if isinstance(given, str):
        if Arn.looks_like(given):
            return GivenPolicy(name, arn=given)
        if given.lstrip().startswith("{"):
            return GivenPolicy(name, given)
        given = Path(given)
    if not isinstance(given, Path):
        raise UsageError(f"`{where}` is `{given!r}`: give a document, a statement, a file, or a managed policy's ARN")
    if not given.exists():
        raise UsageError(
            f"`{where}`: there is no file `{given}` below {Path.cwd()}; a managed policy is given by its ARN"
        )
    return GivenPolicy(name or given.name.split(".")[0], policy_in_file(given))
