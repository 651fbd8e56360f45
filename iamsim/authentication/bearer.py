"""Bearer tokens: of services whose users IAM does not know, such as CodeCatalyst, and the API keys of Amazon Bedrock.

Which operations take them is read from botocore's model (`httpBearerAuth`).
"""

from __future__ import annotations

from iamsim.authentication.failures import Failure, refusal
from iamsim.authentication.scheme import Scheme
from iamsim.errors import NotMocked
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest, Operation


def has_token(http: HttpRequest) -> bool:
    """Whether the Authorization header is a bearer token (RFC 6750)."""
    kind, _, token = http.headers.get("authorization", "").strip().partition(" ")
    return kind.lower() == "bearer" and bool(token.strip())


def bearer(http: HttpRequest, operation: Operation, scheme: Scheme) -> Principal:
    """Who sends the token: nobody whom IAM knows, so that no policy decides.

    The service knows its tokens: that there is one is all that is asked here. Raises what AWS answers if there is none.
    """
    if scheme.takes_signatures:
        raise NotMocked(
            f"iamsim does not simulate the API keys of {operation.service}: sign the call with an access key"
        )
    if not has_token(http):
        raise refusal(Failure.UNSIGNED, scheme.family)
    return Principal.anonymous()
