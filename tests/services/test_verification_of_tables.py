"""Verifying finds every table, object of the schema and checkpoint that is not what the log leads to (DESIGN §6)."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, get_args

import apsw
import pytest

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.facts import FACT_TABLES
from assettrack.domain.merkle import leaf_hash
from assettrack.services import audit, verification
from tests.sampling import Sample
from tests.services.desk import Desk, row
from tests.services.full_station import do_everything_else
from tests.services.insider import ENTRIES, TRANSACTIONS, Insider, copied, quick_folder, transactions
from tests.store.stations import STATION, made_up_signer

TABLES = {
    "assets": ["asset_tag"],
    "audit_log": ["seq"],
    "audit_subtrees": ["level", "number"],
    "batches": ["batch_id"],
    "cases": ["case_name"],
    "checkpoints": ["size"],
    "contacts": ["holder_id"],
    "credentials": ["account_id", "kind"],
    "holders": ["holder_id"],
    "receipt_texts": ["receipt_id"],
    "signatures": ["seq", "name"],
    "schema_migrations": ["number"],
    "slots": ["case_name", "slot_position"],
    "station": ["only_row"],
    **{table.name: list(kind._fields[: table.key_columns]) for kind, table in FACT_TABLES.items()},
}
"""Every table with its key."""

NAMED = {
    "audit_log": ("Entry ",),
    "batches": ("batches.",),
    "checkpoints": ("stored checkpoint", "checkpoint stored"),
    "schema_migrations": ("record of migrations",),
    "station": ("which one station",),
}
"""What is said of a table otherwise than by its name."""

MAY_BE_MISSING = {"contacts", "credentials"}
"""What can be erased, so that nobody can tell from a row that is missing whether it was done behind our back."""

LACKING = {"schema_migrations": "record of migrations", "station": "which one station", "checkpoints": "checkpoint"}
"""What is said of a missing row otherwise than that the table lacks it."""


CELLS_SAMPLED = 8
"""So many cells of each table are forged in the usual run, or more where it has more columns."""


@pytest.fixture(scope="module")
def written() -> Iterator[Insider]:
    """A station whose log holds some of everything."""
    with quick_folder() as folder:
        desk = Desk(folder)
        insider = Insider(desk, list(transactions(desk)))
        yield insider
        insider.close()


@pytest.fixture(scope="module")
def full(written: Insider) -> Iterator[Insider]:
    """The same station after some of everything else: every table has rows, but for the subtrees of the tree."""
    with quick_folder() as folder:
        insider = copied(written, folder)
        do_everything_else(insider.desk)
        yield insider
        insider.close()


@pytest.fixture(scope="module")
def grown(full: Insider) -> Iterator[Insider]:
    """That station with so many more rows that a subtree of its log's tree is kept."""
    with quick_folder() as folder:
        insider = copied(full, folder)
        insider.desk.commit("".join(row(f"B{number}") for number in range(256)))
        yield insider
        insider.close()


@pytest.fixture
def insider(written: Insider) -> Iterator[Insider]:
    """A copy of the station's database, to be changed at will."""
    with a_copy_of(written) as copy:
        yield copy


@contextmanager
def a_copy_of(original: Insider) -> Iterator[Insider]:
    """A copy of a station's database, to be changed at will."""
    with quick_folder() as folder:
        copy = copied(original, folder)
        yield copy
        copy.close()


def test_every_table_is_tampered_with(grown: Insider) -> None:
    """The tests below leave out no table, and each of them has rows."""
    assert grown.verify(*grown.notes).ok
    found = grown.do("SELECT name FROM sqlite_schema WHERE type = 'table'")
    assert sorted(name for (name,) in found) == sorted(TABLES)
    for table in TABLES:
        assert grown.do(f"SELECT count(*) FROM {table}") != [(0,)], table


def test_every_kind_of_entry_is_written(full: Insider) -> None:
    """The log holds every kind of deed that needs no file beside it, and no count of more than 25,000 exceptions."""
    found = {event for (event,) in full.do("SELECT DISTINCT json_extract(body, '$.event_type') FROM audit_log")}
    assert {kind.__struct_config__.tag for kind in get_args(AnyEntry)} - found == {
        "BACKUP",
        "RESTORE",
        "COUNT_EXCEPTIONS",
    }


