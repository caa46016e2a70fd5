"""Checkpoints handed in to verifying: whose fault it is where one does not hold, and what of the log is said."""

import base64
from collections.abc import Iterator

import pytest

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.merkle import EMPTY_ROOT
from tests.services.desk import Desk
from tests.services.insider import ENTRIES, Insider, copied, quick_folder, transactions
from tests.store.stations import STATION, made_up_signer


@pytest.fixture(scope="module")
def written() -> Iterator[Insider]:
    """A station whose log holds some of everything."""
    with quick_folder() as folder:
        desk = Desk(folder)
        insider = Insider(desk, list(transactions(desk)))
        yield insider
        insider.close()


@pytest.fixture
def insider(written: Insider) -> Iterator[Insider]:
    """A copy of the station's database, to be changed at will."""
    with quick_folder() as folder:
        copy = copied(written, folder)
        yield copy
        copy.close()


@pytest.mark.parametrize("note", ["", "x", "a\n1\nb\n\n— a b\n", "cut", "other station", "too new", "flipped"])
def test_a_checkpoint_handed_in_must_be_good(written: Insider, note: str) -> None:
    """A note that is none, is damaged, or was signed by another station is no proof of anything."""
    good = written.notes[-1]
    elsewhere = sign_checkpoint(Checkpoint("elsewhere", 1, b"x" * 32), made_up_signer("elsewhere"))
    notes = {"cut": good[:-2], "other station": elsewhere, "flipped": good.replace("\n21\n", "\n12\n")}
    if note == "too new":
        signed = sign_checkpoint(Checkpoint(STATION, 99, b"x" * 32), made_up_signer())
        assert "a checkpoint states 99 entries" in written.must_be_caught(ENTRIES + 1, signed)
    else:
        assert "The checkpoint handed in is not good" in written.must_be_caught(None, notes.get(note, note))


def test_a_foreign_checkpoint_is_at_fault_and_not_the_log(written: Insider) -> None:
    """Another station's says nothing about this log, which is verified all the same: its size and root are told."""
    note = sign_checkpoint(Checkpoint("elsewhere", 1, b"x" * 32), made_up_signer("elsewhere"))
    good, found = written.verify(), written.verify(note)
    assert (found.ok, found.log_ok, good.log_ok) == (False, True, True)
    assert (found.entries, found.root, found.first_bad_seq) == (good.entries, good.root, None)
    assert found.message == (
        "The checkpoint handed in is not good: This is a checkpoint of 'elsewhere', not of 'assettrack-test0001'. "
        f"It says nothing about this log. Apart from that the audit log is good: {good.message}"
    )


def test_a_checkpoint_with_another_key_is_forged_or_the_database_is(written: Insider) -> None:
    """In the station's name but not with its key: nobody but who knows the key can tell which of the two is forged."""
    station, size, root = written.notes[-1].split("\n")[:3]
    stated = Checkpoint(station, int(size), base64.b64decode(root))
    forged = sign_checkpoint(stated, made_up_signer(seed=2))
    found = written.verify(written.notes[0], forged)
    assert (found.ok, found.log_ok) == (False, True)
    assert found.message.startswith("Checkpoint 2 of those handed in is not good: None of its signatures was made")
    assert "Either it was forged, or this database was made anew with another key" in found.message
    changed = written.verify(written.notes[-1].replace("\n21\n", "\n12\n"))
    assert (changed.ok, changed.log_ok, "Either" in changed.message) == (False, True, False)
    assert "the text or the signature was changed" in changed.message


def test_a_bad_log_and_a_foreign_checkpoint_are_both_told(insider: Insider) -> None:
    """The log is not good then, and the entry at fault is named; what is wrong with the checkpoint follows."""
    note = sign_checkpoint(Checkpoint("elsewhere", 1, b"x" * 32), made_up_signer("elsewhere"))
    insider.write_body(8, b"{}")
    alone, found = insider.verify(), insider.verify(note)
    assert (found.ok, found.log_ok, found.first_bad_seq) == (False, False, 8)
    assert found.message.startswith(f"{alone.message} The checkpoint handed in is not good: This is a checkpoint of")
    assert "is good:" not in found.message


def test_a_checkpoint_of_an_empty_log_is_not_good(written: Insider) -> None:
    """A station's first transaction has an entry, so a note of size 0 was never signed by its program."""
    empty = sign_checkpoint(Checkpoint(STATION, 0, EMPTY_ROOT), made_up_signer())
    assert "The checkpoint handed in is not good: It states an empty log" in written.must_be_caught(None, empty)
