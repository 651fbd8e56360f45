"""AssumeRoleWithWebIdentity: an unsigned call, authorised by the role's trust policy alone (R-113)."""

from __future__ import annotations

from iamsim.kit import Call, Reply, Session, operation_that_reads

from .credentials import assumed, role_session
from .role import duration, role_meant
from .session_policies import packed_size, passed_policies
from .web_identity import web_claims


@operation_that_reads(
    "RoleSessionName",
    "WebIdentityToken",
    "ProviderId",
    "PolicyArns",
    "Policy",
    "DurationSeconds",
    "MinimumSessionTokenSize",
)
def assume_role_with_web_identity(call: Call) -> Reply:
    """Credentials for a session of the role."""
    params, now = call.params, call.clock.now()
    role, claims = role_meant(call), web_claims(call)
    passed = passed_policies(call, call.arn.account)
    session = Session(
        issued_at=now,
        expires_at=now + duration(role, params.get("DurationSeconds")),
        policies=passed.policies,
        tags=claims.tags,
        transitive_tag_keys=frozenset(claims.transitive_tag_keys),
        source_identity=claims.source_identity,
        context=claims.lasting_keys,
        is_federated=True,
    )
    reply = {
        "SubjectFromWebIdentityToken": claims.subject,
        "Audience": claims.audience,
        "Provider": claims.provider,
        "SourceIdentity": claims.source_identity,
    }
    known = {name: value for name, value in reply.items() if value}
    principal = role_session(call, role, params["RoleSessionName"], session)
    return assumed(call, principal) | known | packed_size(passed, claims.tags)
