"""AssumeRole. Source: STS API reference; rules A-50 to A-59."""

from __future__ import annotations

from iamsim.kit import Call, NotMocked, PrincipalKind, Reply, Session, operation_that_reads

from .credentials import assumed, role_session
from .mfa import mfa_given_at
from .role import duration, role_meant
from .session_policies import packed_size, passed_policies
from .session_tags import checked_tags, session_tags, source_identity


@operation_that_reads(
    "RoleSessionName",
    "Policy",
    "PolicyArns",
    "DurationSeconds",
    "Tags",
    "TransitiveTagKeys",
    "ExternalId",
    "SerialNumber",
    "TokenCode",
    "SourceIdentity",
    "ProvidedContexts",
    "MinimumSessionTokenSize",
)
def assume_role(call: Call) -> Reply:
    """Credentials for a session of the role. While nothing is enforced there need not be such a role."""
    params, caller, now = call.params, call.principal, call.clock.now()
    if "ProvidedContexts" in params:
        raise NotMocked("iamsim knows no trusted context providers: leave `ProvidedContexts` out")
    role, is_temporary = role_meant(call), caller.session is not None  # both count as chaining
    tagged = session_tags(caller, checked_tags(params.get("Tags")), params.get("TransitiveTagKeys", []))
    passed = passed_policies(call, call.arn.account)
    identity = source_identity(call, params.get("SourceIdentity"))
    session = Session(
        issued_at=now,
        expires_at=now + duration(role, params.get("DurationSeconds"), is_chained=is_temporary),
        policies=passed.policies,
        tags=tagged.tags,
        transitive_tag_keys=tagged.transitive,
        source_identity=identity,
        mfa_at=mfa_given_at(call),
        is_chained=caller.kind is PrincipalKind.ROLE_SESSION,
    )
    reply = packed_size(passed, tagged.tags) | ({"SourceIdentity": identity} if identity else {})
    return assumed(call, role_session(call, role, params["RoleSessionName"], session)) | reply
