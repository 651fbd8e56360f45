"""Whom a request claims to come from, without any check of the claim."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from iamsim.authentication.form import is_form, read_form
from iamsim.cloud import Cloud
from iamsim.errors import ApiError
from iamsim.policy.principal import Principal
from iamsim.request import HttpRequest

IN_QUERY = re.compile(r"(?:^|&)(?:X-Amz-Credential|AWSAccessKeyId)=([^&/%]*)")
IN_FORM = ("x-amz-credential", "awsaccesskeyid")


def access_key_of(http: HttpRequest) -> str | None:
    """The access key id that the request names, whether or not there is such a key."""
    authorization = http.headers.get("authorization")
    if authorization is not None:
        start = authorization.find("Credential=") + 11
        if start > 10:
            end = authorization.find("/", start)
            return authorization[start:end] if end > start else None
        return authorization[4:].strip().partition(":")[0] or None if authorization.startswith("AWS ") else None
    if http.query:
        match = IN_QUERY.search(http.query)
        if match is not None:
            return unquote(match[1]) or None
    if is_form(http):
        return _in_form(http)
    if isinstance(http.body, bytes) and b"AWSAccessKeyId=" in http.body:  # SimpleDB
        match = IN_QUERY.search(http.body.decode(errors="replace"))
        return match[1] or None if match is not None else None
    return None


def _in_form(http: HttpRequest) -> str | None:
    try:
        fields = read_form(http).fields
    except ApiError:
        return None
    for name in IN_FORM:
        if name in fields:
            return fields[name].partition("/")[0] or None
    return None


def claimed_principal(http: HttpRequest, cloud: Cloud, partition: str = "aws") -> Principal:
    """The principal of the access key that the request names, else the root user of `cloud.account` in `partition`.

    For calls made while nothing is enforced: no signature, token or expiry is looked at.
    """
    access_key_id = access_key_of(http)
    credential = cloud.credentials.get(access_key_id) if access_key_id else None
    return root_of(cloud.account, partition) if credential is None else credential.principal


@lru_cache(maxsize=1024)
def root_of(account: str, partition: str) -> Principal:
    """The root user of `account`, always the same value."""
    return Principal.root(account, partition)
