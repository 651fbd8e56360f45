"""Clients of an account's root user, with which arrangements and look-ups are made."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import boto3

from iamsim.arn import Arn
from iamsim.cloud import DEFAULT_REGION
from iamsim.policy.principal import Principal
from iamsim.testing.acting import credentials_for

REGIONS = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def client_of_root(service: str, account_or_arn: str) -> Any:
    """A client of the root user of an account, or of the account that an ARN is in."""
    partition, account = "aws", account_or_arn
    if Arn.looks_like(account_or_arn):
        arn = Arn.parse(account_or_arn)
        partition, account = arn.partition, arn.account
    credentials = credentials_for(Principal.root(account, partition))
    return _client(service, REGIONS.get(partition, DEFAULT_REGION), credentials.access_key, credentials.secret_key)


@lru_cache(maxsize=32)
def _client(service: str, region: str, key: str, secret: str) -> Any:
    """The keys of root users are the same in every simulator, so clients are made once."""
    return boto3.Session(key, secret, region_name=region).client(service)