def others(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever stands in a cell
    """Other values: of the same kind and none; of any kind, where there is none."""
    if value is None:
        return "B", 3, b"B" * 32
    changed = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else value
    return changed if isinstance(value, bytes) else value + (1 if isinstance(value, int) else "x"), None


class Forgery(NamedTuple):
    """Another value in a cell that can be stored at all."""

    column: str
    key: tuple[Any, ...]
    value: Any

    @property
    def kind(self) -> tuple[str, str]:
        """Which column gets what."""
        return self.column, type(self.value).__name__


def forge(insider: Insider, table: str, forgery: Forgery) -> None:
    """Put the value in its cell."""
    where = " AND ".join(f"{name} = ?" for name in TABLES[table])
    insider.do(f"UPDATE {table} SET {forgery.column} = ? WHERE {where}", (forgery.value, *forgery.key))


def forgeries(insider: Insider, table: str) -> Iterator[Forgery]:
    """Each column of each row with another value; not those of another kind, and keys that are taken."""
    columns = insider.columns(table)
    for cells in insider.do(f"SELECT * FROM {table}"):
        found = dict(zip(columns, cells, strict=True))
        key = tuple(found[name] for name in TABLES[table])
        for column, value in found.items():
            for another in others(value):
                forgery = Forgery(column, key, another)
                insider.do("BEGIN")
                with suppress(apsw.ConstraintError, apsw.MismatchError):
                    forge(insider, table, forgery)
                    yield forgery
                insider.do("ROLLBACK")


@pytest.mark.parametrize("table", TABLES)
def test_every_forged_cell_is_found(
    written: Insider, full: Insider, grown: Insider, table: str, sample: Sample
) -> None:
    """Each cell of each table, changed or emptied where that can be stored at all, is found, and where it is, said.

    Some cells of each table, others in each run, each column with each kind of value; in a soak every cell.
    """
    original = {"audit_subtrees": grown, "audit_log": written}.get(table, full)
    points = list(forgeries(original, table))
    assert {point.column for point in points} == set(original.columns(table))
    for forgery in sample(points, CELLS_SAMPLED, lambda point: point.kind):
        with a_copy_of(original) as insider:
            forge(insider, table, forgery)
            message = insider.must_be_caught(forgery.key[0] if table == "audit_log" else None)
            assert any(said in message for said in (f"Table {table}", *NAMED.get(table, ()))), message


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"audit_log"} - MAY_BE_MISSING))
def test_every_missing_row_is_found(full: Insider, grown: Insider, table: str) -> None:
    """Each row of each table, taken away, is found, and the table is named."""
    original = grown if table == "audit_subtrees" else full
    names = ", ".join(TABLES[table])
    where = " AND ".join(f"{name} = ?" for name in TABLES[table])
    for key in original.do(f"SELECT {names} FROM {table}"):
        with a_copy_of(original) as insider:
            insider.do(f"DELETE FROM {table} WHERE {where}", key)
            found = insider.verify()
            assert not found.ok
            assert LACKING.get(table, f"Table {table} lacks") in found.message, found.message


