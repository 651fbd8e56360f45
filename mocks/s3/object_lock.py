"""Object Lock: what may not be deleted or changed, and until when. Source: S3 User Guide, object-lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from iamsim.kit import Call, Reply, error, operation, operation_that_reads

from .bucket import Bucket
from .checksums import check_document, sent
from .failures import AccessDenied, InvalidArgument, InvalidBucketState, InvalidRequest, invalid_argument, malformed_xml
from .object_version import ObjectVersion
from .reading import the_version

NoSuchObjectLockConfiguration = error("NoSuchObjectLockConfiguration", status=404)
ObjectLockConfigurationNotFoundError = error("ObjectLockConfigurationNotFoundError", status=404)
InvalidRetentionPeriod = error("InvalidRetentionPeriod", status=400)

CONFIGURATION = "object lock"  # its place among the bucket's configurations
MODES = ("GOVERNANCE", "COMPLIANCE")
DAYS_OF_YEAR = 365
MAX_DAYS, MAX_YEARS = 36_500, 100
LOCK_MEMBERS = ("ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus")


def lock(call: Call, bucket: Bucket, version: ObjectVersion) -> None:
    """Give a new version the retention and the legal hold that the call asks for, else the bucket's default."""
    params = call.params
    if not any(member in params for member in LOCK_MEMBERS):
        version.retention = _default_retention(call, bucket)
        return
    _check_has_lock(bucket)
    if call.operation.name == "PutObject" and not sent(params) and "ContentMD5" not in params:
        raise InvalidRequest(
            "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
        )
    mode, until = params.get("ObjectLockMode"), params.get("ObjectLockRetainUntilDate")
    if (mode is None) != (until is None):
        raise invalid_argument(
            "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
            "x-amz-object-lock-retain-until-date" if until is None else "x-amz-object-lock-mode",
            None,
        )
    if mode is not None:
        version.retention = _retention(call, {"Mode": mode, "RetainUntilDate": until})
    else:
        version.retention = _default_retention(call, bucket)
    version.legal_hold = params.get("ObjectLockLegalHoldStatus")
    if version.legal_hold not in (None, "ON", "OFF"):
        raise invalid_argument(
            "Unknown legal hold status directive.", "x-amz-object-lock-legal-hold", version.legal_hold
        )


def check_may_delete(call: Call, version: ObjectVersion, *, bypass: bool) -> None:
    """Raises AccessDenied if `version` is protected (A-16). `bypass` passes over a retention in governance mode."""
    held = version.legal_hold == "ON"
    if version.is_retained(call.clock.now()) and not (bypass and version.retention["Mode"] == "GOVERNANCE"):
        held = True
    if held:
        raise AccessDenied("Access Denied because object protected by object lock.")


@operation
def put_object_lock_configuration(
    call: Call, bucket: Bucket, *, object_lock_configuration: dict[str, Any] | None = None
) -> Reply:
    """Turns the lock on for good, and sets or removes the default retention. The bucket must be versioned."""
    check_document(call)
    configuration = object_lock_configuration or {}
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise malformed_xml()
    if bucket.versioning != "Enabled":
        raise InvalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
    if "Rule" in configuration:
        _check_default(configuration["Rule"].get("DefaultRetention", {}))
    bucket.has_object_lock = True
    bucket.configurations[CONFIGURATION] = configuration
    return {}


@operation
def get_object_lock_configuration(call: Call, bucket: Bucket) -> Reply:
    """Raises ObjectLockConfigurationNotFoundError for a bucket without the lock."""
    if not bucket.has_object_lock:
        raise ObjectLockConfigurationNotFoundError(
            "Object Lock configuration does not exist for this bucket", fields={"BucketName": bucket.name}
        )
    return {"ObjectLockConfiguration": bucket.configurations.get(CONFIGURATION, {"ObjectLockEnabled": "Enabled"})}


