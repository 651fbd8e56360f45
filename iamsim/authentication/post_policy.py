"""S3 uploads from a browser's form: the signature is that of a policy document, which the form must satisfy.

Source: S3-API sigv4-HTTPPOSTConstructPolicy, sigv4-UsingHTTPPOST; rule A-17.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from datetime import datetime, timezone
from typing import Any

from iamsim.authentication.claim import ALGORITHM, Claim, check_scope, refuse_v4a, split_credential
from iamsim.authentication.failures import Failure, Family, refusal, s3_error
from iamsim.authentication.form import Form, read_form
from iamsim.authentication.keys import credential_of
from iamsim.authentication.scheme import Scheme
from iamsim.authentication.sigv2 import BUCKET_HOST, signature_of
from iamsim.authentication.sigv4 import signing_key
from iamsim.cloud import Cloud, Credential
from iamsim.errors import ApiError
from iamsim.request import HttpRequest, Operation

SIGNS = ("policy", "x-amz-signature", "x-amz-credential", "signature", "awsaccesskeyid")
EXEMPT = frozenset({"x-amz-signature", "signature", "awsaccesskeyid", "file", "policy", "submit"})


def authenticate_form(http: HttpRequest, operation: Operation, scheme: Scheme, cloud: Cloud) -> Credential | None:
    """The credential that signed the policy of the form; None for a form that nobody signed."""
    form = read_form(http)
    fields = form.fields
    if not any(name in fields for name in SIGNS):
        return None
    policy = _required(fields, "policy")
    token = fields.get("x-amz-security-token")
    if "awsaccesskeyid" in fields:  # version 2
        credential = credential_of(fields["awsaccesskeyid"], token, Family.S3, cloud)
        claimed, expected = _required(fields, "signature"), signature_of(credential.secret_access_key, policy)
    else:
        claim = _read(fields, scheme)
        credential = credential_of(claim.access_key_id, token, Family.S3, cloud)
        check_scope(claim, operation, scheme, http.host)
        key = signing_key(credential.secret_access_key, claim.date, claim.region, claim.service)
        claimed, expected = claim.signature, hmac.digest(key, policy.encode(), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), claimed.encode()):
        raise refusal(
            Failure.MISMATCH,
            Family.S3,
            AWSAccessKeyId=credential.access_key_id,
            StringToSign=policy,
            SignatureProvided=claimed,
            StringToSignBytes=policy.encode().hex(" "),
        )
    check_policy(policy, form, bucket_of(http), cloud.clock.now())
    return credential


def check_policy(policy: str, form: Form, bucket: str, now: float) -> None:
    """Refuse a form that does not satisfy its policy document (in base 64)."""
    try:
        document = json.loads(b64decode(policy, validate=False))
    except ValueError:
        raise _invalid("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise _invalid("Invalid JSON.")
    if "expiration" not in document:
        raise _invalid("Policy missing expiration.")
    if not isinstance(document.get("conditions"), list):
        raise _invalid("Policy missing conditions.")
    if _moment(document["expiration"]) < now:
        raise _denied("Policy expired.")
    values = form.fields | {"bucket": bucket}
    named = set()
    for condition in document["conditions"]:
        for operator, name, value in _conditions(condition):
            if operator == "content-length-range":
                _check_size(form.file_size_bytes, int(name), int(value))
                continue
            field = name.removeprefix("$").lower()
            named.add(field)
            if not _holds(operator, field, values.get(field, ""), value):
                text = json.dumps([operator, f"${name.removeprefix('$')}", value], ensure_ascii=False)
                raise _denied(f"Policy Condition failed: {text}")
    extra = [name for name in form.fields if name not in named | EXEMPT and not name.startswith("x-ignore-")]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def bucket_of(http: HttpRequest) -> str:
    """The bucket that a form is posted to: the first part of the path, else of the host's name."""
    first = http.path.strip("/").partition("/")[0]
    if first:
        return first
    match = BUCKET_HOST.match(http.host)
    return match["bucket"] if match is not None else http.host.partition(".")[0]


def _read(fields: dict[str, str], scheme: Scheme) -> Claim:
    algorithm = _required(fields, "x-amz-algorithm")
    refuse_v4a(algorithm)
    if algorithm != ALGORITHM:
        text = f'X-Amz-Algorithm only supports "{ALGORITHM}"'
        raise s3_error("InvalidArgument", 400, text, ArgumentName="X-Amz-Algorithm", ArgumentValue=algorithm)
    credential = _required(fields, "x-amz-credential")
    key, date, region, service, terminator = split_credential(credential, scheme, is_presigned=True)
    timestamp, signature = _required(fields, "x-amz-date"), _required(fields, "x-amz-signature")
    return Claim(key, date, region, service, terminator, "", signature, timestamp, is_presigned=True)


def _required(fields: dict[str, str], name: str) -> str:
    value = fields.get(name)
    if value:
        return value
    shown = {"awsaccesskeyid": "AWSAccessKeyId"}.get(name, "-".join(part.capitalize() for part in name.split("-")))
    text = (
        f"Bucket POST must contain a field named '{shown if '-' in name else name}'.  "
        "If it is specified, please check the order of the fields."
    )
    raise s3_error("InvalidArgument", 400, text, ArgumentName=shown if "-" in name else name, ArgumentValue="")


def _conditions(condition: Any) -> list[tuple[str, str, str]]:
    """A condition of the policy document as operator, field and value."""
    if isinstance(condition, dict):
        return [("eq", name, str(value)) for name, value in condition.items()]
    if isinstance(condition, list) and len(condition) == 3:
        operator = str(condition[0]).lower()
        if operator == "content-length-range" and not all(str(bound).isdecimal() for bound in condition[1:]):
            raise _invalid("Invalid content-length-range.")
        if operator in ("eq", "starts-with", "content-length-range"):
            return [(operator, str(condition[1]), str(condition[2]))]
    raise _invalid(f"Invalid Condition: {json.dumps(condition)}")


def _holds(operator: str, field: str, given: str, value: str) -> bool:
    if operator == "eq":
        return given == value
    if field == "content-type" and "," in given:  # a list: each of its types must start so
        return all(part.strip().startswith(value) for part in given.split(","))
    return given.startswith(value)


def _check_size(size_bytes: int, smallest: int, largest: int) -> None:
    if size_bytes < smallest:
        text = "Your proposed upload is smaller than the minimum allowed size"
        raise s3_error("EntityTooSmall", 400, text, ProposedSize=size_bytes, MinSizeAllowed=smallest)
    if size_bytes > largest:
        text = "Your proposed upload exceeds the maximum allowed size"
        raise s3_error("EntityTooLarge", 400, text, ProposedSize=size_bytes, MaxSizeAllowed=largest)


def _moment(text: Any) -> float:
    try:
        parsed = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        raise _invalid(f"Invalid 'expiration' value: '{text}'") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()


def _denied(reason: str) -> ApiError:
    return s3_error("AccessDenied", 403, f"Invalid according to Policy: {reason}")


def _invalid(reason: str) -> ApiError:
    return s3_error("InvalidPolicyDocument", 400, f"Invalid Policy: {reason}")
