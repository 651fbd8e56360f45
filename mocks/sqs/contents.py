"""What a message may contain. Source: SQS API reference, SendMessage; Developer Guide, sqs-message-metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from iamsim.kit import error

from .failures import InvalidParameterValue, missing_parameter
from .message import AttributeMap, size_bytes

InvalidMessageContents = error("InvalidMessageContents")

MAX_ATTRIBUTES = 10
ALLOWED_CHARACTERS = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
ATTRIBUTE_NAME = re.compile(r"(?!(?i:aws|amazon)\.)[A-Za-z0-9_-][A-Za-z0-9_.-]{0,255}(?<!\.)")
DATA_TYPE = re.compile(r"(String|Number|Binary)(\..+)?")


def check_contents(body: str, attributes: AttributeMap, limit_bytes: int) -> None:
    """Raises what AWS says of a body or of message attributes that a queue with that limit does not take."""
    if not body:
        raise missing_parameter("MessageBody")
    if not ALLOWED_CHARACTERS.fullmatch(body):
        raise InvalidMessageContents(
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | "
            "#xE000 to #xFFFD | #x10000 to #x10FFFF"
        )
    if size_bytes(body, attributes) > limit_bytes:
        raise InvalidParameterValue(
            f"One or more parameters are invalid. Reason: Message must be shorter than {limit_bytes} bytes."
        )
    if len(attributes) > MAX_ATTRIBUTES:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MAX_ATTRIBUTES}]."
        )
    for name, value in attributes.items():
        _check_attribute(name, value)


def check_system_attributes(attributes: AttributeMap) -> None:
    """Raises InvalidParameterValue for all but a trace header."""
    for name, value in attributes.items():
        if name != "AWSTraceHeader":
            raise InvalidParameterValue(f"Message system attribute name '{name}' is invalid.")
        if value.get("DataType") != "String" or not value.get("StringValue"):
            raise InvalidParameterValue(
                f"The message system attribute '{name}' must be of type 'String' and have a value."
            )


def _check_attribute(name: str, value: Mapping[str, Any]) -> None:
    if not ATTRIBUTE_NAME.fullmatch(name) or ".." in name:
        raise InvalidParameterValue(
            "Message (user) attribute name can contain upper and lower score alphabetic characters, digits, periods, "
            "hyphens and underscores; it must not start or end with a period, or with AWS. or Amazon.: " + name
        )
    kind = value.get("DataType", "")
    if not kind:
        raise InvalidParameterValue(f"The message attribute '{name}' must contain non-empty message attribute type.")
    if not DATA_TYPE.fullmatch(kind):
        raise InvalidParameterValue(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes "
            "is Binary, Number, and String."
        )
    if not value.get("BinaryValue" if kind.startswith("Binary") else "StringValue"):
        raise InvalidParameterValue(
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'."
        )
    if kind.startswith("Number"):
        try:
            float(value["StringValue"])
        except ValueError:
            raise InvalidParameterValue(
                f"Can't cast the value of message (user) attribute '{name}' to a number."
            ) from None
