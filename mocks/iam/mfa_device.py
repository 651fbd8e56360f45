"""MFA devices: virtual ones, and any device that a user has enabled."""

from __future__ import annotations

from dataclasses import dataclass

from .account import Entity
from .user import User


@dataclass(eq=False)
class MfaDevice(Entity, kind="mfa"):
    """One virtual MFA device; its ARN is its serial number."""

    seed: str = ""  # base 32
    user: User | None = None
    enabled_at: float | None = None  # seconds since the epoch

    @property
    def serial_number(self) -> str:
        return str(self.arn)
