"""The errors that several modules raise. The two with a status are common to AWS's services: no service's model has
them."""

from __future__ import annotations

from iamsim.kit import ApiError, error

InvalidAttributeName = error("InvalidAttributeName")
InvalidAttributeValue = error("InvalidAttributeValue")
InvalidParameterValue = error("InvalidParameterValue", status=400)
MissingParameter = error("MissingParameter", status=400)

NOT_FOR_THIS_TYPE = "The request include parameter that is not valid for this queue type."  # AWS's own spelling


def invalid_value(parameter: str, value: object, reason: str) -> ApiError:
    """SQS's usual words for a value that it does not take."""
    return InvalidParameterValue(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


def missing_parameter(name: str) -> ApiError:
    """SQS's words for a parameter that is absent or empty."""
    return MissingParameter(f"The request must contain the parameter {name}.")
