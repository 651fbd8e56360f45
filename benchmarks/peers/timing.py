"""How an engine is timed: `python run_X.py CASES.json SECONDS` prints decisions per CPU second, by case and kind."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUND = 50  # decisions between two looks at the clock


def main(prepare: Callable[[dict[str, Any]], tuple[Callable[[Any], bool], Callable[..., Any]] | None]) -> None:
    """Time an engine. `prepare(case)`: what decides one request, and what makes it from action, resource, address.

    None for a case that the engine cannot express. Requests are made before the clock starts.
    """
    cases, seconds = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), float(sys.argv[2])
    rates: dict[str, dict[str, float]] = {}
    for name, case in cases.items():
        found = prepare(case)
        if found is not None:
            decide, make = found
            different = [make(*one) for one in case["requests"]]
            if not decide(different[0]):
                sys.exit(f"{name}: what should be allowed is denied")
            rates[name] = {
                "repeated": rate(decide, different[:1] * ROUND, seconds),
                "different": rate(decide, different, seconds),
            }
    print(json.dumps(rates))


def rate(decide: Callable[[Any], bool], requests: list[Any], seconds: float) -> float:
    """Decisions per CPU second."""
    decided, start = 0, time.process_time()
    while True:
        for first in range(0, len(requests), ROUND):
            for request in requests[first : first + ROUND]:
                decide(request)
            decided += ROUND
            took = time.process_time() - start
            if took >= seconds:
                return decided / took


def context_of(case: dict[str, Any], address: str) -> dict[str, str]:
    return {**case["context"], "aws:SourceIp": address}
