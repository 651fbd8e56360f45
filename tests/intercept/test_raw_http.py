"""urllib3, and requests above it."""

from __future__ import annotations

import pytest
import requests
import urllib3

from iamsim import mock_aws

QUERY = "Action=GetCallerIdentity&Version=2011-06-15"


@mock_aws
def test_instance_metadata_is_refused() -> None:
    with pytest.raises(requests.ConnectionError, match="this process runs on no simulated instance"):
        requests.get("http://169.254.169.254/latest/meta-data/", timeout=1)


@mock_aws
def test_a_proxy_is_no_way_out() -> None:
    proxies = {"http": "http://proxy.invalid:3128", "https": "http://proxy.invalid:3128"}
    for scheme in proxies:
        url = f"{scheme}://sts.us-east-1.amazonaws.com/?{QUERY}"
        assert requests.get(url, proxies=proxies, timeout=1).status_code == 200


@mock_aws
def test_pieces_and_text_are_bodies() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    pool = urllib3.HTTPSConnectionPool("sts.us-east-1.amazonaws.com")
    for body in (QUERY, QUERY.encode(), bytearray(QUERY.encode()), iter([b"Action=Get", QUERY[10:].encode()])):
        assert pool.request("POST", "/", body=body, headers=form).status == 200
