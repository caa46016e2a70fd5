"""What reports need of the database, as a Protocol beside `ports`: counts, lists, and passes over the log."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from assettrack.domain.custody_intervals import LogRow
from assettrack.domain.holdings import (
    CaseFill,
    Doubted,
    Doubtful,
    HeldAsset,
    HeldCount,
    Holding,
    Living,
    Marks,
    Narrowed,
    StockCount,
    Unslotted,
)
from assettrack.domain.standings import Recorded


class ReportSource(Protocol):
    """The present state and the log, as reports ask for them."""

    def held(self, holder_id: int | None = None) -> Iterator[HeldAsset]:
        """Yield all assets in custody by tag, or those of one holder."""

    def overdue(self, today: str) -> Iterator[HeldAsset]:
        """Yield the assets that were due before a date, those that are due longest first."""

    def holdings(self, asset_tags: Iterable[str]) -> Iterator[Holding]:
        """Yield those of some assets that are in custody, each with the entry by which it is there; in no order."""

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

    def recorded_of(self, asset_tags: Iterable[str]) -> Iterator[Recorded]:
        """Yield what is recorded of those of some assets that are not retired, in no order."""

    def doubtful(self, asked: Doubted, narrowed: Narrowed) -> Sequence[Doubtful]:
        """Return what the present state leaves in doubt, in no order, some assets more than once; none is retired."""

    def living(self, seen_from: str, narrowed: Narrowed) -> Living:
        """Return what is in storage and in custody; old is what has no entry since a moment (UTC text, blank: none)."""

    def living_tags(self, narrowed: Narrowed, skip: int, limit: int | None) -> Sequence[str]:
        """Return at most so many of the assets that are not retired, by tag, the first ``skip`` left out."""

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

    def last_about(self, asset_tags: Iterable[str]) -> Iterator[LogRow]:
        """Yield the last entry about each of some assets, in no order."""

    def count_about(self, asset_tags: Iterable[str]) -> int:
        """Return how many entries there are about some assets."""

    def batches_with(self, holder_id: int) -> Sequence[tuple[int, int]]:
        """Return the first and the last entry of each batch that exchanged something with a holder."""

    def assets_given(self, holder_id: int, first_seq: int, last_seq: int) -> Sequence[str]:
        """Return the assets of which an entry between two says that this holder has or had them."""

    def held_of_open(self, holder_id: int | None) -> Iterator[tuple[int, int, LogRow]]:
        """Yield batch and holder of each open hand-over by which the holder has something, with the first row of it.

        Or only those of one holder.
        """

    def correction_bodies(self) -> Iterator[bytes]:
        """Yield the bodies of all corrections, in the order of the log."""

    def count_expects(self, count_id: int) -> Iterator[tuple[str, str | None, int | None, int | None]]:
        """Yield what a count expects, by tag: the asset, and its case, slot and holder as recorded at its beginning."""

    def count_scans(self, count_id: int, after: int) -> Sequence[tuple[int, bytes | None]]:
        """Return the entries with scans of a count after an entry: number and body, no body where one is gone."""

    def touched(self, after: int) -> Sequence[str]:
        """Return the assets about which there are entries after an entry; whatever changes an asset is about it."""

    def stored(self) -> Sequence[str]:
        """Return the assets that are in storage."""

    def in_rooms(self) -> Sequence[tuple[str, str]]:
        """Return the assets of which a room is recorded, each with the room; none is retired."""

    def latest(self, marks: Marks) -> Sequence[tuple[int, bytes]]:
        """Return the latest entries with these marks, newest first: number and body."""
