"""What `iamsim.testing.connect` asks of the server: credentials to act with, decisions to look at, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.cloud import Credential
from iamsim.enforcement import Enforcement
from iamsim.policy.exchange import from_data, question_to_data, to_data
from iamsim.request import HttpRequest
from iamsim.simulator import Simulator

ENFORCE = "x-iamsim-enforce"  # a header with which one call says whether it is checked
WORDS: Mapping[str, int | None] = {"always": 0, "never": None}


def enforcement_of(http: HttpRequest) -> Enforcement | None:
    """What a call says of itself; None if it says nothing."""
    word = http.headers.pop(ENFORCE, "")
    return Enforcement(WORDS[word]) if word in WORDS else None


def account(simulator: Simulator, asked: dict[str, Any]) -> Mapping[str, Any]:
    """The account of callers who are nobody in particular, and the simulator's time."""
    return {"account": simulator.cloud.account, "now": simulator.cloud.clock.now()}


def decisions(simulator: Simulator, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Those after the first `since`, each as data from which it can be made again."""
    log = simulator.decisions
    rows = [
        {"service": each.service, "operation": each.operation, **question_to_data(each.evaluation)}
        for each in log.since(int(asked.get("since", 0)))
    ]
    return {"decisions": rows, "made": log.made, "kept": len(log)}


def add_credential(simulator: Simulator, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Take an access key for a principal's from now on."""
    key = str(asked["access_key_id"])
    credential = Credential(key, str(asked["secret_access_key"]), from_data(asked["principal"]))
    simulator.cloud.credentials.setdefault(key, credential)
    return {"status": "ok"}


def principal_of_key(simulator: Simulator, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Whom an access key stands for."""
    return {"principal": to_data(simulator.cloud.credentials[asked["access_key_id"]].principal)}


def question(simulator: Simulator, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Would it be allowed? As data from which the answer can be made again."""
    who = from_data(asked["principal"])
    return question_to_data(simulator.ask(who, str(asked["action"]), str(asked["resource"]), dict(asked["context"])))
