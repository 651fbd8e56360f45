"""A policy as reports on tests show it: one row for one document of one type, wherever and under whatever name it is.

Under several names the first is shown; of several forms in which it was written, the one that says most.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from iamsim.policy import Policy, PolicyType, Statement

WORDS = {
    PolicyType.IDENTITY: "identity",
    PolicyType.BOUNDARY: "boundary",
    PolicyType.SESSION: "session",
    PolicyType.RESOURCE: "resource",
    PolicyType.TRUST: "trust",
    PolicyType.SCP: "scp",
    PolicyType.RCP: "rcp",
    PolicyType.VPC_ENDPOINT: "vpc endpoint",
}
OF_AWS = (":iam::aws:policy/", ":organizations::aws:policy/")
PLACED = ("arn:", "group ", "policy of ", "role ", "user ")
MADE_UP = ("root user", "ACL of ", "`deny` at ", "everything")  # what stands for no document of the user's


@dataclass(frozen=True, slots=True, order=True)
class PolicyKey:
    """A policy as reports count it: one row for one document of one type, wherever it is attached."""

    kind: str  # one of WORDS
    document: str  # canonical JSON


@dataclass(frozen=True, slots=True, order=True)
class Written:
    """How the user wrote a policy, and where: of several forms the first in this order is shown."""

    rank: int  # 0: in a file; 1: nobody knows; 2: in code, where lines of the document mean nothing
    place: str
    text: str

    @staticmethod
    def of(policy: Policy) -> Written:
        """How and where this one was written."""
        origin = policy.document.origin
        rank = 1 if origin is None else 0 if origin.is_file else 2
        return Written(rank, origin.place if origin is not None else "", policy.text)

    @property
    def policy(self) -> Policy:
        """The policy, nameless."""
        return Policy.parse(self.text)

    @property
    def file(self) -> str | None:
        """The file, if it was written in one."""
        return self.place if self.rank == 0 else None

    def line_of(self, statement: Statement) -> int | None:
        """The line on which a statement begins; None where that means nothing."""
        return None if self.rank == 2 else statement.line

    def place_of(self, statement: Statement) -> str:
        """The statement with its line."""
        line = self.line_of(statement)
        return statement.label if line is None else f"{statement.label} (line {line})"


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The document in one form: what differs in white space and order of members only is the same."""
    return json.dumps(json.loads(text), sort_keys=True)


def key_of(kind: PolicyType, policy: Policy) -> PolicyKey:
    """The key under which a policy is counted."""
    return PolicyKey(WORDS[kind], canonical(policy.text))


def is_counted(policy: Policy) -> bool:
    """Whether it is the user's own: neither AWS's, nor one that only stands for something else."""
    if any(mark in policy.label for mark in OF_AWS):
        return False
    return not (policy.name or "").startswith(MADE_UP)


def label_of(policy: Policy) -> str:
    """What to call it: its ARN, else its holder and its name."""
    if policy.arn or not policy.source:
        return policy.label
    return f"{policy.source}: {policy.name}" if policy.name else policy.source


def name_of(labels: Collection[str]) -> str:
    """What to call a document that is known under these names: where it is attached, before what a test file says."""
    placed = [label for label in labels if label.startswith(PLACED)] or labels
    return min(placed) + (f" (and {len(placed) - 1} more)" if len(placed) > 1 else "")


class ReportedPolicy:
    """One policy: the names under which it is known, and how it was written."""

    def __init__(self, policy: Policy) -> None:
        self.written = Written.of(policy)
        self.labels: set[str] = set()

    def named(self, label: str, written: Written) -> None:
        """It is known under this name, too, and written so."""
        self.written = min(self.written, written) if self.labels else written  # a worker's, known here by its text only
        self.labels.add(label)

    @property
    def policy(self) -> Policy:
        """The policy as it was written."""
        return self.written.policy

    @property
    def label(self) -> str:
        """Its name, of several the first."""
        return name_of(self.labels)

    @property
    def title(self) -> str:
        """The name with the file."""
        file = self.written.file
        return self.label if file in (None, self.label) else f"{self.label} ({file})"
