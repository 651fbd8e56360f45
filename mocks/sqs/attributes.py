"""Queue attributes: which there are, what they may be, and their defaults. Source: SQS API reference, SetQueueAttributes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iamsim.kit import Policy, PolicyType, StrMap

from .failures import InvalidAttributeName, InvalidAttributeValue

# Number attributes: lowest, highest, default.
NUMBERS = {
    "DelaySeconds": (0, 900, 0),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400, 300),
    "MaximumMessageSize": (1_024, 1_048_576, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600, 345_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20, 0),
    "VisibilityTimeout": (0, 43_200, 30),
}
CHOICES = {
    "ContentBasedDeduplication": ("true", "false"),
    "DeduplicationScope": ("queue", "messageGroup"),
    "FifoQueue": ("true", "false"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
    "SqsManagedSseEnabled": ("true", "false"),
}
FIFO_ONLY = frozenset({"ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"})
DOCUMENTS = frozenset({"Policy", "RedrivePolicy", "RedriveAllowPolicy"})
TEXTS = frozenset({"KmsMasterKeyId"})
READ_ONLY = (
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
)
SETTABLE = frozenset({*NUMBERS, *CHOICES, *DOCUMENTS, *TEXTS})
READABLE = frozenset({*SETTABLE, *READ_ONLY})
SHOWN_BY_DEFAULT = (
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
)


def default_of(name: str) -> str:
    """The default of a number attribute, as text."""
    return str(NUMBERS[name][2])


def checked(attributes: Mapping[str, str], *, is_fifo: bool) -> StrMap:
    """`attributes` if a queue may have them. Raises InvalidAttributeName or InvalidAttributeValue."""
    for name, value in attributes.items():
        if name not in SETTABLE or (name in FIFO_ONLY and not is_fifo) or (name == "FifoQueue" and not is_fifo):
            raise InvalidAttributeName(f"Unknown Attribute {name}.")
        if name in NUMBERS:
            lowest, highest, _ = NUMBERS[name]
            if not (value.isdigit() and lowest <= int(value) <= highest):
                raise _invalid(name)
        elif name in CHOICES and value.lower() not in [choice.lower() for choice in CHOICES[name]]:
            raise _invalid(name)
        elif name == "Policy" and value:
            _check_policy(value)
        elif name in DOCUMENTS and value:
            read_document(name, value)
    return dict(attributes)


def read_document(name: str, value: str) -> dict[str, Any]:
    """The JSON object that the attribute `name` holds. Raises InvalidAttributeValue."""
    try:
        document = json.loads(value)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _invalid(name)
    return document


def _check_policy(text: str) -> None:
    try:
        findings = Policy.parse(text).validate(PolicyType.RESOURCE)
    except ValueError:
        raise _invalid("Policy") from None
    if any(finding.level == "error" for finding in findings):
        raise _invalid("Policy")


def _invalid(name: str) -> Exception:
    return InvalidAttributeValue(f"Invalid value for the parameter {name}.")
