"""Large bodies: what is put is kept once, and neither way makes copies that add up."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable

import boto3

from iamsim import mock_aws

SIZE_BYTES = 48 * 1024 * 1024


def peak_of(act: Callable[[], object]) -> float:
    """The most memory that `act` held at once, in sizes of the body, beyond what was there before."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        act()
        return (tracemalloc.get_traced_memory()[1] - before) / SIZE_BYTES
    finally:
        tracemalloc.stop()


@mock_aws
def test_a_large_body_is_streamed_in_and_out() -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="large")
    source = io.BytesIO(bytes(SIZE_BYTES))
    assert peak_of(lambda: s3.put_object(Bucket="large", Key="k", Body=source)) < 3.2  # one stays

    def read() -> None:
        total = sum(len(piece) for piece in s3.get_object(Bucket="large", Key="k")["Body"].iter_chunks(1 << 20))
        assert total == SIZE_BYTES

    assert peak_of(read) < 1.2
