"""What services call a throttled call and a failure of their own: code and HTTP status.

Sources: the error lists of the services' API references and botocore's models; where a service has no word of its own,
the common errors of its protocol.
"""

from __future__ import annotations

from collections.abc import Mapping

from iamsim.errors import UsageError
from iamsim.request import Operation

Failure = tuple[str, int]  # code and status

THROTTLED: Mapping[str, Failure] = {
    "athena": ("TooManyRequestsException", 400),
    "apigateway": ("TooManyRequestsException", 429),
    "apigatewayv2": ("TooManyRequestsException", 429),
    "cognito-idp": ("TooManyRequestsException", 400),
    "ec2": ("RequestLimitExceeded", 503),
    "kinesis": ("ProvisionedThroughputExceededException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "organizations": ("TooManyRequestsException", 400),
    "s3": ("SlowDown", 503),
    "sns": ("Throttled", 429),
    "sqs": ("RequestThrottled", 400),
}
INTERNAL: Mapping[str, Failure] = {
    "cognito-idp": ("InternalErrorException", 500),
    "dynamodb": ("InternalServerError", 500),
    "ec2": ("InternalError", 500),
    "iam": ("ServiceFailure", 500),
    "kms": ("KMSInternalException", 500),
    "lambda": ("ServiceException", 500),
    "s3": ("InternalError", 500),
    "secretsmanager": ("InternalServiceError", 500),
    "sns": ("InternalError", 500),
    "ssm": ("InternalServerError", 500),
}
UNAVAILABLE: Mapping[str, Failure] = {
    "ec2": ("Unavailable", 503),
    "logs": ("ServiceUnavailableException", 503),
    "apigateway": ("ServiceUnavailableException", 503),
    "firehose": ("ServiceUnavailableException", 503),
}
MESSAGES = {
    "InternalServerError": "Internal server error",
    "ProvisionedThroughputExceededException": "The level of provisioned throughput for the table was exceeded.",
    "RequestLimitExceeded": "Request limit exceeded.",
    "ServiceUnavailable": "Service is unable to handle request.",
    "SlowDown": "Please reduce your request rate.",
    "Throttled": "Rate exceeded",
    "Throttling": "Rate exceeded",
    "ThrottlingException": "Rate exceeded",
    "TooManyRequestsException": "Rate exceeded",
}  # where a test gives no message of its own


def throttled(operation: Operation) -> Failure:
    """What the operation's service answers to who calls too often."""
    words = ("Throttling", 400) if operation.protocol in ("query", "rest-xml") else ("ThrottlingException", 400)
    return THROTTLED.get(operation.service, words)


def of_server(operation: Operation, status: int) -> Failure:
    """What the service answers with this status of 500 or 503, where it is the service that fails."""
    if status == 500:
        return INTERNAL.get(operation.service, ("InternalFailure", 500))
    return UNAVAILABLE.get(operation.service, ("ServiceUnavailable", 503))


def check(code: str | None, status: int | None) -> None:
    """Raises UsageError if nothing says which failure is meant."""
    if code is None and status not in (500, 503):
        raise UsageError(
            "`fail` needs the error's `code`; without one, `status=500` or `status=503` for a failure of AWS"
        )
