"""Clearing once more: what the log says is cleared, and holds nothing, is cleared already."""

from datetime import timedelta
from typing import NoReturn

import msgspec
import pytest

from assettrack.domain import scanner_errors
from assettrack.scanner.emulated_faults import Fault
from tests.services.field import MakeField
from tests.services.test_scanner_clearing import ROUND, dealt_with


def told_to_clear(*_arguments: object) -> NoReturn:
    """Fail, for the scanner is told something that erases."""
    raise AssertionError("it was told to clear")


@pytest.mark.parametrize("faults", [(), (Fault("no-stamps"),)])
@pytest.mark.parametrize("is_left_out", [False, True])
def test_an_empty_scanner_that_the_log_says_is_cleared_is_cleared_already(
    fields: MakeField, monkeypatch: pytest.MonkeyPatch, faults: tuple[Fault, ...], *, is_left_out: bool
) -> None:
    """Asked once more, it is said by which entry: the scanner is told nothing, and the log says no more."""
    day = fields(*faults, scans=ROUND)
    dealt_with(day, is_left_out=is_left_out)
    cleared = day.clear()
    assert not cleared.already_cleared
    monkeypatch.setattr("assettrack.scanner.clearing.clear", told_to_clear)
    with day.desk.unchanged():
        again = day.clear()
    assert again == msgspec.structs.replace(cleared, already_cleared=True)


def test_an_empty_scanner_cleared_with_a_download_that_is_gone_is_cleared_already(fields: MakeField) -> None:
    """The clear was of a later download, whose file is lost: the log proves that it came after the one that is kept."""
    day = fields(scans=ROUND)
    dealt_with(day, is_left_out=False)
    day.scan("LT-3")
    dealt_with(day, is_left_out=False)
    seq = day.clear().seq
    (day.spool.folder / day.spool.downloads()[-1].name).unlink()
    with day.desk.unchanged():
        again = day.clear()
    assert (again.already_cleared, again.seq, again.left) == (True, seq, 0)


def test_that_a_scanner_is_cleared_already_is_no_matter_of_clocks(fields: MakeField) -> None:
    """A clear by a clock that was ahead came before what is pulled now, and committed nowhere: it is refused."""
    day = fields(Fault("no-stamps"), scans=ROUND)
    usual = day.bus.times.now
    with pytest.MonkeyPatch.context() as ahead:
        ahead.setattr(day.bus.times, "now", lambda: usual() + timedelta(days=20))
        dealt_with(day, is_left_out=False)
        day.clear()
    for path in day.spool.folder.iterdir():
        path.unlink()
    day.scan(*ROUND, "LT-3")
    day.pull()
    day.scanner.records.clear()
    with day.desk.unchanged(), pytest.raises(scanner_errors.ScannerClearRefused, match="if it holds anything now"):
        day.clear()
