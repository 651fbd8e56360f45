"""The wire under coverage-guided fuzzing, on demand: not a test that is collected.

    make fuzz SECONDS=600

A first byte chooses between raw requests and requests that a model allows and something has mangled. What is found is
written to `.bench/fuzz/crash-...`; `python -m tests.fuzz.atheris_wire <that file>` runs it again.
"""

from __future__ import annotations

import random
import sys
import warnings
from importlib import import_module
from typing import Any

CALLS_PER_WORLD = 2000


def main() -> None:
    """Fuzz until stopped, or until the first request without a readable answer."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["iamsim"]):
        from iamsim.request import HttpRequest
        from tests.fuzz import traffic
    warnings.simplefilter("ignore")
    worlds: list[traffic.World] = []
    calls = 0

    def one(data: bytes) -> None:
        nonlocal calls
        if calls % CALLS_PER_WORLD == 0:
            worlds[:] = [traffic.World(enforced=False), traffic.World(enforced=True)]
        calls += 1
        source = atheris.FuzzedDataProvider(data)
        there = worlds[source.ConsumeBool()]
        if source.ConsumeBool():
            pick = random.Random(source.ConsumeBytes(8))
            if source.ConsumeBool():
                http = traffic.nearly_right(pick, traffic.MOCKED + traffic.OTHERS)
            else:
                http = traffic.events(pick)
            if "authorization" in http.headers and source.ConsumeBool():
                http = traffic.signed(pick, there, http)
            there.check(traffic.mangled(pick, http))
            return
        names = [source.PickValueInList(list(traffic.HEADERS)) for _ in range(source.ConsumeIntInRange(0, 4))]
        headers = {name: source.ConsumeUnicode(30) for name in names}
        service = source.PickValueInList([*traffic.MOCKED, *traffic.OTHERS])
        method = source.PickValueInList(["GET", "PUT", "POST", "DELETE", "HEAD"])
        path, query = "/" + source.ConsumeUnicode(40), source.ConsumeUnicode(80)
        body = source.ConsumeBytes(source.remaining_bytes())
        there.check(HttpRequest(method, f"{service}.us-east-1.amazonaws.com", path, query, headers, body))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
