"""The errors that several modules raise."""

from __future__ import annotations

from iamsim.kit import error

AccessDenied = error("AccessDenied", status=403)
DeleteConflict = error("DeleteConflict")
EntityAlreadyExists = error("EntityAlreadyExists")
InvalidInput = error("InvalidInput")
LimitExceeded = error("LimitExceeded")
MalformedPolicyDocument = error("MalformedPolicyDocument")
NoSuchEntity = error("NoSuchEntity")
UnmodifiableEntity = error("UnmodifiableEntity")
ValidationError = error("ValidationError", status=400)
