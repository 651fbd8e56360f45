"""The errors that several modules raise."""

from __future__ import annotations

from iamsim.kit import error

AccessDenied = error("AccessDenied", status=403)
ExpiredToken = error("ExpiredTokenException")
InvalidIdentityToken = error("InvalidIdentityToken")
InvalidParameterValue = error("InvalidParameterValue", status=400)
MalformedPolicyDocument = error("MalformedPolicyDocument")
PackedPolicyTooLarge = error("PackedPolicyTooLarge")
ValidationError = error("ValidationError", status=400)
