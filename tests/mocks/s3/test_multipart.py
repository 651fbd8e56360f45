from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig

from .failing import code, failure

MEGABYTE = 1 << 20
FIRST, SECOND = b"a" * (5 * MEGABYTE), b"b" * 100


def begin(s3: Any, bucket: str, **params: Any) -> dict[str, Any]:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big", **params)
    return {"Bucket": bucket, "Key": "big", "UploadId": upload["UploadId"]}


def send(s3: Any, upload: dict[str, Any], number: int, body: bytes) -> dict[str, Any]:
    return {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}


def test_an_upload_in_two_parts(s3: Any, bucket: str) -> None:
    upload = begin(s3, bucket, ContentType="text/plain", Metadata={"m": "1"}, Tagging="t=1")
    parts = [send(s3, upload, 1, FIRST), send(s3, upload, 3, SECOND)]
    assert code(s3.get_object, Bucket=bucket, Key="big") == "NoSuchKey"
    reply = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    digests = hashlib.md5(FIRST).digest() + hashlib.md5(SECOND).digest()
    assert reply["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'
    found = s3.get_object(Bucket=bucket, Key="big")
    assert found["Body"].read() == FIRST + SECOND
    assert (found["ContentType"], found["Metadata"], found["TagCount"]) == ("text/plain", {"m": "1"}, 1)
    assert code(s3.list_parts, **upload) == "NoSuchUpload"
    part = s3.get_object(Bucket=bucket, Key="big", PartNumber=2)
    assert (part["Body"].read(), part["PartsCount"]) == (SECOND, 2)
    assert part["ContentRange"] == f"bytes {len(FIRST)}-{len(FIRST) + 99}/{len(FIRST) + 100}"
    assert code(s3.get_object, Bucket=bucket, Key="big", PartNumber=3) == "InvalidPartNumber"


def test_what_cannot_be_completed(s3: Any, bucket: str) -> None:
    upload = begin(s3, bucket)
    small, last = send(s3, upload, 1, b"small"), send(s3, upload, 2, SECOND)

    def complete(parts: list[dict[str, Any]]) -> dict[str, Any]:
        return failure(s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts})

    too_small = complete([small, last])
    assert (too_small["Code"], too_small["ProposedSize"], too_small["MinSizeAllowed"]) == (
        "EntityTooSmall",
        "5",
        str(5 * MEGABYTE),
    )
    assert complete([last, small])["Code"] == "InvalidPartOrder"
    assert complete([small, {"PartNumber": 7, "ETag": '"x"'}])["Code"] == "InvalidPart"
    assert complete([{"PartNumber": 1, "ETag": '"wrong"'}])["Code"] == "InvalidPart"
    assert complete([])["Code"] == "MalformedXML"
    assert code(s3.upload_part, **upload, PartNumber=10_001, Body=b"") == "InvalidArgument"
    s3.put_object(Bucket=bucket, Key="big")
    once = {"MultipartUpload": {"Parts": [last]}, "IfNoneMatch": "*"}
    assert code(s3.complete_multipart_upload, **upload, **once) == "PreconditionFailed"
    s3.abort_multipart_upload(**upload)
    assert code(s3.upload_part, **upload, PartNumber=1, Body=b"") == "NoSuchUpload"


