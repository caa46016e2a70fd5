"""Verifying finds every change of the log and names the first bad entry (DESIGN §6): all places of a small log."""

import json
import os
import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.merkle import Tree, leaf_hash
from tests.sampling import Sample
from tests.services.desk import Desk
from tests.services.insider import ENTRIES, TRANSACTIONS, Insider, copied, quick_folder, transaction_of, transactions
from tests.store.stations import STATION, made_up_signer

SEQS = range(1, ENTRIES + 1)
BYTES_SAMPLED = 20
"""So many bytes of each body and of each hash are changed in the usual run; in a soak all are."""


@pytest.fixture(scope="module")
def written() -> Iterator[Insider]:
    """A station whose log holds some of everything; tests that change it put everything back."""
    with quick_folder() as folder:
        desk = Desk(folder)
        insider = Insider(desk, list(transactions(desk)))
        yield insider
        insider.close()


@pytest.fixture
def insider(written: Insider) -> Iterator[Insider]:
    """A copy of that station's database, to be changed at will."""
    with quick_folder() as folder:
        copy = copied(written, folder)
        yield copy
        copy.close()


def test_a_good_log_is_good(written: Insider) -> None:
    """Nothing is wrong with the log as it was written, and every checkpoint that ever left the station still holds."""
    assert [int(note.splitlines()[1]) for note in written.notes] == [last for _, last in TRANSACTIONS]
    found = written.verify(*written.notes)
    assert (found.ok, found.entries, found.first_bad_seq) == (True, ENTRIES, None)
    assert found.root == written.notes[-1].splitlines()[2]
    assert str(ENTRIES) in found.message


def another(byte: int, position: int) -> int:
    """Another value for a byte: from place to place its neighbour, itself in the other case, or any at all."""
    return (byte ^ 1, byte ^ 0x20, (byte + 1 + position % 255) % 256)[position % 3]


def with_byte(text: bytes, position: int, value: int) -> bytes:
    """A text with one byte changed."""
    return text[:position] + bytes([value]) + text[position + 1 :]


@pytest.mark.parametrize("seq", SEQS)
def test_every_changed_byte_of_a_body_is_found(written: Insider, seq: int, sample: Sample) -> None:
    """Whatever byte of a stored body is changed, this entry is named, and its hash is what gives it away.

    Some bytes of each entry, others in each run; in a soak every byte.
    """
    body = written.body(seq)
    for position in sample(range(len(body)), BYTES_SAMPLED):
        written.write_body(seq, with_byte(body, position, another(body[position], position)))
        assert f"Entry {seq} was changed" in written.must_be_caught(seq)
    written.write_body(seq, body)
    assert written.verify().ok


@pytest.mark.parametrize("seq", SEQS)
def test_every_changed_byte_of_a_leaf_is_found(written: Insider, seq: int, sample: Sample) -> None:
    """Whatever byte of a stored hash is changed, this entry is named; of which bytes, as above."""
    leaf = leaf_hash(written.body(seq))
    for position in sample(range(len(leaf)), BYTES_SAMPLED):
        changed = with_byte(leaf, position, another(leaf[position], position))
        written.do("UPDATE audit_log SET leaf = ? WHERE seq = ?", (changed, seq))
        assert f"Entry {seq} was changed" in written.must_be_caught(seq)
    written.do("UPDATE audit_log SET leaf = ? WHERE seq = ?", (leaf, seq))
    assert written.verify().ok


@pytest.mark.parametrize("seq", SEQS)
def test_every_changed_byte_of_a_body_with_its_hash_made_anew_is_found(
    written: Insider, seq: int, sample: Sample
) -> None:
    """Where the hash fits the changed body, the signed root does not: the entry is named, or those it stands among.

    What the rules or the entry itself contradict is named exactly; else the transaction's entries up to the last
    that could be meant. Of which bytes, as above.
    """
    body = written.body(seq)
    for position in sample(range(len(body)), BYTES_SAMPLED):
        written.write_body(seq, with_byte(body, position, another(body[position], position)), rehash=True)
        require_named(written, seq)
    written.write_body(seq, body, rehash=True)
    assert written.verify().ok


def require_named(insider: Insider, seq: int) -> None:
    """Make sure that verifying names an entry, or the entries it stands among, from the first of its transaction."""
    found = insider.verify()
    assert not found.ok
    if found.first_bad_seq != seq:
        first, last = transaction_of(seq)
        assert found.first_bad_seq == first, found.message
        begin = f"One of the entries {first} to "
        assert found.message.startswith(begin), found.message
        assert seq <= int(found.message.removeprefix(begin).split()[0]) <= last


