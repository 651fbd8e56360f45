"""The configurations of a bucket: each is put whole, given back whole, and deleted. One row of a table says all of one.

Source: S3 API reference, the Put-, Get- and DeleteBucket operations of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from iamsim.kit import Call, Reply, error, operation_that_reads

from .bucket import Bucket
from .checksums import check_document
from .document_checks import (
    check_accelerate,
    check_cors,
    check_encryption,
    check_logging,
    check_notification,
    check_ownership,
    check_payment,
    check_replication,
    check_tagging,
    check_website,
    with_all_switches,
)
from .failures import invalid_argument
from .lifecycle import check_lifecycle

Check = Callable[[Call, Bucket, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Configuration:
    """One configuration; `put`, `get` and `delete` are the names of its operations.

    `name` is its place in `Bucket.configurations`, `member` the input member that carries it. `wrapped` is the output
    member that holds it, None where its own members are the output. Where nothing was put the answer is `default`, or
    without one the error `missing`: code and message. `check` gives what is kept of what was put, or raises.
    """

    name: str
    put: str
    get: str
    delete: str | None
    member: str
    wrapped: str | None = None
    default: Mapping[str, Any] | None = None
    missing: tuple[str, str] = ("", "")
    check: Check | None = None
    also_reads: tuple[str, ...] = ()

    def operations(self) -> dict[str, Callable[..., Reply]]:
        """The functions of its operations, by their names."""

        @operation_that_reads(self.member, *self.also_reads)
        def put(call: Call, bucket: Bucket) -> Reply:
            check_document(call)
            document = call.params.get(self.member) or {}
            bucket.configurations[self.name] = self.check(call, bucket, document) if self.check else document
            bucket.show_tags()
            return {name: call.params[name] for name in self.also_reads if name in call.params}

        @operation_that_reads()
        def get(call: Call, bucket: Bucket) -> Reply:
            document = bucket.configurations.get(self.name, self.default)
            if document is None:
                code, message = self.missing
                raise error(code, status=404)(message, fields={"BucketName": bucket.name})
            return {self.wrapped: document} if self.wrapped else dict(document)

        @operation_that_reads()
        def delete(call: Call, bucket: Bucket) -> Reply:
            bucket.configurations.pop(self.name, None)
            bucket.show_tags()
            return None

        return {self.put: put, self.get: get} | ({self.delete: delete} if self.delete else {})


@dataclass(frozen=True)
class Listed:
    """A kind of configuration of which a bucket has several, each with an id of its own."""

    kind: str  # as in `PutBucket<kind>Configuration`
    name: str  # the same in the names of functions
    largest_page: int = 100

    def operations(self) -> dict[str, Callable[..., Reply]]:
        """The functions of its four operations, by their names."""
        member = f"{self.kind}Configuration"

        @operation_that_reads("Id", member)
        def put(call: Call, bucket: Bucket) -> Reply:
            check_document(call)
            document = call.params[member]
            if document.get("Id") != call.params["Id"]:
                raise invalid_argument("Invalid Configuration Id", "id", call.params["Id"])
            bucket.listed.setdefault(self.kind, {})[call.params["Id"]] = document
            return None

        @operation_that_reads("Id")
        def get(call: Call, bucket: Bucket) -> Reply:
            return {member: self._find(call, bucket)}

        @operation_that_reads("Id")
        def delete(call: Call, bucket: Bucket) -> Reply:
            self._find(call, bucket)
            del bucket.listed[self.kind][call.params["Id"]]
            return None

        @operation_that_reads("ContinuationToken")
        def list_all(call: Call, bucket: Bucket) -> Reply:
            documents = bucket.listed.get(self.kind, {})
            after = call.params.get("ContinuationToken", "")
            names = [name for name in sorted(documents) if name > after]
            reply: dict[str, Any] = {
                f"{member}List": [documents[name] for name in names[: self.largest_page]],
                "IsTruncated": len(names) > self.largest_page,
            }
            if after:
                reply["ContinuationToken"] = after
            if reply["IsTruncated"]:
                reply["NextContinuationToken"] = names[self.largest_page - 1]
            return reply

        return {
            f"put_bucket_{self.name}_configuration": put,
            f"get_bucket_{self.name}_configuration": get,
            f"delete_bucket_{self.name}_configuration": delete,
            f"list_bucket_{self.name}_configurations": list_all,
        }

    def _find(self, call: Call, bucket: Bucket) -> Any:
        document = bucket.listed.get(self.kind, {}).get(call.params["Id"])
        if document is None:
            raise error("NoSuchConfiguration", status=404)("The specified configuration does not exist.")
        return document


SSE_S3 = {
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}],
}
CONFIGURATIONS = (
    Configuration(
        "public access block",
        "put_public_access_block",
        "get_public_access_block",
        "delete_public_access_block",
        "PublicAccessBlockConfiguration",
        wrapped="PublicAccessBlockConfiguration",
        missing=("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
        check=with_all_switches,
    ),
    Configuration(
        "ownership controls",
        "put_bucket_ownership_controls",
        "get_bucket_ownership_controls",
        "delete_bucket_ownership_controls",
        "OwnershipControls",
        wrapped="OwnershipControls",
        missing=("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
        check=check_ownership,
    ),
    Configuration(
        "tagging",
        "put_bucket_tagging",
        "get_bucket_tagging",
        "delete_bucket_tagging",
        "Tagging",
        missing=("NoSuchTagSet", "The TagSet does not exist"),
        check=check_tagging,
    ),
    Configuration(
        "abac",
        "put_bucket_abac",
        "get_bucket_abac",
        None,
        "AbacStatus",
        wrapped="AbacStatus",
        default={"Status": "Disabled"},
    ),
    Configuration(
        "cors",
        "put_bucket_cors",
        "get_bucket_cors",
        "delete_bucket_cors",
        "CORSConfiguration",
        missing=("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        check=check_cors,
    ),
    Configuration(
        "lifecycle",
        "put_bucket_lifecycle_configuration",
        "get_bucket_lifecycle_configuration",
        "delete_bucket_lifecycle",
        "LifecycleConfiguration",
        missing=("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        check=check_lifecycle,
        also_reads=("TransitionDefaultMinimumObjectSize",),
    ),
    Configuration(
        "website",
        "put_bucket_website",
        "get_bucket_website",
        "delete_bucket_website",
        "WebsiteConfiguration",
        missing=("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
        check=check_website,
    ),
    Configuration(
        "encryption",
        "put_bucket_encryption",
        "get_bucket_encryption",
        "delete_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        wrapped="ServerSideEncryptionConfiguration",
        default=SSE_S3,
        check=check_encryption,
    ),
    Configuration(
        "notification",
        "put_bucket_notification_configuration",
        "get_bucket_notification_configuration",
        None,
        "NotificationConfiguration",
        default={},
        check=check_notification,
    ),
    Configuration(
        "logging",
        "put_bucket_logging",
        "get_bucket_logging",
        None,
        "BucketLoggingStatus",
        default={},
        check=check_logging,
    ),
    Configuration(
        "request payment",
        "put_bucket_request_payment",
        "get_bucket_request_payment",
        None,
        "RequestPaymentConfiguration",
        default={"Payer": "BucketOwner"},
        check=check_payment,
    ),
    Configuration(
        "accelerate",
        "put_bucket_accelerate_configuration",
        "get_bucket_accelerate_configuration",
        None,
        "AccelerateConfiguration",
        default={},
        check=check_accelerate,
    ),
    Configuration(
        "replication",
        "put_bucket_replication",
        "get_bucket_replication",
        "delete_bucket_replication",
        "ReplicationConfiguration",
        wrapped="ReplicationConfiguration",
        missing=("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
        check=check_replication,
    ),
)
LISTED = (
    Listed("Analytics", "analytics"),
    Listed("Inventory", "inventory"),
    Listed("Metrics", "metrics"),
    Listed("IntelligentTiering", "intelligent_tiering"),
)

for _each in (*CONFIGURATIONS, *LISTED):
    globals().update(_each.operations())
