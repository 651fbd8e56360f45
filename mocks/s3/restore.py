"""RestoreObject: makes an archived object readable for some days."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, NotMocked, Reply, error, operation_that_reads

from .bucket import Bucket
from .checksums import check_document
from .failures import malformed_xml
from .object_version import STORED_ASIDE
from .reading import the_version

InvalidObjectState = error("InvalidObjectState")

SECONDS_OF_DAY = 86_400
NOT_SIMULATED = ("SelectParameters", "OutputLocation", "Type")


@operation_that_reads("Key", "VersionId", "RestoreRequest")
def restore_object(call: Call, bucket: Bucket) -> Reply:
    """Restores the object at once, whatever the tier. Raises InvalidObjectState for one that is not archived."""
    check_document(call)
    version = the_version(call, bucket)
    request: dict[str, Any] = call.params.get("RestoreRequest") or {}
    if any(name in request for name in NOT_SIMULATED):
        raise NotMocked("iamsim does not simulate S3 Select in RestoreObject")
    if version.storage_class not in STORED_ASIDE:
        raise InvalidObjectState(
            "Restore is not allowed for the object's current storage class",
            fields={"StorageClass": version.storage_class},
        )
    days = request.get("Days", 0)
    if days < 1:
        raise malformed_xml()
    midnight = int(call.clock.now()) // SECONDS_OF_DAY * SECONDS_OF_DAY
    version.restored_until = float(midnight + (days + 1) * SECONDS_OF_DAY)
    return {}
