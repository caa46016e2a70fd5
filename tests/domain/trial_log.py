"""A log written deed by deed without a database.

Owns nothing but the order: every entry is made by the real deeds, every change decided by the real rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from assettrack.domain import batch_deeds, people_deeds, place_deeds, slots, station_deeds
from assettrack.domain.batch_deeds import BatchFacts
from assettrack.domain.decisions import decide
from assettrack.domain.deeds import Deed, Record, Signoff, Station
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options
from assettrack.domain.scans import Scan
from assettrack.domain.slots import Move
from assettrack.domain.tags import Place

STATION = Station("assettrack-trial", "Europe/Berlin", "ab" * 32)


@dataclass
class TrialLog:
    """The entries so far, and the state they lead to. Every deed is done a minute after the one before it."""

    records: list[Record] = field(default_factory=list)
    inventory: Inventory = field(default_factory=Inventory)
    batches: int = 0

    @property
    def seq(self) -> int:
        """The number of the next entry."""
        return len(self.records) + 1

    @property
    def signoff(self) -> Signoff:
        """Who does the next deed, and when."""
        return Signoff("gcurl", f"2026-03-01T{self.seq // 60:02d}:{self.seq % 60:02d}:00.000000Z", "0.1.0")

    def station(self) -> Deed:
        """Begin the log."""
        return self._keep(station_deeds.set_up_station(STATION, self.seq, self.signoff))

    def case(self, name: str, count: int) -> Deed:
        """Prepare a case."""
        slots.require_new_case(self.inventory, name, count)
        self.inventory.add_case(name, count)
        return self._keep(place_deeds.prepare_case(name, count, self.seq, self.signoff))

    def holder(self, name: str) -> Deed:
        """Register a holder."""
        return self._keep(people_deeds.register_holder(self.inventory.holders.register(name), self.seq, self.signoff))

    def assign(self, tag: str, place: Place, reason: str | None = None) -> Deed:
        """Put an asset into a slot."""
        return self._slot("SLOT_ASSIGN", slots.assign(self.inventory, tag, place), reason)

    def move(self, tag: str, place: Place, reason: str | None = None) -> Deed:
        """Move an asset to a slot."""
        return self._slot("SLOT_MOVE", slots.move(self.inventory, tag, place), reason)

    def vacate(self, tag: str, reason: str | None = None) -> Deed:
        """Take an asset out of its slot."""
        return self._slot("SLOT_VACATE", slots.vacate_asset(self.inventory, tag), reason)

    def batch(self, rows: Sequence[Scan], options: Options | None = None) -> Deed:
        """Commit rows that are allowed, numbered from 1."""
        self._begin()
        numbered = [msgspec.structs.replace(row, row_number=number) for number, row in enumerate(rows, 1)]
        plan = decide(numbered, self.inventory, options or Options())
        assert plan.valid, plan.refusals
        self.batches += 1
        facts = BatchFacts(self.batches, f"scans-{self.batches}.csv", f"{self.batches:064x}")
        return self._keep(batch_deeds.commit_batch(plan, self.inventory, facts, self.seq, self.signoff))

    def _slot(self, kind: str, done: Move, reason: str | None) -> Deed:
        self._begin()
        self.inventory.apply(done.asset_tag, done.before, done.after, self.signoff.recorded_at)
        return self._keep(place_deeds.move_slot(kind, done, self.inventory, self.seq, self.signoff, reason))

    def _begin(self) -> None:
        self.inventory.moved.clear()
        self.inventory.holders.new_holders.clear()

    def _keep(self, deed: Deed) -> Deed:
        self.records += deed.records
        return deed
