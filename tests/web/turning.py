"""An event loop that turns in the thread of whoever waits for an answer, instead of in a thread of its own.

Owns that two visitors at once are served at once. Each request would otherwise go from thread to thread twice more.
What the application does beside its event loop it does in threads of its own, here as in a server.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Condition
from typing import Any, TypeVar

from anyio import Event, create_task_group
from anyio.abc import TaskGroup

Answer = TypeVar("Answer")


class TurningLoop:
    """Runs what any thread asks for; as long as somebody waits, one of those who wait keeps it going for all."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tasks: TaskGroup) -> None:
        self._loop = loop
        self._tasks = tasks
        self._changed = Condition()
        self._turns = False

    def call(self, function: Callable[..., Awaitable[Answer]], *given: object) -> Answer:
        """Run it in the loop; return what comes of it, or raise that."""
        answer = Future[Answer]()
        answer.add_done_callback(self._tell)
        with self._changed:
            self._loop.call_soon_threadsafe(self._tasks.start_soon, _run, answer, function, given)
            self._changed.wait_for(lambda: answer.done() or not self._turns)
            if answer.done():
                return answer.result()
            self._turns = True
        answer.add_done_callback(lambda _: self._loop.stop())
        self._loop.run_forever()
        with self._changed:
            self._turns = False
            self._changed.notify_all()
        return answer.result()

    def _tell(self, _: object) -> None:
        with self._changed:
            self._changed.notify_all()


async def _run(answer: Future[Any], function: Callable[..., Awaitable[Any]], given: tuple[object, ...]) -> None:
    try:
        answer.set_result(await function(*given))
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
        answer.set_exception(error)


@contextmanager
def turning_loop() -> Iterator[TurningLoop]:
    """Lend a loop; nobody may wait any more when it is given back."""
    loop = asyncio.new_event_loop()
    ended: list[Event] = []
    begun: Future[TaskGroup] = Future()

    async def keep() -> None:
        """Hold together what is asked for: the threads that endpoints run in live as long as this task."""
        async with create_task_group() as tasks:
            ended.append(Event())
            begun.set_result(tasks)
            loop.stop()
            await ended[0].wait()

    kept = loop.create_task(keep())
    try:
        loop.run_forever()
        yield TurningLoop(loop, begun.result())
    finally:
        ended[0].set()
        loop.run_until_complete(kept)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
