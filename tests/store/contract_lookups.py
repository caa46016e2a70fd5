"""What every store promises about reading: the second half of the contract, inherited with the first.

Lookups are held against plain dictionaries (`made_up_states`). It must never know an engine.
"""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assettrack.domain.deeds import AssetRow, BatchRow, Deed
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.inventory import Asset, Inventory
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.domain.scans import BLOCK_ROWS, BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.services.ports import Snapshot
from tests.store.databases import UNSLOTTED, Database, NewDatabase, entries, furnish, one_batch, row_entry, stored
from tests.store.made_up_states import NAMES, NOBODY, STRANGERS, TAGS, State, batches, made_up_scan, spellings, states
from tests.store.stations import NOW_TEXT, made_up_station

STRANGE_TEXTS = ("'; DROP TABLE assets; --", '"', "日本語 🎒", "a\tb\nc", " spaces  kept ", "x" * 4096, "0007", "NULL")

NOBODY_THERE = Holder(0, "")

# A database is made for each example, afresh by what the fixture gives; shrinking one would take minutes.
A_DATABASE_EACH = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class LookupContract:
    """What a snapshot tells. `contract.StoreContract` gives the fixtures."""

    @given(st.data())
    @A_DATABASE_EACH
    def test_lookups_return_what_a_batch_touches(self, new_database: NewDatabase, data: st.DataObject) -> None:
        """For any state and any rows, the slice is exactly what a plain model says those rows touch."""
        state = data.draw(states(), "state")
        store = new_database().open()
        state.save_in(store)
        with store.read() as snapshot:
            for _ in range(3):
                _check_slice(snapshot, state, data.draw(batches(state), "rows"))
            _check_deed_slice(snapshot, state, data)
            _check_holders(snapshot, state)
            _check_lists(snapshot, state)

    def test_a_slice_larger_than_a_block_is_whole(self, database: Database) -> None:
        """Rows of one asset far apart, or of any number of assets, slots and cases, are all looked up."""
        tags = [f"T-{number:04}" for number in range(BLOCK_ROWS + 200)]
        cases = {"C1": 500, "C2": 500, "C3": 300}
        places = [Place(case, position) for case, slots in cases.items() for position in range(1, slots + 1)]
        store = database.open()
        with store.write() as transaction:
            assets = tuple(stored(tag, place) for tag, place in zip(tags, places, strict=False))
            filled = tuple(zip(places, tags, strict=False))
            transaction.save(Deed(entries(2), cases=tuple(cases.items()), assets=assets, filled=filled))
        rows = [made_up_scan(number, tag, OUT) for number, tag in enumerate([*tags, *tags[:50]], 1)]
        named = [made_up_scan(number, "NEW-1", place) for number, place in enumerate([*places, *places], 1)]
        with store.read() as snapshot:
            found, elsewhere = loaded(snapshot, rows), loaded(snapshot, named)
        assert sorted(found.assets) == tags
        assert found.slots == dict(filled)
        assert elsewhere.slots == dict.fromkeys(places) | dict(filled)
        assert elsewhere.cases == cases

    def test_a_slice_is_loaded_in_steps(self, database: Database) -> None:
        """Each step adds what its rows touch; what is there stays, and what rows have changed is not loaded again."""
        store, inventory = database.open(), Inventory()
        furnish(store)
        here = Asset("STORAGE", "C", 1, None, "laptop", serial_number="SN9")
        with store.write() as transaction:
            transaction.save(Deed(entries(3), assets=(AssetRow("A-1", here, None, NOW_TEXT),)))
        with store.read() as snapshot:
            snapshot.load(inventory, [made_up_scan(1, "A-1", Place("C", 2), issued_to_name="Nobody")])
            assert inventory.assets == {"A-1": here}
            assert inventory.slots == {Place("C", 1): "A-1", Place("C", 2): None}
            assert inventory.cases == {"C": 3}
            moved = Asset("STORAGE", "C", 2, None, "laptop", serial_number="SN1")
            inventory.apply("A-1", inventory.assets["A-1"], moved, NOW_TEXT)
            again = made_up_scan(2, "A-1", Place("C", 1), serial_number="SN9", issued_to_name="Nobody Else")
            more = made_up_scan(3, "A-2", Place("C", 3), serial_number="SN1", issued_to_name="Ada")
            snapshot.load(inventory, [again, more])
        assert inventory.assets == {"A-1": moved, "A-2": UNSLOTTED}
        assert inventory.slots == {Place("C", 1): None, Place("C", 2): "A-1", Place("C", 3): None}
        assert inventory.cases == {"C": 3}
        assert [holder.name for holder in inventory.holders.all] == ["Ada"]
        assert (set(inventory.serials["SN1"]), set(inventory.serials.get("SN9", ()))) == ({"A-1"}, set())

    def test_an_empty_database_tells_of_its_station_alone(self, database: Database) -> None:
        """Before the first deed there is the station, its entry and its checkpoint, and nothing else."""
        with database.open().read() as snapshot:
            assert snapshot.station() == made_up_station()
            assert snapshot.log_size == 1
            assert len(list(snapshot.checkpoints())) == 1
            assert (snapshot.all_cases(), list(snapshot.all_slots()), list(snapshot.all_assets())) == ({}, [], [])
            assert (list(snapshot.all_holders()), list(snapshot.all_batches())) == ([], [])
            assert (snapshot.last_batch_id(), snapshot.batch(1), snapshot.asset("A-1")) == (0, None, None)
            assert snapshot.holders_named([]).last_id == 0
            assert loaded(snapshot, []).assets == {}

    def test_a_sound_database_has_no_faults(self, database: Database) -> None:
        """Nothing is found wrong with the schema, nor with the file, where nothing is."""
        store = database.open()
        furnish(store)
        with store.read() as snapshot:
            assert list(snapshot.schema_faults()) == []
            assert list(snapshot.file_faults()) == []

    @pytest.mark.parametrize("text", STRANGE_TEXTS, ids=range(len(STRANGE_TEXTS)))
    def test_texts_come_back_as_they_went_in(self, database: Database, text: str) -> None:
        """No text is read as anything else, cut, folded or tidied on its way through the database."""
        asset = Asset("STORAGE", None, None, None, text, text, text, text, text, text)
        store = database.open()
        with store.write() as transaction:
            deed = Deed(entries(2), holders=(Holder(1, text),), assets=(AssetRow("A-1", asset, None, NOW_TEXT),))
            transaction.save(deed)
        with store.read() as snapshot:
            assert snapshot.asset("A-1") == asset
            assert list(snapshot.all_holders()) == [Holder(1, text)]
            assert list(loaded(snapshot, [made_up_scan(1, "A-9", serial_number=text)]).serials[text]) == ["A-1"]

    def test_records_are_told_in_the_order_of_the_log(self, database: Database) -> None:
        """All of them, any stretch of them, and those about one asset; bodies and leaves to the byte."""
        store = database.open()
        rows = [row_entry(3, 1, "A-1", bytes(32)), row_entry(4, 1, "A-2", None), row_entry(5, 1, "A-1", None)]
        with store.write() as transaction:
            transaction.save(one_batch(2, 1, *rows))
        with store.read() as snapshot:
            found = list(snapshot.records())
            assert [record.seq for record, _ in found] == [1, 2, 3, 4, 5]
            assert [record for record, _ in found[2:]] == rows
            assert all(leaf == leaf_hash(record.body) for record, leaf in found)
            assert list(snapshot.records(3)) == found[2:]
            assert list(snapshot.records(2, 3)) == found[1:3]
            assert list(snapshot.records(6)) == []
            assert list(snapshot.bodies_about("A-1")) == [b"row 3", b"row 5"]
            assert list(snapshot.bodies_about("A-3")) == []

    def test_batches_are_told_by_number(self, database: Database) -> None:
        """Where each batch stands, and which was the latest."""
        store = database.open()
        with store.write() as transaction:
            transaction.save(one_batch(2, 1, row_entry(3, 1, "A-1", None)))
            transaction.save(one_batch(4, 2, row_entry(5, 2, "A-1", None), row_entry(6, 2, "A-2", None)))
        with store.read() as snapshot:
            assert list(snapshot.all_batches()) == [BatchRow(1, 2, 3), BatchRow(2, 4, 6)]
            assert (snapshot.batch(2), snapshot.batch(3)) == (BatchRow(2, 4, 6), None)
            assert snapshot.last_batch_id() == 2

    def test_the_log_keeps_the_hashes_of_its_tree(self, database: Database) -> None:
        """Stored leaves and full subtrees are those that the tree makes of the bodies, in whatever steps it grew."""
        store = database.open()
        for count in (1, 253, 2, 300):
            with store.write() as transaction:
                transaction.save(Deed(entries(transaction.log_size + 1, count)))
        with store.read() as snapshot:
            leaves = [leaf_hash(record.body) for record, _ in snapshot.records()]
            subtrees = Tree().append(leaves)
            assert len(subtrees) == 2
            assert list(snapshot.subtrees()) == [tuple(subtree) for subtree in subtrees]
            assert list(snapshot.hashes.leaves(250, 10)) == leaves[250:260]
            assert list(snapshot.hashes.subtrees(1, 1, 1)) == [subtrees[1].hash]
            assert Tree.restore(snapshot.log_size, snapshot.hashes).root() == _root(leaves)

    def test_checkpoints_are_told_by_size(self, database: Database) -> None:
        """The first that covers an entry is found; none covers what is not there yet."""
        store = database.open()
        for _ in range(2):
            with store.write() as transaction:
                transaction.save(Deed(entries(transaction.log_size + 1, 2)))
        with store.read() as snapshot:
            notes = dict(snapshot.checkpoints())
            assert list(notes) == [1, 3, 5]
            assert [snapshot.checkpoint_at_least(size) for size in range(1, 7)] == [
                notes[1], notes[3], notes[3], notes[5], notes[5], None,
            ]  # fmt: skip


