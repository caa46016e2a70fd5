"""Files of scans at a station: cards known there, committed once, and the log tells how they were read."""

import msgspec
import pytest

from assettrack.domain import download_errors, errors
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.people_deeds import Registration
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.formats import scanner_dump
from assettrack.services import assets, holders, intake, verification
from assettrack.services.downloads import with_reading
from assettrack.services.scan_files import SaidOfFile, batch_of
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import END, event, slot
from tests.services.desk import Desk
from tests.services.printed import badge

LAPTOP = Options({"equipment_type": "laptop"})
TIMES = tuple(f"2026-02-17 08:{minute:02d}:00" for minute in range(60))


def dump(*texts: str, head: str = "") -> Dump:
    """Return the scans of a file, a minute apart and in the order of times, kinds and codes."""
    lines = [f"{time},Code 128,{text}" for time, text in zip(TIMES, texts, strict=False)]
    found = scanner_dump.read("\n".join([head, *lines]).encode())
    assert isinstance(found, Dump)
    return found


def committed(desk: Desk, found: Dump, said: SaidOfFile | None = None) -> intake.CommitReceipt:
    """Commit a file that was previewed."""
    batch = batch_of(desk.workplace, found, said or SaidOfFile())
    options = with_reading(LAPTOP, batch)
    plan = intake.preview(desk.workplace, batch, options)
    assert (plan.problems, plan.refusals) == ([], [])
    again = batch_of(desk.workplace, found, said or SaidOfFile())
    return intake.commit(desk.workplace, again, "scans.txt", with_reading(LAPTOP, again), confirm=plan.confirm_code)


def test_a_file_with_cards_is_committed_like_a_download(desk: Desk) -> None:
    """Its cards say all, its assets are where they were scanned, the log tells its form, and it is taken once."""
    found = dump(card_of("KIM"), event("SCAN"), slot("CASE-01", 1), "LT-1", END)
    receipt = committed(desk, found)
    assert receipt.committed == 1
    assert assets.asset(desk.workplace, "LT-1").where == "in CASE-01 slot 1"
    with desk.store.read() as snapshot:
        row = snapshot.batch(receipt.batch_id)
        assert row is not None
        entry = entry_at(snapshot, row.first_seq, BatchEntry)
    assert entry.options.scanner is not None
    assert (entry.options.scanner.read_as, entry.options.scanner.scans) == ("hcr", 5)
    assert entry.source_sha256 == found.sha256
    assert committed(desk, found).already_committed
    assert verification.verify(desk.workplace, [], None).ok


def card_of(name: str) -> str:
    """Return the begin card of somebody who is named in letters."""
    from assettrack.domain import cards

    return cards.written(cards.Card(cards.CardKind.BEGIN, name))


def test_badges_of_a_file_are_the_stations_holders(desk: Desk) -> None:
    """A holder's badge among the scans names who has that number here."""
    committed(desk, dump(card_of("KIM"), event("SCAN"), "LT-1", event("ISSUE"), badge(desk.workplace), "LT-1"))
    assert assets.asset(desk.workplace, "LT-1").where == "in custody of Jane Smith"


def test_cards_of_another_program_are_identifiers(desk: Desk) -> None:
    """Who is known by the identifier on a card gets the asset; an identifier of two is nobody's."""
    known = (("Ada Lovelace", "B-1"), ("Grace Hopper", "B-2"), ("Mary Jackson", "B-2"))
    listed = {line: Registration(name, None, identifier) for line, (name, identifier) in enumerate(known, 2)}
    holders.register_all(desk.workplace, listed, "holders.csv")
    head = "Version=1.0\tGenerator=desk\tGeneratorVersion=2"
    lines = [f"{TIMES[0]}\tissue\tB-1\tLT-1", f"{TIMES[1]}\tissue\tB-2\tLT-2"]
    found = scanner_dump.read("\n".join([head, *lines]).encode())
    assert isinstance(found, Dump)
    batch = batch_of(desk.workplace, found, SaidOfFile(Answers(operator="mara")))
    assert [row[4] for row in batch.rows()] == ["Ada Lovelace", "B-2"]


def test_a_time_for_scans_without_one_is_read_as_the_stations(desk: Desk) -> None:
    """What is said has the form of a batch's time; what is none, or came twice, is refused."""
    found = scanner_dump.read(b"LT-1\nLT-2\n")
    assert isinstance(found, Dump)
    said = SaidOfFile(Answers(operator="mara", event_type="SCAN"), at="2026-02-17T09:00")
    batch = batch_of(desk.workplace, found, said)
    assert [row[1] for row in batch.rows()] == ["2026-02-17T08:00:00Z"] * 2  # Berlin is an hour ahead
    assert batch.reading.answers.untimed_at_download
    for at in ("now", "2026-02-30T09:00"):
        with pytest.raises(errors.ValueUnusable, match="--at"):
            batch_of(desk.workplace, found, msgspec.structs.replace(said, at=at))
    twice = "2025-10-26T02:30"  # at 3 the clocks went back to 2
    with pytest.raises(errors.ValueUnusable, match="write it with its offset"):
        batch_of(desk.workplace, found, msgspec.structs.replace(said, at=twice))
    first = batch_of(desk.workplace, found, msgspec.structs.replace(said, at=f"{twice}+02:00"))
    assert [row[1] for row in first.rows()] == ["2025-10-26T00:30:00Z"] * 2


