"""What every store promises about single histories: entries found again, and what was corrected.

A part of the contract, inherited with it. Bodies are put together by hand. It must never know an engine.
"""

import json
from collections.abc import Sequence

from assettrack.domain.deeds import Deed, Record
from assettrack.domain.facts import Correction
from assettrack.domain.inventory import SlotKey
from tests.store.databases import Database, stored

PLACES: tuple[SlotKey | None, ...] = (("C", 7), ("C", 70), ("C-1", 7), None)


def body(after: SlotKey | None = None, before: SlotKey | None = None, changed: SlotKey | None = None) -> bytes:
    """A body that says where an asset was before and is after, or where a correction says that it should have been."""
    states = {"before": before, "after": after}
    entry: dict[str, object] = {"notes": 'in "C" slot 7, "slot_position":7'}
    for name, place in states.items():
        case, position = place or (None, None)
        entry[name] = {"case_name": case, "slot_position": position, "status": "STORAGE"}
    if changed is not None:
        entry["changed"] = {"case_number": changed[0], "slot_number": str(changed[1])}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def write(database: Database, rows: Sequence[tuple[str | None, bytes]], *facts: Correction) -> None:
    """Write entries about these assets from entry 2 on, with corrections among them."""
    tags = sorted({tag for tag, _ in rows if tag is not None})
    records = (Record(seq, None, tag, None, text) for seq, (tag, text) in enumerate(rows, 2))
    with database.open().write() as transaction:
        transaction.save(Deed(records, assets=tuple(map(stored, tags)), facts=facts))


class HistoryContract:
    """What a snapshot tells of histories. `contract.StoreContract` gives the fixtures."""

    def test_an_entry_is_found_by_its_number(self, database: Database) -> None:
        """Its body to the byte, or nothing where there is none."""
        write(database, [("A-1", body()), (None, b"no asset")])
        with database.open().read() as snapshot:
            assert snapshot.histories.body_of(2) == body()
            assert snapshot.histories.body_of(3) == b"no asset"
            assert [snapshot.histories.body_of(seq) for seq in (-1, 0, 4)] == [None] * 3

    def test_a_history_is_told_up_to_an_entry(self, database: Database) -> None:
        """The bodies of all entries about an asset before one, in the order of the log."""
        write(database, [("A-1", b"one"), ("A-2", b"two"), (None, b"three"), ("A-1", b"four")])
        with database.open().read() as snapshot:
            assert list(snapshot.histories.bodies_about("A-1", 99)) == [b"one", b"four"]
            assert list(snapshot.histories.bodies_about("A-1", 5)) == [b"one"]
            assert list(snapshot.histories.bodies_about("A-3", 99)) == []

    def test_whoever_was_put_into_a_slot_is_found(self, database: Database) -> None:
        """By where an entry left the asset or a correction says it should have been; not by where it was before."""
        rows = [(f"{kind.upper()}-{number}", body(**{kind: place})) for kind in ("after", "before", "changed")
                for number, place in enumerate(PLACES)]  # fmt: skip
        moved = [("AFTER-2", body(PLACES[2], PLACES[0])), ("CHANGED-1", body(PLACES[1], ("C", 7)))]
        write(database, [*rows, ("AFTER-0", body(PLACES[0])), (None, body(PLACES[0])), *moved])
        with database.open().read() as snapshot:
            for number, place in enumerate(PLACES[:-1]):
                assert place is not None
                found = snapshot.histories.assets_put_in(place, 99)
                assert sorted(set(found)) == sorted(found) == [f"AFTER-{number}", f"CHANGED-{number}"]
            assert list(snapshot.histories.assets_put_in(("C", 7), 3)) == ["AFTER-0"]
            assert list(snapshot.histories.assets_put_in(("C", 7), 2)) == []
            assert list(snapshot.histories.assets_put_in(("C", 1), 99)) == []

    def test_what_was_corrected_is_told(self, database: Database) -> None:
        """Of an asset in the order of its entries, of any entries by their numbers."""
        texts = [("A-1", b"row"), ("A-2", b"row"), ("A-1", b"row"), ("A-1", b"for 4"), ("A-1", b"for 2"), ("A-1", b"7")]
        facts = (Correction(4, 5, "A-1"), Correction(2, 6, "A-1"), Correction(6, 7, "A-1"))
        write(database, texts, *facts)
        with database.open().read() as snapshot:
            assert list(snapshot.histories.corrections_of("A-1")) == [facts[1], facts[0], facts[2]]
            assert list(snapshot.histories.corrections_of("A-2")) == []
            assert snapshot.histories.superseded([6, 2, 3, 99]) == {6: 7, 2: 6}
            assert snapshot.histories.superseded(range(0)) == {}
