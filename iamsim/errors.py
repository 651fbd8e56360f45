"""The kinds of error. `ApiError`: what AWS tells the caller. `UsageError`: a mistake of the person using iamsim."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """An error that AWS answers a call with.

    `code` is the error's code or the name of its shape, `status` the HTTP status; `fields` are further members of the
    error's shape (or, for S3, elements of its body), and `headers` further headers of the response.
    """

    code: str = "InternalFailure"
    status: int | None = None  # None: what the service's model says for `code`, else 400

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if status is not None:
            self.status = status
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class UsageError(Exception):
    """A mistake of the person using iamsim: says what was wrong, where, and what to do next."""


class NotMocked(ApiError):
    """The service or operation has no mock: HTTP 501, naming it. Never a success for work that was not done."""

    code = "NotMocked"
    status = 501


class UnsupportedParameter(UserWarning):
    """A parameter was given that the mock does not act on."""
