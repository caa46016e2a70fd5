"""Exporting a station's log and checking it: the same log as in the database, or nothing; and what a check answers."""

import json
from base64 import b64decode

import apsw
import msgspec
import pytest

from assettrack.domain import station_errors
from assettrack.domain.checkpoints import read_note
from assettrack.domain.log_export import NotAnExport
from assettrack.domain.merkle import LEVEL_WIDTH
from assettrack.services import audit, log_export
from assettrack.services.verification import Verification
from assettrack.station.keys import verify_signature
from tests.services.desk import Desk, row
from tests.store.stations import STATION, made_up_signer


def exported(desk: Desk, seen: list[int] | None = None) -> list[bytes]:
    """The lines of an export of the whole log."""
    with log_export.exporting(desk.workplace, None if seen is None else seen.append) as made:
        return b"".join(made.blocks).splitlines(keepends=True)


def checked(lines: list[bytes], key: str | None = None) -> Verification:
    """What checking an export answers."""
    return log_export.check(lines, verify_signature, key)


def break_file(desk: Desk, statement: str) -> None:
    """Change the database by hand, without its triggers."""
    with apsw.Connection(str(desk.store.path)) as connection:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("more", [0, 300])
def test_an_export_holds_every_entry_as_the_log_does(desk: Desk, more: int) -> None:
    """Each entry is there with its stored text and the proof that `audit prove` gives; the note is the latest."""
    if more:
        desk.commit("".join(row(f"A{number}") for number in range(more)))
    size = desk.log_size
    first, *lines = map(json.loads, exported(desk))
    note = audit.latest_checkpoint(desk.workplace)
    key = made_up_signer().public_key
    stated = read_note(note, origin=STATION, public_key=key, verify=verify_signature)
    assert (first["origin"], first["public_key"], first["size"], first["checkpoint"]) == (
        STATION,
        key.hex(),
        size,
        note,
    )
    assert b64decode(first["root"]) == stated.root
    for seq in {1, 2, size // 2, min(size, 256), min(size, 257), size}:
        proof = audit.prove(desk.workplace, seq)
        assert lines[seq - 1] == {"seq": seq, "body": proof.body, "leaf": proof.leaf, "proof": list(proof.proof)}
    assert len(lines) == size


def test_a_good_export_is_answered_as_such(desk: Desk) -> None:
    """The answer has the log's size and root and says whose key it is; the station's own key is accepted."""
    lines = exported(desk)
    first = json.loads(lines[0])
    found = checked(lines)
    assert (found.ok, found.entries, found.root, found.first_bad_seq) == (True, desk.log_size, first["root"], None)
    assert f"signed by {STATION}+" in found.message
    key = found.message.rpartition(" ")[2].rstrip(".")
    assert checked(lines, key).ok


def test_the_first_fault_of_an_export_is_answered(desk: Desk) -> None:
    """A changed entry is named; a header that is not good names none; size and root are those of the header."""
    lines = exported(desk)
    first = json.loads(lines[0])
    found = checked([lines[0], lines[1], lines[2].replace(b"CASE", b"BASE", 1), *lines[3:]])
    assert (found.ok, found.entries, found.root, found.first_bad_seq) == (False, first["size"], first["root"], 2)
    assert found.message.startswith("Entry 2 was changed")
    another = checked(lines, "another")
    assert (another.ok, another.first_bad_seq) == (False, None)
    assert "not with the key that was asked for" in another.message


@pytest.mark.parametrize("lines", [[], [b""], [b"asset_tag\n"]])
def test_what_is_no_export_is_not_judged(lines: list[bytes]) -> None:
    """Nothing, and any other file, is no export."""
    with pytest.raises(NotAnExport):
        checked(lines)


def test_an_export_is_of_one_moment(desk: Desk) -> None:
    """What is committed while an export is written is not in it, and nobody has to wait."""
    size = desk.log_size
    colleague = Desk(desk.folder, set_up=False)
    with log_export.exporting(desk.workplace) as made:
        parts = [next(made.blocks)]
        colleague.commit(row("A1"))
        parts += made.blocks
    colleague.store.close()
    assert checked(b"".join(parts).splitlines(keepends=True)).entries == size < desk.log_size


def test_it_is_told_how_far_the_work_is(desk: Desk) -> None:
    """Every 256 entries the number of those done is told, to who asked for it."""
    desk.commit("".join(row(f"A{number}") for number in range(600)))
    written, read = list[int](), list[int]()
    lines = exported(desk, written)
    log_export.check(lines, verify_signature, progress=read.append)
    full = list(range(LEVEL_WIDTH, desk.log_size + 1, LEVEL_WIDTH))
    assert len(full) == 2
    assert read == full
    assert written == [0, *full, full[-1] + LEVEL_WIDTH]


FAULTS = (
    ("UPDATE audit_log SET body = replace(body, 'CASE-01', 'CASE-02') WHERE seq = 2", "its entry 2 does not have the"),
    ("UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 3", "do not lead to the root"),
    ("DELETE FROM audit_log WHERE seq = 2", "hashes of its log|do not lead|is missing"),
    ("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)", "no checkpoint that covers it"),
    ("UPDATE checkpoints SET note = replace(note, 'assettrack', 'assettrick')", "its last checkpoint is not good"),
    ("UPDATE checkpoints SET note = (SELECT note FROM checkpoints ORDER BY size LIMIT 1)", "checkpoint states 1 "),
    ("UPDATE station SET public_key = replace(public_key, substr(public_key, 1, 2), 'zz')", "is not good"),
)  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), FAULTS)
def test_a_log_that_is_not_what_was_signed_is_not_exported(desk: Desk, statement: str, words: str) -> None:
    """Before or while it is written, an unsound log stops the export as damage."""
    break_file(desk, statement)
    with pytest.raises(station_errors.DatabaseDamaged, match=words):
        exported(desk)


def test_an_export_changes_nothing(desk: Desk) -> None:
    """Exporting only reads."""
    with desk.unchanged():
        exported(desk)


def test_a_station_without_checkpoints_of_its_own_key_exports_nothing(desk: Desk) -> None:
    """Whoever can't verify a signature can't export."""
    blind = msgspec.structs.replace(desk.workplace, verify=lambda *_: False)
    with pytest.raises(station_errors.DatabaseDamaged, match="signature"), log_export.exporting(blind):
        pass
