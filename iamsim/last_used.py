"""When and where each access key was last used: what GetAccessKeyLastUsed and a role's RoleLastUsed are answered from."""

from __future__ import annotations

from iamsim.authentication import access_key_of
from iamsim.cloud import Cloud, Use
from iamsim.request import HttpRequest, Operation


def note_use(http: HttpRequest, operation: Operation, cloud: Cloud) -> None:
    """Write down on the access key that `http` names that it was used now, if it is a key of this cloud."""
    access_key_id = access_key_of(http)
    credential = cloud.credentials.get(access_key_id) if access_key_id else None
    if credential is not None:
        credential.last_used = Use(cloud.clock.now(), operation.service, operation.region)