@operation_that_reads("Key", "VersionId", "Retention", "BypassGovernanceRetention")
def put_object_retention(call: Call, bucket: Bucket) -> Reply:
    """Sets or extends a retention. To shorten or remove one in governance mode takes the bypass."""
    check_document(call)
    _check_has_lock(bucket)
    version = the_version(call, bucket)
    wanted = call.params.get("Retention") or {}
    if bool(wanted.get("Mode")) != bool(wanted.get("RetainUntilDate")):
        raise malformed_xml()
    new = _retention(call, wanted) if wanted else {}
    if version.is_retained(call.clock.now()) and _is_weaker(new, version.retention):
        may_bypass = bool(call.params.get("BypassGovernanceRetention"))
        if version.retention["Mode"] == "COMPLIANCE" or not may_bypass:
            raise AccessDenied("Access Denied because object protected by object lock.")
    version.retention = new
    return {}


@operation_that_reads("Key", "VersionId")
def get_object_retention(call: Call, bucket: Bucket) -> Reply:
    """Raises NoSuchObjectLockConfiguration for an object without a retention."""
    _check_has_lock(bucket)
    version = the_version(call, bucket)
    if not version.retention:
        raise _no_lock()
    return {"Retention": version.retention}


@operation_that_reads("Key", "VersionId", "LegalHold")
def put_object_legal_hold(call: Call, bucket: Bucket) -> Reply:
    """Turns the legal hold of a version on or off."""
    check_document(call)
    _check_has_lock(bucket)
    version = the_version(call, bucket)
    status = (call.params.get("LegalHold") or {}).get("Status")
    if status not in ("ON", "OFF"):
        raise malformed_xml()
    version.legal_hold = status
    return {}


@operation_that_reads("Key", "VersionId")
def get_object_legal_hold(call: Call, bucket: Bucket) -> Reply:
    """Raises NoSuchObjectLockConfiguration for an object whose legal hold was never set."""
    _check_has_lock(bucket)
    version = the_version(call, bucket)
    if version.legal_hold is None:
        raise _no_lock()
    return {"LegalHold": {"Status": version.legal_hold}}


def _check_has_lock(bucket: Bucket) -> None:
    if not bucket.has_object_lock:
        raise InvalidRequest("Bucket is missing Object Lock Configuration")


def _no_lock() -> Exception:
    return NoSuchObjectLockConfiguration("The specified object does not have a ObjectLock configuration")


def _check_default(rule: Mapping[str, Any]) -> None:
    if rule.get("Mode") not in MODES or ("Days" in rule) == ("Years" in rule):
        raise malformed_xml()
    number, largest = (rule["Days"], MAX_DAYS) if "Days" in rule else (rule["Years"], MAX_YEARS)
    if number <= 0:
        raise InvalidArgument("Default retention period must be a positive integer value.")
    if number > largest:
        raise InvalidRetentionPeriod("Default retention period too large.")


def _default_retention(call: Call, bucket: Bucket) -> dict[str, Any]:
    rule = bucket.configurations.get(CONFIGURATION, {}).get("Rule", {}).get("DefaultRetention")
    if not rule:
        return {}
    days = rule["Days"] if "Days" in rule else rule["Years"] * DAYS_OF_YEAR
    return {"Mode": rule["Mode"], "RetainUntilDate": call.clock.today() + timedelta(days=days)}


def _retention(call: Call, wanted: Mapping[str, Any]) -> dict[str, Any]:
    if wanted["Mode"] not in MODES:
        raise invalid_argument("Unknown wormMode directive.", "x-amz-object-lock-mode", wanted["Mode"])
    if wanted["RetainUntilDate"].timestamp() <= call.clock.now():
        raise invalid_argument(
            "The retain until date must be in the future!",
            "x-amz-object-lock-retain-until-date",
            wanted["RetainUntilDate"].isoformat(),
        )
    return {"Mode": wanted["Mode"], "RetainUntilDate": wanted["RetainUntilDate"]}


def _is_weaker(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether `new` protects less than `old` does."""
    if not new or new["RetainUntilDate"] < old["RetainUntilDate"]:
        return True
    return bool(old["Mode"] == "COMPLIANCE" and new["Mode"] == "GOVERNANCE")
