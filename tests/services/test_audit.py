"""The log for whoever wants to check it: read it, take a checkpoint, prove one entry without the rest."""

import base64
import json
from hashlib import sha256

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import read_note
from assettrack.domain.merkle import verify_inclusion
from assettrack.services import audit
from assettrack.station.keys import verify_signature
from tests.services.desk import Desk, row
from tests.store.stations import STATION, made_up_signer


def checkpoint(note: str) -> tuple[int, bytes]:
    """Size and root that a note states, once its signature is known to be the station's."""
    key = made_up_signer().public_key
    found = read_note(note, origin=STATION, public_key=key, verify=verify_signature)
    return found.size, found.root


def test_the_log_is_read_in_its_order(desk: Desk) -> None:
    """Entries come by number, from the first asked for to the last, or to the end."""
    desk.commit(row("A1") + row("A2"))
    everything = [json.loads(body) for body in audit.entries(desk.workplace, 1, None)]
    assert [entry["seq"] for entry in everything] == list(range(1, audit.log_size(desk.workplace) + 1))
    assert [json.loads(body)["seq"] for body in audit.entries(desk.workplace, 3, 5)] == [3, 4, 5]
    assert list(audit.entries(desk.workplace, 99, None)) == []


def test_the_latest_checkpoint_covers_the_whole_log(desk: Desk) -> None:
    """After every transaction there is a signed note of the log's size and root."""
    for tag in ("A1", "A2"):
        receipt = desk.commit(row(tag))
        note = audit.latest_checkpoint(desk.workplace)
        assert (note, checkpoint(note)[0]) == (receipt.checkpoint, audit.log_size(desk.workplace))


def test_every_entry_can_be_proved(desk: Desk) -> None:
    """From body, proof and checkpoint alone anybody can compute that the entry is in the log that was signed."""
    desk.commit("".join(row(f"A{number}") for number in range(300)))  # more than one kept subtree
    size = audit.log_size(desk.workplace)
    for seq in (1, 2, 255, 256, 257, size):
        proof = audit.prove(desk.workplace, seq)
        assert json.loads(proof.body)["seq"] == proof.seq == seq
        leaf = sha256(b"\x00" + proof.body.encode()).digest()
        assert base64.b64decode(proof.leaf) == leaf
        stated, root = checkpoint(proof.checkpoint)
        hashes = [base64.b64decode(text) for text in proof.proof]
        assert stated == size
        assert verify_inclusion(leaf, seq - 1, size=size, proof=hashes, root=root)
        assert not verify_inclusion(leaf, seq % size, size=size, proof=hashes, root=root)


@pytest.mark.parametrize("seq", [-1, 0, 4, 2**70])
def test_an_entry_that_is_not_there_has_no_proof(bare: Desk, seq: int) -> None:
    """Only entries 1 to the log's size can be proved."""
    with pytest.raises(errors.NotFound, match=f"There is no entry {seq}"):
        audit.prove(bare.workplace, seq)


def break_file(desk: Desk, statement: str) -> None:
    """Change the database by hand, without its triggers."""
    with apsw.Connection(str(desk.store.path)) as connection:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute(statement)
    connection.close()


def test_a_log_without_its_checkpoint_is_damaged(desk: Desk) -> None:
    """Where no note covers the log, none is made up; nor can anything be proved."""
    break_file(desk, f"DELETE FROM checkpoints WHERE size = {desk.log_size}")
    with pytest.raises(station_errors.DatabaseDamaged, match="no checkpoint"):
        audit.latest_checkpoint(desk.workplace)
    with pytest.raises(station_errors.DatabaseDamaged, match="no checkpoint"):
        audit.prove(desk.workplace, 1)


def test_a_log_that_lacks_entries_is_damaged(desk: Desk) -> None:
    """Where entries are missing no proof is made, of them or of others, and nothing more is committed."""
    desk.commit("".join(row(f"A{number}") for number in range(257 - desk.log_size - 1)))
    break_file(desk, "DELETE FROM audit_log WHERE seq IN (2, 257)")
    break_file(desk, "INSERT INTO audit_log SELECT 258, NULL, NULL, NULL, leaf, body FROM audit_log WHERE seq = 1")
    break_file(desk, "INSERT INTO checkpoints SELECT 258, note FROM checkpoints WHERE size = 257")
    for seq in (1, 2, 257, 258):
        with pytest.raises(station_errors.DatabaseDamaged):
            audit.prove(desk.workplace, seq)
    with pytest.raises(station_errors.DatabaseDamaged, match="its log can't be continued"):
        desk.commit(row("B1"))