ADDED = {
    "accounts": "INSERT INTO accounts VALUES (9, 'Eve', 'eve', 'admin', 1, NULL, 0, NULL)",
    "api_tokens": "INSERT INTO api_tokens VALUES (9, 1, 'x', zeroblob(32), 0)",
    "assets": "INSERT INTO assets(asset_tag, status, equipment_type, latest_at) VALUES ('A9', 'RETIRED', 'laptop', '')",
    "audit_subtrees": "INSERT INTO audit_subtrees VALUES (1, 0, zeroblob(32))",
    "batches": "INSERT INTO batches VALUES (9, 20, 21)",
    "building_uses": "INSERT INTO building_uses VALUES (1, 'b1', 1)",
    "buildings": "INSERT INTO buildings VALUES ('b9', 'B9')",
    "contact_hashes": "INSERT INTO contact_hashes VALUES (2, zeroblob(32))",
    "contacts": "INSERT INTO contacts VALUES (2, zeroblob(16), 'x')",
    "credentials": "INSERT INTO credentials VALUES (2, 'second_factor', 'x')",
    "corrections": "INSERT INTO corrections VALUES (1, 99, 'A1')",
    "count_expected": "INSERT INTO count_expected VALUES (1, 'A4', NULL, NULL, NULL)",
    "count_scans": "INSERT INTO count_scans VALUES (2, 1)",
    "counts": "INSERT INTO counts VALUES (9, 1, NULL)",
    "handovers": "INSERT INTO handovers(batch_id, holder_id, accepted_seq) VALUES (1, 2, NULL)",
    "organisations": "INSERT INTO organisations VALUES (9, 'Base', 'base')",
    "receipt_texts": "INSERT INTO receipt_texts VALUES (9, 'x')",
    "receipts": "INSERT INTO receipts VALUES (9, 1, 1, NULL, 'x')",
    "signature_hashes": f"INSERT INTO signature_hashes VALUES (1, 'x', '{'0' * 64}')",
    "signatures": "INSERT INTO signatures VALUES (1, 'x', 'M1 1l1 1')",
    "rooms": "INSERT INTO rooms VALUES ('r9', 'R9', 'b1')",
    "settings": "INSERT INTO settings VALUES ('rules', 'x')",
    "cases": "INSERT INTO cases VALUES ('C9', 1)",
    "checkpoints": "INSERT INTO checkpoints SELECT 2, note FROM checkpoints WHERE size = 3",
    "holders": "INSERT INTO holders(holder_id, name, name_key) VALUES (9, 'Eve', 'eve')",
    "schema_migrations": "INSERT INTO schema_migrations VALUES (99, 'x', 'y')",
    "slots": "INSERT INTO slots VALUES ('C1', 4, NULL)",
    "station": "INSERT INTO station SELECT 2, station, timezone, public_key FROM station",
}


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"audit_log"}))
def test_an_added_row_is_found(full: Insider, table: str) -> None:
    """A row of which the log knows nothing is found, and the table is named."""
    with a_copy_of(full) as insider:
        insider.do(ADDED[table])
        message = insider.must_be_caught(None)
    assert any(said in message for said in (f"Table {table} ", *NAMED.get(table, ()))), message


def test_an_added_entry_is_found(insider: Insider) -> None:
    """An entry after the last checkpoint was not written by the station, whether it would be legal or not."""
    forged = insider.body(ENTRIES).replace(b'"seq":21', b'"seq":22')
    insider.do(
        "INSERT INTO audit_log SELECT 22, batch_id, asset_tag, NULL, ?, CAST(? AS TEXT) FROM audit_log WHERE seq = 21",
        (leaf_hash(forged), forged),
    )
    insider.must_be_caught(22)
    legal = (
        b'{"event_type":"HOLDER","holder_id":4,"name":"Eve","operator":"e","recorded_at":"x","seq":22,"version":"1"}'
    )
    insider.do("UPDATE audit_log SET batch_id = NULL, asset_tag = NULL WHERE seq = 22")
    insider.write_body(22, legal, rehash=True)
    assert insider.must_be_caught(22) == "Entries from 22 on are covered by no checkpoint."


OBJECTS = "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"


def test_every_dropped_object_is_found(written: Insider) -> None:
    """Each table, index and trigger of the schema, dropped, is found, and it is named."""
    for kind, name in written.do(OBJECTS):
        with a_copy_of(written) as insider:
            insider.do(f"DROP {kind} {name}")
            assert name in insider.must_be_caught(None)


def test_every_changed_object_is_found(written: Insider) -> None:
    """Each table, index and trigger that says something else than this version makes is found, and it is named."""
    for kind, name in written.do(OBJECTS):
        with a_copy_of(written) as insider:
            insider.do("PRAGMA writable_schema = ON")
            insider.do("UPDATE sqlite_schema SET sql = sql || ' -- weaker' WHERE name = ?", (name,))
            message = insider.must_be_caught(None)
            assert message == f"The {kind} {name} was changed."


@pytest.mark.parametrize(
    ("added", "named"),
    [
        ("CREATE TABLE notes(x)", "The table notes does not belong there."),
        ("CREATE INDEX by_status ON assets(status)", "The index by_status does not belong there."),
        ("CREATE VIEW v AS SELECT 1", "The view v does not belong there."),
        (
            "CREATE TRIGGER t AFTER INSERT ON slots BEGIN DELETE FROM slots; END",
            "The trigger t does not belong there.",
        ),
    ],
)
def test_an_added_object_is_found(insider: Insider, added: str, named: str) -> None:
    """Whatever the schema has that this version does not make is found, and it is named."""
    insider.do(added)
    assert insider.must_be_caught(None) == named


