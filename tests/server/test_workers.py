"""The threads behind the event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from iamsim.server.workers import Workers


def test_results_and_failures_come_back() -> None:
    async def use() -> None:
        workers = Workers()
        assert await workers.run(pow, 2, 10) == 1024
        with pytest.raises(ZeroDivisionError):
            await workers.run(divmod, 1, 0)
        workers.close()

    asyncio.run(use())


def test_a_thread_is_used_again() -> None:
    async def use() -> set[int]:
        workers = Workers()
        found = {await workers.run(threading.get_ident) for _ in range(10)}
        workers.close()
        return found

    assert len(asyncio.run(use())) == 1


def test_calls_run_at_once() -> None:
    barrier = threading.Barrier(5, timeout=10)  # passed only by five together

    async def use() -> None:
        workers = Workers()
        await asyncio.gather(*(workers.run(barrier.wait) for _ in range(5)))
        workers.close()

    asyncio.run(use())


def test_a_call_that_nobody_waits_for_any_more() -> None:
    go = threading.Event()

    async def use() -> Workers:
        workers = Workers()
        task = asyncio.ensure_future(workers.run(go.wait, 10))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return workers

    workers = asyncio.run(use())
    go.set()  # the loop has ended: the thread must bear it
    workers.close()
