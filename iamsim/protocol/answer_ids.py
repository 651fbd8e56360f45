"""The identifiers that every answer carries."""

from __future__ import annotations

import base64
import hashlib

S3_SERVICES = frozenset({"s3", "s3control"})


def host_id(request_id: str) -> str:
    """S3's second identifier (`x-amz-id-2`), as long as AWS's; the same for the same request."""
    return base64.b64encode(hashlib.sha384(request_id.encode()).digest() + b"iamsim\0\0").decode("ascii")
