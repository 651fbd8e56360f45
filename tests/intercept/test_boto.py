"""botocore and what is built on it."""

from __future__ import annotations

import io

import boto3
import pytest
from boto3.s3.transfer import TransferConfig

from iamsim import mock_aws


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
