"""A power cut never loses a scan that was answered as stored, though the desk's log is written back in between."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest

from assettrack.domain import errors
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from assettrack.store.desk_file import DeskFile
from tests.conftest import Figure, Tally
from tests.faults.power_cuts import CutReport, Cuts, Damage, Violation, power_cuts
from tests.faults.simulated_disk import SimulatedDisk, mounted

DESK = Path("/data/station.db.desk")
FULL = DatabaseSettings(locking_mode="exclusive", busy_seconds=0)
UNUSABLE = (apsw.Error, errors.AssetTrackError)
CHANGES = 24
WRITTEN_BACK_EACH = 5
KEEP = "INSERT INTO desk_codes VALUES (?, ?)"


def report(settings: DatabaseSettings) -> CutReport:
    """Cut the power of a desk at every point of its work."""

    def opened(vfs: str, purpose: Purpose) -> Connection:
        return Connection(DESK, msgspec.structs.replace(settings, vfs=vfs), purpose)

    def work(vfs: str, acknowledge: Callable[[int], None]) -> None:
        with closing(opened(vfs, Purpose.DESK)) as desk:
            for number in range(1, CHANGES + 1):
                with desk.transaction():
                    desk.rows(KEEP, (number, number))
                    desk.rows(KEEP, (-number, number))
                acknowledge(number)
                if number % WRITTEN_BACK_EACH == 0:
                    desk.write_back()

    def check(vfs: str, answered: Sequence[int]) -> list[Violation]:
        with closing(opened(vfs, Purpose.DESK)) as desk, desk.transaction():
            found = {int(number) for (number,) in desk.rows("SELECT account_id FROM desk_codes")}
            faults = desk.rows("PRAGMA integrity_check")
        size = len(found) // 2
        violations = [Violation(Damage.CORRUPT, str(faults))] if faults != [("ok",)] else []
        if size < max(answered, default=0):
            violations.append(Violation(Damage.LOST, f"change {answered[-1]} was answered, {size} are there"))
        if found != {sign * number for number in range(1, size + 1) for sign in (1, -1)}:
            violations.append(Violation(Damage.PARTIAL, f"{sorted(found)} is not one change after the other"))
        return violations

    disk = SimulatedDisk()
    with mounted(disk) as vfs, closing(DeskFile(DESK, msgspec.structs.replace(settings, vfs=vfs))) as file:
        file.set_up("assettrack-test0001")
    return power_cuts(work, check, Cuts(seeds=range(3), unusable=UNUSABLE), contents=disk.contents())


def test_power_cuts_lose_no_scan(figure: Figure, tally: Tally) -> None:
    """At every point, whatever becomes of what was not synced, and again during the recovery from it."""
    found = report(FULL)
    figure(f"the desk: {'; '.join(str(found).splitlines())}")
    tally("power cuts", found.cuts)
    tally("power cuts that lost, split or damaged anything", found.lost + found.partial + found.corrupt)
    assert found.is_clean, str(found)
    assert found.points == found.all_points > CHANGES


@pytest.mark.parametrize("synchronous", ["normal", "off"])
def test_a_desk_that_answers_too_early_is_convicted(figure: Figure, synchronous: str) -> None:
    """The same cuts show that changes are lost where a commit does not wait for the disk."""
    found = report(msgspec.structs.replace(FULL, synchronous=synchronous))
    figure(f"planted bug, the desk with {synchronous}: {found.cuts} power cuts, {found.lost} lost (must be found)")
    assert found.lost > found.cuts / 100, str(found)
