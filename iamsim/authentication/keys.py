"""Which credential a request uses: the access key must be known and active, its session token right and not expired."""

from __future__ import annotations

from hmac import compare_digest

from iamsim.authentication.failures import Failure, Family, refusal
from iamsim.cloud import Cloud, Credential


def credential_of(access_key_id: str, token: str | None, family: Family, cloud: Cloud) -> Credential:
    """The credential that `access_key_id` and the session token stand for, usable now."""
    credential = cloud.credentials.get(access_key_id)
    if credential is None or not credential.is_active:
        raise refusal(Failure.UNKNOWN_KEY, family, AWSAccessKeyId=access_key_id)
    expected = credential.session_token
    if expected is None:
        if token:
            raise refusal(Failure.WRONG_TOKEN, family, Token_0=token)
    elif not token:
        raise refusal(Failure.UNKNOWN_KEY, family, AWSAccessKeyId=access_key_id)
    elif not compare_digest(token.encode(errors="replace"), expected.encode()):
        raise refusal(Failure.WRONG_TOKEN, family, Token_0=token)
    if credential.expires_at is not None and cloud.clock.now() >= credential.expires_at:
        raise refusal(Failure.EXPIRED_TOKEN, family, Token_0=token)
    return credential
