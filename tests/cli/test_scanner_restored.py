"""`scanner commit` said again after the kept file of an earlier download was lost and came back."""

from datetime import timedelta

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, Pocket
from tests.domain.trial_scans import event

OUT = ("--leave-out", "3=recorded", "--leave-out", "4=recorded")


@pytest.mark.parametrize("has_times", [True, False])
def test_the_very_same_commit_is_committed_already(station: Desk, *, has_times: bool) -> None:
    """By its code and by --yes, with exit code 0 and in the batches that hold it; with other answers it is refused."""
    pocket = Pocket(station, [BEGIN])
    if not has_times:
        pocket.change(scans=[])
        pocket.set("23", "00")
        pocket.scan(BEGIN)
    pocket.scan(event("SCAN"), "LT-1", "LT-2")
    said = (*LAPTOP, "--untimed-at-download", "--gaps-looked-at")
    pocket.ask("pull", *said, "--yes")
    (kept,) = station.folder.glob("*.scans/*.scans.json")
    lost = kept.read_bytes()
    kept.unlink()
    station.now += timedelta(hours=1)
    pocket.scan("LT-3")
    shown = pocket.ask("pull", *said, *OUT, "--preview")
    name, by_code = shown["download"], ("--confirm", shown["confirm"])
    assert station.ask("scanner", "commit", name, *said, *OUT, *by_code)["committed"] == 1
    size = station.log_size()
    kept.write_bytes(lost)
    for how in (by_code, ("--yes",)):
        again = station.tell("scanner", "commit", name, *said, *OUT, *how)
        assert "Nothing happened: " in again
        assert "recorded already, in batches 1, 2." in again
    other = (*said, *OUT[:2], "--take", "4", "--yes")
    assert station.refuse("scanner", "commit", name, *other, exit_code=4)["code"] == "answers_too_late"
    assert station.log_size() == size
