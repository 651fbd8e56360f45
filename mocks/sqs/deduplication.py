"""What a FIFO queue remembers of messages sent, so that a repeated one is sent once. Source: SQS Developer Guide,
FIFO-queues-exactly-once-processing.
"""

from __future__ import annotations

from dataclasses import dataclass

REMEMBERED_S = 300


@dataclass(frozen=True)
class Sent:
    """What was answered to a SendMessage."""

    message_id: str
    sequence_number: str
    forgotten_at: float  # seconds since the epoch


class Deduplication:
    """The messages of the last five minutes, by scope (a message group, or "" for the whole queue) and id."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], Sent] = {}  # oldest first

    def find(self, scope: str, deduplication_id: str, now: float) -> Sent | None:
        """What was sent with that id, if it is remembered."""
        self._forget(now)
        return self._sent.get((scope, deduplication_id))

    def remember(self, scope: str, deduplication_id: str, message_id: str, sequence_number: str, now: float) -> None:
        """Remember a message that was sent `now`."""
        self._sent[(scope, deduplication_id)] = Sent(message_id, sequence_number, now + REMEMBERED_S)

    def _forget(self, now: float) -> None:
        expired = []
        for key, sent in self._sent.items():
            if sent.forgotten_at > now:
                break
            expired.append(key)
        for key in expired:
            del self._sent[key]
