"""Scans that were left out in no batch, and that only their kept download tells: no times, or an older entry."""

import msgspec
import pytest

from assettrack.domain.downloads import Download
from assettrack.domain.dumped_scans import Dump
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scanner_deeds import ClearedFacts, LeftOutFacts, record_cleared, record_left_out
from assettrack.formats import scanner_dump
from assettrack.formats.scanner_dump import Asked
from assettrack.scanner.emulated_faults import Fault
from assettrack.services import scan_files
from assettrack.services.downloads import with_reading
from assettrack.services.scan_files import SaidOfFile
from assettrack.services.typed_deeds import signoff
from tests.domain.trial_scans import end
from tests.services.field import LAPTOP, Field, MakeField, untimed
from tests.services.test_earlier_scans import MINUTES, SAME, SECONDS, SET_RIGHT, TWO, codes, filed, off_by, read
from tests.services.test_leaving_out import left_out
from tests.services.test_told_before import put_away

OUT = ["left_out_then"]
THREE = untimed("LT-1", "LT-2", "LT-3")


def left_out_by_an_older_program(day: Field, download: Download) -> None:
    """Leave a download out whole by an entry that says nothing of which code was scanned when."""
    facts = LeftOutFacts(
        download.serial, download.model, len(day.downloads.scans(download)), download.sha256, download.name, "a trial"
    )
    with day.workplace.store.write() as transaction:
        transaction.save(record_left_out(facts, transaction.log_size + 1, signoff(day.workplace)))


def bare(*texts: str) -> Dump:
    """Return a list of codes without times."""
    found = scanner_dump.read("\r\n".join(texts).encode(), Asked())
    assert isinstance(found, Dump)
    return found


def asked(day: Field, found: Dump, answers: Answers = SAME, *, at: str = "") -> list[str]:
    """Return what a file with nothing answered is asked, which makes no row as the same scans."""
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(answers, at), day.downloads.kept_scans)
    assert batch.numbers == []
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(at=at), day.downloads.kept_scans)
    return codes(scan_files.preview_file(day.workplace, batch, with_reading(LAPTOP, batch)))


def is_taken(day: Field, found: Dump, *, at: str = "") -> bool:
    """Return whether a file makes rows, and nothing is asked."""
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(at=at), day.downloads.kept_scans)
    return not batch.problems and bool(batch.numbers)


def moment(day: Field) -> str:
    """Return now, as it is said of scans without times."""
    return f"{day.bus.times.now():%Y-%m-%dT%H:%M}Z"


@pytest.mark.parametrize("is_cleared", [False, True])
@pytest.mark.parametrize(("line", "off"), [(SECONDS, 0), (MINUTES, 0), (SET_RIGHT, 124)])
def test_what_an_older_program_left_out_whole_is_asked_about_when_a_file_tells_it(
    fields: MakeField, line: str, off: int, *, is_cleared: bool
) -> None:
    """The kept download tells which code was scanned when; without it nothing does but a clear of today."""
    day = fields(scans=())
    off_by(day, 120)
    day.scan(*TWO)
    download = day.pull().download
    found = filed(day, download, line=line, off=off)
    left_out_by_an_older_program(day, download)
    if is_cleared:
        day.clear()
    assert asked(day, found) == OUT
    put_away(day)
    assert is_taken(day, found) == (not is_cleared)
    assert day.verified()


def test_what_an_older_program_left_out_whole_is_asked_about_when_it_is_pulled_after_a_clear(
    fields: MakeField,
) -> None:
    """Its memory may come back, and the clear was recorded by the older program too."""
    day = fields(scans=(*untimed("LT-1", "LT-2"), end(2)))
    download = day.pull().download
    left_out_by_an_older_program(day, download)
    found = day.preview(download)[0].reading.scans
    whole = Answers(left_out=tuple(LeftOut(number, "a trial") for number in range(1, found + 1)))
    cleared = ClearedFacts(
        download.serial, download.model, found, download.sha256, (), download=download.name, answers=whole
    )
    with day.workplace.store.write() as transaction:
        transaction.save(record_cleared(cleared, 0, transaction.log_size + 1, signoff(day.workplace)))
    day.scan(*untimed("LT-3"))
    assert day.questions() == OUT


