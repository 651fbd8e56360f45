"""Soft mode: everything runs; what would have been denied is logged, warned about and counted."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from iamsim.authorization.denied import AccessDenied
from iamsim.enforcement import Enforcement
from iamsim.errors import ApiError
from iamsim.testing.place import place
from iamsim.testing.switches import SWITCHES
from iamsim.testing.would_be_denied import WouldBeDenied


@dataclass(frozen=True)
class Note:
    """One refusal that soft mode did not let happen. All text, so that it can travel between processes."""

    principal: str
    action: str
    resource: str
    reason: str
    at: str

    def to_dict(self) -> dict[str, str]:
        """The note as JSON data."""
        return asdict(self)


class Soft(Enforcement):
    """Checks the calls that another enforcement checks, and refuses none."""

    refuses = False

    def __init__(self, of: Enforcement) -> None:
        super().__init__(of.after)
        self._of = of

    def applies(self) -> bool:
        """As the other says."""
        return self._of.applies()

    def refuse(self, refusal: ApiError) -> None:
        """Note and warn; the call goes on."""
        where = place()
        if isinstance(refusal, AccessDenied):
            evaluation = refusal.evaluation
            access = evaluation.access
            note = Note(access.principal.arn, access.action, access.resource, evaluation.reason(), str(where))
            text = f"{note.principal} would be denied {note.action} on {note.resource}, {note.reason}"
        else:
            note = Note("", refusal.code, "", refusal.message, str(where))
            text = f"the call would be refused: {refusal.code}: {refusal.message}"
        SOFT.notes.append(note)
        file, line = (where.file, where.line) if where.file else ("iamsim", 1)
        warnings.warn_explicit(f"{text} (at {where})", WouldBeDenied, file, line)


class SoftMode:
    """Whether soft mode is on, and what it noted since somebody last took the notes."""

    def __init__(self) -> None:
        self._depth = 0
        self.notes: list[Note] = []

    @contextmanager
    def on(self) -> Iterator[None]:
        """Soft mode until the block ends; which calls are checked is for the switches to say."""
        self._depth += 1
        SWITCHES.softened = Soft
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                SWITCHES.softened = None

    def take_notes(self) -> list[Note]:
        """The notes so far, which are forgotten here."""
        taken, self.notes = self.notes, []
        return taken


SOFT = SoftMode()  # of this process, as the switches are


@contextmanager
def soft_iam_authentication() -> Iterator[None]:
    """Inside the block every AWS call is checked and none refused: what would have been denied warns `WouldBeDenied`.

    `decisions().denied` has the decisions, as always.
    """
    with SOFT.on(), SWITCHES.set(Enforcement(0)):
        yield