@pytest.mark.soak
@pytest.mark.parametrize("seq", SEQS)
def test_every_byte_changed_to_every_other_value_is_found(written: Insider, seq: int) -> None:
    """As above, with all 255 other values, or as many as are asked for."""
    wanted = int(os.environ.get("ASSETTRACK_SOAK_N", "0")) // ENTRIES or None
    body = written.body(seq)
    changes = [(position, value) for position, byte in enumerate(body) for value in range(256) if value != byte]
    random.Random(seq).shuffle(changes)
    for position, value in changes[:wanted]:
        for rehash in (False, True):
            written.write_body(seq, with_byte(body, position, value), rehash=rehash)
            require_named(written, seq)
    written.write_body(seq, body, rehash=True)


@pytest.mark.parametrize("seq", SEQS)
def test_a_deleted_entry_is_found(insider: Insider, seq: int) -> None:
    """The entry that is missing is named, the last one too, whose checkpoint is still there."""
    insider.do("DELETE FROM audit_log WHERE seq = ?", (seq,))
    assert "missing" in insider.must_be_caught(seq)


@pytest.mark.parametrize("seq", range(1, ENTRIES))
def test_a_deleted_entry_is_found_though_those_after_it_close_the_gap(insider: Insider, seq: int) -> None:
    """Entries say their own numbers: moved down by one, the first of them is named."""
    insider.do("DELETE FROM audit_log WHERE seq = ?", (seq,))
    for later in range(seq + 1, ENTRIES + 1):
        insider.do("UPDATE audit_log SET seq = ? WHERE seq = ?", (later - 1, later))
    insider.must_be_caught(seq)


@pytest.mark.parametrize(("one", "other"), list(combinations(SEQS, 2)))
def test_two_entries_that_changed_places_are_found(written: Insider, one: int, other: int) -> None:
    """The first of the two places is named, the entries being whole with all they are filed under."""
    change_places(written, one, other)
    written.must_be_caught(one)
    change_places(written, one, other)
    assert written.verify().ok


def change_places(insider: Insider, one: int, other: int) -> None:
    """Give each of two entries the other's number."""
    for old, new in ((one, 1000), (other, one), (1000, other)):
        insider.do("UPDATE audit_log SET seq = ? WHERE seq = ?", (new, old))


def cut(insider: Insider, size: int, tables: tuple[str, ...] = ("audit_log",)) -> None:
    """Take the end off the log, and off other tables that count along with it."""
    columns = {"audit_log": "seq", "checkpoints": "size", "batches": "last_seq"}
    for table in tables:
        insider.do(f"DELETE FROM {table} WHERE {columns[table]} > ?", (size,))


@pytest.mark.parametrize("size", range(ENTRIES))
def test_a_log_cut_off_before_a_checkpoint_is_found(insider: Insider, size: int) -> None:
    """As long as one checkpoint is there that states more entries, the first missing one is named."""
    cut(insider, size)
    assert "missing" in insider.must_be_caught(size + 1)


@pytest.mark.parametrize("size", range(1, ENTRIES))
def test_a_log_cut_off_with_its_checkpoints_is_found_by_one_held_outside(insider: Insider, size: int) -> None:
    """Once the stored checkpoints are cut off as well, one that left the station tells, and the tables do."""
    cut(insider, size, ("audit_log", "checkpoints", "batches"))
    assert "missing" in insider.must_be_caught(size + 1, insider.notes[-1])
    alone = insider.verify()
    assert not alone.ok
    within = size not in {last for _, last in TRANSACTIONS}
    assert (alone.first_bad_seq is not None) == within, alone.message


@pytest.mark.parametrize("number", range(len(TRANSACTIONS) - 1))
def test_an_old_backup_in_the_place_of_the_database_is_found_by_a_checkpoint_held_outside(number: int) -> None:
    """A whole older database is good in itself: only what left the station later shows that entries are missing."""
    with quick_folder() as folder, quick_folder() as elsewhere:
        desk = Desk(folder)
        insider, notes, backups = Insider(desk, []), [], []
        for note in transactions(desk):
            notes.append(note)
            if len(notes) == number + 1:
                backups.append(copied(insider, elsewhere))
        (backup,) = backups
        assert backup.verify(*notes[: number + 1]).ok
        missing = TRANSACTIONS[number][1] + 1
        assert "missing" in backup.must_be_caught(missing, notes[-1])
        assert "missing" in backup.must_be_caught(missing, *notes)
        backup.close()
        insider.close()


