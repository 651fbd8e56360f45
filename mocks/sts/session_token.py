"""GetSessionToken and GetFederationToken: sessions of a user, made with long-term credentials (A-50, A-60, R-40)."""

from __future__ import annotations

from dataclasses import replace

from iamsim.kit import Call, Principal, PrincipalKind, Reply, Session, operation_that_reads

from .credentials import issue
from .failures import AccessDenied
from .mfa import mfa_given_at
from .session_policies import packed_size, passed_policies
from .session_tags import checked_tags

DEFAULT_DURATION_S = 43_200
ROOT_MAX_S = 3_600


@operation_that_reads("DurationSeconds", "SerialNumber", "TokenCode", "MinimumSessionTokenSize")
def get_session_token(call: Call) -> Reply:
    """Credentials with which the caller stays who it is. Raises AccessDenied for temporary credentials."""
    caller = _long_term(call)
    expires_at = call.clock.now() + _duration(caller, call.params.get("DurationSeconds"))
    session = Session(issued_at=call.clock.now(), expires_at=expires_at, mfa_at=mfa_given_at(call))
    return issue(call, replace(caller, session=session))


@operation_that_reads("Policy", "PolicyArns", "DurationSeconds", "Tags", "MinimumSessionTokenSize")
def get_federation_token(call: Call) -> Reply:
    """Credentials for a federated user, limited to what both the caller and the policies passed allow (R-40)."""
    caller, now, name = _long_term(call), call.clock.now(), call.params["Name"]
    passed, session_tags = passed_policies(call, call.account), checked_tags(call.params.get("Tags"))
    user = Principal(
        kind=PrincipalKind.FEDERATED_USER,
        account=call.account,
        arn=str(call.make_arn("federated-user", name=name)),
        user_id=f"{call.account}:{name}",
        entity_arn=caller.entity_arn,
        entity_id=caller.entity_id,
        session=Session(
            issued_at=now,
            expires_at=now + _duration(caller, call.params.get("DurationSeconds")),
            policies=passed.policies,
            tags=session_tags,
        ),
    )
    federated = {"FederatedUserId": user.user_id, "Arn": user.arn}
    return issue(call, user) | {"FederatedUser": federated} | packed_size(passed, session_tags)


def _long_term(call: Call) -> Principal:
    if call.principal.session is not None:
        raise AccessDenied(f"Cannot call {call.operation.name} with session credentials")
    return call.principal


def _duration(caller: Principal, wanted_s: int | None) -> int:
    """The root user's sessions last an hour at most, whatever is asked for."""
    seconds = DEFAULT_DURATION_S if wanted_s is None else wanted_s
    return min(seconds, ROOT_MAX_S) if caller.kind is PrincipalKind.ROOT else seconds
