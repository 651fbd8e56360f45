"""What temporary credentials may never do with IAM and STS. Source: A-60, A-61."""

from __future__ import annotations

import pytest

from iamsim.authentication.restrictions import check_restrictions
from iamsim.errors import ApiError
from iamsim.policy.principal import Principal, PrincipalKind, Session

from .signing import NOW, operation

KINDS = {
    "long-term": (PrincipalKind.USER, None),
    "session token": (PrincipalKind.USER, Session(NOW, NOW + 900)),
    "session token with MFA": (PrincipalKind.USER, Session(NOW, NOW + 900, mfa_at=NOW)),
    "root's session token": (PrincipalKind.ROOT, Session(NOW, NOW + 900)),
    "federated": (PrincipalKind.FEDERATED_USER, Session(NOW, NOW + 900)),
    "role": (PrincipalKind.ROLE_SESSION, Session(NOW, NOW + 900)),
}
INVALID = ("InvalidClientTokenId", 403, "The security token included in the request is invalid.")


def cannot(name: str) -> tuple[str, int, str]:
    return "AccessDenied", 403, f"Cannot call {name} with session credentials"


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        *((kind, "ListUsers", None) for kind in ("long-term", "session token with MFA", "role")),
        *((kind, "ListUsers", INVALID) for kind in ("session token", "root's session token", "federated")),
        *((kind, "GetCallerIdentity", None) for kind in KINDS),
        *((kind, "AssumeRole", None) for kind in KINDS if kind != "federated"),
        ("federated", "AssumeRole", cannot("AssumeRole")),
        ("long-term", "GetSessionToken", None),
        *((kind, "GetSessionToken", cannot("GetSessionToken")) for kind in KINDS if kind != "long-term"),
        *((kind, "GetFederationToken", cannot("GetFederationToken")) for kind in KINDS if kind != "long-term"),
        ("role", "DecodeAuthorizationMessage", None),
        ("session token with MFA", "GetAccessKeyInfo", cannot("GetAccessKeyInfo")),
    ],
)
def test_restriction(kind: str, name: str, expected: tuple[str, int, str] | None) -> None:
    service = "iam" if name == "ListUsers" else "sts"
    principal = Principal(KINDS[kind][0], "123456789012", "arn", "id", session=KINDS[kind][1])
    if expected is None:
        check_restrictions(operation(service, name), principal)
        return
    with pytest.raises(ApiError) as caught:
        check_restrictions(operation(service, name), principal)
    assert (caught.value.code, caught.value.status, caught.value.message) == expected
