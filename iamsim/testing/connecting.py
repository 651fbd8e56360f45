"""`connect`: the simulator of a running server is the one that is on in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import urllib3

from iamsim.clock import Clock
from iamsim.cloud import Credential
from iamsim.decision_log import Decision, DecisionLog
from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.policy import Evaluation, Principal
from iamsim.policy.exchange import answer_from_data, from_data, to_data
from iamsim.request import HttpRequest, HttpResponse
from iamsim.simulator import Simulator
from iamsim.testing.active import ACTIVE
from iamsim.testing.switches import SWITCHES

ENFORCE = "x-iamsim-enforce"
NOT_SENT = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect"})
TIMEOUT_S = 60
HERE = "127.0.0.1"  # where calls come from unless a test says otherwise


class Connection:
    """See connect."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise UsageError(f"`{url}` is no server: give its URL, such as `http://127.0.0.1:5000`")
        self._url = f"{parts.scheme}://{parts.netloc}"

    def start(self) -> RemoteSimulator:
        """Connect. Raises UsageError if nobody answers there, or a mock is on."""
        if ACTIVE.is_on:
            raise UsageError("a mock is on: `connect` to a server outside it")
        simulator = RemoteSimulator(self._url)
        ACTIVE.start({}, simulator=simulator)
        return simulator

    def stop(self) -> None:
        """Let go of the server; its state stays as it is."""
        log = ACTIVE.simulator.decisions
        if isinstance(log, RemoteLog):
            log.close()
        ACTIVE.stop()

    def __enter__(self) -> RemoteSimulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def connect(url: str) -> Connection:
    """Inside the block all calls to AWS go to the iamsim server at `url`, and what `iamsim.testing` does is about it.

    ```python
    with connect("http://127.0.0.1:5000") as aws:  # no client needs an `endpoint_url`
        user("alice", "policies/reader.json")
        with as_user("alice"), expect_denied("s3:DeleteObject"):
            boto3.client("s3").delete_object(Bucket="orders", Key="1")
    ```

    Arranging is unchecked and acting is checked, whatever the server enforces. `aws.reset()` empties it.
    """
    return Connection(url)


class RemoteSimulator(Simulator):
    """A simulator that runs behind a server: calls, credentials, decisions and questions go there."""

    is_here = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False, cert_reqs="CERT_NONE")
        told = self.tell("GET", "account")
        self.decisions: DecisionLog = RemoteLog(self)
        self.cloud: Any = RemoteCloud(self, told["account"])

    def handle(self, http: HttpRequest, enforcement: Enforcement | None = None) -> HttpResponse:
        """What the server answers."""
        _check_origin(http)
        headers = {name: value for name, value in http.headers.items() if name not in NOT_SENT}
        headers["Host"] = http.host
        if SWITCHES.is_set or SWITCHES.current().after is not None:
            headers[ENFORCE] = self._word()
        path = f"{http.path}?{http.query}" if http.query else http.path
        answer = self._request(http.method, path, http.read(), headers)
        return HttpResponse(answer.status, dict(answer.headers), answer.data)

    def ask(
        self,
        principal: Principal,
        action: str,
        resource: str,
        context: Mapping[str, Any],
        mark: Callable[[HttpRequest], None] | None = None,
    ) -> Evaluation:
        """Would it be allowed there?"""
        if mark is not None:
            mark(http := HttpRequest("POST", "iam.amazonaws.com", "/"))
            _check_origin(http)
        asked = {"principal": to_data(principal), "action": action, "resource": resource, "context": dict(context)}
        return answer_from_data(self.tell("POST", "question", asked))

    def reset(self) -> None:
        """An empty cloud, and no decisions."""
        self._request("POST", "/_iamsim/reset", b"", {})
        self.cloud = RemoteCloud(self, self.cloud.account)

    def tell(self, method: str, what: str, document: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What an endpoint for testers answers. Raises UsageError if it is none of iamsim's, or refuses."""
        body = json.dumps(document).encode() if document is not None else b""
        answer = self._request(method, f"/_iamsim/tester/{what}", body, {})
        try:
            told: dict[str, Any] = json.loads(answer.data)
        except ValueError:
            raise UsageError(f"{self._url} is no server of iamsim's, or an older one") from None
        if answer.status != 200:
            raise UsageError(f"the server at {self._url} refuses: {told.get('error', told)}")
        return told

    def _word(self) -> str:
        enforcement = SWITCHES.current()
        if not enforcement.refuses:
            not_on_a_server("soft mode")
        return "always" if enforcement.applies() else "never"

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            return self._http.request(method, self._url + path, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as problem:
            raise UsageError(f"no server answers at {self._url}: start one with `iamsim serve` ({problem})") from None


class RemoteCloud:
    """As much of a cloud as testers ask of one behind a server."""

    def __init__(self, simulator: RemoteSimulator, account: str) -> None:
        self.account = account
        self.credentials = RemoteCredentials(simulator)
        self._simulator = simulator

    @property
    def clock(self) -> Clock:
        """The server's time, as it stands now."""
        return Clock(at=self._simulator.tell("GET", "account")["now"])

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        not_on_a_server(f"what needs the simulator's own `{name}`")


class RemoteCredentials(dict[str, Credential]):
    """The access keys with which this process acts; each is told to the server once."""

    def __init__(self, simulator: RemoteSimulator) -> None:
        super().__init__()
        self._simulator = simulator

    def setdefault(self, key: str, default: Credential | None = None) -> Any:
        """The credential of that key; a new one is told to the server."""
        if key not in self and default is not None:
            principal, secret = to_data(default.principal), default.secret_access_key
            asked = {"access_key_id": key, "secret_access_key": secret, "principal": principal}
            self._simulator.tell("POST", "credential", asked)
            self[key] = default
        return self[key]

    def __missing__(self, key: str) -> Credential:
        told = self._simulator.tell("POST", "principal", {"access_key_id": key})
        self[key] = Credential(key, "", from_data(told["principal"]))
        return self[key]


class RemoteLog(DecisionLog):
    """The server's decisions since the connection began, fetched as they are asked for."""

    def __init__(self, simulator: RemoteSimulator) -> None:
        super().__init__()
        self._simulator: RemoteSimulator | None = simulator
        self._seen = simulator.tell("GET", f"decisions?since={10**12}")["made"]

    def close(self) -> None:
        """Fetch what is new, and ask no more."""
        self._fetch()
        self._simulator = None

    def __iter__(self) -> Iterator[Decision]:
        self._fetch()
        return super().__iter__()

    def __len__(self) -> int:
        self._fetch()
        return super().__len__()

    def _fetch(self) -> None:
        if self._simulator is None:
            return
        told = self._simulator.tell("GET", f"decisions?since={self._seen}")
        for row in told["decisions"]:
            self.add(Decision(row["service"], row["operation"], answer_from_data(row)))
        self._seen = told["made"]


def _check_origin(http: HttpRequest) -> None:
    if http.source_ip != HERE or http.vpc_endpoint is not None:
        not_on_a_server("to say where calls come from")


def not_on_a_server(what: str) -> NoReturn:
    """Raises UsageError: `what` only works where the simulator runs in this process."""
    raise UsageError(f"{what} works with a simulator in this process, not through `connect`")
