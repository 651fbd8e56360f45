"""Who acts: inside `with as_user(...)` every default client signs as that principal, whenever the client was made."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import botocore.signers
from botocore.credentials import Credentials

from iamsim.authentication import access_key_of
from iamsim.enforcement import Enforcement
from iamsim.intercept.patches import Patches
from iamsim.request import HttpRequest, HttpResponse
from iamsim.testing.switches import SWITCHES

if TYPE_CHECKING:
    from iamsim.policy.principal import Principal
    from iamsim.simulator import Simulator

Handle = Callable[[HttpRequest], HttpResponse]
ISSUED = re.compile(r"A[KS]IA[A-Z0-9]{16}")  # what an access key that AWS has issued looks like
UNSIGNED_AGENT = "iamsim-anonymous"  # how the clients of `anonymous()` are told from others that do not sign


@dataclass(frozen=True)
class Identity:
    """A principal and the credentials that it signs with; None for who does not sign."""

    principal: Principal
    credentials: Credentials | None


class Unsigned:
    """Signs nothing."""

    def add_auth(self, request: Any) -> None:
        """Leave `request` as it is."""


class Stage:
    """Who acts now, the innermost last; and the access keys of all who have acted on the simulator that is on."""

    def __init__(self) -> None:
        self._acting: list[Identity] = []
        self.keys: set[str] = set()
        self._of: weakref.ref[Simulator] | None = None  # whose keys they are

    @contextmanager
    def acting(self, identity: Identity) -> Iterator[None]:
        """Let default clients of all threads act as `identity` until the block ends."""
        self._acting.append(identity)
        try:
            yield
        finally:
            self._acting.remove(identity)

    def intercept(self, simulator: Simulator, patches: Patches) -> None:
        """Let botocore's signers sign for who acts, until `patches` are undone.

        Clients that were given credentials of the simulator in so many words keep theirs.
        """
        if self._of is None or self._of() is not simulator:
            self.keys.clear()
            self._of = weakref.ref(simulator)

        original = botocore.signers.RequestSigner.get_auth_instance

        def get_auth_instance(signer: Any, *args: Any, **options: Any) -> Any:
            identity = self._acting_through(signer, simulator)
            if identity is not None:
                if identity.credentials is None:
                    return Unsigned()
                options["request_credentials"] = identity.credentials
            return original(signer, *args, **options)

        patches.set(botocore.signers.RequestSigner, "get_auth_instance", get_auth_instance)
        patches.set(botocore.signers.RequestSigner, "get_auth", get_auth_instance)

        def hook_asynchronous(signers: Any) -> None:
            original = signers.AioRequestSigner.get_auth_instance
            asynchronous = import_module("aiobotocore.credentials").AioCredentials

            async def get_auth_instance(signer: Any, *args: Any, **options: Any) -> Any:
                identity = self._acting_through(signer, simulator)
                if identity is not None:
                    held = identity.credentials
                    if held is None:
                        return Unsigned()
                    options["request_credentials"] = asynchronous(held.access_key, held.secret_key, held.token)
                return await original(signer, *args, **options)

            patches.set(signers.AioRequestSigner, "get_auth_instance", get_auth_instance)
            patches.set(signers.AioRequestSigner, "get_auth", get_auth_instance)

        patches.when_imported("aiobotocore.signers", hook_asynchronous)

    def _acting_through(self, signer: Any, simulator: Simulator) -> Identity | None:
        """Who acts through a client's signer; None for the client's own principal."""
        if not self._acting or _is_own(signer._credentials, simulator):
            return None
        return self._acting[-1]

    def checked(self, handle: Handle) -> Handle:
        """`handle`, which checks what an Actor's own clients send, unless a switch says something."""

        def handle_one(http: HttpRequest) -> HttpResponse:
            if not self.keys or SWITCHES.is_set or not self._is_actors(http):
                return handle(http)
            with SWITCHES.in_this_thread(Enforcement(0)):
                return handle(http)

        return handle_one

    def _is_actors(self, http: HttpRequest) -> bool:
        key = access_key_of(http)
        return key in self.keys if key is not None else UNSIGNED_AGENT in http.headers.get("user-agent", "")


def _is_own(credentials: Any, simulator: Simulator) -> bool:
    """Whether a client was given these credentials, and they are ones that the simulator issued or AWS could have."""
    if credentials is None or getattr(credentials, "method", None) != "explicit":
        return False
    key = str(credentials.access_key)
    issued = ISSUED.fullmatch(key) is not None and not key.endswith("EXAMPLE")
    return issued or key in simulator.cloud.credentials


STAGE = Stage()  # of this process, as the classes of botocore that it patches are
