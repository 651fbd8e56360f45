"""What a request says of its own signature: who signed, when, for which Region and service."""

from __future__ import annotations

from typing import NamedTuple

from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.scheme import S3_SIGNING_NAMES, Scheme
from iamsim.authentication.signing_region import signing_region
from iamsim.authentication.sigv4a import ALGORITHM_V4A, holds_region
from iamsim.errors import ApiError, NotMocked
from iamsim.request import Operation

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"


class Claim(NamedTuple):
    """One signature as claimed. `timestamp` has ISO 8601's basic form."""

    access_key_id: str
    date: str
    region: str  # in version 4A the set of Regions
    service: str
    terminator: str
    signed_headers: str  # separated by `;`
    signature: str
    timestamp: str
    is_presigned: bool = False
    algorithm: str = ALGORITHM

    @property
    def is_v4a(self) -> bool:
        return self.algorithm == ALGORITHM_V4A

    @property
    def scope(self) -> str:
        """The credential scope, such as `20150830/us-east-1/iam/aws4_request`; version 4A's names no Region."""
        if self.is_v4a:
            return f"{self.date}/{self.service}/{self.terminator}"
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


def malformed(scheme: Scheme, text: str, *, in_s3: str, is_presigned: bool = False, **elements: object) -> ApiError:
    """The error for a signature that cannot be read: `text`, or `in_s3` in S3's way of saying it."""
    if scheme.family is not Family.S3:
        return refusal(Failure.MALFORMED, scheme.family, text)
    if is_presigned:
        text = f"Error parsing the X-Amz-Credential parameter; {in_s3}"
        return s3_error("AuthorizationQueryParametersError", 400, text, **elements)
    return refusal(Failure.MALFORMED, Family.S3, f"The authorization header is malformed; {in_s3}", "", **elements)


def split_credential(
    credential: str, scheme: Scheme, *, is_presigned: bool = False, region_set: str | None = None
) -> list[str]:
    """Access key, date, Region, service and terminator. `region_set` is the Region where version 4A is used."""
    parts = credential.split("/")
    if region_set is not None and len(parts) == 4:
        return [*parts[:2], region_set, *parts[2:]]
    if len(parts) != 5:
        raise malformed(
            scheme,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{credential}'",
            in_s3='the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
            is_presigned=is_presigned,
        )
    return parts


def refuse_v4a(algorithm: str) -> None:
    """Say so if a form is signed with Signature Version 4A (A-41), which iamsim does not verify there."""
    if algorithm == ALGORITHM_V4A:
        raise NotMocked(f"Signature Version 4A ({ALGORITHM_V4A}) is not supported in forms: sign with {ALGORITHM}")


def check_scope(claim: Claim, operation: Operation, scheme: Scheme, host: str) -> None:
    """Refuse a credential scope of another day, Region or service than the request's."""
    if claim.is_v4a:
        region = claim.region if holds_region(claim.region, operation.region) else operation.region
    else:
        region = signing_region(host, operation, claim.region)
    if (
        claim.region == region
        and claim.service in scheme.signing_names
        and claim.terminator == TERMINATOR
        and claim.timestamp.startswith(claim.date)
        and len(claim.date) == 8
    ):
        return
    if scheme.family is Family.S3:
        raise _s3_scope_error(claim, region)
    problems = []
    if claim.region != region:
        # Observed: with a small `r` in every published report, 2014 to 2023.
        problems.append(f"Credential should be scoped to a valid region, not '{claim.region}'.")
    if claim.service not in scheme.signing_names:
        problems.append(f"Credential should be scoped to correct service: '{scheme.signing_name}'.")
    if claim.terminator != TERMINATOR:
        problems.append(
            f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{claim.terminator}'."
        )
    if claim.date != claim.timestamp[:8]:
        problems.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claim.date}' != '{claim.timestamp[:8]}', from '{claim.timestamp}'."
        )
    raise refusal(Failure.WRONG_SCOPE, scheme.family, " ".join(problems))


def _s3_scope_error(claim: Claim, region: str) -> ApiError:
    elements: dict[str, object] = {}
    if claim.date != claim.timestamp[:8]:
        text = (
            f'Invalid credential date "{claim.date}". This date is not the same as X-Amz-Date: "{claim.timestamp[:8]}".'
        )
    elif claim.service not in S3_SIGNING_NAMES:
        text = f'incorrect service "{claim.service}". This endpoint belongs to "s3".'
    elif claim.terminator != TERMINATOR:
        text = f'incorrect terminal "{claim.terminator}". This endpoint uses "{TERMINATOR}".'
    else:
        text, elements = f"the region '{claim.region}' is wrong; expecting '{region}'", {"Region": region}
    start = (
        "Error parsing the X-Amz-Credential parameter"
        if claim.is_presigned
        else "The authorization header is malformed"
    )
    code = "AuthorizationQueryParametersError" if claim.is_presigned else "AuthorizationHeaderMalformed"
    return s3_error(code, 400, f"{start}; {text}", **elements)
