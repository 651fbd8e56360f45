"""The errors that several modules raise. EC2's model has none: codes are those of the API's error list."""

from __future__ import annotations

from iamsim.kit import error

DependencyViolation = error("DependencyViolation", status=400)
DryRunOperation = error("DryRunOperation", status=412)
IncorrectInstanceState = error("IncorrectInstanceState", status=400)
InvalidGroupNotFound = error("InvalidGroup.NotFound", status=400)
InvalidParameter = error("InvalidParameter", status=400)
InvalidParameterCombination = error("InvalidParameterCombination", status=400)
InvalidParameterValue = error("InvalidParameterValue", status=400)
MissingParameter = error("MissingParameter", status=400)
OperationNotPermitted = error("OperationNotPermitted", status=400)
