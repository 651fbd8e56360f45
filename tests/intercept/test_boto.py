"""botocore and what is built on it."""

from __future__ import annotations

import io

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from iamsim import enable_iam_authentication, mock_aws
from iamsim.testing import user


@pytest.mark.parametrize("client", ["auto", "classic", "crt"])
def test_files_are_transferred_through_botocore(client: str) -> None:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="bucket")
        config = TransferConfig(preferred_transfer_client=client, multipart_threshold=5 << 20)
        s3.upload_fileobj(io.BytesIO(b"x" * (6 << 20)), "bucket", "key", Config=config)
        into = io.BytesIO()
        s3.download_fileobj("bucket", "key", into, Config=config)
        assert into.getbuffer().nbytes == 6 << 20
        assert s3.head_object(Bucket="bucket", Key="key")["ETag"].endswith('-1"')


@pytest.mark.parametrize("checksums", ["when_supported", "when_required"])
@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_parts_of_files_are_verified(checksums: str, version: str) -> None:
    """They are files that do not say whether they can be read again."""
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    with mock_aws(), user("writer", everything), enable_iam_authentication():
        config = Config(request_checksum_calculation=checksums, signature_version=version)
        s3 = boto3.client("s3", region_name="us-east-1", config=config)
        s3.create_bucket(Bucket="bucket")
        parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        s3.upload_fileobj(io.BytesIO(b"x" * (6 << 20)), "bucket", "key", Config=parts)
        assert s3.head_object(Bucket="bucket", Key="key")["ContentLength"] == 6 << 20
