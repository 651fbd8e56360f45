"""The partition of a region, against botocore's own list."""

from __future__ import annotations

import pytest

from iamsim.reference.partitions import partition_of
from iamsim.reference.service_model import loader

REGIONS = {
    region: partition["id"]
    for partition in loader().load_data("partitions")["partitions"]
    for region in partition["regions"]
}


@pytest.mark.parametrize("region", [region for region in REGIONS if not region.endswith("-global")])
def test_every_region_is_in_its_partition(region: str) -> None:
    assert partition_of(region) == REGIONS[region]


def test_an_unknown_region_is_in_the_first_partition() -> None:
    assert partition_of("xx-nowhere-1") == "aws"