def test_a_label_in_plain_letters_is_the_stations_slot(desk: Desk) -> None:
    """In the file of a scanner that is a disk, a label of QR or Data Matrix names a slot of this station."""
    text = b"CASE-01 SLOT-03,003278,14:41:03,23/11/2025\r\nLT-1,003278,14:41:09,23/11/2025\r\n"
    found = scanner_dump.read(text)
    assert isinstance(found, Dump)
    committed(desk, found, SaidOfFile(Answers(operator="mara", event_type="SCAN")))
    assert assets.asset(desk.workplace, "LT-1").where == "in CASE-01 slot 3"


def test_a_quantity_is_a_question_that_can_be_taken(desk: Desk) -> None:
    """What a file asks about a scan is answered by taking it; about another scan there is nothing to take."""
    found = scanner_dump.read(b"LT-1,2,003278,14:41:03,23/11/2025\r\nLT-2,1,003278,14:41:05,23/11/2025\r\n")
    assert isinstance(found, Dump)
    answers = Answers(operator="mara", event_type="SCAN", taken=(1,))
    assert batch_of(desk.workplace, found, SaidOfFile(answers)).problems == []
    other = msgspec.structs.replace(answers, taken=(1, 2))
    assert [each.code for each in batch_of(desk.workplace, found, SaidOfFile(other)).problems] == ["take_unasked"]


def test_the_same_bytes_do_not_count_twice_with_another_time_in_silence(desk: Desk) -> None:
    """A file that was committed is asked about when its scans would be other rows; the same, or anew, is taken."""
    found = scanner_dump.read(b"LT-1\nLT-2\n")
    assert isinstance(found, Dump)
    said = SaidOfFile(Answers(operator="mara", event_type="SCAN"), at="2026-02-16T09:00")
    receipt = committed(desk, found, said)
    assert committed(desk, found, said).already_committed
    later = msgspec.structs.replace(said, at="2026-02-16T09:05")
    other = msgspec.structs.replace(said, answers=msgspec.structs.replace(said.answers, operator="kim"))
    for otherwise in (later, other):
        (asked,) = batch_of(desk.workplace, found, otherwise).problems
        assert (asked.code, f"batch {receipt.batch_id}, and 2 of its scans" in asked.message) == (
            "dump_told_before",
            True,
        )
    anew = msgspec.structs.replace(later.answers, scanned_anew=True)
    assert committed(desk, found, msgspec.structs.replace(later, answers=anew)).committed == 2


def test_scans_of_a_file_that_were_left_out_are_asked_about_later(desk: Desk) -> None:
    """As the same ones they stay left out, by whatever name the file comes; only made anew they are rows."""
    found = scanner_dump.read(b"LT-1\nLT-2\n")
    assert isinstance(found, Dump)
    said, at = Answers(operator="mara", event_type="SCAN"), "2026-02-16T09:00"
    out = msgspec.structs.replace(said, left_out=(LeftOut(2, "not ours"),))
    assert committed(desk, found, SaidOfFile(out, at)).committed == 1
    assert batch_of(desk.workplace, found, SaidOfFile(out, at)).problems == []
    (asked,) = batch_of(desk.workplace, found, SaidOfFile(said, at)).problems
    assert asked.code == "left_out_then"
    assert "rows now: scan 2, LT-2 (in batch 1, because: not ours). " in asked.message
    same = msgspec.structs.replace(said, same_scans=True)
    assert batch_of(desk.workplace, found, SaidOfFile(same, at)).is_recorded
    with pytest.raises(download_errors.AnswersTooLate, match=r"left out scan 2 \(because: not ours\)"):
        batch_of(desk.workplace, found, SaidOfFile(msgspec.structs.replace(same, taken=(2,)), at))
    anew = msgspec.structs.replace(said, scanned_anew=True)
    assert committed(desk, found, SaidOfFile(anew, at="2026-02-16T10:00")).committed == 2
    assert batch_of(desk.workplace, found, SaidOfFile(said, "2026-02-16T10:00")).problems == []


def test_answers_about_scans_that_are_not_there_are_refused(desk: Desk) -> None:
    """A number beyond the last scan is a slip, and nothing is made of it."""
    with pytest.raises(download_errors.AnswersUnusable):
        batch_of(desk.workplace, dump("LT-1"), SaidOfFile(Answers(left_out=(LeftOut(2, "gone"),))))
