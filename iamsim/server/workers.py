"""Threads that run blocking calls for an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class _Job(NamedTuple):
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Workers:
    """As many threads as there are calls under way at once: a long poll keeps nobody else waiting.

    The threads are daemons, unlike those of a ThreadPoolExecutor: a process that ends does not wait for a long poll.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """What `function` returns, run in a thread. Raises what it raises. To be called from one event loop only."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(function, arguments, loop, future))
        if not self._idle.acquire(blocking=False):
            thread = threading.Thread(target=self._work, name="iamsim-worker", daemon=True)
            self._threads.append(thread)
            thread.start()
        return await future

    def close(self) -> None:
        """Let the threads end after what they do now."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            value: Any = None
            failure: BaseException | None = None
            try:
                value = job.function(*job.arguments)
            except BaseException as raised:
                failure = raised
            self._idle.release()
            try:
                job.loop.call_soon_threadsafe(_finish, job.future, value, failure)
            except RuntimeError:  # the loop has ended meanwhile: nobody waits for the answer
                return
            del job, value, failure


def _finish(future: asyncio.Future[Any], value: Any, failure: BaseException | None) -> None:
    if future.cancelled():
        return
    if failure is None:
        future.set_result(value)
    else:
        future.set_exception(failure)
