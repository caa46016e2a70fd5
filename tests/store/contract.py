"""What every store promises the services (`services.ports`), as tests that each store's own test class inherits.

A subclass says how a fresh database is made, by the fixture `new_database`; every test runs against it unchanged.
Deeds are put together by hand: what a store keeps must not depend on who decided it. It must never know an engine.
"""

from contextlib import suppress

import msgspec
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import Checkpoint, read_note
from assettrack.domain.deeds import AssetRow, BatchRow, Deed, Record
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset, Custody
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.domain.tags import Place
from assettrack.station.keys import StationSigner, verify_signature
from tests.store.contract_facts import FactContract
from tests.store.contract_histories import HistoryContract
from tests.store.contract_kept import KeptContract
from tests.store.contract_lookups import LookupContract
from tests.store.databases import (
    UNSLOTTED,
    Database,
    NewDatabase,
    all_of,
    entries,
    furnish,
    furnished,
    one_batch,
    row_entry,
    stored,
    told,
)
from tests.store.stations import NOW_TEXT, STATION, made_up_signer

ENDING_WORDS = ("commit", "rollback", "begin", "abort", "savepoint", "execute", "executemany", "close", "write")

IN_CUSTODY = Asset("IN_CUSTODY", None, None, "Ada", "laptop")
SLOTTED: dict[str, object] = {"filled": ((Place("C", 2), "A-9"),)}

IMPOSSIBLE: dict[str, dict[str, object]] = {
    "a slot that is taken": {"assets": (stored("A-9"),), "filled": ((Place("C", 1), "A-9"),)},
    "an asset in two slots": {"filled": ((Place("C", 2), "A-1"),)},
    "two assets in one slot": {
        "assets": (stored("A-8"), stored("A-9")),
        "filled": ((Place("C", 2), "A-8"), (Place("C", 2), "A-9")),
    },
    "an unknown asset in a slot": {"filled": ((Place("C", 2), "A-404"),)},
    "an asset in custody in a slot": {"assets": (AssetRow("A-9", IN_CUSTODY, 1, NOW_TEXT),), **SLOTTED},
    "a retired asset in a slot": {
        "assets": (AssetRow("A-9", msgspec.structs.replace(UNSLOTTED, status="RETIRED"), None, NOW_TEXT),),
        **SLOTTED,
    },
    "a slotted asset given away": {"assets": (AssetRow("A-1", IN_CUSTODY, 1, NOW_TEXT),)},
    "custody without a holder": {"assets": (AssetRow("A-9", IN_CUSTODY, None, NOW_TEXT),)},
    "a holder without custody": {"assets": (AssetRow("A-9", UNSLOTTED, 1, NOW_TEXT),)},
    "an unknown holder": {"assets": (AssetRow("A-9", IN_CUSTODY, 7, NOW_TEXT),)},
    "a tag that is none": {"assets": (stored("a-9"),)},
    "a case that exists": {"cases": (("C", 5),)},
    "a case name that is none": {"cases": (("OUT", 5),)},
    "a case without slots": {"cases": (("D", 0),)},
    "a case too large": {"cases": (("D", 501),)},
    "a holder's number given twice": {"holders": (Holder(1, "Bo"),)},
    "a holder registered twice": {"holders": (Holder(2, "  aDA "),)},
    "a holder of an unknown organisation": {"holders": (Holder(2, "Bo", 9),)},
    "a holder called nothing": {"holders": (Holder(2, "Bo", 1, ""),)},
    "an asset in storage that is due": {
        "assets": (AssetRow("A-9", msgspec.structs.replace(UNSLOTTED, due_on="2026-05-01"), None, NOW_TEXT),)
    },
    "an asset in storage that was given": {"assets": (AssetRow("A-9", UNSLOTTED, None, NOW_TEXT, Custody(3, None)),)},
    "an asset in storage that has a home": {
        "assets": (AssetRow("A-2", UNSLOTTED, None, NOW_TEXT, Custody(3, ("C", 1))),)
    },
}
"""What no deed may lead to, by what it says; each is tried on a database that `furnish` furnished."""


