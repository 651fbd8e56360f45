"""Whether a bucket keeps the versions of its objects. Source: S3 User Guide, Versioning."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, NotMocked, Reply, operation

from .bucket import Bucket
from .checksums import check_document
from .document_checks import check_may_suspend
from .failures import malformed_xml


@operation
def put_bucket_versioning(call: Call, bucket: Bucket, *, versioning_configuration: dict[str, Any]) -> None:
    """Enabled or Suspended; there is no way back to a bucket that never had versions."""
    check_document(call)
    if versioning_configuration.get("MFADelete") == "Enabled":
        raise NotMocked("iamsim does not simulate MFA delete")
    status = versioning_configuration.get("Status")
    if status not in ("Enabled", "Suspended"):
        raise malformed_xml()
    if status == "Suspended":
        check_may_suspend(bucket)
    bucket.versioning = status


@operation
def get_bucket_versioning(call: Call, bucket: Bucket) -> Reply:
    """The status; nothing for a bucket that never had versions."""
    return {} if bucket.versioning is None else {"Status": bucket.versioning}