@pytest.mark.parametrize("fault", ["", "no-stamps"])
@pytest.mark.parametrize("is_cleared", [False, True])
def test_a_list_of_codes_without_times_that_were_left_out_whole_is_asked_about(
    fields: MakeField, fault: str, *, is_cleared: bool
) -> None:
    """By their order, as a list that comes again: three codes at first, or eight in a row; fewer are ordinary."""
    day = fields(*([Fault(fault)] if fault else []), scans=THREE)
    day.pull()
    left_out(day)
    if is_cleared:
        day.clear()
    at = moment(day)
    assert asked(day, bare(*THREE), at=at) == OUT
    assert is_taken(day, bare(*THREE[:4]), at=at)
    assert codes(read(day, bare(*THREE), at=at)[1]) == [], "no spool is there to look at"
    put_away(day)
    assert is_taken(day, bare(*THREE), at=at)
    assert day.verified()


@pytest.mark.parametrize("cards", [(), THREE[:1], (*THREE[:2], "CASE-01 SLOT-01")])
@pytest.mark.parametrize("fault", ["", "no-stamps"])
def test_a_list_without_the_cards_of_what_was_left_out_whole_is_asked_about(
    fields: MakeField, cards: tuple[str, ...], fault: str
) -> None:
    """Cards don't count: the same codes in their order are the same, whoever made a list of them."""
    day = fields(*([Fault(fault)] if fault else []), scans=THREE)
    day.pull()
    left_out(day)
    found, said = bare(*cards, *THREE[2:]), Answers(operator="kim", event_type="SCAN")
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(said, moment(day)), day.downloads.kept_scans)
    assert OUT[0] in codes(scan_files.preview_file(day.workplace, batch, with_reading(LAPTOP, batch)))
    same = msgspec.structs.replace(said, same_scans=True)
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(same, moment(day)), day.downloads.kept_scans)
    assert batch.numbers == []


@pytest.mark.parametrize("fault", ["", "no-stamps"])
@pytest.mark.parametrize("is_cleared", [False, True])
def test_what_a_pull_recorded_beside_what_was_left_out_is_recorded_once(
    fields: MakeField, fault: str, *, is_cleared: bool
) -> None:
    """As the same scans those that were left out stay so and those that were committed are settled: the rest is new."""
    day = fields(*([Fault(fault)] if fault else []), scans=untimed("LT-9"))
    day.commit(day.pull().download, Answers(untimed_at_download=bool(fault)))
    day.clear()
    day.scan(*THREE)
    day.pull()
    left_out(day)
    day.scan("LT-4")
    same = Answers(same_scans=True, untimed_at_download=bool(fault))
    day.commit(day.pull().download, same)
    if is_cleared:
        day.clear()
    found = bare(*THREE, "LT-4", "LT-5")
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(at=moment(day)), day.downloads.kept_scans)
    assert [each.code for each in batch.problems] == ["told_both_ways", *OUT]
    assert "the same codes in the same order, for there are no times" in batch.problems[0].message
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(SAME, moment(day)), day.downloads.kept_scans)
    assert (batch.problems, batch.numbers) == ([], [len(found.scans)])
    found = bare(*THREE, "LT-4")
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(SAME, moment(day)), day.downloads.kept_scans)
    assert scan_files.preview_file(day.workplace, batch, with_reading(LAPTOP, batch)).already_committed
    put_away(day)
    batch = scan_files.batch_of(day.workplace, found, SaidOfFile(at=moment(day)), day.downloads.kept_scans)
    assert (batch.problems, len(batch.numbers)) == ([], 4), "without the kept files nothing tells it"


def test_codes_without_times_that_a_file_tells_with_times_are_asked_about(fields: MakeField) -> None:
    """One of the two has none: their order is what there is."""
    day = fields(Fault("no-stamps"), scans=THREE)
    day.pull()
    left_out(day)
    now = day.bus.times.now()
    lines = "\r\n".join(SECONDS.format(each, now) for each in THREE)
    found = scanner_dump.read(lines.encode(), Asked(order="dmy"))
    assert isinstance(found, Dump)
    assert asked(day, found) == OUT


def test_of_a_list_of_codes_that_a_clear_left_out_in_part_only_that_part_is_asked_about(fields: MakeField) -> None:
    """The others are recorded, and were not left out."""
    day = fields(scans=untimed("LT-1", "LT-2"))
    day.commit(day.pull().download)
    day.scan("LT-3")
    name = day.pull().download.name
    day.clear(Answers(left_out=(LeftOut(5, "not ours"),)))
    batch = scan_files.batch_of(day.workplace, bare(*THREE), SaidOfFile(at=moment(day)), day.downloads.kept_scans)
    (question,) = [each for each in batch.problems if each.code == "left_out_then"]
    assert f"rows now: scan 5, LT-3 (with {name}, because: not ours)." in question.message
