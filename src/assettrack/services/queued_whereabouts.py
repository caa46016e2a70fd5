"""Where each asset would be after the rows of a queue, each decided after those before it (DESIGN §5).

Owns what a row changes of that, as far as the scans after it ask. A row that the asset's own state refuses moves
nothing here either. It never decides whether a slot is free: a row into a taken one stops the batch, and is seen.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from assettrack.domain.inventory import Status
from assettrack.domain.scans import EventType
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services.ports import Snapshot


class Whereabouts(NamedTuple):
    """Where an asset is: ``place`` is its slot, ``home`` the slot that it was issued from, where it is with somebody.

    Without a ``status`` there is no such asset.
    """

    status: Status | None = None
    place: Place | None = None
    home: Place | None = None

    def after(self, row: TypedRow) -> "Whereabouts":
        """Return where the asset is after a row of it; as before, where such a row is refused or only sees it."""
        place = None if row.place == OUT else row.place
        match row.event_type, self.status:
            case ("SCAN", None) | ("RETURN", "IN_CUSTODY"):
                return Whereabouts("STORAGE", place)
            case "UPDATE", "STORAGE" if row.place is not None:
                return Whereabouts("STORAGE", place)
            case "ISSUE", "STORAGE":
                return Whereabouts("IN_CUSTODY", home=self.place)
            case "RETIRE", "STORAGE" | "IN_CUSTODY":
                return Whereabouts("RETIRED")
        return self

    def slot_in(self, case_name: str, event_type: EventType) -> int | None:
        """Return in which slot of a case the asset is, or for a RETURN from which it is out; None where it is not."""
        place = self.home if event_type == "RETURN" else self.place
        return place.slot_position if place is not None and place.case_name == case_name else None


class QueuedWhereabouts:
    """Says where assets would be: by the records, and by the ``rows`` of a queue, those of an asset in their order.

    The rows may go on changing. Asked of one asset, it looks at the rows of that one alone.
    """

    def __init__(self, snapshot: Snapshot, rows: Mapping[str, Mapping[int, TypedRow]]) -> None:
        self._snapshot = snapshot
        self._rows = rows
        self._known: dict[str, Whereabouts] = {}

    def of(self, asset_tag: str, *, but_last: bool = False) -> Whereabouts:
        """Return where an asset would be after its rows, or (``but_last``) was before the last of them."""
        rows = list(self._rows.get(asset_tag, {}).values())
        then = self.recorded(asset_tag)
        for row in rows[:-1] if but_last else rows:
            then = then.after(row)
        return then

    def recorded(self, asset_tag: str) -> Whereabouts:
        """Return where an asset is by the records."""
        if asset_tag not in self._known:
            self._known[asset_tag] = self._read(asset_tag)
        return self._known[asset_tag]

    def brought(self, case_name: str, event_type: EventType, is_repeated: Callable[[str], bool]) -> list[str]:
        """Return the assets that the label of a case brings: those in it, by slot, or for a RETURN those out of it.

        So it does those whose last row it only repeats (``is_repeated``), because of which they are not there any more.
        """
        found: dict[str, int] = {}
        for tag in sorted(self._maybe(case_name, event_type)):
            slot = self.of(tag).slot_in(case_name, event_type)
            if slot is None and is_repeated(tag):
                slot = self.of(tag, but_last=True).slot_in(case_name, event_type)
            if slot is not None:
                found[tag] = slot
        return list(found) if event_type == "RETURN" else sorted(found, key=found.__getitem__)

    def _maybe(self, case_name: str, event_type: EventType) -> Collection[str]:
        """Return what may be in a case, or out of it: what is recorded so, and every asset of which there are rows."""
        scanned = {tag for tag, rows in self._rows.items() if rows}
        if event_type == "RETURN":
            out = self._snapshot.all_custody()
            return scanned | {tag for tag, custody in out if custody.home and custody.home[0] == case_name}
        return scanned | {tag for _, tag in self._snapshot.slots_of(case_name) if tag is not None}

    def _read(self, asset_tag: str) -> Whereabouts:
        asset = self._snapshot.asset(asset_tag)
        if asset is None:
            return Whereabouts()
        home = None
        if asset.holder is not None:
            home = self._snapshot.inventory_of([asset_tag], []).custody[asset_tag].home
        return Whereabouts(asset.status, asset.place, None if home is None else Place(*home))
