"""What reports need of the database, as a Protocol beside `ports`: counts, lists, and passes over the log."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from assettrack.domain.custody_intervals import LogRow
from assettrack.domain.holdings import CaseFill, HeldCount, Holding, Marks, StockCount, Unslotted
from assettrack.domain.standings import Recorded


class ReportSource(Protocol):
    """The present state and the log, as reports ask for them."""

    def held(self, holder_id: int | None = None) -> Iterator[Holding]:
        """Yield all assets in custody by tag, or those of one holder, each with the entry by which it is there."""

    def overdue(self, today: str) -> Iterator[Holding]:
        """Yield the assets that were due before a date, those that are due longest first."""

    def held_counts(self, today: str) -> Iterator[HeldCount]:
        """Yield how many assets of each type each holder has, and how many of them were due before today."""

    def stock_counts(self) -> Iterator[StockCount]:
        """Yield how many assets of each type are in each status, those in slots apart from those in none."""

    def case_fills(self) -> Iterator[CaseFill]:
        """Yield how many slots each case has, and how many of them are taken."""

    def unslotted(self) -> Iterator[Unslotted]:
        """Yield the assets that are in storage in no slot, by tag."""

    def recorded(self) -> Iterator[Recorded]:
        """Yield what is recorded of each asset that is not retired, by tag."""

    def shared_serials(self) -> Iterator[tuple[str, str]]:
        """Yield serial number and tag of each asset that shares its serial number, retired ones aside."""

    def rooms(self) -> Iterator[tuple[str, int, str]]:
        """Yield each room that assets are recorded in, how many there are, and the first of them; none is retired."""

    def rooms_of_held(self) -> Iterator[tuple[str, str, int]]:
        """Yield tag, room and holder of each asset in custody whose room is recorded."""

    def log_about_assets(self) -> Iterator[LogRow]:
        """Yield every entry about an asset in the order of the log: number, asset, body."""

    def entries_about(self, asset_tags: Iterable[str]) -> Iterator[LogRow]:
        """Yield the entries about some assets: those of one asset together, in the order of the log."""

    def correction_bodies(self) -> Iterator[bytes]:
        """Yield the bodies of all corrections, in the order of the log."""

    def latest(self, marks: Marks) -> Sequence[tuple[int, bytes]]:
        """Return the latest entries with these marks, newest first: number and body."""
