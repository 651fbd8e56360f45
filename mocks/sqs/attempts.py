"""Receives from a FIFO queue that a client may repeat, because it lost the answer.

Source: SQS API reference, ReceiveMessage, ReceiveRequestAttemptId.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .message import Message

REPEATABLE_S = 300


@dataclass(frozen=True)
class Attempt:
    """What one ReceiveMessage handed out: each message with its receipt and when it becomes visible."""

    handed_out: list[tuple[Message, str | None, float]]
    repeatable_until: float  # seconds since the epoch

    def is_repeatable(self, now: float) -> bool:
        """Whether it was in the last five minutes, and all its messages are hidden as it left them."""
        return now < self.repeatable_until and all(
            message.receipt == receipt and message.visible_at == visible_at > now
            for message, receipt, visible_at in self.handed_out
        )


@dataclass
class Attempts:
    """The attempts of one queue by their ids."""

    _latest: dict[str, Attempt] = field(default_factory=dict)

    def repeated(self, attempt_id: str | None, now: float) -> list[Message]:
        """The messages that the attempt of that id handed out before, if it can be repeated."""
        attempt = self._latest.get(attempt_id or "")
        if attempt is None or not attempt.is_repeatable(now):
            return []
        return [message for message, _, _ in attempt.handed_out]

    def remember(self, attempt_id: str | None, messages: list[Message], now: float) -> None:
        """Keep what was handed out `now`, and forget what cannot be repeated any more."""
        if attempt_id and messages:
            self._latest = {key: attempt for key, attempt in self._latest.items() if attempt.repeatable_until > now}
            handed_out = [(message, message.receipt, message.visible_at) for message in messages]
            self._latest[attempt_id] = Attempt(handed_out, now + REPEATABLE_S)