def test_listing_uploads_and_parts(s3: Any, bucket: str) -> None:
    uploads = [s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"] for key in ("b", "a/1", "a/2", "b")]
    listed = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [each["Key"] for each in listed] == ["a/1", "a/2", "b", "b"]
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    assert {each["UploadId"] for page in pages for each in page["Uploads"]} == set(uploads)
    grouped = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [each["Prefix"] for each in grouped["CommonPrefixes"]] == ["a/"]
    upload = {"Bucket": bucket, "Key": "b", "UploadId": uploads[0]}
    for number in (2, 1, 9):
        s3.upload_part(**upload, PartNumber=number, Body=str(number).encode())
    parts = s3.get_paginator("list_parts").paginate(**upload, PaginationConfig={"PageSize": 2})
    assert [[each["PartNumber"] for each in page["Parts"]] for page in parts] == [[1, 2], [9]]


def test_a_part_that_is_copied(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="from", Body=b"0123456789")
    upload = begin(s3, bucket)
    source = {"CopySource": f"{bucket}/from"}
    reply = s3.upload_part_copy(**upload, PartNumber=1, **source, CopySourceRange="bytes=2-4")
    assert (
        code(s3.upload_part_copy, **upload, PartNumber=1, **source, CopySourceRange="bytes=5-10") == "InvalidArgument"
    )
    part = {"PartNumber": 1, "ETag": reply["CopyPartResult"]["ETag"]}
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    assert s3.get_object(Bucket=bucket, Key="big")["Body"].read() == b"234"


@pytest.mark.parametrize("kind", ["COMPOSITE", "FULL_OBJECT"])
def test_checksums_of_uploads(s3: Any, bucket: str, kind: str) -> None:
    algorithm = "SHA256" if kind == "COMPOSITE" else "CRC32"
    upload = begin(s3, bucket, ChecksumAlgorithm=algorithm, ChecksumType=kind)
    sent = [
        s3.upload_part(**upload, PartNumber=n, Body=body, ChecksumAlgorithm=algorithm)
        for n, body in ((1, FIRST), (2, SECOND))
    ]
    parts = [{"PartNumber": n, "ETag": each["ETag"]} for n, each in enumerate(sent, 1)]
    if kind == "COMPOSITE":
        error = failure(s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts})
        assert (error["Code"], error["Message"]) == (
            "InvalidRequest",
            "The upload was created using a sha256 checksum. The complete request must include the checksum for each "
            "part. It was missing for part 1 in the request.",
        )
        parts = [part | {"ChecksumSHA256": each["ChecksumSHA256"]} for part, each in zip(parts, sent, strict=True)]
    reply = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert reply["ChecksumType"] == kind
    if kind == "COMPOSITE":
        joined = hashlib.sha256(FIRST).digest() + hashlib.sha256(SECOND).digest()
        expected = base64.b64encode(hashlib.sha256(joined).digest()).decode() + "-2"
        assert reply["ChecksumSHA256"] == expected
    else:
        s3.put_object(Bucket=bucket, Key="once", Body=FIRST + SECOND)
        once = s3.head_object(Bucket=bucket, Key="once", ChecksumMode="ENABLED")
        assert reply["ChecksumCRC32"] == once["ChecksumCRC32"]
    attributes = s3.get_object_attributes(Bucket=bucket, Key="big", ObjectAttributes=["ObjectParts", "Checksum"])
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2
    assert [each["Size"] for each in attributes["ObjectParts"]["Parts"]] == [len(FIRST), len(SECOND)]


def test_parts_have_the_checksum_of_their_upload(s3: Any, bucket: str) -> None:
    upload = begin(s3, bucket, ChecksumAlgorithm="SHA256")
    error = failure(s3.upload_part, **upload, PartNumber=1, Body=b"1", ChecksumAlgorithm="CRC32")
    assert error["Message"] == (
        "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"
    )


def test_checksum_types_that_do_not_go_together(s3: Any, bucket: str) -> None:
    wrong = {"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"}
    assert code(s3.create_multipart_upload, Bucket=bucket, Key="k", **wrong) == "InvalidRequest"


def test_transfers(s3: Any, bucket: str, tmp_path: Path) -> None:
    body = bytes(range(256)) * (12 * MEGABYTE // 256)
    source = tmp_path / "source"
    source.write_bytes(body)
    config = TransferConfig(multipart_threshold=6 * MEGABYTE, multipart_chunksize=5 * MEGABYTE, max_concurrency=2)
    s3.upload_file(str(source), bucket, "file", Config=config, ExtraArgs={"Metadata": {"a": "b"}})
    assert s3.head_object(Bucket=bucket, Key="file")["ETag"].endswith('-3"')
    target = tmp_path / "target"
    s3.download_file(bucket, "file", str(target), Config=config)
    assert target.read_bytes() == body
    s3.upload_fileobj(io.BytesIO(b"small"), bucket, "fileobj")
    received = io.BytesIO()
    s3.download_fileobj(bucket, "fileobj", received)
    assert received.getvalue() == b"small"
    s3.copy({"Bucket": bucket, "Key": "file"}, bucket, "copied", Config=config)
    assert s3.get_object(Bucket=bucket, Key="copied")["Body"].read() == body
    assert s3.head_object(Bucket=bucket, Key="copied")["Metadata"] == {"a": "b"}
