"""The log page by page: bounded looks, nothing left out, nothing shown twice."""

import pytest

from assettrack.services import holders, log_reading
from assettrack.services.log_reading import Asked
from tests.services.desk import Desk, row


def walk(desk: Desk, asked: Asked) -> list[list[int]]:
    """The numbers of the entries on each page, from the latest to the first of the log."""
    pages = []
    while True:
        page = log_reading.page(desk.workplace, asked)
        pages.append([entry.seq for entry in page.entries])
        if page.earlier is None:
            return pages
        asked = Asked(page.earlier, asked.kind, asked.asset_tag)


@pytest.mark.parametrize("count", [0, 48, 49, 50, 51, 120])
def test_every_entry_is_on_one_page(desk: Desk, count: int) -> None:
    """At the borders of a page, too; no page but the last is short."""
    for number in range(count):
        holders.register(desk.workplace, f"Holder {number}")
    pages = walk(desk, Asked())
    assert [seq for page in pages for seq in page] == list(range(desk.log_size, 0, -1))
    assert all(len(page) == 50 for page in pages[:-1])
    assert pages[-1]


def test_a_kind_is_found_wherever_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Across blocks and looks of any length; what merely speaks of the kind is none of it."""
    known = len(holders.all_holders(desk.workplace))
    holders.register(desk.workplace, 'a "event_type":"STATION" note')
    for number in range(30):
        holders.register(desk.workplace, f"Holder {number}")
    for looked_at, block in ((4_000, 1_000), (7, 3), (1, 1)):
        monkeypatch.setattr(log_reading, "LOOKED_AT_MAX", looked_at)
        monkeypatch.setattr(log_reading, "_BLOCK", block)
        assert [seq for page in walk(desk, Asked(kind="STATION")) for seq in page] == [1]
        holder_pages = walk(desk, Asked(kind="HOLDER"))
        assert sum(map(len, holder_pages)) == known + 31
        assert all(len(page) <= looked_at for page in holder_pages)


def test_an_assets_entries_are_paged_too(desk: Desk) -> None:
    """60 scans of one asset are two pages; others are on none."""
    for minute in range(60):
        desk.commit(row("A1", at=f"10:{minute:02}") + row("B1", at=f"10:{minute:02}"))
    pages = walk(desk, Asked(asset_tag="A1"))
    assert [len(page) for page in pages] == [50, 10]
    assert len({seq for page in pages for seq in page}) == 60
    assert walk(desk, Asked(before=1)) == [[]]
    assert [seq for page in walk(desk, Asked(before=10**9)) for seq in page] == list(range(desk.log_size, 0, -1))
