"""The way in for botocore: every client's requests, whenever the client was made, are answered by a simulator.

The hook is the class of botocore's HTTP session, not a client's event: so a client made before the simulator started,
or before iamsim was imported, is simulated while it runs and works as before afterwards.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any

import botocore.credentials
import botocore.httpsession
import botocore.loaders
import botocore.signers
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError

from iamsim.intercept.exchange import NO_METADATA, Handle, body_of, request_of
from iamsim.intercept.patches import Patches
from iamsim.metadata import NotOnAws
from iamsim.reference.service_model import SharingLoader

DUMMY = "testing"  # both parts of the credentials of clients that have none


class Raw(io.BytesIO):
    """A response's body as botocore reads it from urllib3."""

    def stream(self, amt: int = 65536, decode_content: bool | None = None) -> Iterator[bytes]:
        """The rest of the body in pieces of `amt` bytes."""
        while piece := self.read(amt):
            yield piece

    def release_conn(self) -> None:
        """Nothing to give back."""


def answer(handle: Handle, request: Any) -> AWSResponse:
    """The answer to botocore's prepared `request`. Raises EndpointConnectionError for metadata of no instance."""
    try:
        response = handle(request_of(request.method, request.url, request.headers, request.body))
    except NotOnAws:
        raise EndpointConnectionError(endpoint_url=request.url, error=NO_METADATA) from None
    return AWSResponse(request.url, response.status, response.headers, Raw(body_of(response)))


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer all that botocore sends, until `patches` are undone."""

    def send(self: Any, request: Any) -> AWSResponse:
        return answer(handle, request)

    original_auth = botocore.signers.RequestSigner.get_auth_instance

    def get_auth_instance(self: Any, *args: Any, **options: Any) -> Any:
        if self._credentials is None:  # a client made where there were no credentials
            options.setdefault("request_credentials", botocore.credentials.Credentials(DUMMY, DUMMY))
        return original_auth(self, *args, **options)

    patches.set(botocore.httpsession.URLLib3Session, "send", send)
    patches.set(botocore.signers.RequestSigner, "get_auth_instance", get_auth_instance)
    patches.set(botocore.signers.RequestSigner, "get_auth", get_auth_instance)
    patches.set(botocore.loaders, "Loader", SharingLoader)
    patches.when_imported("boto3.s3.transfer", partial(_keep_off_crt, patches))


def _keep_off_crt(patches: Patches, transfer: Any) -> None:
    """Let boto3 transfer files through botocore: the AWS Common Runtime would open connections of its own."""
    if hasattr(transfer, "_should_use_crt"):
        patches.set(transfer, "_should_use_crt", lambda config: False)
