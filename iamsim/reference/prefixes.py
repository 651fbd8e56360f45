"""Which IAM prefix the actions of a botocore service have (O-2)."""

from __future__ import annotations

from functools import cache
from typing import Any

from iamsim.reference.built_with import services_then
from iamsim.reference.service_authorization import prefixes
from iamsim.reference.service_model import service_model

# Where it is neither the signing name nor the name of the endpoint. Source: O section 2.
EXCEPTIONS = {
    "cloudcontrol": "cloudformation",
    "cloudwatch": "cloudwatch",  # its endpoint and signing name are `monitoring`
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-marketing": "partnercentral",
    "partnercentral-revenue-measurement": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}

ENDED = "the service has ended, and AWS's reference no longer has its prefix"
TOO_NEW = "the service is newer than the reference data"
BEARERS = (
    "calls carry a bearer token of CodeCatalyst, which IAM policies do not decide",
    "calls carry the access token of the sign-in portal, which IAM policies do not decide",
)

# Services whose calls no IAM policy decides, or whose prefix AWS's reference does not have.
WITHOUT_PREFIX = {
    "abuse-signal": TOO_NEW,
    "agent-discovery": TOO_NEW,
    "apiportal": TOO_NEW,
    "applicationcostprofiler": ENDED,
    "codecatalyst": BEARERS[0],
    "continuum": TOO_NEW,
    "endusermessaging": TOO_NEW,
    "iotthingsgraph": ENDED,
    "opensearchmemory": TOO_NEW,
    "sso": BEARERS[1],
}


@cache
def prefix_of(service: str) -> str | None:
    """The IAM prefix of botocore's `service`; None where `why_without_prefix` has the reason.

    Raises NotMocked for a name that botocore does not know.
    """
    return prefix_in(service_model(service))


def prefix_in(model: Any) -> str | None:
    """The IAM prefix of the service of a botocore.model.ServiceModel."""
    prefix = None if model.service_name in WITHOUT_PREFIX else likely_prefix(model)
    return prefix if prefix in prefixes() else None


def likely_prefix(model: Any) -> str:
    """The IAM prefix that the service of a botocore.model.ServiceModel has, or most likely will have."""
    signing_name = model.metadata.get("signingName") or model.metadata["endpointPrefix"]
    return EXCEPTIONS.get(model.service_name, str(signing_name))


def why_without_prefix(service: str) -> str:
    """Why `prefix_of` knows no prefix for `service`."""
    return WITHOUT_PREFIX.get(service) or (
        TOO_NEW if service not in services_then() else "the reference has no prefix of its signing name"
    )


def is_decided_by_iam(service: str) -> bool:
    """Whether IAM policies decide calls of `service`, be it under a prefix that the reference data do not have."""
    return why_without_prefix(service) not in BEARERS
