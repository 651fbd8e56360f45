from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from iamsim.mocks.s3.crc import crc32, crc32c, crc64nvme

from .failing import code, failure

CHECK = b"123456789"  # the input of the check values in the catalogue of CRCs


def test_the_check_values() -> None:
    assert crc32(CHECK).hex() == "cbf43926"
    assert crc32c(CHECK).hex() == "e3069283"
    assert crc64nvme(CHECK).hex() == "ae8b14860a799888"


@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("SHA256", base64.b64encode(hashlib.sha256(CHECK).digest()).decode()),
        ("SHA1", base64.b64encode(hashlib.sha1(CHECK).digest()).decode()),
        ("CRC32C", base64.b64encode(crc32c(CHECK)).decode()),
        ("CRC64NVME", base64.b64encode(crc64nvme(CHECK)).decode()),
    ],
)
def test_what_is_sent_is_verified_and_given_back(s3: Any, bucket: str, algorithm: str, value: str) -> None:
    member = f"Checksum{algorithm}"
    assert s3.put_object(Bucket=bucket, Key="k", Body=CHECK, **{member: value})[member] == value
    assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")[member] == value
    assert member not in s3.head_object(Bucket=bucket, Key="k")
    wrong = base64.b64encode(bytes(len(base64.b64decode(value)))).decode()
    error = failure(s3.put_object, Bucket=bucket, Key="k", Body=CHECK, **{member: wrong})
    assert (error["Code"], error["status"]) == ("BadDigest", 400)
    assert error["Message"] == f"The {algorithm} you specified did not match the calculated checksum."
    for no_checksum in ("AAAA", "!"):
        error = failure(s3.put_object, Bucket=bucket, Key="k", Body=CHECK, **{member: no_checksum})
        assert error["Code"] == "InvalidRequest"
        assert error["Message"] == f"Value for x-amz-checksum-{algorithm.lower()} header is invalid."


def test_content_md5(s3: Any, bucket: str) -> None:
    right = base64.b64encode(hashlib.md5(CHECK).digest()).decode()
    s3.put_object(Bucket=bucket, Key="k", Body=CHECK, ContentMD5=right)
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"other", ContentMD5=right) == "BadDigest"
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=CHECK, ContentMD5="bm90aGluZw==") == "InvalidDigest"


def test_the_default_is_the_clients_crc32(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=CHECK)
    assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")["ChecksumCRC32"] == "y/Q5Jg=="
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ChecksumAlgorithm"] == ["CRC32"]


def test_a_range_has_no_checksum(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=CHECK)
    found = s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-3", ChecksumMode="ENABLED")
    assert "ChecksumCRC32" not in found
    assert found["Body"].read() == b"1234"
