"""Recorded policies as files: one for each principal, or more where one policy cannot hold it all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.tools.least_privilege.fit import Document, documents_for, size_of
from iamsim.tools.least_privilege.grants import grants_for
from iamsim.tools.least_privilege.need import Need
from iamsim.tools.least_privilege.statements import statements_for

FORMATS = ("json", "yaml")
PART = "~"  # before the number of a part: no name of IAM's can contain it


@dataclass(frozen=True)
class RecordedPolicy:
    """The policy of one principal, in one document or more, and the files that hold it."""

    principal: str
    documents: tuple[Document, ...]
    files: tuple[Path, ...]

    def describe(self) -> str:
        """One line: `role-app.json: 5 actions in 2 statements (412 of 6,144 characters)`."""
        statements = [each for document in self.documents for each in document["Statement"]]
        actions = {action for each in statements for action in each["Action"]}
        sizes = ", ".join(f"{size_of(document):,}" for document in self.documents)
        names = ", ".join(file.name for file in self.files)
        return (
            f"{names}: {_count(len(actions), 'action')} in {_count(len(statements), 'statement')} "
            f"({sizes} of 6,144 characters)"
        )


def write_policies(
    folder: Path,
    needs: Mapping[str, Iterable[Need]],
    *,
    is_exact: bool = False,
    form: str = "json",
    root: str = "root",
) -> list[RecordedPolicy]:
    """Write the policy of each principal (by the ARN of its user or role), in the order of the files' names.

    `root` is what the file of a root user is called. A file is the same, byte for byte, whenever the needs are the
    same. Files of principals that did not act are left alone. Raises UsageError if the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stem, principal in sorted((stem, arn) for arn, stem in _stems(needs, root).items()):
            grants = grants_for(needs[principal], Arn.parse(principal).account, is_exact=is_exact)
            documents = documents_for(statements_for(grants))
            names = [stem] if len(documents) == 1 else [f"{stem}{PART}{n + 1}" for n in range(len(documents))]
            files = [folder / f"{name}.{form}" for name in names]
            for stale in {*folder.glob(f"{stem}.{form}"), *folder.glob(f"{stem}{PART}*.{form}")}.difference(files):
                stale.unlink()
            for file, document in zip(files, documents, strict=True):
                file.write_bytes(text_of(document, form).encode())
            written.append(RecordedPolicy(principal, tuple(documents), tuple(files)))
    except OSError as problem:
        raise UsageError(f"cannot write policies to `{folder}`: {(problem.strerror or str(problem)).lower()}") from None
    return written


def text_of(document: Document, form: str = "json") -> str:
    """The document as JSON or YAML."""
    if form == "yaml":
        quoted = {**document, "Version": _Quoted(document["Version"])}
        return yaml.dump(quoted, Dumper=_Dumper, sort_keys=False, width=120)
    return json.dumps(document, indent=2) + "\n"


class _Quoted(str):
    """Text that is quoted in YAML, where 2012-10-17 alone would be a date."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """YAML without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def _stems(principals: Iterable[str], root: str) -> dict[str, str]:
    """A file name for each principal: `user-alice`, `role-app`; with the account where that is not enough."""
    stems = {arn: _stem(Arn.parse(arn), root) for arn in principals}
    for more in ("{account}", "{partition}"):
        counts = Counter(stem.lower() for stem in stems.values())  # as file systems compare
        for arn, stem in stems.items():
            if counts[stem.lower()] > 1:
                stems[arn] = f"{stem}-{more.format(**Arn.parse(arn)._asdict())}"
    return stems


def _stem(principal: Arn, root: str) -> str:
    return f"{principal.type}-{principal.name}" if principal.type else root


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def summary(written: Sequence[RecordedPolicy]) -> list[str]:
    """A line for each principal."""
    return [f"{each.principal} -> {each.describe()}" for each in written]