def loaded(snapshot: Snapshot, rows: Sequence[Scan | BadRow]) -> Inventory:
    """Return the slice of inventory that the rows touch."""
    inventory = Inventory()
    snapshot.load(inventory, rows)
    return inventory


def _root(leaves: list[bytes]) -> bytes:
    tree = Tree()
    tree.append(leaves)
    return tree.root()


def _check_slice(snapshot: Snapshot, state: State, rows: list[Scan | BadRow]) -> None:
    """Hold the inventory for a batch, loaded in two steps, against the model."""
    found = loaded(snapshot, rows[:3])
    snapshot.load(found, rows[3:])
    scans = [row for row in rows if isinstance(row, Scan)]
    tags = {row.asset_tag for row in rows}
    named = {row.place for row in rows if row.place is not None and row.place != OUT}
    touched = {tag: asset for tag, asset in state.assets.items() if tag in tags}
    assert found.assets == touched
    assert found.latest == {tag: state.latest[tag] for tag in touched}
    assert found.custody == {tag: custody for tag, custody in state.custody.items() if tag in tags}
    places = named | {asset.place for asset in touched.values()}
    assert found.slots == {place: tag for place, tag in state.slots.items() if place in places}
    _check_cases(found, state, named)
    identities = {scan.identity for scan in scans}
    assert found.recorded == {known: batch for known, batch in state.recorded.items() if known in identities}
    for serial in {scan.serial_number for scan in scans} - {""}:
        carriers = {tag for tag, asset in state.assets.items() if asset.serial_number == serial}
        assert set(found.serials.get(serial, ())) == carriers
    names = {scan.issued_to_name for scan in scans} | {asset.holder or "" for asset in touched.values()}
    for name in names - {""}:
        assert found.holders.named(name) == state.holder(name)
    if any(state.holder(name) is None for name in names - {""}):
        assert {holder.holder_id: holder for holder in found.holders.all} == state.holders
        assert found.holders.last_id == len(state.holders)


