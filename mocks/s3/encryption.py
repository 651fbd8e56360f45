"""How an object is encrypted, as far as callers see it. Source: S3 User Guide, serv-side-encryption."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from iamsim.kit import error

from .bucket import Bucket
from .checksums import md5
from .failures import AccessDenied, InvalidArgument, InvalidRequest, invalid_argument

InvalidEncryptionAlgorithmError = error("InvalidEncryptionAlgorithmError", status=400)

SSE_S3, SSE_KMS = "AES256", ("aws:kms", "aws:kms:dsse")
ASKED_IN = (
    "ServerSideEncryption",
    "SSEKMSKeyId",
    "SSEKMSEncryptionContext",
    "BucketKeyEnabled",
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSECustomerKeyMD5",
)
CUSTOMER_KEY = ("SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5")


def encryption_for(params: Mapping[str, Any], bucket: Bucket) -> dict[str, Any]:
    """How a new object is encrypted: as asked for, else as the bucket's default says."""
    if "SSECustomerAlgorithm" in params or "SSECustomerKey" in params:
        if "ServerSideEncryption" in params:
            raise invalid_argument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                "specified",
                "x-amz-server-side-encryption",
                params["ServerSideEncryption"],
            )
        _check_not_blocked(bucket)
        return _customer_key(params)
    rule = _default(bucket)
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    algorithm = params.get("ServerSideEncryption", default.get("SSEAlgorithm", SSE_S3))
    if algorithm not in (SSE_S3, *SSE_KMS):
        raise invalid_argument(
            "The encryption method specified is not supported", "x-amz-server-side-encryption", algorithm
        )
    if algorithm == SSE_S3:
        if "SSEKMSKeyId" in params:
            raise invalid_argument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header "
                "x-amz-server-side-encryption : aws:kms",
                "x-amz-server-side-encryption",
                algorithm,
            )
        return {"ServerSideEncryption": SSE_S3}
    managed = f"arn:{bucket.arn.partition}:kms:{bucket.region}:{bucket.account}:alias/aws/s3"
    by_default = default.get("KMSMasterKeyID") if default.get("SSEAlgorithm") == algorithm else None
    encryption = {
        "ServerSideEncryption": algorithm,
        "SSEKMSKeyId": params.get("SSEKMSKeyId") or by_default or managed,
    }
    if params.get("BucketKeyEnabled", rule.get("BucketKeyEnabled")):
        encryption["BucketKeyEnabled"] = True
    if "SSEKMSEncryptionContext" in params:
        encryption["SSEKMSEncryptionContext"] = params["SSEKMSEncryptionContext"]
    return encryption


def etag_of(body: bytes, encryption: Mapping[str, Any]) -> str:
    """The entity tag of a body written at once: its MD5, but with KMS and customer keys it is something else."""
    digest = md5(body)
    if encryption.get("ServerSideEncryption") != SSE_S3:
        digest = md5(digest + repr(sorted(encryption.items())).encode())
    return f'"{digest.hex()}"'


def check_key(encryption: Mapping[str, Any], params: Mapping[str, Any], prefix: str = "") -> None:
    """Raises unless the customer's key, if the object was written with one, is sent along again."""
    sent = {member: params[prefix + member] for member in CUSTOMER_KEY if prefix + member in params}
    if "SSECustomerAlgorithm" in encryption:
        if not sent:
            raise InvalidRequest(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
                "to retrieve the object."
            )
        if _customer_key(sent) != encryption:
            raise AccessDenied("Access Denied")
    elif sent:
        raise InvalidRequest("The encryption parameters are not applicable to this object.")


def shown(encryption: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a read's answer that say how the object is encrypted."""
    return {member: value for member, value in encryption.items() if member != "SSEKMSEncryptionContext"}


def _default(bucket: Bucket) -> dict[str, Any]:
    rules = bucket.configurations.get("encryption", {}).get("Rules") or [{}]
    first: dict[str, Any] = rules[0]
    return first


def _check_not_blocked(bucket: Bucket) -> None:
    blocked = _default(bucket).get("BlockedEncryptionTypes", {}).get("EncryptionType", [])
    if "SSE-C" in blocked:
        raise AccessDenied(
            "Access Denied because this bucket has blocked upload requests that specify Server Side Encryption with "
            "Customer provided keys (SSE-C). Please specify a different server-side encryption type"
        )


def _customer_key(params: Mapping[str, Any]) -> dict[str, Any]:
    algorithm = params.get("SSECustomerAlgorithm")
    if algorithm != SSE_S3:
        raise InvalidEncryptionAlgorithmError(
            "The encryption request you specified is not valid. Supported value: AES256.",
            fields={"ArgumentName": "x-amz-server-side-encryption", "ArgumentValue": algorithm},
        )
    if "SSECustomerKey" not in params:
        raise InvalidArgument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate "
            "secret key."
        )
    try:
        key = base64.b64decode(params["SSECustomerKey"], validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise InvalidArgument("The secret key was invalid for the specified algorithm.")
    digest = base64.b64encode(md5(key)).decode()
    if params.get("SSECustomerKeyMD5") != digest:
        raise InvalidArgument(
            "The calculated MD5 hash of the key did not match the hash that was provided.",
            fields={"ArgumentName": "x-amz-server-side-encryption-customer-key-MD5"},
        )
    return {"SSECustomerAlgorithm": algorithm, "SSECustomerKeyMD5": digest}
