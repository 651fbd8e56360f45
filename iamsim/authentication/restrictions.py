"""What temporary credentials may never do with IAM and STS, whatever their policies say.

Source: IAM User Guide, id_credentials_temp_request (comparison table). Rules A-60 and A-61.
"""

from __future__ import annotations

from iamsim.authentication.failures import Failure, Family, refusal
from iamsim.errors import ApiError
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.request import Operation

NEEDS_LONG_TERM_CREDENTIALS = frozenset({"GetSessionToken", "GetFederationToken"})

# The only operations of STS that each kind of temporary credential may call; role sessions: all but the two above.
ALLOWED_IN_STS = {
    PrincipalKind.USER: frozenset({"AssumeRole", "GetCallerIdentity"}),
    PrincipalKind.ROOT: frozenset({"AssumeRole", "GetCallerIdentity"}),
    PrincipalKind.FEDERATED_USER: frozenset({"GetCallerIdentity"}),
}


def check_restrictions(operation: Operation, principal: Principal) -> None:
    """Refuse a call to IAM or STS that the kind of `principal`'s credentials can never make."""
    session = principal.session
    if session is None or principal.called_via or "aws:AssumedRoot" in session.context:
        return  # what AssumeRoot gives is limited by its task policy alone
    if operation.service == "iam":
        is_federated = principal.kind is PrincipalKind.FEDERATED_USER
        is_session_token = principal.kind in (PrincipalKind.USER, PrincipalKind.ROOT)
        if is_federated or (is_session_token and session.mfa_at is None):
            raise refusal(Failure.UNKNOWN_KEY, Family.QUERY)
    elif operation.service == "sts":
        allowed = ALLOWED_IN_STS.get(principal.kind)
        if operation.name in NEEDS_LONG_TERM_CREDENTIALS or (allowed is not None and operation.name not in allowed):
            text = f"Cannot call {operation.name} with session credentials"
            raise ApiError(text, code="AccessDenied", status=403)
