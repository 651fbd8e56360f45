"""The simulated AWS over HTTP, for clients in any language: `iamsim serve`, a server in a thread, a WSGI application.

Needs the extra `server` (`pip install 'iamsim[server]'`); `create_app` alone runs under any WSGI server without it.
"""

from __future__ import annotations

from iamsim.server.front import Front
from iamsim.server.thread import ServerThread, serve_in_thread
from iamsim.server.wsgi import create_app

__all__ = ["Front", "ServerThread", "create_app", "serve_in_thread"]
