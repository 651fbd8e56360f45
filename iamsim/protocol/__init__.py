"""Bytes to operation and parameters, and back, by botocore's models of the services. Knows HTTP; no IAM, no mocks."""

from iamsim.protocol.aws_chunked import is_chunked, unchunked
from iamsim.protocol.identify import identify
from iamsim.protocol.parse import parse
from iamsim.protocol.s3_form import Form, is_form, read_form
from iamsim.protocol.scope import Scope, scope_of
from iamsim.protocol.serialize import serialize
from iamsim.protocol.serialize_error import serialize_error

__all__ = [
    "Form",
    "Scope",
    "identify",
    "is_chunked",
    "is_form",
    "parse",
    "read_form",
    "scope_of",
    "serialize",
    "serialize_error",
    "unchunked",
]
