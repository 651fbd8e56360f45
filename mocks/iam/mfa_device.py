"""MFA devices: virtual ones, and any device that a user has enabled."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

from iamsim.kit import Clock

from .account import Entity
from .user import User

STEP_S = 30  # how long a device shows a code
DRIFT = 1  # steps that a device's clock may be off
DIGITS = 6


@dataclass(eq=False)
class MfaDevice(Entity, kind="mfa"):
    """One virtual MFA device; its ARN is its serial number."""

    seed: str = ""  # base 32
    user: User | None = None
    enabled_at: float | None = None  # seconds since the epoch
    used_steps: set[int] = field(default_factory=set)  # whose codes have been taken

    @property
    def serial_number(self) -> str:
        return str(self.arn)

    def code(self, step: int) -> str:
        """What the device shows in the 30 seconds that begin at `30 * step`. Source: RFC 6238 with its defaults."""
        digest = hmac.digest(base64.b32decode(self.seed), step.to_bytes(8, "big"), "sha1")
        at = digest[-1] & 0xF
        number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
        return f"{number % 10**DIGITS:0{DIGITS}}"

    def step_of(self, code: str, clock: Clock) -> int | None:
        """The step about now at which the device shows `code`; None if it does not, or its code has been taken."""
        for step in self._steps(clock):
            if step not in self.used_steps and hmac.compare_digest(self.code(step), code):
                return step
        return None

    def takes(self, code: str, clock: Clock) -> bool:
        """Whether the device shows `code`, which is then used up."""
        step = self.step_of(code, clock)
        if step is not None:
            self.used_steps.add(step)
        return step is not None

    def takes_two(self, first: str, second: str, clock: Clock) -> bool:
        """Whether the device shows these codes one after the other; both are then used up."""
        for step in self._steps(clock, drift=DRIFT + 1):
            if (self.code(step), self.code(step + 1)) == (first, second):
                self.used_steps |= {step, step + 1}
                return True
        return False

    def next_code(self, clock: Clock) -> str | None:
        """The earliest code that would be taken now; None if all have been."""
        now = int(clock.now()) // STEP_S
        fresh = (step for step in (now, now + DRIFT, now - DRIFT) if step not in self.used_steps)
        step = next(fresh, None)
        return None if step is None else self.code(step)

    @staticmethod
    def _steps(clock: Clock, drift: int = DRIFT) -> Iterator[int]:
        """The steps about now. Where a test has moved the simulator's clock, an authenticator has not followed it."""
        moments = {int(clock.now()) // STEP_S}
        if clock.is_moved:
            moments.add(int(clock.machine_now()) // STEP_S)
        for moment in sorted(moments, reverse=True):
            for step in range(moment - drift, moment + drift + 1):
                if step >= 0:
                    yield step
