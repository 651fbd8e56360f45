"""Codes of virtual MFA devices, as the device would show them."""

from __future__ import annotations

from typing import Any

from iamsim.arn import Arn
from iamsim.errors import UsageError
from iamsim.kit.loader import load_service
from iamsim.testing.active import ACTIVE


def mfa_code(serial_number: str) -> str:
    """A code that the virtual MFA device shows about now and that nobody has used yet.

    A code lasts half a minute and is good once: later ones come when the simulator's clock has moved on.
    """
    cloud = ACTIVE.simulator.cloud
    device: Any = None
    if Arn.looks_like(serial_number):
        device = cloud.resources.find(load_service("iam").classes["mfa"], Arn.parse(serial_number))
    if device is None:
        raise UsageError(f"there is no virtual MFA device `{serial_number}`: make one with CreateVirtualMFADevice")
    code: str | None = device.next_code(cloud.clock)
    if code is None:
        raise UsageError(f"all codes that `{serial_number}` shows about now are used: move the clock by 30 seconds")
    return code
