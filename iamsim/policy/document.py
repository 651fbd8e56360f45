"""Policy documents, read once and indexed by action; and Policy, a document with its name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from iamsim.policy.effect import PolicyType
from iamsim.policy.statement import Statement
from iamsim.policy.structure import problems
from iamsim.policy.syntax import PolicySyntaxError, read, text_of

if TYPE_CHECKING:
    from iamsim.policy.validation import Finding

Candidates: TypeAlias = "tuple[tuple[Statement, ...], tuple[Statement, ...]]"  # the Denies and the Allows

KNOWN_ACTIONS = 1024  # how many actions a document remembers its statements for


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody wrote a document: a file, or a place in a program, where its lines are not the text's."""

    place: str
    is_file: bool = True


class Document:
    """A compiled policy document."""

    __slots__ = ("_by_service", "_candidates", "_for_any_service", "id", "origin", "statements", "text", "version")

    def __init__(self, text: str) -> None:
        """The document that `text` writes. Raises PolicySyntaxError."""
        source = read(text)
        for path, message in problems(source):
            from iamsim.policy.positions import locate

            line, column = locate(text).place(path)
            raise PolicySyntaxError(message, path=path, line=line, column=column)
        self.text = text
        self.origin: Origin | None = None  # where a reader finds it, for messages
        self.version: str = source.get("Version", "2008-10-17")
        self.id: str | None = source.get("Id")
        given = source["Statement"]
        substitute = self.version == "2012-10-17"
        placed = [(given, ("Statement",))] if isinstance(given, dict) else [
            (members, ("Statement", index)) for index, members in enumerate(given)
        ]  # fmt: skip
        self.statements = tuple(Statement.of(members, path, text, substitute=substitute) for members, path in placed)
        self._candidates: tuple[dict[str, Candidates], dict[str, Candidates]] = ({}, {})
        self._by_service: dict[str, list[Statement]] = {}
        self._for_any_service: list[Statement] = []
        for statement in self.statements:
            services = statement.action.services if statement.action is not None else None
            if services is None:
                self._for_any_service.append(statement)
            else:
                for service in services:
                    self._by_service.setdefault(service, []).append(statement)

    def candidates(self, action: str, has_principals: bool) -> Candidates:
        """The statements whose action element matches `action` (lower case), and that can be in effect at all.

        `has_principals` tells a document of a type whose statements name principals from one of the other types. There
        an Allow must name a principal; here it must name none and must name resources (section 3 of policy-language).
        """
        known = self._candidates[has_principals]
        found = known.get(action)
        if found is None:
            if len(known) >= KNOWN_ACTIONS:
                known.clear()
            found = known[action] = self._find(action, has_principals)
        return found

    def _find(self, action: str, has_principals: bool) -> Candidates:
        possible = self._by_service.get(action.partition(":")[0], []) + self._for_any_service
        matching = sorted((one for one in possible if one.covers_action(action)), key=lambda one: one.index)
        denies = tuple(one for one in matching if not one.allows)
        allows = tuple(one for one in matching if one.allows and can_allow(one, has_principals))
        return denies, allows if action.count(":") == 1 else ()


def can_allow(statement: Statement, has_principals: bool) -> bool:
    """Whether an Allow like this may be in effect in a type of policy that has principals, or in one that has none.

    Allow with NotPrincipal is unsupported (R-70).
    """
    if has_principals:
        return statement.principal is not None
    names_resources = statement.resource is not None or statement.not_resource is not None
    return names_resources and statement.principal is None and statement.not_principal is None


@lru_cache(maxsize=2048)
def document(text: str) -> Document:
    """The document that `text` writes, compiled once. Raises PolicySyntaxError."""
    return Document(text)


def written_at(text: str, origin: Origin) -> None:
    """Let explanations say where the document `text` was written; of several places the latest."""
    with suppress(PolicySyntaxError):  # told when it is used
        document(text).origin = origin


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document and what it is called; `source` says where it comes from, such as a file."""

    document: Document = field(repr=False)
    name: str | None = None
    arn: str | None = None
    source: str | None = None

    @staticmethod
    def parse(
        document: str | Mapping[str, Any],
        *,
        name: str | None = None,
        arn: str | None = None,
        source: str | None = None,
    ) -> Policy:
        """The policy that `document` writes, as JSON text or as an object read from JSON or YAML.

        Raises PolicySyntaxError, with line and column.
        """
        return Policy(_compiled(document if isinstance(document, str) else text_of(document)), name, arn, source)

    @property
    def text(self) -> str:
        """The JSON text."""
        return self.document.text

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self.document.statements

    @property
    def label(self) -> str:
        """What to call it in a message: the ARN, else the name, else where it comes from."""
        return self.arn or self.name or self.source or "unnamed policy"

    def validate(self, kind: PolicyType) -> list[Finding]:
        """What AWS would say to this document as a policy of that kind, in its order, and then warnings."""
        from iamsim.policy.validation import advise, validate

        return [*validate(self.text, kind), *advise(self.text, kind)]


_compiled = document  # inside Policy the name means the field
