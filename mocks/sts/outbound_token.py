"""GetWebIdentityToken: a token about the caller, for services outside AWS. With PyJWT.

Source: IAM User Guide, id_roles_providers_outbound_token_claims. Observed: 2026-04, a published token (the form of
`ou_path` and `original_session_exp`).
"""

from __future__ import annotations

from datetime import datetime, timezone
from importlib import import_module
from typing import Any, Protocol, cast

from iamsim.kit import Call, PrincipalKind, Reply, UsageError, error, operation_that_reads, tags_in

from .failures import ValidationError

OutboundWebIdentityFederationDisabled = error("OutboundWebIdentityFederationDisabledException")
SessionDurationEscalation = error("SessionDurationEscalationException")

NAMESPACE = "https://sts.amazonaws.com/"
DEFAULT_DURATION_S = 300
ALGORITHMS = ("RS256", "ES384")
MISSING_LIBRARY = (
    "web identity tokens are signed with PyJWT and cryptography, which are not installed: "
    '`pip install "iamsim[federation]"`'
)


class Account(Protocol):
    """What STS asks of an account's IAM."""

    vends_tokens: bool
    token_issuer: str
    token_keys: dict[str, str]  # algorithm -> private key in PEM


@operation_that_reads("Audience", "DurationSeconds", "SigningAlgorithm", "Tags", "Scope", "SubjectMode")
def get_web_identity_token(call: Call) -> Reply:
    """A signed token; its keys are those of the account's issuer, so that a role can trust that as a provider."""
    params, now = call.params, call.clock.now()
    account = cast("Account | None", call.target("account", call.make_arn("account", account=call.account)).resource)
    if account is None or not account.vends_tokens:
        raise OutboundWebIdentityFederationDisabled("Outbound web identity federation is not enabled for this account.")
    algorithm = params["SigningAlgorithm"]
    if algorithm not in ALGORITHMS:
        raise ValidationError(f"Invalid signing algorithm {algorithm}: must be one of {', '.join(ALGORITHMS)}")
    if params.get("SubjectMode", "AWSIdentity") != "AWSIdentity":
        raise ValidationError("The calling session has no trusted identity propagation context")
    if "Scope" in params:
        raise ValidationError("Scope can be specified only when SubjectMode is OriginIdentity")
    expires_at = int(now) + params.get("DurationSeconds", DEFAULT_DURATION_S)
    session = call.principal.session
    if session is not None and expires_at > session.expires_at:
        raise SessionDurationEscalation(
            "The requested token duration would extend the session beyond its original expiration time."
        )
    audiences = params["Audience"]
    claims = {
        "iss": account.token_issuer,
        "aud": audiences[0] if len(audiences) == 1 else audiences,
        "sub": _subject(call),
        "iat": int(now),
        "exp": expires_at,
        "jti": call.clock.new_id(),
        NAMESPACE: _about_the_caller(call),
    }
    return {"WebIdentityToken": _signed(claims, algorithm, account, call), "Expiration": expires_at}


def _subject(call: Call) -> str:
    """The principal's ARN: of a role session the role's."""
    principal = call.principal
    return principal.entity_arn if principal.kind is PrincipalKind.ROLE_SESSION else principal.arn


def _about_the_caller(call: Call) -> dict[str, Any]:
    principal, session = call.principal, call.principal.session
    found: dict[str, Any] = {
        "aws_account": call.account,
        "source_region": call.region,
        "principal_id": _subject(call),
    }
    if session is not None:
        ends = datetime.fromtimestamp(int(session.expires_at), tz=timezone.utc)
        found["original_session_exp"] = ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    membership = call.cloud.organizations.membership(call.account) if call.cloud.organizations is not None else None
    if membership is not None:
        found |= {"org_id": membership.organization, "ou_path": [membership.path]}
    own = dict(call.cloud.policies.tags(principal)) if call.cloud.policies is not None else {}
    passed = dict(session.tags) if session is not None else {}
    overridden = {key.lower() for key in passed}
    tags = {key: value for key, value in own.items() if key.lower() not in overridden} | passed
    if tags:
        found["principal_tags"] = tags
    if call.params.get("Tags"):
        found["request_tags"] = tags_in(call.params["Tags"])
    return found


def _signed(claims: dict[str, Any], algorithm: str, account: Account, call: Call) -> str:
    try:
        jwt: Any = import_module("jwt")
        serialization: Any = import_module("cryptography.hazmat.primitives.serialization")
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    key_id = f"{algorithm}-{call.account}"
    if algorithm not in account.token_keys:
        account.token_keys[algorithm] = _new_key(algorithm, serialization)
        key = serialization.load_pem_private_key(account.token_keys[algorithm].encode(), None)
        public = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
        public.pop("key_ops", None)
        host = account.token_issuer.removeprefix("https://")
        published = call.cloud.issuers.setdefault(host, {"keys": []})
        published["keys"].append(public | {"kid": key_id, "use": "sig", "alg": algorithm})
    return str(jwt.encode(claims, account.token_keys[algorithm], algorithm=algorithm, headers={"kid": key_id}))


def _new_key(algorithm: str, serialization: Any) -> str:
    if algorithm == "ES384":
        elliptic: Any = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        key = elliptic.generate_private_key(elliptic.SECP384R1())
    else:
        rsa: Any = import_module("cryptography.hazmat.primitives.asymmetric.rsa")
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return str(key.private_bytes(*form).decode())
