"""The credential scope of a request: for which service and region it is signed. Checks no signature."""

from __future__ import annotations

import re
from typing import NamedTuple

from iamsim.protocol.routes import read_query
from iamsim.request import HttpRequest

REGION = re.compile(r"[A-Za-z0-9-]+")
CREDENTIAL = re.compile(r"Credential=([^,\s]+)")


class Scope(NamedTuple):
    """Both are '' for a request without a signature of version 4."""

    service: str
    region: str


UNSIGNED = Scope("", "")


def scope_of(http: HttpRequest) -> Scope:
    """The scope in the Authorization header or in `X-Amz-Credential`."""
    credential = ""
    if authorization := http.headers.get("authorization"):
        if match := CREDENTIAL.search(authorization):
            credential = match[1]
    elif "X-Amz-Credential=" in http.query:
        credential = read_query(http.query).get("X-Amz-Credential", [""])[0]
    parts = credential.split("/")
    if len(parts) >= 5:  # a key may hold `/` where the caller made it up
        return Scope(parts[-2], parts[-3] if REGION.fullmatch(parts[-3]) else "")
    if len(parts) == 4:  # SigV4A names no region here, but a set of regions on its own
        region_set = http.headers.get("x-amz-region-set")
        if region_set is None and "X-Amz-Region-Set=" in http.query:
            region_set = read_query(http.query).get("X-Amz-Region-Set", [""])[0]
        region = (region_set or "").split(",")[0].strip()
        return Scope(parts[-2], region if REGION.fullmatch(region) else "")
    return UNSIGNED
