"""Operations on MFA devices. Source: IAM API reference.

While policies are enforced, a virtual device's codes must be those that its seed gives; else any six digits will do.
"""

from __future__ import annotations

from typing import Any

from iamsim.kit import BASE32, Arn, Call, Reply, error, operation

from . import tags as tagged
from .account import forget, in_order, is_taken, keep
from .failures import DeleteConflict, EntityAlreadyExists, NoSuchEntity
from .mfa_device import MfaDevice
from .tags import TagList
from .user import User, calling_user, is_about_root, user_meant

InvalidAuthenticationCode = error("InvalidAuthenticationCode")

SEED_LENGTH = 64
PAGE_SIZE = 100


@operation
def create_virtual_mfa_device(
    call: Call, *, virtual_mfa_device_name: str, path: str = "/", tags: TagList | None = None
) -> Reply:
    """The device with its seed, as text and as the address in the QR code (which is no picture here)."""
    wanted_tags = tagged.checked(tags)
    if is_taken(call, "mfa", virtual_mfa_device_name):
        raise EntityAlreadyExists("MFADevice entity at the same path and name already exists.")
    device = keep(
        call,
        MfaDevice(
            call.make_arn("mfa", path=path, name=virtual_mfa_device_name),
            wanted_tags,
            created_at=call.clock.now(),
            seed=call.clock.new_token(SEED_LENGTH, BASE32),
        ),
    )
    address = f"otpauth://totp/{device.name}@{call.account}?secret={device.seed}&issuer=Amazon%20Web%20Services"
    shown: dict[str, Any] = {
        "SerialNumber": device.serial_number,
        "Base32StringSeed": device.seed.encode(),
        "QRCodePNG": address.encode(),
    }
    return {"VirtualMFADevice": shown | ({"Tags": device.tag_list()} if tags else {})}


@operation
def enable_mfa_device(
    call: Call, user: User, *, serial_number: str, authentication_code1: str, authentication_code2: str
) -> None:
    """From now on the device is the user's. Raises EntityAlreadyExists if it is somebody's already."""
    device = _virtual(call, serial_number)
    if serial_number in user.mfa_enabled_at or (device is not None and device.user is not None):
        raise EntityAlreadyExists(f"MFA device already in use: {serial_number}")
    _check_codes(call, device, authentication_code1, authentication_code2)
    user.mfa_enabled_at[serial_number] = call.clock.now()
    if device is not None:
        device.user, device.enabled_at = user, call.clock.now()


@operation
def resync_mfa_device(
    call: Call, user: User, *, serial_number: str, authentication_code1: str, authentication_code2: str
) -> None:
    _check_enabled(user, serial_number)
    _check_codes(call, _virtual(call, serial_number), authentication_code1, authentication_code2)


@operation
def deactivate_mfa_device(call: Call, *, serial_number: str) -> None:
    user, device = user_meant(call), _virtual(call, serial_number)
    _check_enabled(user, serial_number)
    del user.mfa_enabled_at[serial_number]
    if device is not None:
        device.user = device.enabled_at = None


@operation
def get_mfa_device(call: Call, *, serial_number: str) -> Reply:
    device = _virtual(call, serial_number)
    user = user_meant(call) if "UserName" in call.params else device.user if device else calling_user(call)
    if user is None:
        return {"SerialNumber": serial_number}
    _check_enabled(user, serial_number)
    return {"UserName": user.name, "SerialNumber": serial_number, "EnableDate": int(user.mfa_enabled_at[serial_number])}


@operation
def list_mfa_devices(call: Call) -> Reply:
    if is_about_root(call):
        return call.page([], limit=PAGE_SIZE)
    user = user_meant(call)
    found = [
        {"UserName": user.name, "SerialNumber": serial, "EnableDate": int(at)}
        for serial, at in user.mfa_enabled_at.items()
    ]
    return call.page(found, limit=PAGE_SIZE)


@operation
def list_virtual_mfa_devices(call: Call, *, assignment_status: str = "Any") -> Reply:
    found = []
    for device in in_order(call, MfaDevice):
        if assignment_status in ("Any", "Assigned" if device.user else "Unassigned"):
            shown: dict[str, Any] = {"SerialNumber": device.serial_number}
            if device.user is not None and device.enabled_at is not None:
                shown |= {"User": device.user.described(with_details=False), "EnableDate": int(device.enabled_at)}
            found.append(shown)
    return call.page(found, limit=PAGE_SIZE)


@operation
def delete_virtual_mfa_device(call: Call, device: MfaDevice) -> None:
    """Raises DeleteConflict while it is somebody's."""
    if device.user is not None:
        raise DeleteConflict("MFA VirtualDevice in use. Must deactivate first.")
    forget(call, device)


def _virtual(call: Call, serial_number: str) -> MfaDevice | None:
    """The virtual device of that serial number; None for a hardware device. Raises NoSuchEntity."""
    if not Arn.looks_like(serial_number):
        return None
    device = call.find(MfaDevice, Arn.parse(serial_number))
    if device is None:
        raise NoSuchEntity(f"VirtualMFADevice with serial number {serial_number} doesn't exist.")
    return device


def _check_enabled(user: User, serial_number: str) -> None:
    if serial_number not in user.mfa_enabled_at:
        raise NoSuchEntity(f"MFA Device invalid for user: {user.name}")


def _check_codes(call: Call, device: MfaDevice | None, first: str, second: str) -> None:
    """Two codes that the device shows one after the other. Raises InvalidAuthenticationCode."""
    is_wrong = first == second
    if device is not None and call.is_enforced:
        is_wrong = is_wrong or not device.takes_two(first, second, call.clock)
    if is_wrong:
        raise InvalidAuthenticationCode("Authentication code for device is not valid.")
