"""Whose call is it? Every form of signature that AWS takes, refused with the words that AWS refuses with."""

from __future__ import annotations

from iamsim.authentication import presigned, sigv2, sigv4
from iamsim.authentication.bearer import bearer, has_token
from iamsim.authentication.chunks import ChunkSeed, ChunkVerifier, verify_chunks
from iamsim.authentication.claimed import access_key_of, claimed_principal
from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.form import is_form
from iamsim.authentication.opt_in_regions import OPT_IN_REGIONS
from iamsim.authentication.post_policy import authenticate_form
from iamsim.authentication.restrictions import check_restrictions
from iamsim.authentication.scheme import Scheme, scheme_of
from iamsim.authentication.sigv2_parameters import authenticate_parameters
from iamsim.cloud import Cloud, Credential
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest, Operation

ONE_MECHANISM = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)


def authenticate(http: HttpRequest, operation: Operation, cloud: Cloud) -> Principal:
    """Who calls. Raises what AWS raises if that cannot be proved."""
    scheme = scheme_of(operation)
    if scheme.ignores_signatures:
        return Principal.anonymous()
    if scheme.takes_bearer_tokens and (has_token(http) or not scheme.takes_signatures):
        return bearer(http, operation, scheme)
    credential = _credential(http, operation, scheme, cloud)
    if credential is None:
        if scheme.is_open_to_anonymous:
            return Principal.anonymous()
        raise refusal(Failure.UNSIGNED, scheme.family)
    if credential.is_for_default_regions and operation.region in OPT_IN_REGIONS:
        raise refusal(Failure.WRONG_TOKEN, scheme.family, Token_0=credential.session_token)
    if operation.service in ("iam", "sts"):
        check_restrictions(operation, credential.principal)
    return credential.principal


def _credential(http: HttpRequest, operation: Operation, scheme: Scheme, cloud: Cloud) -> Credential | None:
    """The credential that signed `http`, by whichever form of signature it carries; None if it carries none."""
    is_s3 = scheme.family is Family.S3
    authorization = http.headers.get("authorization")
    query = http.query
    if authorization is not None:
        if query and is_s3 and (presigned.is_presigned(query) or sigv2.is_presigned(query)):
            #
            raise s3_error(
                "InvalidArgument", 400, ONE_MECHANISM, ArgumentName="Authorization", ArgumentValue=authorization
            )
        if is_s3 and authorization.startswith("AWS "):
            return sigv2.authenticate_header(authorization, http, operation, scheme, cloud)
        return sigv4.authenticate_header(authorization, http, operation, scheme, cloud)
    if query:
        if presigned.is_presigned(query):
            return presigned.authenticate_query(http, operation, scheme, cloud)
        if is_s3 and sigv2.is_presigned(query):
            return sigv2.authenticate_query(http, operation, cloud)
    if scheme.takes_signed_parameters:
        return authenticate_parameters(http, scheme, cloud)
    return authenticate_form(http, operation, scheme, cloud) if is_s3 and is_form(http) else None


__all__ = [
    "ChunkSeed",
    "ChunkVerifier",
    "access_key_of",
    "authenticate",
    "claimed_principal",
    "verify_chunks",
]
