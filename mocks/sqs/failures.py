"""The errors that several modules raise."""

from __future__ import annotations

from iamsim.kit import error

InvalidAttributeName = error("InvalidAttributeName")
InvalidAttributeValue = error("InvalidAttributeValue")
InvalidParameterValue = error("InvalidParameterValue", status=400)
MissingParameter = error("MissingParameter", status=400)
