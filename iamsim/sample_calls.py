"""What sample calls of an operation must be allowed: calls that have something in every member."""

from __future__ import annotations

from functools import lru_cache

from iamsim.plan import HTTP, checks_of
from iamsim.policy.principal import Principal, PrincipalKind
from iamsim.reference.sample_input import ACCOUNT, samples
from iamsim.reference.service_model import service_model
from iamsim.reference.values import Setting
from iamsim.request import HttpRequest, Operation, Required

USER = f"arn:aws:iam::{ACCOUNT}:user/u"
CALLER = Principal(PrincipalKind.USER, ACCOUNT, USER, "AIDA", entity_arn=USER)
SETTING = Setting.of(ACCOUNT, "us-east-1")
SIGNED = HttpRequest(
    HTTP.method,
    HTTP.host,
    HTTP.path,
    headers={
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
        "x-amz-date": "20260101T000000Z",
    },
)


@lru_cache(maxsize=2048)
def sample_checks(service: str, operation: str) -> tuple[Required, ...]:
    """The checks of all sample calls of the operation of botocore's `service`."""
    model = service_model(service).operation_model(operation)
    asked = Operation(service, operation, model.service_model.protocol, SETTING.region, SETTING.partition, model)
    inputs = samples(model.input_shape) if model.input_shape is not None else ({},)
    return tuple(check for params in inputs for check in checks_of(asked, params, CALLER, SETTING, SIGNED))
