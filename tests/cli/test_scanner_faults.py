"""An emulated scanner whose cable is pulled, or which fails otherwise, because its file says so: nothing is lost."""

from datetime import timedelta

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import LAPTOP, TWO_LAPTOPS, Pocket


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops, each scan with a time of its own."""
    found = Pocket(station, TWO_LAPTOPS[:1])
    for text in TWO_LAPTOPS[1:]:
        station.now += timedelta(seconds=3)
        found.scan(text)
    return found


def test_a_cable_that_is_pulled_while_it_reads_loses_nothing(pocket: Pocket) -> None:
    """Nothing is kept, and the scanner holds its scans; put back, the same command does the whole way."""
    pocket.change(faults=["unplugged-in-upload"])
    for _ in range(2):
        assert pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=4)["error"]["code"] == "scanner_unplugged"
    assert pocket.held() == list(TWO_LAPTOPS)
    pocket.change(faults=[])
    assert pocket.ask("pull", *LAPTOP, "--yes", "--clear")["committed"] == 2


@pytest.mark.parametrize(("fault", "holds"), [("unplugged-before-clear", 6), ("unplugged-after-clear", 0)])
def test_a_cable_that_is_pulled_while_it_clears_loses_nothing(pocket: Pocket, fault: str, holds: int) -> None:
    """All is committed, and whether it was cleared is said not to be known; asked once more, it is cleared."""
    pocket.change(faults=[fault])
    answer = pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=4)
    assert (answer["committed"], answer["cleared"], len(pocket.held())) == (2, None, holds)
    pocket.change(faults=[])
    assert pocket.ask("clear", "--yes")["scans"] == 6
    assert pocket.ask("clear", "--yes")["already_cleared"]
