"""A connection that does not keep the server from stopping."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """One client's connection, closed at once when it idles while the server stops.

    To close one with TLS takes until the client says goodbye, too, which a pool of connections does not do.
    """

    def shutdown(self) -> None:
        """Close it, now or after the answer that is under way."""
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            super().shutdown()
