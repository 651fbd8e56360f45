"""Temporary credentials: made, kept with the cloud, and shown to the caller once."""

from __future__ import annotations

from typing import Any

from iamsim.kit import LETTERS_AND_DIGITS, Call, Credential, Principal, PrincipalKind, Session

from .role import Role

SECRET_LENGTH = 40
TOKEN_LENGTH = 356
MAX_TOKEN_SIZE = 4_096  # characters
GLOBAL_ENDPOINT = "sts.amazonaws.com"
TOKEN_START = "IQoJb3JpZ2luX2Vj"
ALPHABET = LETTERS_AND_DIGITS + "+/"


def issue(call: Call, principal: Principal) -> dict[str, Any]:
    """Credentials for `principal`, whose session says when they expire; as members of the operation's answer."""
    session = principal.session
    if session is None:
        raise LookupError("temporary credentials need a session")
    clock, wanted = call.clock, call.params.get("MinimumSessionTokenSize", 0)
    length = max(TOKEN_LENGTH, wanted) - len(TOKEN_START)
    credential = Credential(
        access_key_id=clock.new_access_key_id("ASIA", principal.account),
        secret_access_key=clock.new_token(SECRET_LENGTH, ALPHABET),
        principal=principal,
        session_token=TOKEN_START + clock.new_token(length, ALPHABET),
        expires_at=session.expires_at,
        is_for_default_regions=_is_of_version_1(call),
    )
    call.cloud.credentials[credential.access_key_id] = credential
    token = credential.session_token or ""
    reply: dict[str, Any] = {
        "Credentials": {
            "AccessKeyId": credential.access_key_id,
            "SecretAccessKey": credential.secret_access_key,
            "SessionToken": token,
            "Expiration": int(session.expires_at),
        }
    }
    if "MinimumSessionTokenSize" in call.params:
        reply |= {"SessionTokenSize": len(token), "SessionTokenUtilization": 100 * len(token) // MAX_TOKEN_SIZE}
    return reply


def is_global(call: Call) -> bool:
    """Whether the call came to the global endpoint."""
    return call.http.host.partition(":")[0] == GLOBAL_ENDPOINT


def _is_of_version_1(call: Call) -> bool:
    """Whether the global endpoint issues the token, and the account has not asked it for ones that hold everywhere.

    Source: IAM User Guide, id_credentials_temp_enable-regions.
    """
    if not is_global(call):
        return False
    account = call.target("account", call.make_arn("account", account=call.account)).resource
    return account is None or account.token_version == 1


def role_session(call: Call, role: Role | None, session_name: str, session: Session) -> Principal:
    """Who acts in a session of the role that the call names. A role that does not exist gets an id for the session."""
    arn = call.arn
    role_id = role.unique_id if role is not None else call.clock.new_unique_id("AROA")
    return Principal(
        kind=PrincipalKind.ROLE_SESSION,
        account=arn.account,
        arn=f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/{session_name}",
        user_id=f"{role_id}:{session_name}",
        entity_arn=str(arn),
        entity_id=role.unique_id if role is not None else "",
        session=session,
    )


def assumed(call: Call, principal: Principal) -> dict[str, Any]:
    """What the three AssumeRole operations answer: the credentials and whom they stand for."""
    return issue(call, principal) | {"AssumedRoleUser": {"AssumedRoleId": principal.user_id, "Arn": principal.arn}}
