"""Queue attributes: which there are, what they may be, and their defaults.

Source: SQS API reference, CreateQueue and SetQueueAttributes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iamsim.kit import ApiError, Policy, PolicyType, StrMap

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
SWITCHES = ("true", "false")
# Attributes with a choice: the first is the default.
FIFO_CHOICES = {
    "FifoQueue": SWITCHES,
    "ContentBasedDeduplication": SWITCHES[::-1],
    "DeduplicationScope": ("queue", "messageGroup"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}
CHOICES = {"SqsManagedSseEnabled": SWITCHES, **FIFO_CHOICES}
OPTIONAL = ("Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId")  # an empty value takes one away
COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
READ_ONLY = ("QueueArn", *COUNTS, "CreatedTimestamp", "LastModifiedTimestamp")
SETTABLE = frozenset({*NUMBERS, *CHOICES, *OPTIONAL})
READABLE = frozenset({*SETTABLE, *READ_ONLY})


def default_of(name: str) -> str:
    """The default of a number attribute, as text."""
    return str(NUMBERS[name][2])


def checked(attributes: Mapping[str, str], *, is_fifo: bool) -> StrMap:
    """`attributes` if a queue may have them, as AWS keeps them. Raises InvalidAttributeName, InvalidAttributeValue."""
    return {name: _checked(name, value, is_fifo) for name, value in attributes.items()}


def merged(current: Mapping[str, str], changes: Mapping[str, str]) -> StrMap:
    """`current` with the checked `changes`. Raises InvalidAttributeValue where together they make no sense."""
    result = {**current, **changes}
    for name in OPTIONAL:
        if result.get(name) == "":
            del result[name]
    if "KmsMasterKeyId" in result and result.get("SqsManagedSseEnabled") == "true":
        if "KmsMasterKeyId" in changes and "SqsManagedSseEnabled" in changes:
            raise InvalidAttributeValue(
                "You can use one type of server-side encryption at one time. You can either enable KMS encryption or "
                "SQS managed encryption."
            )
        del result["KmsMasterKeyId" if "SqsManagedSseEnabled" in changes else "SqsManagedSseEnabled"]
    if result.get("FifoThroughputLimit") == "perMessageGroupId" and result.get("DeduplicationScope") != "messageGroup":
        raise _invalid("FifoThroughputLimit")
    return result


def shown(attributes: Mapping[str, str], *, is_fifo: bool) -> StrMap:
    """The settable attributes as GetQueueAttributes gives them, with the defaults of those that were not set."""
    has_key = "KmsMasterKeyId" in attributes
    result = {name: default_of(name) for name in NUMBERS if has_key or name != "KmsDataKeyReusePeriodSeconds"}
    result["SqsManagedSseEnabled"] = "false" if has_key else "true"
    if is_fifo:
        result |= {name: choices[0] for name, choices in FIFO_CHOICES.items()}
    return {**result, **attributes}


def json_object(name: str, text: str) -> dict[str, Any]:
    """The JSON object that the attribute `name` holds. Raises InvalidAttributeValue."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _invalid(name)
    return document


def _checked(name: str, value: str, is_fifo: bool) -> str:
    if name not in SETTABLE or (name in FIFO_CHOICES and not is_fifo):
        raise InvalidAttributeName(f"Unknown Attribute {name}.")
    if name in NUMBERS:
        lowest, highest, _ = NUMBERS[name]
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            raise _invalid(name)
        return str(int(value))
    if name in CHOICES:
        choice = next((each for each in CHOICES[name] if each.lower() == value.lower()), None)
        if choice is None:
            raise _invalid(name)
        return choice
    if name == "Policy" and value:
        _check_policy(value)
    return value


def _check_policy(text: str) -> None:
    try:
        findings = Policy.parse(text).validate(PolicyType.RESOURCE)
    except ValueError:
        raise _invalid("Policy") from None
    if any(finding.level == "error" for finding in findings) or not _is_about_queues(json.loads(text)):
        raise _invalid("Policy")


def _is_about_queues(document: dict[str, Any]) -> bool:
    """Whether each action of a readable policy is one of SQS, or `*`."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = statement.get("Action", statement.get("NotAction", []))
        for action in [actions] if isinstance(actions, str) else actions:
            if action != "*" and not action.lower().startswith("sqs:"):
                return False
    return True


def _invalid(name: str) -> ApiError:
    return InvalidAttributeValue(f"Invalid value for the parameter {name}.")
