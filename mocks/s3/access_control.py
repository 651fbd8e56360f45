"""Operations on access control lists, and what Object Ownership and Block Public Access make of them (R-131, A-12)."""

from __future__ import annotations

from iamsim.kit import ApiError, Call, Reply, error, operation_that_reads

from .acl import Acl, acl_in, private
from .bucket import Bucket
from .checksums import check_document
from .failures import AccessDenied, malformed_xml
from .reading import the_version, version_id_shown

AccessControlListNotSupported = error("AccessControlListNotSupported", status=400)
InvalidBucketAclWithObjectOwnership = error("InvalidBucketAclWithObjectOwnership", status=400)
InvalidBucketAclWithBlockPublicAccess = error("InvalidBucketAclWithBlockPublicAccessError", status=400)

GRANT_HEADERS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")
ASKED_IN = ("ACL", "AccessControlPolicy", *GRANT_HEADERS)
FULL_CONTROL_FOR_BUCKET = "bucket-owner-full-control"


def object_acl(call: Call, bucket: Bucket) -> tuple[str, Acl]:
    """The owner and the ACL of an object that the call writes. Raises AccessControlListNotSupported, AccessDenied."""
    uploader = call.principal.account if call.principal.account or _is_anonymous(call) else call.account
    if not bucket.has_acls:
        _check_no_acl(call)
        return bucket.account, private(bucket.account)
    gives_away = call.params.get("ACL") == FULL_CONTROL_FOR_BUCKET
    owner = bucket.account if gives_away and bucket.ownership == "BucketOwnerPreferred" else uploader
    acl = acl_in(call.params, owner, bucket.account) or private(owner)
    _check_not_public(call, bucket, acl, "s3:PutObject", f"{bucket.arn}/{call.params['Key']}")
    return owner, acl


def new_bucket_acl(call: Call, ownership: str) -> Acl:
    """The ACL of a bucket that the call makes. Raises InvalidBucketAclWithObjectOwnership and its like."""
    acl = acl_in(call.params, call.account, call.account) or private(call.account)
    if acl != private(call.account):
        if ownership == "BucketOwnerEnforced":
            raise InvalidBucketAclWithObjectOwnership(
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
            )
        if acl.is_public:
            raise InvalidBucketAclWithBlockPublicAccess(
                "Bucket cannot have public ACLs set with BlockPublicAccess enabled"
            )
    return acl


@operation_that_reads(*ASKED_IN)
def put_bucket_acl(call: Call, bucket: Bucket) -> None:
    """Replaces the bucket's ACL by a canned one, by grants in headers, or by the one in the body."""
    check_document(call)
    acl = acl_in(call.params, bucket.account, bucket.account)
    if acl is None:
        raise malformed_xml()
    if not bucket.has_acls:
        _check_no_acl(call)
        return
    _check_not_public(call, bucket, acl, "s3:PutBucketAcl", str(bucket.arn))
    bucket.acl = acl


@operation_that_reads()
def get_bucket_acl(call: Call, bucket: Bucket) -> Reply:
    """The owner and the grants; where ACLs have no effect, full control for the owner."""
    return (bucket.acl if bucket.has_acls else private(bucket.account)).described()


@operation_that_reads("Key", "VersionId", *ASKED_IN)
def put_object_acl(call: Call, bucket: Bucket) -> Reply:
    """Replaces the ACL of the object or of one version."""
    check_document(call)
    version = the_version(call, bucket)
    acl = acl_in(call.params, version.owner, bucket.account)
    if acl is None:
        raise malformed_xml()
    if not bucket.has_acls:
        _check_no_acl(call)
        return {}
    _check_not_public(call, bucket, acl, "s3:PutObjectAcl", f"{bucket.arn}/{version.key}")
    version.acl = acl
    return {}


@operation_that_reads("Key", "VersionId")
def get_object_acl(call: Call, bucket: Bucket) -> Reply:
    """The owner and the grants of the object or of one version."""
    version = the_version(call, bucket)
    acl = version.acl if bucket.has_acls else private(bucket.account)
    return acl.described() | version_id_shown(bucket, version)


def _is_anonymous(call: Call) -> bool:
    return call.principal.arn == "anonymous"


def _check_no_acl(call: Call) -> None:
    """Raises AccessControlListNotSupported for any ACL but the one that changes nothing."""
    params = call.params
    if any(name in params for name in ASKED_IN) and params.get("ACL") != FULL_CONTROL_FOR_BUCKET:
        raise AccessControlListNotSupported("The bucket does not allow ACLs")


def _check_not_public(call: Call, bucket: Bucket, acl: Acl, action: str, resource: str) -> None:
    if acl.is_public and bucket.blocks("BlockPublicAcls"):
        raise _blocked(call, action, resource)


def _blocked(call: Call, action: str, resource: str) -> ApiError:
    return AccessDenied(
        f'User: {call.principal.arn} is not authorized to perform: {action} on resource: "{resource}" because public '
        "ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."
    )
