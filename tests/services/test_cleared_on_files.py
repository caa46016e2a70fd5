"""What batches of files have of the scans of which a scanner is cleared: said to be recorded, before it and after."""

import pytest

from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.scan_answers import Answers
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import UNDO, end
from tests.services.field import MakeField, untimed
from tests.services.test_earlier_scans import ANEW, MINUTES, SAME, SECONDS, filed, off_by, rows_of
from tests.services.test_earlier_scans import commit as commit_file
from tests.services.test_leaving_out import left_out
from tests.services.test_left_out_again import WITHOUT_4, left_out_name, meant


@pytest.mark.parametrize("line", [SECONDS, MINUTES])
@pytest.mark.parametrize("seconds", [0, 5])
def test_what_a_file_recorded_of_what_is_left_out_whole_stays_recorded(
    fields: MakeField, line: str, seconds: int
) -> None:
    """It is named with its batch; the clear leaves only the rest out, and what is shown afterwards says the same."""
    day = fields(scans=())
    off_by(day, seconds)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    first = filed(day, download, line=line)
    commit_file(day, first, WITHOUT_4)
    day.scan("LT-3", end(3))
    download = day.pull().download
    assert [each.named for each in left_out(day).stay] == ["scan 3, LT-1 (batch 1)"]
    cleared = day.clear()
    assert cleared.batches == (1,)
    with day.desk.store.read() as snapshot:
        answers = entry_at(snapshot, cleared.seq, ScannerClearedEntry).answers
    assert [(each.number, each.reason) for each in answers.left_out] == [
        (4, "not ours"),
        (5, "a trial"),
        (6, "a trial"),
    ]
    assert meant(day, download) == ["card", "card", "recorded", "left out", "left out", "left out"]
    assert (rows_of(day), day.verified()) == ({"LT-1": 1}, True)


def test_a_clear_of_what_was_left_out_whole_needs_no_answer_where_a_file_settled_it_without_a_row(
    fields: MakeField,
) -> None:
    """The batch of the file left it out too, and has only what is new in it: these are the same scans all the same."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    left_out(day)
    commit_file(day, filed(day, download, behind=untimed("LT-9")), SAME)
    assert rows_of(day) == {"LT-9": 1}
    cleared = day.clear()
    with day.desk.store.read() as snapshot:
        answers = entry_at(snapshot, cleared.seq, ScannerClearedEntry).answers
    assert [(each.number, each.reason) for each in answers.left_out] == [(3, "a trial"), (4, "a trial")]
    assert meant(day, download) == ["card", "card", "left out", "left out"]
    assert (rows_of(day), day.verified()) == ({"LT-9": 1}, True)


def test_who_says_that_they_were_made_anew_is_heard_at_the_clear(fields: MakeField) -> None:
    """What a file recorded is none of these scans then: each of them is left out."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*untimed("LT-1", "LT-2"))
    commit_file(day, filed(day, day.pull().download), WITHOUT_4)
    day.scan("LT-3")
    left_out_name(day)
    assert day.clear(ANEW).batches == ()


@pytest.mark.parametrize("seconds", [0, 5])
def test_what_a_file_recorded_is_shown_as_recorded_after_a_clear(fields: MakeField, seconds: int) -> None:
    """The clear proved that all is in its batch, and the batch says which scan became a row, and which was left out."""
    day = fields(scans=())
    off_by(day, seconds)
    day.scan(*untimed("LT-1", "LT-2"))
    download = day.pull().download
    commit_file(day, filed(day, download), WITHOUT_4)
    day.clear(SAME)
    assert meant(day, download) == ["card", "card", "recorded", "left out"]
    (left,) = left_out_scans(day.preview(download)[0])
    assert (left.number, left.reason) == (4, "not ours")


@pytest.mark.parametrize(("answers", "said"), [(Answers(), "undone"), (SAME.answering(5, left_out="slip"), "left out")])
def test_what_was_left_out_in_a_file_and_taken_back_since_is_shown_after_a_clear_as_before_it(
    fields: MakeField, answers: Answers, said: str
) -> None:
    """The undo card says it of the scan itself; where that is left out, the scan stays as the file had it."""
    day = fields(scans=())
    off_by(day, 0)
    day.scan(*untimed("LT-1", "LT-2"))
    commit_file(day, filed(day, day.pull().download), WITHOUT_4)
    day.scan(UNDO)
    download = day.pull().download
    before = day.preview(download, answers)[0]
    assert before.meanings[3].said == said
    assert day.clear(answers).batches == (1,)
    after = day.preview(download)[0]
    assert (after.meanings[2].said, after.meanings[3].said) == ("recorded", said)
    assert [each.text for each in left_out_scans(after)] == [each.text for each in left_out_scans(before)]
    assert (rows_of(day), day.verified()) == ({"LT-1": 1}, True)


def test_scans_are_shown_after_a_clear_as_they_were_before_it(fields: MakeField) -> None:
    """What a batch of the scanner left out stays so, though one of a file recorded it, as made anew."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*untimed("LT-1", "LT-2"))
    day.commit(day.pull().download, WITHOUT_4)
    day.scan("LT-3")
    download = day.pull().download
    kim = Answers(operator="kim", event_type="SCAN", scanned_anew=True)
    assert commit_file(day, filed(day, download, last=2), kim).committed == 2
    before = meant(day, download, SAME)
    assert before == ["card", "card", "recorded", "left out", "recorded"]
    assert day.clear(SAME).batches == (1, 2)
    assert meant(day, download) == before


def test_what_is_recorded_after_a_clear_is_none_of_what_it_proved(fields: MakeField) -> None:
    """A second reading of a label counted once; made a row by a later file, it is not in the batches of the clear."""
    day = fields(scans=())
    off_by(day, 5)
    day.scan(*untimed("LT-1", "LT-1"))
    download = day.pull().download
    assert commit_file(day, filed(day, download)).committed == 1
    day.clear(SAME)
    kim = Answers(operator="kim", event_type="SCAN", scanned_anew=True)
    assert commit_file(day, filed(day, download, last=1), kim).committed == 1
    assert day.preview(download)[0].settled.recorded_in == (1,)
