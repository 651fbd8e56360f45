"""The second factor that a call gives: SerialNumber and TokenCode (A-69)."""

from __future__ import annotations

from typing import Protocol, cast

from iamsim.kit import Arn, Call, Clock, PrincipalKind

from .failures import AccessDenied

INCOMPLETE = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
FAILED = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and "
    "associated with this user."
)
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code."


class MfaDevice(Protocol):
    """What STS asks of a virtual device; the mock of IAM keeps it."""

    def step_of(self, code: str, clock: Clock) -> int | None:
        """None for a code that the device does not show, or that has been used."""

    def takes(self, code: str, clock: Clock) -> bool:
        """Whether the device shows the code, which is then used up."""


def mfa_given_at(call: Call) -> float | None:
    """Now, if the call gives a second factor, whose code is then used up; else None. Raises AccessDenied.

    While nothing is enforced any six digits are taken for the code; so are they of a device that is no virtual one.
    """
    check_mfa(call)
    if call.params.get("SerialNumber") is None:
        return None
    device = _device(call)
    if device is not None and call.is_enforced and not device.takes(call.params["TokenCode"], call.clock):
        raise AccessDenied(WRONG_CODE)
    return call.clock.now()


def check_mfa(call: Call) -> None:
    """Raises AccessDenied for a second factor that is not the caller's, or whose code is not the one shown now."""
    serial, code = call.params.get("SerialNumber"), call.params.get("TokenCode")
    if serial is None and code is None:
        return
    if serial is None or code is None:
        raise AccessDenied(INCOMPLETE)
    kind, device = call.principal.kind, _device(call)
    if kind is PrincipalKind.USER:
        user = call.target("user", Arn.parse(call.principal.arn)).resource
        if user is not None and serial not in user.mfa_enabled_at:
            raise AccessDenied(FAILED)
    elif call.is_enforced and not (kind is PrincipalKind.ROOT and device is not None):
        raise AccessDenied(FAILED)  # only users have devices, and the root user
    if call.is_enforced and device is not None and device.step_of(code, call.clock) is None:
        raise AccessDenied(WRONG_CODE)


def _device(call: Call) -> MfaDevice | None:
    """The virtual device of that serial number; None if it is another kind of device, or there is none."""
    serial = call.params["SerialNumber"]
    if not Arn.looks_like(serial):
        return None
    return cast("MfaDevice | None", call.target("mfa", Arn.parse(serial)).resource)
