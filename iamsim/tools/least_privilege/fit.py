"""Statements in documents that a managed policy can hold: 6,144 characters, white space not counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from iamsim.policy.effect import PolicyType
from iamsim.policy.validation.quotas import QUOTAS
from iamsim.reference.minimise import minimise
from iamsim.tools.least_privilege.statements import LONGEST_SID, Statement, with_sids

LIMIT = QUOTAS[PolicyType.BOUNDARY].characters  # a boundary is always a managed policy
Document = dict[str, Any]


def documents_for(statements: Sequence[Statement], limit: int = LIMIT) -> list[Document]:
    """One document if it fits, first as it is, then with patterns for actions; else as many as it takes.

    The patterns match the listed actions and no other that AWS has today.
    """
    if not statements:
        return []
    for candidate in (list(statements), shortened(statements)):
        if size_of(_document(candidate)) <= limit:
            return [_document(candidate)]
    parts: list[list[Statement]] = [[]]
    for piece in with_sids(each for long in candidate for each in _pieces(long, limit)):
        if parts[-1] and size_of(_document([*parts[-1], piece])) > limit:
            parts.append([])
        parts[-1].append(piece)
    return [_document(part) for part in parts]


def shortened(statements: Sequence[Statement]) -> list[Statement]:
    """The same with patterns in place of actions, cut between words: `s3:GetObject*`, never `s3:GetO*`."""
    return [replace(one, actions=tuple(minimise(one.actions, whole_words=True))) for one in statements]


def size_of(document: Document) -> int:
    """How many characters of it count."""
    return len(json.dumps(document, separators=(",", ":")))


def _document(statements: Sequence[Statement]) -> Document:
    return {"Version": "2012-10-17", "Statement": [each.document() for each in statements]}


def _pieces(statement: Statement, limit: int) -> Iterator[Statement]:
    """The statement, or two and more halves of it where it alone is too long."""
    most = max(statement.resources, statement.actions, key=len)
    if size_of(_document([statement])) <= limit - LONGEST_SID or len(most) == 1:
        yield statement
        return
    middle = len(most) // 2
    for half in (most[:middle], most[middle:]):
        part = replace(statement, resources=half) if most is statement.resources else replace(statement, actions=half)
        yield from _pieces(part, limit)
