"""Deeds about the database as a whole: what may be said of a backup and of a restore, and that the replay agrees."""

from base64 import b64encode

import msgspec
import pytest

from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.backup_deeds import (
    AGAIN,
    BackupFacts,
    RestoreFacts,
    gave_up_just,
    record_backup,
    record_restore,
)
from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.deeds import Deed, Record
from assettrack.domain.entries.station import BackupEntry, RestoreEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.replay import IllegalEntry, Replay
from tests.domain.trial_log import TrialLog

ROOT = b64encode(bytes(range(32))).decode()
MADE = BackupFacts(2, ROOT, "ab" * 32, "monday.backup")
RESTORED = RestoreFacts(2, 5, ROOT, "the disk failed")


def begun() -> TrialLog:
    """A log of two entries."""
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    return log


def kept(log: TrialLog, deed: Deed) -> Record:
    """Append a deed of one entry to a log, and return its record."""
    (record,) = deed.records
    log.records.append(record)
    return record


def test_a_backup_is_told_with_what_it_holds() -> None:
    """The entry states size and root of the log in the backup, its file and hash, and changes no state."""
    log = begun()
    deed = record_backup(MADE, 3, log.signoff)
    assert (list(deed.facts), deed.kept, deed.holders) == ([], (), ())
    entry = decode_body(kept(log, deed).body)
    assert isinstance(entry, BackupEntry)
    assert (entry.seq, entry.entries, entry.root, entry.sha256, entry.file) == (3, *MADE)


def test_a_restore_is_told_with_what_it_gave_up() -> None:
    """The entry is the first after what was put back, and states the newest checkpoint known before, and why."""
    log = begun()
    entry = decode_body(kept(log, record_restore(RESTORED, 3, log.signoff)).body)
    assert isinstance(entry, RestoreEntry)
    assert (entry.seq, entry.entries) == (3, 2)
    assert (entry.replaced_entries, entry.replaced_root, entry.reason) == (5, ROOT, "the disk failed")


def test_the_replay_agrees() -> None:
    """A log with both leads to the state it has without them."""
    log = begun()
    kept(log, record_backup(MADE, 3, log.signoff))
    kept(log, record_restore(RESTORED._replace(entries=3), 4, log.signoff))
    log.holder("Jane Smith")
    replay = Replay()
    replay.run(iter(log.records))
    assert replay.inventory.cases == {"CASE-01": 4}
    assert [holder.name for holder in replay.inventory.holders.all] == ["Jane Smith"]
    assert replay.checkpoint_sizes == [1, 2, 3, 4]
    assert AGAIN.keys() == {BackupEntry, RestoreEntry}


IMPOSSIBLE_BACKUPS = {
    "of nothing": (MADE._replace(entries=0), "first entry"),
    "of itself": (MADE._replace(entries=3), "more than there were"),
    "without root": (MADE._replace(root=""), "root"),
    "with a short root": (MADE._replace(root=b64encode(b"x" * 31).decode()), "root"),
    "with a root in other letters": (MADE._replace(root="é" * 44), "root"),
    "with a root written otherwise": (MADE._replace(root=ROOT[:-2] + "9="), "root"),
    "with a short hash": (MADE._replace(sha256="ab" * 31), "SHA-256"),
    "with a hash in capitals": (MADE._replace(sha256="AB" * 32), "SHA-256"),
    "without a name": (MADE._replace(file=" "), "name"),
    "with a name that can't be printed": (MADE._replace(file="a\nb"), "name"),
}
IMPOSSIBLE_RESTORES = {
    "of less than what is there": (RESTORED._replace(entries=1), "goes on with entry 2"),
    "of itself": (RESTORED._replace(entries=3), "goes on with entry 4"),
    "that knew of nothing": (RESTORED._replace(replaced_entries=0), "first entry"),
    "without root": (RESTORED._replace(replaced_root="?"), "root"),
    "without reason": (RESTORED._replace(reason=""), "why"),
    "with a reason that can't be printed": (RESTORED._replace(reason="a\x1b[2J"), "why"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE_BACKUPS)
def test_an_impossible_backup_is_refused_and_found(case: str) -> None:
    """What no backup of this log can be is not recorded, and an entry that says so all the same ends the replay."""
    facts, reason = IMPOSSIBLE_BACKUPS[case]
    log = begun()
    with pytest.raises(NotAllowed) as refused:
        record_backup(facts, 3, log.signoff)
    assert refused.value.code == "backup_impossible"
    assert reason in refused.value.sentence
    forged(log, MADE._asdict(), facts._asdict(), record_backup(MADE, 3, log.signoff))


@pytest.mark.parametrize("case", IMPOSSIBLE_RESTORES)
def test_an_impossible_restore_is_refused_and_found(case: str) -> None:
    """What no restore can be is not recorded, and an entry that says so all the same ends the replay."""
    facts, reason = IMPOSSIBLE_RESTORES[case]
    log = begun()
    with pytest.raises(NotAllowed) as refused:
        record_restore(facts, 3, log.signoff)
    assert refused.value.code == "restore_impossible"
    assert reason in refused.value.sentence
    forged(log, RESTORED._asdict(), facts._asdict(), record_restore(RESTORED, 3, log.signoff))


def forged(log: TrialLog, good: dict[str, object], bad: dict[str, object], deed: Deed) -> None:
    """Append a deed's entry with other facts in it, which must end the replay there."""
    (record,) = deed.records
    assert good.keys() == bad.keys()
    entry = msgspec.structs.replace(decode_body(record.body), **bad)
    log.records.append(record._replace(body=encode_body(entry)))
    with pytest.raises(IllegalEntry) as found:
        Replay().run(iter(log.records))
    assert found.value.seq == 3
    assert "is not allowed" in found.value.reason


def test_what_just_was_given_up_is_recognised() -> None:
    """A restore explains the checkpoint it names, and none of another size or root."""
    log = begun()
    entry = decode_body(kept(log, record_restore(RESTORED, 3, log.signoff)).body)
    assert isinstance(entry, RestoreEntry)
    assert gave_up_just(entry, Checkpoint("s", 5, bytes(range(32))))
    assert not gave_up_just(entry, Checkpoint("s", 4, bytes(range(32))))
    assert not gave_up_just(entry, Checkpoint("s", 5, bytes(32)))