def test_a_weakened_trigger_is_found(insider: Insider) -> None:
    """A trigger of the same name that does nothing is not the trigger."""
    insider.do("DROP TRIGGER audit_log_keeps")
    insider.do("CREATE TRIGGER audit_log_keeps BEFORE UPDATE ON audit_log BEGIN SELECT 1; END")
    assert insider.must_be_caught(None) == "The trigger audit_log_keeps was changed."


def test_an_entry_is_named_before_the_schema(insider: Insider) -> None:
    """Where a trigger was dropped to change an entry, it is the entry that is named."""
    insider.do("DROP TRIGGER audit_log_keeps")
    insider.write_body(12, insider.body(12).replace(b"gcurl", b"mjone"))
    insider.must_be_caught(12)


@pytest.mark.parametrize(
    ("forgery", "said"),
    [
        ("UPDATE station SET public_key = ?", "Table station does not say what entry 1 says."),
        ("UPDATE station SET public_key = substr(?, 1, 0) || 'no hexadecimal digits'", "Table station"),
        ("UPDATE station SET station = 'assettrack-other' WHERE ? <> ''", "Table station"),
    ],
)
def test_a_station_that_is_not_the_logs_is_found(insider: Insider, forgery: str, said: str) -> None:
    """Where no checkpoint fits the station any more, it is the station's table that is named, not the checkpoint."""
    insider.do(forgery, (made_up_signer(seed=2).public_key.hex(),))
    assert said in insider.must_be_caught(None)
    assert said in insider.must_be_caught(None, insider.notes[0])


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE audit_log SET body = 'x' WHERE seq = 1",
        "UPDATE audit_log SET body = (SELECT body FROM audit_log WHERE seq = 2) WHERE seq = 1",
        "DELETE FROM audit_log",
    ],
)
def test_a_station_that_can_not_be_compared(insider: Insider, spoil: str) -> None:
    """Where entry 1 does not tell the station either, the checkpoint that does not fit is named."""
    insider.do("UPDATE station SET public_key = ?", (made_up_signer(seed=2).public_key.hex(),))
    insider.do(spoil)
    assert "The stored checkpoint of size 1 is not good" in insider.must_be_caught(None)


def test_a_signed_root_that_is_not_the_logs_is_found(insider: Insider) -> None:
    """A checkpoint in the station's own hand that states another root names the entries it can be about."""
    signed = sign_checkpoint(Checkpoint(STATION, 11, b"x" * 32), made_up_signer())
    assert "One of the entries 1 to 11 is not what was signed" in insider.must_be_caught(1, signed)
    known = insider.notes[3]
    assert "One of the entries 6 to 11 is not what was signed" in insider.must_be_caught(6, signed, known)
    insider.do("UPDATE checkpoints SET note = ? WHERE size = 11", (signed,))
    assert "One of the entries 6 to 11 is not what was signed" in insider.must_be_caught(6)


def test_a_damaged_file_is_found(insider: Insider) -> None:
    """A page that is no page, or text that is none, ends in an answer, not in an error."""
    insider.do("UPDATE assets SET model = CAST(x'ff' AS TEXT)")
    assert insider.verify().first_bad_seq is None
    assert not insider.verify().ok
    insider.do("PRAGMA wal_checkpoint(TRUNCATE)")
    insider.desk.store.close()
    path = insider.desk.store.path
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    found = insider.verify()
    assert (found.ok, found.first_bad_seq) == (False, None)
    assert "damaged" in found.message


def test_progress_is_told(grown: Insider, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the log is read, it is said how far; at the end that is the whole log."""
    monkeypatch.setattr(verification, "BLOCK_ROWS", 100)
    told: list[int] = []
    found = verification.verify(grown.desk.workplace, progress=told.append)
    assert found.ok
    assert told == sorted(told)
    assert {size for _, size in TRANSACTIONS} < set(told)
    before = found.entries - 257  # one entry for the facts of the batch, one for each row
    assert {before + 100, before + 200, found.entries} < set(told)


def test_the_root_is_that_of_the_last_checkpoint(grown: Insider) -> None:
    """The answer of a good log repeats what its last note states: size and root."""
    found = grown.verify()
    _, size, root, *_ = audit.latest_checkpoint(grown.desk.workplace).splitlines()
    assert (str(found.entries), found.root) == (size, root)
    assert len(base64.b64decode(found.root)) == 32
