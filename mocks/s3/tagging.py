"""The tags of objects. (A bucket's are one of its configurations.)"""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation_that_reads

from .bucket import Bucket
from .checksums import check_document
from .reading import the_version, version_id_shown
from .tag_set import checked, described


@operation_that_reads("Key", "VersionId", "Tagging")
def put_object_tagging(call: Call, bucket: Bucket) -> Reply:
    """Replaces the tags of the object or of one version."""
    check_document(call)
    version = the_version(call, bucket)
    version.tags = checked(call.params["Tagging"].get("TagSet") or [])
    return version_id_shown(bucket, version)


@operation_that_reads("Key", "VersionId")
def get_object_tagging(call: Call, bucket: Bucket) -> Reply:
    """The tags of the object or of one version; none is no error."""
    version = the_version(call, bucket)
    return {"TagSet": described(version.tags), **version_id_shown(bucket, version)}


@operation_that_reads("Key", "VersionId")
def delete_object_tagging(call: Call, bucket: Bucket) -> Reply:
    """Removes all tags of the object or of one version."""
    version = the_version(call, bucket)
    version.tags = {}
    return version_id_shown(bucket, version)
