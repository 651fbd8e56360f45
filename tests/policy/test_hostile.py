"""No policy and no request makes the engine slow: the time grows with the size, and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.policy.hostile import CASES

SIZE, TIMES_LARGER = 200, 8
SLACK = 3  # for caches, the garbage collector and other processes; a quadratic cost would be 8 times as much


@pytest.mark.parametrize("name", CASES)
def test_the_cost_is_in_proportion_to_the_size(name: str) -> None:
    small, large = CASES[name](SIZE), CASES[name](SIZE * TIMES_LARGER)
    for _ in range(3):  # a moment in which the machine does something else is no proof
        growth = cost(large) / cost(small)
        if growth < TIMES_LARGER * SLACK:
            return
    pytest.fail(f"{TIMES_LARGER} times the size costs {growth:.0f} times as much")


def cost(run: Callable[[], None]) -> float:
    """The CPU time of one run: the best of three, each repeated until the clock can tell."""
    repeats = 1
    while True:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            for _ in range(repeats):
                run()
            best = min(best, time.process_time() - start)
        if best > 0.001 or repeats > 1000:
            return best / repeats
        repeats *= 4