def rewrite(insider: Insider, seq: int, **fields: object) -> None:
    """Write an entry that says something else, its hash made anew."""
    body = json.loads(insider.body(seq)) | fields
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    insider.write_body(seq, text.encode(), rehash=True)


def sign_anew(insider: Insider, seed: int) -> None:
    """Put checkpoints signed with some key in the place of all that are stored."""
    signer, tree = made_up_signer(seed=seed), Tree()
    for seq, leaf in insider.do("SELECT seq, leaf FROM audit_log ORDER BY seq"):
        tree.append([leaf])
        note = sign_checkpoint(Checkpoint(STATION, seq, tree.root()), signer)
        insider.do("UPDATE checkpoints SET note = ? WHERE size = ?", (note, seq))


def rewrite_history(insider: Insider, seed: int) -> None:
    """Register another holder in entry 5, and make everything that depends on it anew, with some key."""
    key = made_up_signer(seed=seed).public_key.hex()
    rewrite(insider, 1, public_key=key)
    rewrite(insider, 5, name="Eve Quill")
    insider.do("UPDATE station SET public_key = ?", (key,))
    insider.do("UPDATE holders SET name = 'Eve Quill', name_key = 'eve quill' WHERE holder_id = 2")
    sign_anew(insider, seed)


def test_a_history_rewritten_with_another_key_is_found_by_a_checkpoint_held_outside(insider: Insider) -> None:
    """Rewritten whole, the database is good in itself; no note that ever left the station was signed by its new key."""
    rewrite_history(insider, seed=2)
    assert insider.verify().ok
    for note in insider.notes:
        assert "The checkpoint handed in is not good: None of its signatures" in insider.must_be_caught(None, note)


def test_a_history_rewritten_with_the_stations_own_key_is_found_by_a_checkpoint_held_outside(insider: Insider) -> None:
    """Whoever has the key can sign another history, but not undo a note that left: it names where they part."""
    rewrite_history(insider, seed=1)
    known = insider.notes[:3]
    assert insider.verify(*known).ok
    for note, (_, last) in zip(insider.notes[3:], TRANSACTIONS[3:], strict=True):
        named = "Entry 5" if last == 5 else f"One of the entries 5 to {last}"
        assert insider.must_be_caught(5, *known, note).startswith(f"{named} is not what was signed")
        insider.must_be_caught(1, note)
    assert insider.must_be_caught(5, *reversed(insider.notes)).startswith("Entry 5 is not what was signed")


@pytest.mark.parametrize(
    ("seq", "fields", "named"),
    [
        (3, {"case_name": "C1"}, 3),  # prepared twice
        (8, {"row_number": 9, "before": {}}, 8),
        (9, {"late_reason": "forgotten"}, 9),
        (12, {"before": None}, 12),
        (16, {"holder_id": 1}, 16),
        (20, {"after": None}, 20),
    ],
)
def test_an_illegal_history_is_found_though_all_of_it_is_signed(
    insider: Insider, seq: int, fields: dict[str, object], named: int
) -> None:
    """Whoever has the key can sign anything; what the rules would never have written is found by replaying them."""
    rewrite(insider, seq, **fields)
    sign_anew(insider, seed=1)
    insider.must_be_caught(named)


def test_a_batch_that_was_made_to_end_early_is_found(insider: Insider) -> None:
    """The entry after the false end is where it shows; the fault is among those under the next checkpoint up to it."""
    rewrite(insider, 15, rows=3)
    assert insider.must_be_caught(15).startswith("One of the entries 15 to 19 is not what was signed: Entry 19")
    sign_anew(insider, seed=1)
    assert insider.must_be_caught(19) == "Entry 19 is a row that belongs to no batch."


def test_several_checkpoints_that_do_not_fit_are_one_fault(insider: Insider) -> None:
    """Two notes handed in that state other roots of the same size end in one answer."""
    notes = [sign_checkpoint(Checkpoint(STATION, 11, root * 32), made_up_signer()) for root in (b"x", b"y")]
    assert "One of the entries 1 to 11" in insider.must_be_caught(1, *notes)
