"""The event loop of the tests: whoever asks is answered, also while others wait."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread

import pytest
from anyio import to_thread
from anyio.lowlevel import checkpoint

from tests.web.turning import TurningLoop, turning_loop


@pytest.fixture
def loop() -> Iterator[TurningLoop]:
    """Lend a loop."""
    with turning_loop() as lent:
        yield lent


async def in_a_thread(function: Callable[[], object]) -> object:
    """Do something as an endpoint does."""
    return await to_thread.run_sync(function)


def test_what_comes_of_it_is_returned_or_raised(loop: TurningLoop) -> None:
    """An answer goes to whoever asked, and so does an error; the loop goes on."""

    async def doubled(number: int) -> int:
        await checkpoint()
        return 2 * number // (number != 3)

    assert loop.call(doubled, 2) == 4
    with pytest.raises(ZeroDivisionError):
        loop.call(doubled, 3)
    assert loop.call(doubled, 4) == 8


def wait_for(mine: Event, other: Event) -> bool:
    """Begin, and end when the other has begun."""
    mine.set()
    return other.wait(60)


@pytest.mark.parametrize("_", range(20))
def test_those_who_wait_are_served_at_once(loop: TurningLoop, _: int) -> None:
    """Whichever of two keeps the loop going, the other is answered meanwhile, and goes on alone."""
    first, second = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(loop.call, in_a_thread, lambda: wait_for(first, second)),
            pool.submit(loop.call, in_a_thread, lambda: wait_for(second, first)),
        ]
        assert [each.result(60) for each in waiting] == [True, True]


def test_who_is_answered_can_ask_before_it_is(loop: TurningLoop) -> None:
    """What an endpoint does in its thread may ask the same loop, as a second browser would in the middle of it."""
    assert loop.call(in_a_thread, lambda: loop.call(in_a_thread, lambda: "inner")) == "inner"


def test_endpoints_keep_their_thread(loop: TurningLoop) -> None:
    """One request after the other meets the same thread, and with it the same connection, as in a server."""
    assert len({loop.call(in_a_thread, current_thread) for _ in range(5)}) == 1
