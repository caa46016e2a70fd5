"""Counts in a few words: a station that has something of everything, and the ways in which scans come.

Owns the short way to say a count in a test. It must never hold a test.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

from assettrack.services import counts, slots
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope
from assettrack.services.ports import Store, Transaction, Workplace
from tests.services.desk import Desk, read, row

CASE = AskedScope(("CASE-01",))
EVERYTHING = AskedScope()


def stock(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    slots.initialise_cases(desk.workplace, [("CASE-02", 2)])
    desk.commit(
        "".join(row(f"A{number}", place=("CASE-01", str(number))) for number in (1, 2, 3))
        + row("B1", place=("CASE-02", "1"))
        + row("FREE")
        + row("HELD")
        + row("HELD", "ISSUE")
        + row("GONE")
        + row("GONE", "RETIRE")
    )
    return desk


def typed(*tags: str, case: str | None = None, slot: int | None = None) -> Scans:
    """Tags that were typed."""
    return Scans([Spotted(tag, None, slot) for tag in tags], case_name=case)


def listed(*lines: tuple[str, str | None, int | None], sha: str = "aa" * 32, case: str | None = None) -> Scans:
    """A list of tags from a file."""
    return Scans([Spotted(*line) for line in lines], case_name=case, source_name="list.txt", sha256=sha)


def filed(text: str, case: str | None = None) -> Scans:
    """A batch file."""
    batch = read(text)
    return Scans(batch=batch, case_name=case, source_name="scans.csv", sha256=batch.sha256)


def start(desk: Desk, scope: AskedScope = CASE) -> int:
    """Begin a count."""
    return counts.start(desk.workplace, scope).count_id


def scan(desk: Desk, scans: Scans, count_id: int = 1) -> counts.Added:
    """Add scans to a count."""
    return counts.add_scans(desk.workplace, count_id, scans)


def ended(desk: Desk, count_id: int = 1, *, with_found: bool = False) -> dict[str, str]:
    """How each ended, by tag."""
    sheet = counts.sheet(desk.workplace, count_id, with_found=with_found)
    return {line.asset_tag: line.result for line in sheet.lines}


class Overtaken:
    """The store of a station, where somebody else does something just before the next deed gets the lock."""

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        self.read = store.read
        self._store = store
        self._meanwhile = meanwhile

    def write(self) -> AbstractContextManager[Transaction]:
        """Let the other one go first."""
        self._meanwhile()
        return self._store.write()


def overtaken(desk: Desk, meanwhile: Callable[[], object]) -> Workplace:
    """The workplace of a desk, where somebody else does something just before the next deed gets the lock."""
    return msgspec.structs.replace(desk.workplace, store=Overtaken(desk.store, meanwhile))
