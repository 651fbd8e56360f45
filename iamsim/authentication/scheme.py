"""How an operation wants to be signed, read from botocore's model once per operation."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from iamsim.authentication.failures import Family
from iamsim.request import Operation

S3_SIGNING_NAMES = frozenset({"s3", "s3-outposts", "s3-object-lambda", "s3express"})

OPEN_TO_ANYBODY = frozenset({"s3", "sqs", "sns"})  # resource policies decide on unsigned calls (context-keys 1.1)
FAMILIES = {
    "query": Family.QUERY,
    "ec2": Family.EC2,
    "json": Family.JSON,
    "amz-cbor": Family.JSON,
    "smithy-rpc-v2-cbor": Family.JSON,
    "rest-json": Family.REST_JSON,
    "rest-xml": Family.QUERY,
}
S3_SERVICES = frozenset({"s3", "s3control"})
BEARER = "smithy.api#httpBearerAuth"
OTHER_SIGNING_NAMES = {"importexport": "IngestionService"}  # what botocore's endpoint rules say, and its model does not


class Scheme(NamedTuple):
    """What an operation asks of a signature."""

    family: Family
    signing_names: frozenset[str]  # the services that a credential scope may name
    signing_name: str  # the usual one of them
    signs_like_s3: bool  # path encoded once and not normalised, payload hash in a header
    ignores_signatures: bool
    is_open_to_anonymous: bool
    body_may_be_unsigned: bool
    has_event_stream: bool
    takes_signed_parameters: bool  # version 2 among a query service's parameters
    takes_bearer_tokens: bool
    takes_signatures: bool  # false: bearer tokens alone
    max_skew_s: int


@lru_cache(maxsize=32768)  # more than AWS has operations
def _scheme(model: Any, service: str, protocol: str) -> Scheme:
    described = model.service_model
    signing_name: str = described.signing_name
    signs_like_s3 = signing_name in S3_SIGNING_NAMES
    if service in S3_SERVICES:
        family = Family.S3
    elif "awsQueryCompatible" in described.metadata:
        # SQS and CloudWatch keep the codes of the query protocol that they left.
        # Observed: 2025-06-16, published report of InvalidClientTokenId 403 from SQS over JSON.
        family = Family.QUERY
    else:
        family = FAMILIES[protocol]
    return Scheme(
        family=family,
        signing_names=S3_SIGNING_NAMES
        if signs_like_s3
        else frozenset({signing_name, OTHER_SIGNING_NAMES.get(service, signing_name)}),
        signing_name=signing_name,
        signs_like_s3=signs_like_s3,
        ignores_signatures=model.auth_type == "none",
        is_open_to_anonymous=service in OPEN_TO_ANYBODY,
        body_may_be_unsigned=model.auth_type == "v4-unsigned-body" or bool(getattr(model, "unsigned_payload", None)),
        has_event_stream=bool(model.has_event_stream_input),
        takes_signed_parameters=described.signature_version == "v2",
        takes_bearer_tokens=described.signature_version == "bearer" or BEARER in described.metadata.get("auth", ()),
        takes_signatures=described.signature_version != "bearer",
        max_skew_s=900 if family in (Family.S3, Family.EC2) else 300,
    )


def scheme_of(operation: Operation) -> Scheme:
    """How `operation` wants to be signed."""
    return _scheme(operation.model, operation.service, operation.protocol)
