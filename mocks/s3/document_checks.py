"""What S3 checks of a bucket's configurations before it keeps them. Source: S3 API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Arn, Call, error

from . import tag_set
from .acl import private
from .bucket import BLOCK_ALL, Bucket
from .failures import InvalidArgument, InvalidBucketState, InvalidRequest, invalid_argument, malformed_xml

InvalidBucketAclWithObjectOwnership = error("InvalidBucketAclWithObjectOwnership", status=400)
InvalidTargetBucketForLogging = error("InvalidTargetBucketForLogging", status=400)

Document = dict[str, Any]

OWNERSHIPS = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")
CORS_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
MAX_CORS_RULES = 100
DEFAULT_ENCRYPTIONS = ("AES256", "aws:kms", "aws:kms:dsse")
DESTINATIONS = (
    ("TopicConfigurations", "TopicArn", "sns"),
    ("QueueConfigurations", "QueueArn", "sqs"),
    ("LambdaFunctionConfigurations", "LambdaFunctionArn", "lambda"),
)
EVENT_FAMILIES = (
    "s3:ObjectCreated:",
    "s3:ObjectRemoved:",
    "s3:ObjectRestore:",
    "s3:Replication:",
    "s3:LifecycleExpiration:",
    "s3:ObjectTagging:",
    "s3:ObjectAcl:Put",
    "s3:ReducedRedundancyLostObject",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:TestEvent",
    "s3:ObjectAnnotation:",
)


def with_all_switches(call: Call, bucket: Bucket, document: Document) -> Document:
    """A switch that is not given is off."""
    return dict.fromkeys(BLOCK_ALL, False) | document


def check_ownership(call: Call, bucket: Bucket, document: Document) -> Document:
    """A bucket whose ACL gives something away cannot turn ACLs off."""
    rules = document.get("Rules") or []
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in OWNERSHIPS:
        raise malformed_xml()
    if rules[0]["ObjectOwnership"] == "BucketOwnerEnforced" and bucket.acl != private(bucket.account):
        raise InvalidBucketAclWithObjectOwnership(
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        )
    return document


def check_tagging(call: Call, bucket: Bucket, document: Document) -> Document:
    """At most 50 tags, each with a key of its own."""
    tags = tag_set.checked(document.get("TagSet") or [], of_bucket=True)
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}


def check_cors(call: Call, bucket: Bucket, document: Document) -> Document:
    """Methods that there are, and at most one `*` in an origin or a header."""
    rules = document.get("CORSRules") or []
    if not 1 <= len(rules) <= MAX_CORS_RULES:
        raise malformed_xml()
    for rule in rules:
        if not rule.get("AllowedMethods") or not rule.get("AllowedOrigins"):
            raise malformed_xml()
        for method in rule["AllowedMethods"]:
            if method not in CORS_METHODS:
                raise InvalidRequest(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
        for origin in rule["AllowedOrigins"]:
            if origin.count("*") > 1:
                raise InvalidRequest(f'AllowedOrigin "{origin}" can not have more than one wildcard.')
        for header in rule.get("AllowedHeaders", ()):
            if header.count("*") > 1:
                raise InvalidRequest(f'AllowedHeader "{header}" can not have more than one wildcard.')
    return document


def check_website(call: Call, bucket: Bucket, document: Document) -> Document:
    """Either a redirect of everything, or an index document and what goes with it."""
    index = document.get("IndexDocument")
    if "RedirectAllRequestsTo" in document:
        if any(name in document for name in ("IndexDocument", "ErrorDocument", "RoutingRules")):
            raise InvalidArgument(
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
                fields={"ArgumentName": "RedirectAllRequestsTo", "ArgumentValue": "not null"},
            )
    elif index is None:
        raise invalid_argument(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            "IndexDocument",
            "null",
        )
    elif not index.get("Suffix") or "/" in index["Suffix"]:
        raise invalid_argument("The IndexDocument Suffix is not well formed", "IndexDocument", index.get("Suffix", ""))
    return document


def check_encryption(call: Call, bucket: Bucket, document: Document) -> Document:
    """One rule, with an encryption that there is. A key goes only with KMS."""
    rules = document.get("Rules") or []
    if len(rules) != 1:
        raise malformed_xml()
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    algorithm = default.get("SSEAlgorithm")
    if default and algorithm not in DEFAULT_ENCRYPTIONS:
        raise malformed_xml()
    if algorithm == "AES256" and default.get("KMSMasterKeyID"):
        raise InvalidArgument(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            fields={"ArgumentName": "ApplyServerSideEncryptionByDefault"},
        )
    return {"Rules": [{"BucketKeyEnabled": False, **rules[0]}]}


def check_notification(call: Call, bucket: Bucket, document: Document) -> Document:
    """Destinations of the right service and events that there are. A configuration without an id gets one."""
    checked: Document = {}
    if "EventBridgeConfiguration" in document:
        checked["EventBridgeConfiguration"] = {}
    for member, arn_member, service in DESTINATIONS:
        for entry in document.get(member) or ():
            arn, events = entry.get(arn_member, ""), entry.get("Events") or []
            if not Arn.looks_like(arn) or Arn.parse(arn).service != service:
                raise invalid_argument("The ARN could not be parsed", arn_member.removesuffix("Arn"), arn)
            for event in events:
                if not event.startswith(EVENT_FAMILIES):
                    raise invalid_argument("The event is not supported for notifications", "Event", event)
            if not events:
                raise malformed_xml()
            checked.setdefault(member, []).append({"Id": call.clock.new_id(), **entry, **_filter(entry)})
    return checked


def check_logging(call: Call, bucket: Bucket, document: Document) -> Document:
    """The target bucket must exist and belong to the same account."""
    target = document.get("LoggingEnabled", {}).get("TargetBucket")
    if target is not None:
        found = call.find(Bucket, bucket.arn._replace(resource=target))
        if found is None or found.account != bucket.account:
            raise InvalidTargetBucketForLogging(
                "The target bucket for logging does not exist", fields={"TargetBucket": target}
            )
    return document


def check_payment(call: Call, bucket: Bucket, document: Document) -> Document:
    """BucketOwner or Requester."""
    if document.get("Payer") not in ("BucketOwner", "Requester"):
        raise malformed_xml()
    return document


def check_accelerate(call: Call, bucket: Bucket, document: Document) -> Document:
    """Only for buckets without dots in their names."""
    if document.get("Status") not in ("Enabled", "Suspended"):
        raise malformed_xml()
    if "." in bucket.name:
        raise InvalidRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
    return document


def check_replication(call: Call, bucket: Bucket, document: Document) -> Document:
    """Source and destination buckets must have versioning on."""
    if bucket.versioning != "Enabled":
        raise InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    rules = document.get("Rules") or []
    if not rules or not document.get("Role"):
        raise malformed_xml()
    for rule in rules:
        name = rule.get("Destination", {}).get("Bucket", "")
        found = call.find(Bucket, Arn.parse(name)) if Arn.looks_like(name) else None
        if found is None:
            raise InvalidRequest("Destination bucket must exist.")
        if found.versioning != "Enabled":
            raise InvalidRequest("Destination bucket must have versioning enabled.")
    return document


def check_may_suspend(bucket: Bucket) -> None:
    """Raises InvalidBucketState for a bucket that needs its versions."""
    if bucket.has_object_lock:
        raise InvalidBucketState(
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        )
    if "replication" in bucket.configurations:
        raise InvalidBucketState(
            "A replication configuration is present on this bucket, so the versioning state cannot be changed."
        )


def _filter(entry: Document) -> Document:
    """The filter of a notification. Whatever way its rules' names are written, S3 shows them as Prefix and Suffix."""
    rules = entry.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    shown: dict[str, Document] = {}
    for rule in rules:
        name = str(rule.get("Name", "")).lower()
        if name not in ("prefix", "suffix"):
            raise invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", name)
        if name in shown:
            raise invalid_argument(f"Cannot specify more than one {name} rule in a filter.", "FilterRule.Name", name)
        shown[name] = {**rule, "Name": name.capitalize()}
    return {"Filter": {"Key": {"FilterRules": [*shown.values()]}}} if shown else {}
