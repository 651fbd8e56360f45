"""The server's own endpoints, beside the simulated AWS on the same port. docs/guide/server.md lists them.

None needs a signature: who reaches the port may use them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from iamsim.enforcement import Enforcement
from iamsim.errors import UsageError
from iamsim.kit.loader import mocked_services
from iamsim.protocol.s3_address import bucket_in_host
from iamsim.published_keys import publish_keys
from iamsim.request import HttpRequest, HttpResponse
from iamsim.server import testers
from iamsim.simulator import Simulator

Endpoint = Callable[[Simulator, HttpRequest], HttpResponse]

PREFIX = "/_iamsim/"  # no S3 bucket can have such a name
DECISION_FILTERS = ("denied", "action", "resource", "principal", "limit", "explain")
WHAT_ENFORCE_TAKES = 'give `{"enforce": "always"}`, `"never"`, or the number of calls that run before IAM is enforced'


def find(http: HttpRequest) -> Endpoint | None:
    """The endpoint that `http` is for; None if it is for AWS."""
    endpoint = ENDPOINTS.get((http.method, http.path))
    if endpoint is None and not http.path.startswith(PREFIX):
        return None
    return None if bucket_in_host(http.host) else endpoint or _unknown


def _health(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    return _reply({"status": "ok", "version": version("iamsim"), "services": mocked_services()})


def _reset(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """An empty cloud; the calls that run unchecked are counted anew."""
    enforcement = simulator.pipeline.enforcement()
    simulator.reset()
    if enforcement.after:
        _enforce(simulator, Enforcement(enforcement.after))
    return _reply({"status": "ok"})


def _get_enforcement(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    return _reply({"enforce": _in_words(simulator.pipeline.enforcement())})


def _put_enforcement(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    try:
        wanted = _document(http)["enforce"]
        enforcement = {"always": Enforcement(0), "never": Enforcement(None)}.get(str(wanted)) or Enforcement.of(wanted)
    except (ValueError, KeyError, UsageError):
        return _mistake(WHAT_ENFORCE_TAKES)
    _enforce(simulator, enforcement)
    return _get_enforcement(simulator, http)


def _decisions(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """Filters: `denied=true`; `action`, `resource`, `principal` with `*` and `?`; `explain=true` adds the reasons."""
    asked = {name: values[-1] for name, values in parse_qs(http.query, keep_blank_values=True).items()}
    if unknown := asked.keys() - set(DECISION_FILTERS):
        return _mistake(f"unknown parameter `{min(unknown)}`: there are {', '.join(DECISION_FILTERS)}")
    limit = asked.get("limit", "1000")
    if not limit.isdecimal():
        return _mistake(f"`limit` is `{limit}`: give a number")
    for name in ("denied", "explain"):
        if asked.get(name, "true") not in ("true", "false"):
            return _mistake(f"`{name}` is `{asked[name]}`: give `true` or `false`")
    chosen = simulator.decisions.filter(
        action=asked.get("action"),
        resource=asked.get("resource"),
        principal=asked.get("principal"),
        denied=asked["denied"] == "true" if "denied" in asked else None,
    )
    rows = []
    for decision in chosen[-int(limit) :] if int(limit) else []:
        row = decision.to_dict()
        if asked.get("explain") == "true":
            row["explanation"] = decision.explain()
        rows.append(row)
    return _reply({"decisions": rows, "total": len(chosen)})


def _get_clock(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    clock = simulator.cloud.clock
    now = clock.now()
    text = datetime.fromtimestamp(now, tz=timezone.utc).isoformat(timespec="milliseconds")
    return _reply({"now": text, "epoch_s": now, "stands_still": clock.is_simulated})


def _put_clock(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """Move time forward; who waits for it to pass is woken."""
    try:
        seconds = _document(http)["advance"]
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 1e10:
            raise ValueError
    except (ValueError, KeyError):
        return _mistake('give `{"advance": seconds}`: time moves forward only')
    cloud = simulator.cloud
    with cloud.changed:
        cloud.clock.advance(seconds)
        cloud.changed.notify_all()
    return _get_clock(simulator, http)


def _get_identity_providers(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """The keys with which tokens of identity providers are verified, by issuer."""
    return _reply({"issuers": simulator.cloud.issuers})


def _put_identity_providers(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """Have the tokens of one issuer verified with these keys, or with `null` no longer verified."""
    try:
        document = _document(http)
        issuer, keys = document["issuer"], document["jwks"]
        if not isinstance(issuer, str) or not isinstance(keys, dict | None):
            raise ValueError
    except (ValueError, KeyError):
        return _mistake('give `{"issuer": "https://...", "jwks": {"keys": [...]}}`, or `"jwks": null`')
    try:
        publish_keys(simulator.cloud, issuer, keys)
    except UsageError as mistake:
        return _mistake(str(mistake))
    return _get_identity_providers(simulator, http)


def _get_instance(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    return _reply({"instance": simulator.metadata.instance_id})


def _put_instance(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """On which instance the server's clients run: `/latest/...` tells them about it, and its role's credentials."""
    try:
        wanted = _document(http)["instance"]
        if not isinstance(wanted, str | None):
            raise ValueError
    except (ValueError, KeyError):
        return _mistake('give `{"instance": "i-..."}`, or null for none')
    try:
        simulator.metadata.run_on(wanted)
    except UsageError as mistake:
        return _mistake(str(mistake))
    return _get_instance(simulator, http)


def _moto_reset(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """As moto's server has it: the state is dropped, the count of unchecked calls goes on."""
    simulator.reset()
    return _reply({"status": "ok"})


