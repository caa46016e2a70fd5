"""The figures of the first page as they are remembered; the figures themselves: `tests.web.test_home_pages`."""

from contextlib import closing
from zoneinfo import ZoneInfo

import msgspec

from assettrack.services.overview import LatestOverview, Overview
from assettrack.store.sqlite import SqliteStore
from tests.services.desk import Desk, row
from tests.store.stations import its_signer


def test_older_figures_never_take_the_place_of_newer_ones(desk: Desk) -> None:
    """Who looked first and was slow gets what was so then; what another found meanwhile is remembered."""
    latest = LatestOverview()
    newer: list[Overview] = []
    size = desk.log_size
    with closing(SqliteStore(desk.folder / "assettrack.db", its_signer)) as other:

        def meanwhile(name: str) -> ZoneInfo:
            desk_of_other = msgspec.structs.replace(desk.workplace, store=other)
            if not newer:
                desk_at_work.commit(row("A1") + row("A1", "ISSUE"))
                newer.append(latest.find(desk_of_other))
            return ZoneInfo(name)

        desk_at_work = Desk(desk.folder, set_up=False)
        with closing(desk_at_work.store):
            slow = latest.find(msgspec.structs.replace(desk.workplace, zone=meanwhile))
    assert (slow.size, slow.custody.issued) == (size, 0)
    assert (newer[0].size, newer[0].custody.issued) == (desk.log_size, 1)
    assert latest.find(desk.workplace) is newer[0]


def test_the_next_day_has_figures_of_its_own(desk: Desk) -> None:
    """Nothing was recorded, and what was due is overdue: the day is asked of the station's clock each time."""
    desk.commit(row("A1") + row("A1", "ISSUE"))
    latest = LatestOverview()
    today = latest.find(desk.workplace)
    desk.clock = desk.clock.replace(day=desk.clock.day + 1)
    tomorrow = latest.find(desk.workplace)
    assert (today.today, tomorrow.today) == ("2026-07-01", "2026-07-02")
    assert tomorrow.size == today.size
    assert latest.find(desk.workplace) is tomorrow
