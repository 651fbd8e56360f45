"""Ranges of addresses."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy.conditions.addresses import in_range, range_of

addresses = st.ip_addresses()


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(addresses, addresses, st.integers(0, 128))
def test_a_range_holds_what_ipaddress_says(start: ipaddress.IPv4Address, one: ipaddress.IPv4Address, bits: int) -> None:
    bits %= start.max_prefixlen + 1
    network = ipaddress.ip_network(f"{start}/{bits}", strict=False)
    assert in_range((f"{start}/{bits}",), False)(str(one), {}) is (one in network)
    assert in_range((f"{start}/{bits}",), False)(str(start), {})


@pytest.mark.parametrize(
    "text",
    ["", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/0.0.0.255", "::/ffff::", "010.0.0.1", "fe80::1%eth0",
     "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/٨"],
)  # fmt: skip
def test_no_range(text: str) -> None:
    assert range_of(text) is None