def _moto_reset_auth(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    """As moto's server has it: the body is the number of calls that run unchecked, `inf` for all; counted from here."""
    before = simulator.pipeline.enforcement().after
    text = http.read().decode("utf-8", "replace").strip()
    whole = text.removesuffix(".0")
    try:
        enforcement = Enforcement(None) if text == "inf" else Enforcement.of(whole)
    except UsageError as mistake:
        return _mistake(str(mistake))
    _enforce(simulator, enforcement)
    previous = "inf" if before is None else str(float(before))
    return _reply({"status": "ok", "PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT": previous})


def _unknown(simulator: Simulator, http: HttpRequest) -> HttpResponse:
    methods = [method for method, path in ENDPOINTS if path == http.path]
    if methods:
        response = _mistake(f"`{http.method}` is not for `{http.path}`: use {' or '.join(methods)}", status=405)
        response.headers["Allow"] = ", ".join(methods)
        return response
    known = ", ".join(f"{method} {path}" for method, path in ENDPOINTS)
    return _mistake(f"there is no `{http.path}`; there are: {known}", status=404)


def _of_testers(endpoint: Callable[[Simulator, dict[str, Any]], Mapping[str, Any]]) -> Endpoint:
    """An endpoint of `iamsim.testing.connect`'s: JSON in and out."""

    def answer(simulator: Simulator, http: HttpRequest) -> HttpResponse:
        try:
            asked = dict(parse_qsl(http.query)) if http.method == "GET" else _document(http)
            return _reply(endpoint(simulator, asked))
        except (ValueError, KeyError, TypeError) as problem:
            return _mistake(f"{type(problem).__name__}: {problem}")

    return answer


ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("GET", "/_iamsim/health"): _health,
    ("POST", "/_iamsim/reset"): _reset,
    ("GET", "/_iamsim/enforcement"): _get_enforcement,
    ("PUT", "/_iamsim/enforcement"): _put_enforcement,
    ("GET", "/_iamsim/decisions"): _decisions,
    ("GET", "/_iamsim/clock"): _get_clock,
    ("PUT", "/_iamsim/clock"): _put_clock,
    ("GET", "/_iamsim/identity-providers"): _get_identity_providers,
    ("PUT", "/_iamsim/identity-providers"): _put_identity_providers,
    ("GET", "/_iamsim/tester/account"): _of_testers(testers.account),
    ("GET", "/_iamsim/tester/decisions"): _of_testers(testers.decisions),
    ("POST", "/_iamsim/tester/credential"): _of_testers(testers.add_credential),
    ("POST", "/_iamsim/tester/principal"): _of_testers(testers.principal_of_key),
    ("POST", "/_iamsim/tester/question"): _of_testers(testers.question),
    ("GET", "/_iamsim/instance"): _get_instance,
    ("PUT", "/_iamsim/instance"): _put_instance,
    ("POST", "/moto-api/reset"): _moto_reset,
    ("POST", "/moto-api/reset-auth"): _moto_reset_auth,
}


def _enforce(simulator: Simulator, enforcement: Enforcement) -> None:
    simulator.pipeline.enforcement = lambda: enforcement


def _in_words(enforcement: Enforcement) -> str | int:
    return {None: "never", 0: "always"}.get(enforcement.after) or enforcement.after or 0


def _document(http: HttpRequest) -> dict[str, Any]:
    """The body, a JSON object. Raises ValueError if it is none."""
    document = json.loads(http.read() or b"{}")
    if not isinstance(document, dict):
        raise ValueError
    return document


def _mistake(text: str, status: int = 400) -> HttpResponse:
    return _reply({"error": text}, status)


def _reply(document: Mapping[str, Any], status: int = 200) -> HttpResponse:
    body = json.dumps(document, indent=2, default=str).encode() + b"\n"
    return HttpResponse(status, {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)
