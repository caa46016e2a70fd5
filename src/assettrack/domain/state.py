"""The state of a whole station, as the replay rebuilds it from the log entry by entry.

Owns what every kind of deed is decided on once more: the inventory of everything, and all facts.
A store's transaction offers the same to a service, a slice at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

from assettrack.domain.counts import RunningCount
from assettrack.domain.deeds import BatchRow, Deed, Signoff, Station
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.facts import FIRST_FACTS, AnyFact, Fact, KeyPart, key_of
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Inventory, SlotKey


class EntrySource(Protocol):
    """Where the log's stored entries are found again, for deeds that are decided on what the log says."""

    def body_of(self, seq: int) -> bytes | None:
        """Return the body of an entry, or None."""

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the bodies of the entries about an asset before an entry, in the order of the log."""


class WholeInventory(Inventory):
    """The inventory of everything; ``put_in`` remembers of each slot which assets ever were in it, in any order.

    The ``running_counts`` are told of what changes while they go on.
    """

    def __init__(self, running_counts: Mapping[int, RunningCount]) -> None:
        super().__init__()
        self._running_counts = running_counts
        self.put_in: defaultdict[SlotKey, list[str]] = defaultdict(list)

    def apply(self, asset_tag: str, before: Asset | None, after: Asset, occurred_at: str) -> None:
        """Move the inventory on by one decided change."""
        super().apply(asset_tag, before, after, occurred_at)
        for running in self._running_counts.values():
            running.touched.add(asset_tag)

    def _fill(self, place: SlotKey | None, asset_tag: str) -> None:
        super()._fill(place, asset_tag)
        if place is not None:
            self.put_in[place].append(asset_tag)


class State:
    """Everything that is known after some first entries of a log.

    ``running_counts`` are the counts that are not closed, by number: their scans stand in no table. ``entries``
    finds the entries of the log again, where it is given. Of batches ``corrected_in`` remembers the assets in whose
    histories something was corrected since, ``exchanged`` the rows by holder, of those that were ever asked for.
    """

    def __init__(self, entries: EntrySource | None = None) -> None:
        self.entries = entries
        self.batches: list[BatchRow] = []
        self.running_counts: dict[int, RunningCount] = {}
        self.inventory = WholeInventory(self.running_counts)
        self.station: Station | None = None
        self.corrected_in: defaultdict[int, set[str]] = defaultdict(set)
        self.exchanged: dict[int, Mapping[int, Sequence[int]]] = {}
        self._facts: dict[type[Any], dict[tuple[Any, ...], Fact]] = {}
        self._greatest: dict[type[Any], tuple[Any, ...]] = {}
        for fact in FIRST_FACTS:
            self.put(fact)

    def put(self, fact: Fact) -> None:
        """Put a fact in the place of what was known under its key."""
        key = key_of(fact)
        self._facts.setdefault(type(fact), {})[key] = fact
        self._greatest[type(fact)] = max(key, self._greatest.get(type(fact), key))

    def fact(self, kind: type[AnyFact], *key: KeyPart) -> AnyFact | None:
        """Return the fact of this kind and key, or None."""
        return cast("AnyFact | None", self._facts.get(kind, {}).get(key))

    def last(self, kind: type[AnyFact]) -> AnyFact | None:
        """Return the fact of this kind with the greatest key, or None."""
        return cast("AnyFact", self._facts[kind][self._greatest[kind]]) if kind in self._greatest else None

    def facts(self, kind: type[AnyFact], *key: KeyPart) -> Iterator[AnyFact]:
        """Yield all facts of a kind whose key begins like this, in the order of their keys."""
        known = self._facts.get(kind, {})
        for found in sorted(known):
            if found[: len(key)] == key:
                yield cast("AnyFact", known[found])

    def batch(self, batch_id: int) -> BatchRow | None:
        """Return where a batch stands in the log, or None."""
        return self.batches[batch_id - 1] if 0 < batch_id <= len(self.batches) else None

    def all_cases(self) -> dict[str, int]:
        """Return all cases by name, with their number of slots."""
        return self.inventory.cases

    def holder(self, holder_id: int) -> Holder | None:
        """Return a holder by number, or None."""
        return self.inventory.holders.numbered(holder_id)

    def holders_named(self, names: Sequence[str]) -> HolderRegister:  # noqa: ARG002 - all of them are known here
        """Return the holders; all there are."""
        return self.inventory.holders


Again = Callable[[Any, State], Deed]
"""Decides the deed of an entry once more on the state before it, and moves the inventory on; facts follow by the deed.

Raises NotAllowed where the deed is not allowed.
"""


def signoff_of(entry: DeedEntry) -> Signoff:
    """Return who did the deed of an entry, when and with which program."""
    return Signoff(entry.operator, entry.recorded_at, entry.version)
