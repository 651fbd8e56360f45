"""The second factor that a call gives: SerialNumber and TokenCode."""

from __future__ import annotations

from iamsim.kit import Arn, Call, PrincipalKind

from .failures import AccessDenied

FAILED = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and "
    "associated with this user."
)


def mfa_given_at(call: Call) -> float | None:
    """Now, if the call gives a second factor; else None. Raises AccessDenied if the device is not the caller's.

    Any six digits are taken as the device's code.
    """
    serial, code = call.params.get("SerialNumber"), call.params.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        raise AccessDenied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
        )
    if call.principal.kind is PrincipalKind.USER:
        user = call.target("user", Arn.parse(call.principal.arn)).resource
        if user is not None and serial not in user.mfa_enabled_at:
            raise AccessDenied(FAILED)
    return call.clock.now()
