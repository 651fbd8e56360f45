"""The way in for aiobotocore, and aioboto3 above it: as for botocore, the class of its HTTP session is hooked.

A call is answered in a thread, so that one that waits, such as a long poll, does not stop the event loop.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any

from botocore.exceptions import EndpointConnectionError

from iamsim.intercept.boto import DUMMY
from iamsim.intercept.exchange import NO_METADATA, Handle, body_of, request_of
from iamsim.intercept.patches import Patches
from iamsim.metadata import NotOnAws


class Content:
    """A body as aiohttp's stream gives it."""

    def __init__(self, body: bytes) -> None:
        self._rest = io.BytesIO(body)
        self._size = len(body)

    async def read(self, n: int = -1) -> bytes:
        """At most `n` bytes, by default all."""
        return self._rest.read(n)

    async def readany(self) -> bytes:
        """What is there: all."""
        return self._rest.read()

    async def readline(self) -> bytes:
        """The next line with its end."""
        return self._rest.readline()

    def at_eof(self) -> bool:
        """Whether all was read."""
        return self._rest.tell() == self._size

    async def iter_chunked(self, n: int) -> AsyncIterator[bytes]:
        """The rest in pieces of `n` bytes."""
        while piece := self._rest.read(n):
            yield piece

    async def iter_any(self) -> AsyncIterator[bytes]:
        """The rest as it comes: in one piece."""
        if piece := self._rest.read():
            yield piece

    async def iter_chunks(self) -> AsyncIterator[tuple[bytes, bool]]:
        """The rest as HTTP's chunks, each with whether it is complete."""
        if piece := self._rest.read():
            yield piece, True


class Raw:
    """A response as aiobotocore reads it from aiohttp."""

    def __init__(self, url: str, body: bytes) -> None:
        self.url = url
        self.content = Content(body)
        self.closed = False

    async def read(self) -> bytes:
        """The rest of the body."""
        return await self.content.read()

    def close(self) -> None:
        """Nothing to give back."""
        self.closed = True

    release = close

    async def __aenter__(self) -> Raw:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def intercept(handle: Handle, patches: Patches) -> None:
    """Let `handle` answer all that aiobotocore sends, until `patches` are undone."""

    def hook_session(httpsession: Any) -> None:
        response_class = import_module("aiobotocore.awsrequest").AioAWSResponse

        async def send(self: Any, request: Any) -> Any:
            body = await _collected(request.body)
            http = request_of(request.method, request.url, request.headers, body)
            try:
                response = await asyncio.to_thread(handle, http)
            except NotOnAws:
                raise EndpointConnectionError(endpoint_url=request.url, error=NO_METADATA) from None
            raw = Raw(request.url, body_of(response))
            answer = response_class(request.url, response.status, _lower(response.headers), raw)
            if not request.stream_output:
                await answer.content  # read at once, as aiobotocore does: it may be asked for more than once
            return answer

        patches.set(httpsession.AIOHTTPSession, "send", send)

    def hook_signer(signers: Any) -> None:
        signer = signers.AioRequestSigner
        original_auth = signer.get_auth_instance
        dummy = import_module("aiobotocore.credentials").AioCredentials(DUMMY, DUMMY)

        async def get_auth_instance(self: Any, *args: Any, **options: Any) -> Any:
            if self._credentials is None:  # a client made where there were no credentials
                options.setdefault("request_credentials", dummy)
            return await original_auth(self, *args, **options)

        patches.set(signer, "get_auth_instance", get_auth_instance)
        patches.set(signer, "get_auth", get_auth_instance)

    patches.when_imported("aiobotocore.httpsession", hook_session)
    patches.when_imported("aiobotocore.signers", hook_signer)


def _lower(headers: dict[str, str]) -> dict[str, str]:
    """The headers as aiobotocore keeps them, whose lookups are by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


async def _collected(body: Any) -> Any:
    """The body with what only asynchronous code can read in it already read; a plain file stays one."""
    if hasattr(body, "read"):
        if not iscoroutinefunction(body.read):
            return body
        pieces = []
        while piece := await body.read():
            pieces.append(piece)
        return b"".join(pieces)
    if hasattr(body, "__aiter__"):
        return b"".join([piece async for piece in body])
    return body