class StoreContract(LookupContract, HistoryContract, FactContract, KeptContract):
    """The promise. A subclass gives the fixture `new_database`."""

    @pytest.fixture
    def new_database(self) -> NewDatabase:
        """Return what makes a fresh database."""
        raise NotImplementedError

    @pytest.fixture
    def database(self, new_database: NewDatabase) -> Database:
        """Make one fresh database."""
        return new_database()

    def test_state_and_entries_of_a_deed_are_saved_together(self, database: Database) -> None:
        """Once the block has ended well, another who opens the database finds all of the deed."""
        furnish(database.open())
        found = all_of(database.open())
        assert found["log size"] == 2
        assert found["cases"] == {"C": 3}
        assert found["slots"] == [(Place("C", 1), "A-1"), (Place("C", 2), None), (Place("C", 3), None)]
        assert found["holders"] == [Holder(1, "Ada")]
        assert found["assets"] == [
            ("A-1", NOW_TEXT, Asset("STORAGE", "C", 1, None, "laptop")),
            ("A-2", NOW_TEXT, UNSLOTTED),
        ]

    def test_the_latest_state_of_an_asset_replaces_all_of_the_earlier(self, database: Database) -> None:
        """Every field is as the latest deed has it, also where that is nothing."""
        store = database.open()
        furnish(store)
        full = Asset("IN_CUSTODY", None, None, "Ada", "tablet", "B 2", "SN2", "Acme", "T2", "T2-B")
        for seq, row in enumerate(
            (AssetRow("A-2", full, 1, NOW_TEXT), AssetRow("A-2", UNSLOTTED, None, f"2027{NOW_TEXT[4:]}")), 3
        ):
            with store.write() as transaction:
                transaction.save(Deed(entries(seq), assets=(row,)))
            with store.read() as snapshot:
                assert list(snapshot.all_assets())[1] == ("A-2", row.latest, row.asset)

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, AssertionError], ids=repr)
    def test_a_block_that_raises_saves_nothing(self, database: Database, error: type[BaseException]) -> None:
        """Whatever ends the block early comes out of it as it was, and undoes all deeds of the block."""
        store = database.open()
        before = all_of(store)

        def two_deeds_and_an_error() -> None:
            with store.write() as transaction:
                transaction.save(furnished(2))
                transaction.save(Deed(entries(3), holders=(Holder(2, "Bo"),)))
                raise error

        with pytest.raises(error):
            two_deeds_and_an_error()
        assert all_of(store) == before
        assert all_of(database.open()) == before
        furnish(store)  # and the store works on

    def test_a_refused_deed_comes_out_as_it_went_in(self, database: Database) -> None:
        """An error of the catalogue that a service raises in the block is not changed into another."""
        refusal = errors.NotFound("asset", "A-404")
        with pytest.raises(errors.NotFound) as caught, database.open().write():
            raise refusal
        assert caught.value is refusal

    def test_a_transaction_has_no_commit(self, database: Database) -> None:
        """Nothing that a service receives can end the transaction, nor run words of its own."""
        with database.open().write() as transaction:
            for word in ENDING_WORDS:
                assert not hasattr(transaction, word)

    def test_a_transaction_is_of_no_use_after_its_block(self, database: Database) -> None:
        """Who keeps a transaction can't save with it later, when nobody would commit or undo it."""
        store = database.open()
        with store.write() as transaction:
            transaction.save(furnished(2))
        before = all_of(store)
        with pytest.raises(AssertionError):
            transaction.save(Deed(entries(3), holders=(Holder(2, "Bo"),)))
        assert all_of(store) == before

    def test_state_without_an_entry_is_refused(self, database: Database) -> None:
        """Every change of state is in the log, or is not."""
        store = database.open()
        before = all_of(store)
        with pytest.raises(AssertionError, match="without an entry"), store.write() as transaction:
            transaction.save(Deed(iter(()), cases=(("C", 3),)))
        assert all_of(store) == before

    def test_a_deed_that_failed_halfway_is_never_committed(self, database: Database) -> None:
        """Who swallows the error of a deed does not get half of it saved."""
        store = database.open()
        furnish(store)
        before = all_of(store)
        half = Deed(entries(3), holders=(Holder(2, "Bo"),), filled=((Place("C", 2), "A-1"),))
        with pytest.raises(AssertionError, match="failed halfway"), store.write() as transaction, suppress(Exception):
            transaction.save(half)
        assert all_of(store) == before

    @pytest.mark.parametrize("case", IMPOSSIBLE)
    def test_no_deed_can_lead_to_an_impossible_state(self, database: Database, case: str) -> None:
        """The database itself refuses what can't be, and nothing of the deed is saved."""
        store = database.open()
        furnish(store)
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible), store.write() as transaction:
            transaction.save(msgspec.structs.replace(Deed(entries(3)), **IMPOSSIBLE[case]))
        assert all_of(store) == before

    @pytest.mark.parametrize(
        "places",
        [{"filled": ((Place("C", 4), "A-2"),)}, {"filled": ((Place("X", 1), "A-2"),)}, {"vacated": (Place("C", 4),)}],
        ids=str,
    )
    def test_a_slot_that_is_not_there_is_not_passed_over(
        self, database: Database, places: dict[str, tuple[object, ...]]
    ) -> None:
        """A deed about a slot that nobody prepared is refused; it would change less than it says."""
        store = database.open()
        furnish(store)
        before = all_of(store)
        with pytest.raises(AssertionError, match="slots that exist"), store.write() as transaction:
            transaction.save(msgspec.structs.replace(Deed(entries(3)), **places))
        assert all_of(store) == before

    def test_slots_are_emptied_before_others_are_filled(self, database: Database) -> None:
        """Two assets can change places in one deed, and a slot can be left for custody in it."""
        store = database.open()
        one, two = Place("C", 1), Place("C", 2)
        furnish(store)
        with store.write() as transaction:
            transaction.save(Deed(entries(3), assets=(stored("A-2", two),), filled=((two, "A-2"),)))
            transaction.save(
                Deed(
                    entries(4),
                    vacated=(one, two),
                    assets=(AssetRow("A-1", IN_CUSTODY, 1, NOW_TEXT), stored("A-2", one)),
                    filled=((one, "A-2"),),
                )
            )
        with store.read() as snapshot:
            assert snapshot.asset("A-1") == IN_CUSTODY
            assert snapshot.slots_of("C") == [(1, "A-2"), (2, None), (3, None)]

    @pytest.mark.parametrize("seqs", [(1,), (3,), (2, 4), (2, 2), (2, 3, 5), (0,), (-1,)], ids=str)
    def test_entries_are_numbered_without_gaps(self, database: Database, seqs: tuple[int, ...]) -> None:
        """An entry under any number but the next is refused, with all that came with it."""
        store = database.open()  # its log has one entry
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible), store.write() as transaction:
            transaction.save(Deed(iter([Record(seq, None, None, None, b"entry") for seq in seqs])))
        assert all_of(store) == before

    def test_no_row_is_recorded_twice(self, database: Database) -> None:
        """The identity of a row is let in once: not again in its own batch, nor in a later one."""
        store = database.open()
        identity, other = bytes(range(32)), bytes(32)
        with store.write() as transaction:
            transaction.save(one_batch(2, 1, row_entry(3, 1, "A-1", identity)))
        before = all_of(store)
        for rows in (
            [row_entry(5, 2, "A-1", identity)],
            [row_entry(5, 2, "A-1", other), row_entry(6, 2, "A-1", other)],
        ):
            with pytest.raises(station_errors.StateImpossible), store.write() as transaction:
                transaction.save(one_batch(4, 2, *rows))
            assert all_of(store) == before

    @pytest.mark.parametrize(
        "batch",
        [BatchRow(1, 4, 5), BatchRow(3, 4, 5), BatchRow(2, 3, 5), BatchRow(2, 4, 6), BatchRow(2, 4, 4)],
        ids=str,
    )
    def test_batches_follow_one_another(self, database: Database, batch: BatchRow) -> None:
        """A batch has the next number, and stands in the log after the one before and as far as the log goes."""
        store = database.open()
        with store.write() as transaction:
            transaction.save(one_batch(2, 1, row_entry(3, 1, "A-1", None)))
        before = all_of(store)
        with pytest.raises(station_errors.StateImpossible), store.write() as transaction:
            transaction.save(Deed(entries(4, 2), batch=batch))
        assert all_of(store) == before

    def test_every_transaction_that_appends_ends_in_one_checkpoint(self, database: Database) -> None:
        """It is signed by the station, states the log as it then stands, and is the one the transaction names."""
        store = database.open()
        with store.read() as snapshot:
            bodies = [record.body for record, _ in snapshot.records()]
        for size in (1, 2, 600):
            with store.write() as transaction:
                for _ in range(2):
                    first = transaction.log_size + 1
                    transaction.save(Deed(entries(first, size)))
                    bodies += [b"entry %d" % seq for seq in range(first, first + size)]
                assert transaction.checkpoint == ""
            with store.read() as snapshot:
                note = snapshot.checkpoint_at_least(snapshot.log_size)
            assert note == transaction.checkpoint
            tree = Tree()
            tree.append([leaf_hash(body) for body in bodies])
            assert _stated(note) == Checkpoint(STATION, len(bodies), tree.root())
        with store.read() as snapshot:
            assert [size for size, _ in snapshot.checkpoints()] == [1, 3, 7, 1207]

    def test_a_block_that_saves_nothing_leaves_nothing(self, database: Database) -> None:
        """Without a deed there is no entry, no checkpoint, and no change at all."""
        store = database.open()
        before = all_of(store)
        with store.write() as transaction:
            assert transaction.log_size == 1
        assert transaction.checkpoint == ""
        assert all_of(store) == before

    def test_a_snapshot_does_not_change_while_another_writes(self, database: Database) -> None:
        """Whoever reads sees one moment, whatever is committed meanwhile; who reads next sees what was."""
        reader, writer = database.open(), database.open()
        furnish(writer)
        with reader.read() as snapshot:
            before = told(snapshot)
            with writer.write() as transaction:
                transaction.save(Deed(entries(3), cases=(("D", 2),), assets=(stored("A-3"),)))
                assert told(snapshot) == before
                assert transaction.log_size == 3
                assert transaction.asset("A-3") == UNSLOTTED  # who writes sees his own deeds
            assert told(snapshot) == before
        after = all_of(reader)
        assert after["cases"] == {"C": 3, "D": 2}
        assert after["log size"] == 3

    def test_what_another_committed_is_there_under_the_write_lock(self, database: Database) -> None:
        """A transaction starts from the latest state, not from one that its store saw earlier."""
        one, other = database.open(), database.open()
        assert all_of(one)["log size"] == 1
        furnish(other)
        with one.write() as transaction:
            assert transaction.log_size == 2
            transaction.save(Deed(entries(3)))
        assert all_of(other)["log size"] == 3

    def test_without_the_key_nothing_can_be_committed(self, database: Database) -> None:
        """Where the key is missing or another, the block is never entered; reading works on."""
        before = all_of(database.open())

        def missing(station: str) -> StationSigner:
            raise station_errors.KeyUnusable(f"{station}.key", "it is not there")

        def another(station: str) -> StationSigner:
            return made_up_signer(station, seed=2)

        for signer_of in (missing, another):
            store = database.open(signer_of)
            with pytest.raises(station_errors.KeyUnusable), store.write() as transaction:
                transaction.save(furnished(2))
            assert all_of(store) == before

    def test_the_key_is_asked_for_by_the_stations_name(self, database: Database) -> None:
        """A store asks for the key of the station that its database belongs to, and no other."""
        asked = []

        def signer_of(station: str) -> StationSigner:
            asked.append(station)
            return made_up_signer(station)

        furnish(database.open(signer_of))
        assert asked == [STATION]


def _stated(note: str | None) -> Checkpoint:
    """Return what a note states, once it is sure that the made-up station signed it."""
    assert note is not None
    return read_note(note, origin=STATION, public_key=made_up_signer().public_key, verify=verify_signature)
