"""Virtual MFA devices show the codes that their seed gives (RFC 6238)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Clock, Simulator, UsageError, enable_iam_authentication, mock_aws
from iamsim.arn import Arn
from iamsim.kit.loader import load_service
from iamsim.testing import mfa_code
from tests.mocks.iam.documents import ADMIN, client_of, make_user, refused

WRONG = "Authentication code for device is not valid."
SERIAL = "arn:aws:iam::123456789012:mfa/phone"


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws(clock=Clock(at=1_800_000_000)) as simulator:
        yield simulator


def device(seed: bytes) -> Any:
    return load_service("iam").classes["mfa"](Arn.parse(SERIAL), seed=base64.b32encode(seed).decode())


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_rfc(at: int, code: str) -> None:
    """Source: RFC 6238, appendix B (SHA-1), of which the last six digits are shown."""
    assert device(b"12345678901234567890").code(at // 30) == code


def test_a_code_is_good_for_a_step_before_and_after_and_once() -> None:
    shown = device(b"seed")
    clock = Clock(at=3_000_000_000)
    step = 100_000_000
    assert shown.step_of(shown.code(step + 2), clock) is None
    assert shown.step_of(shown.code(step - 2), clock) is None
    for each in (step - 1, step, step + 1):
        assert shown.takes(shown.code(each), clock)
        assert not shown.takes(shown.code(each), clock)


def test_enabling_takes_two_codes_in_a_row(aws: Simulator) -> None:
    iam = client_of(make_user("alice"), "iam")
    boto3.client("iam").attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    with enable_iam_authentication():
        iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")
        phone: Any = aws.cloud.resources.find(load_service("iam").classes["mfa"], Arn.parse(SERIAL))
        step = 60_000_000
        first, second, third = (phone.code(step + n) for n in (-1, 0, 1))
        named = {"UserName": "alice", "SerialNumber": SERIAL}
        for wrong in ((second, first), (first, third), (first, first), ("123456", "654321")):
            codes = dict(zip(("AuthenticationCode1", "AuthenticationCode2"), wrong, strict=True))
            with refused("InvalidAuthenticationCode", WRONG, 403):
                iam.enable_mfa_device(**named, **codes)
        iam.enable_mfa_device(**named, AuthenticationCode1=first, AuthenticationCode2=second)
        assert iam.list_mfa_devices(UserName="alice")["MFADevices"][0]["SerialNumber"] == SERIAL
        with refused("InvalidAuthenticationCode", WRONG, 403):
            iam.resync_mfa_device(**named, AuthenticationCode1="123456", AuthenticationCode2="654321")
        assert mfa_code(SERIAL) == third
        aws.cloud.clock.advance(60)
        codes = {"AuthenticationCode1": phone.code(step + 2), "AuthenticationCode2": phone.code(step + 3)}
        iam.resync_mfa_device(**named, **codes)


def test_an_authenticator_that_has_not_followed_the_simulators_clock() -> None:
    """It shows the machine's time, as clients sign with it."""
    clock = Clock(at=1_000_000_000)
    shown = device(b"seed")
    assert shown.takes(shown.code(int(clock.machine_now()) // 30), clock)


def test_what_the_helper_says(aws: Simulator) -> None:
    with pytest.raises(UsageError, match="no virtual MFA device `GAHT12345678`: make one with CreateVirtualMFADev"):
        mfa_code("GAHT12345678")
    boto3.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="phone")
    phone: Any = aws.cloud.resources.find(load_service("iam").classes["mfa"], Arn.parse(SERIAL))
    for _ in range(3):
        assert phone.takes(mfa_code(SERIAL), aws.cloud.clock)
    with pytest.raises(UsageError, match="move the clock by 30 seconds"):
        mfa_code(SERIAL)
    aws.cloud.clock.advance(30)
    assert phone.takes(mfa_code(SERIAL), aws.cloud.clock)
