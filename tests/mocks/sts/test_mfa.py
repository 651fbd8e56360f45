"""The second factor: whose device it is, and the code that it shows at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from iamsim import Clock, Simulator, enable_iam_authentication, mock_aws
from iamsim.testing import mfa_code
from tests.mocks.iam.documents import ACCOUNT, allow, client_of, make_user, refused, trust

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
NAMED = {"RoleArn": ROLE, "RoleSessionName": "session"}
NOT_THE_CALLERS = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and "
    "associated with this user."
)
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code."
INCOMPLETE = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
ANY_CODES = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
NO_TOKEN = "The security token included in the request is invalid."


@pytest.fixture(autouse=True)
def aws() -> Iterator[Simulator]:
    with mock_aws(clock=Clock(at=1_800_000_000)) as simulator:
        yield simulator


@pytest.fixture
def alice() -> dict[str, Any]:
    """A user with a device, and a role that trusts her if she shows it."""
    key = make_user("alice", allow(["iam:*", "sts:*"]))
    arn = f"arn:aws:iam::{ACCOUNT}:user/alice"
    document = trust({"AWS": arn}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)
    return key


@pytest.fixture
def serial(alice: dict[str, Any]) -> str:
    iam = boto3.client("iam")
    device: str = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(UserName="alice", SerialNumber=device, **ANY_CODES)
    return device


def test_a_role_that_wants_a_second_factor(alice: dict[str, Any], serial: str, aws: Simulator) -> None:
    sts = client_of(alice, "sts")
    with enable_iam_authentication():
        with pytest.raises(sts.exceptions.ClientError, match="no role trust policy allows the sts:AssumeRole action"):
            sts.assume_role(**NAMED)
        session = sts.assume_role(**NAMED, SerialNumber=serial, TokenCode=mfa_code(serial))["Credentials"]
    principal = aws.cloud.credentials[session["AccessKeyId"]].principal
    assert principal.session is not None
    assert principal.session.mfa_at == aws.cloud.clock.now()


def test_codes_that_are_refused(alice: dict[str, Any], serial: str, aws: Simulator) -> None:
    sts, clock = client_of(alice, "sts"), aws.cloud.clock
    code = mfa_code(serial)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    with enable_iam_authentication():
        for token in (wrong, "000000"):
            with refused("AccessDenied", WRONG_CODE, 403):
                sts.assume_role(**NAMED, SerialNumber=serial, TokenCode=token)
        sts.assume_role(**NAMED, SerialNumber=serial, TokenCode=code)
        with refused("AccessDenied", WRONG_CODE, 403):  # a code is good once
            sts.get_session_token(SerialNumber=serial, TokenCode=code)
        clock.advance(30)
        late = mfa_code(serial)
        clock.advance(30)
        sts.get_session_token(SerialNumber=serial, TokenCode=late)  # the device is a step behind
        early = mfa_code(serial)
        clock.advance(90)
        with refused("AccessDenied", WRONG_CODE):
            sts.get_session_token(SerialNumber=serial, TokenCode=early)


def test_a_refused_code_is_not_used_up(alice: dict[str, Any], serial: str) -> None:
    """Neither is one with a call that the trust policy denies."""
    boto3.client("iam").update_assume_role_policy(RoleName="r", PolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    sts, code = client_of(alice, "sts"), mfa_code(serial)
    with enable_iam_authentication():
        with pytest.raises(sts.exceptions.ClientError, match="no role trust policy allows"):
            sts.assume_role(**NAMED, SerialNumber=serial, TokenCode=code)
        sts.get_session_token(SerialNumber=serial, TokenCode=code)


def test_the_device_must_be_the_callers(alice: dict[str, Any], serial: str) -> None:
    bob = client_of(make_user("bob", allow("sts:*")), "sts")
    mine = client_of(alice, "sts")
    with enable_iam_authentication():
        for sts, number in ((bob, serial), (mine, f"{serial}2"), (mine, "GAHT12345678")):
            with refused("AccessDenied", NOT_THE_CALLERS, 403):
                sts.get_session_token(SerialNumber=number, TokenCode=mfa_code(serial))
        for half in ({"SerialNumber": serial}, {"TokenCode": "123456"}):
            with refused("AccessDenied", INCOMPLETE, 403):
                mine.get_session_token(**half)
        session = client_of(mine.get_session_token()["Credentials"], "sts")
        session.assume_role(**NAMED, SerialNumber=serial, TokenCode=mfa_code(serial))


def test_a_role_session_has_no_device(serial: str, alice: dict[str, Any]) -> None:
    code = {"SerialNumber": serial, "TokenCode": mfa_code(serial)}
    with enable_iam_authentication():
        session = client_of(client_of(alice, "sts").assume_role(**NAMED, **code)["Credentials"], "sts")
        with refused("AccessDenied", NOT_THE_CALLERS):
            session.assume_role(**NAMED, SerialNumber=serial, TokenCode="123456")


def test_a_device_whose_seed_nobody_knows(alice: dict[str, Any]) -> None:
    """A gap that is told: its codes cannot be verified."""
    boto3.client("iam").enable_mfa_device(UserName="alice", SerialNumber="GAHT12345678", **ANY_CODES)
    with enable_iam_authentication():
        client_of(alice, "sts").assume_role(**NAMED, SerialNumber="GAHT12345678", TokenCode="123456")


def test_while_nothing_is_enforced_any_code_will_do(alice: dict[str, Any], serial: str) -> None:
    sts = client_of(alice, "sts")
    for _ in range(2):
        sts.assume_role(**NAMED, SerialNumber=serial, TokenCode="123456")


def test_with_a_second_factor_a_session_token_may_call_iam(alice: dict[str, Any], serial: str) -> None:
    """A-61."""
    sts = client_of(alice, "sts")
    with enable_iam_authentication():
        with refused("InvalidClientTokenId", NO_TOKEN, 403):
            client_of(sts.get_session_token()["Credentials"], "iam").get_user()
        session = sts.get_session_token(SerialNumber=serial, TokenCode=mfa_code(serial))["Credentials"]
        assert client_of(session, "iam").get_user()["User"]["UserName"] == "alice"


def test_how_long_ago_the_factor_was_shown(alice: dict[str, Any], serial: str, aws: Simulator) -> None:
    recent = allow("iam:ListRoles", Condition={"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}})
    iam = boto3.client("iam")
    iam.put_user_policy(UserName="alice", PolicyName="p0", PolicyDocument=recent)
    with enable_iam_authentication():
        session = client_of(alice, "sts").get_session_token(SerialNumber=serial, TokenCode=mfa_code(serial))
        inside = client_of(session["Credentials"], "iam")
        inside.list_roles()
        aws.cloud.clock.advance(301)
        with pytest.raises(inside.exceptions.ClientError, match="no identity-based policy allows the iam:ListRoles"):
            inside.list_roles()