def _check_deed_slice(snapshot: Snapshot, state: State, data: st.DataObject) -> None:
    """Hold the inventory for a typed deed against the model: those who are in the places named belong to it."""
    tags = data.draw(st.lists(st.sampled_from([*TAGS, *STRANGERS]), max_size=2), "tags")
    named = data.draw(st.lists(st.sampled_from([Place("NO CASE", 1), *state.slots]), max_size=2), "places")
    found = snapshot.inventory_of(tags, named)
    wanted = {*tags, *(state.slots.get(place) for place in named)}
    assert found.assets == {tag: asset for tag, asset in state.assets.items() if tag in wanted}
    assert found.custody == {tag: custody for tag, custody in state.custody.items() if tag in wanted}
    places = {*named, *(asset.place for asset in found.assets.values())}
    assert found.slots == {place: tag for place, tag in state.slots.items() if place in places}
    _check_cases(found, state, named)


def _check_cases(found: Inventory, state: State, named: Iterable[Place]) -> None:
    """Make sure that where a place named is no slot, its case is known if there is one, with its size."""
    assert found.cases.items() <= state.cases.items()
    needed = {place.case_name for place in named if place not in found.slots}
    assert found.cases.keys() >= needed & state.cases.keys()


def _check_holders(snapshot: Snapshot, state: State) -> None:
    """Hold the registers of names against the model: any spelling finds its holder, a stranger brings all."""
    for name in NAMES:
        for spelling in spellings(name):
            assert snapshot.holders_named([spelling]).named(spelling) == state.holder(name)
            assert snapshot.holder_called(spelling) == state.holder(name)
    everyone = list(state.holders.values())
    for strangers in ([NOBODY[0]], [*(holder.name for holder in everyone), NOBODY[1]]):
        register = snapshot.holders_named(strangers)
        assert register.all == everyone
        assert register.last_id == len(everyone)
    for number in range(len(everyone) + 2):
        assert snapshot.holder(number) == state.holders.get(number)
        holder = state.holders.get(number, NOBODY_THERE)
        held = [tag for tag, asset in sorted(state.assets.items()) if asset.holder == holder.name]
        assert [*snapshot.assets_of(number)] == held


def _check_lists(snapshot: Snapshot, state: State) -> None:
    """Hold the lists that are shown against the model, in their order."""
    assert [*snapshot.all_assets()] == [(tag, state.latest[tag], state.assets[tag]) for tag in sorted(state.assets)]
    assert [*snapshot.all_cases().items()] == sorted(state.cases.items())
    assert [*snapshot.all_slots()] == sorted(state.slots.items())
    assert [*snapshot.all_custody()] == sorted(state.custody.items())
    assert [*snapshot.all_holders()] == [*state.holders.values()]
    assert [*snapshot.holder_keys()] == [(number, name_key(holder.name)) for number, holder in state.holders.items()]
    for tag in (*TAGS, *STRANGERS):
        assert snapshot.asset(tag) == state.assets.get(tag)
    for case in (*state.cases, "NO CASE"):
        of_case = [(place.slot_position, tag) for place, tag in sorted(state.slots.items()) if place.case_name == case]
        assert [*snapshot.slots_of(case)] == of_case
