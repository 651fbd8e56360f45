"""Asking for the error that a call raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def failure(call: Callable[..., Any], /, **params: Any) -> dict[str, Any]:
    """The parsed error of a call that must fail: Code, Message and S3's further elements, and the HTTP status."""
    with pytest.raises(ClientError) as raised:
        call(**params)
    response: Any = raised.value.response
    return {**response["Error"], "status": response["ResponseMetadata"]["HTTPStatusCode"], "response": response}


def code(call: Callable[..., Any], /, **params: Any) -> str:
    """The error code of a call that must fail."""
    return str(failure(call, **params)["Code"])
