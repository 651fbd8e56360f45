"""AssumeRoleWithSAML: an unsigned call, authorised by the role's trust policy alone (R-113, A-66)."""

from __future__ import annotations

from iamsim.kit import Call, Reply, Session, operation_that_reads

from .credentials import assumed, role_session
from .failures import ExpiredToken
from .role import duration, role_meant
from .saml import read_assertion
from .session_policies import packed_size, passed_policies


@operation_that_reads(
    "PrincipalArn", "SAMLAssertion", "PolicyArns", "Policy", "DurationSeconds", "MinimumSessionTokenSize"
)
def assume_role_with_saml(call: Call) -> Reply:
    """Credentials for a session of the role, named as the assertion says."""
    now = call.clock.now()
    role, assertion = role_meant(call), read_assertion(call)
    claims, passed = assertion.claims, passed_policies(call, call.arn.account)
    expires_at = now + duration(role, call.params.get("DurationSeconds", assertion.duration_s))
    if assertion.ends_at is not None and call.is_enforced:
        expires_at = min(expires_at, assertion.ends_at)
        if expires_at <= now:
            raise ExpiredToken("Response has expired")
    session = Session(
        issued_at=now,
        expires_at=expires_at,
        policies=passed.policies,
        tags=claims.tags,
        transitive_tag_keys=frozenset(claims.transitive_tag_keys),
        source_identity=claims.source_identity,
        context=claims.lasting_keys,
        is_federated=True,
    )
    reply = {
        "Subject": claims.subject,
        "SubjectType": assertion.subject_type,
        "Issuer": claims.issuer,
        "Audience": claims.audience,
        "NameQualifier": assertion.name_qualifier,
        "SourceIdentity": claims.source_identity,
    }
    known = {name: value for name, value in reply.items() if value}
    principal = role_session(call, role, assertion.session_name, session)
    return assumed(call, principal) | known | packed_size(passed, claims.tags)
