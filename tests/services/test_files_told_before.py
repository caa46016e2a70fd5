"""Files of scans that were appended to, or put together: what is recorded is asked about, and settled by the answer."""

import json
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain import cards, download_errors, errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.dumped_scans import DateOrder, Dump
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.stamped_scans import SET_RIGHT_WITHIN
from assettrack.formats import scanner_dump
from assettrack.formats.scanner_dump import Asked
from assettrack.services import intake, scan_files, verification
from assettrack.services.downloads import with_reading
from assettrack.services.intake import CommitReceipt
from assettrack.services.scan_files import SaidOfFile
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import UNDO, event
from tests.services.desk import Desk, read, row

LAPTOP = Options({"equipment_type": "laptop"})
KIM = Answers(operator="kim", event_type="SCAN")
SAME, ANEW = msgspec.structs.replace(KIM, same_scans=True), msgspec.structs.replace(KIM, scanned_anew=True)
FIRST, LATER = "2026-02-16T09:00", "2026-02-17T09:00"


def listed(*texts: str, order: DateOrder | None = None) -> Dump:
    """Return the scans of a file of these lines."""
    found = scanner_dump.read("\n".join(texts).encode(), Asked(order=order))
    assert isinstance(found, Dump)
    return found


def commit(desk: Desk, found: Dump, said: Answers = KIM, at: str = FIRST, confirm: str | None = None) -> CommitReceipt:
    """Commit a file."""
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(said, at))
    options = with_reading(LAPTOP, batch)
    return scan_files.commit_file(desk.workplace, batch, "scans.txt", options, confirm=confirm)


def code_of(desk: Desk, found: Dump, said: Answers, at: str) -> str:
    """Return the code with which a file is shown."""
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(said, at))
    code = scan_files.preview_file(desk.workplace, batch, with_reading(LAPTOP, batch)).confirm_code
    assert code is not None
    return code


def asked(desk: Desk, found: Dump, said: Answers = KIM, at: str = LATER) -> list[str]:
    """Return the codes of what is asked about a file."""
    return [each.code for each in scan_files.batch_of(desk.workplace, found, SaidOfFile(said, at)).problems]


def rows_of(desk: Desk) -> Counter[str]:
    """Return how many rows each asset has in the log."""
    entries = [json.loads(body) for body in desk.entries()]
    return Counter(each["asset_tag"] for each in entries if "row_number" in each)


def test_a_file_that_grows_each_day_is_recorded_once(desk: Desk) -> None:
    """As the same scans the old ones settle, in whichever batch they were, and the answer stands in the log."""
    tags = [f"LT-{number}" for number in range(1, 8)]
    commit(desk, listed(*tags[:2]))
    for day, count in enumerate((4, 5, 7), 17):
        at = f"2026-02-{day}T09:00"
        found = listed(*tags[:count])
        assert asked(desk, found, at=at) == ["dump_told_before"]
        receipt = commit(desk, found, SAME, at)
        assert commit(desk, found, SAME, at).recorded_in == list(range(1, receipt.batch_id + 1))
    assert rows_of(desk) == dict.fromkeys(tags, 1)
    with desk.store.read() as snapshot:
        row = snapshot.batch(2)
        assert row is not None
        reading = entry_at(snapshot, row.first_seq, BatchEntry).options.scanner
    assert reading is not None
    assert (reading.settled, reading.numbers, reading.answers.same_scans) == (2, (3, 4), True)
    assert "2 scans of what was committed before, as batch 1, and 2 of its scans" in reading.asked[0]
    assert verification.verify(desk.workplace, [], None).ok


def test_the_preview_says_which_scans_are_taken_as_the_same(desk: Desk) -> None:
    """How many, and of which batch, whether it was asked or not; without that answer nothing is taken as the same."""
    tags = ["LT-1", "LT-2", "LT-3", "LT-4"]
    commit(desk, listed(*tags[:2]))
    commit(desk, listed(*tags[:3]), SAME, LATER)

    def noted(said: Answers, at: str) -> list[str]:
        notices = scan_files.batch_of(desk.workplace, listed(*tags), SaidOfFile(said, at)).notices
        return [each.message for each in notices if each.code == "taken_as_same"]

    for at in (FIRST, LATER):
        assert noted(SAME, at) == [
            "Not new, as said, but the same as told before: 2 scans, dealt with in batch 1.",
            "Not new, as said, but the same as told before: 1 scan, dealt with in batch 2.",
        ]
        assert noted(KIM, at) == []


def test_the_same_assets_in_another_order_or_at_other_times_are_not_asked_about(desk: Desk) -> None:
    """That is another day's work, also where the cards are the same."""
    begin = cards.written(Card(CardKind.BEGIN, "KIM"))
    commit(desk, listed(begin, event("SCAN"), "LT-1", "LT-2", "LT-3"))
    assert asked(desk, listed(begin, event("SCAN"), "LT-3", "LT-1", "LT-2")) == []
    commit(desk, listed("2026-02-16 09:00:00,Code 128,LT-4", "2026-02-16 09:01:00,Code 128,LT-5"))
    later = listed("2026-02-17 09:00:00,Code 128,LT-4", "2026-02-17 09:01:00,Code 128,LT-5")
    assert asked(desk, later) == []


def test_the_same_scans_come_out_in_the_place_of_then_or_are_asked_about(desk: Desk) -> None:
    """A row is the same only as a whole: the slot where it was scanned belongs to it."""
    slot = cards.written(Card(CardKind.SLOT, "CASE-01", 1))
    commit(desk, listed(slot, "LT-1", "LT-2", "LT-3"), msgspec.structs.replace(KIM, taken=(), left_out=_out(3, 4)))
    found = listed(slot, "LT-1", "LT-2", "LT-3", "LT-4")
    assert asked(desk, found, msgspec.structs.replace(KIM, left_out=_out(3, 4, 5)), FIRST) == []
    moved = msgspec.structs.replace(KIM, left_out=_out(1, 3, 4))
    assert "dump_told_before" in asked(desk, found, msgspec.structs.replace(moved, taken=(2,)), FIRST)


def _out(*numbers: int) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(number, "torn") for number in numbers)


def test_an_undo_card_that_is_appended_does_not_pass_over_what_is_recorded(desk: Desk) -> None:
    """It would take back a row that stays; as the same scans it is held, as for a scanner."""
    commit(desk, listed("LT-1", "LT-2"))
    more = listed("LT-1", "LT-2", UNDO)
    assert asked(desk, more, at=FIRST) == ["dump_told_before"]
    assert asked(desk, more, SAME) == ["undo_of_recorded"]


def test_other_answers_about_scans_that_are_the_same_are_refused(desk: Desk) -> None:
    """They became what they are with the answers of then."""
    commit(desk, listed("LT-1", "LT-2"))
    said = msgspec.structs.replace(SAME, left_out=_out(1))
    with pytest.raises(download_errors.AnswersTooLate):
        commit(desk, listed("LT-1", "LT-2", "LT-3"), said, LATER)


def test_what_is_committed_between_check_and_commit_is_asked_about(desk: Desk) -> None:
    """The batch is judged under the write lock, by what the log has then."""
    found = listed("LT-1", "LT-2")
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(KIM, LATER))
    commit(desk, found)
    with pytest.raises(errors.BatchHasProblems) as stopped:
        scan_files.commit_file(desk.workplace, batch, "scans.txt", with_reading(LAPTOP, batch), confirm=None)
    assert [each.code for each in stopped.value.problems] == ["dump_told_before"]
    more = listed("LT-1", "LT-2", "LT-3", "LT-4")
    batch = scan_files.batch_of(desk.workplace, more, SaidOfFile(SAME, LATER))
    commit(desk, listed("LT-1", "LT-2", "LT-3"), SAME, LATER)
    with pytest.raises(download_errors.FileMoved):
        scan_files.commit_file(desk.workplace, batch, "scans.txt", with_reading(LAPTOP, batch), confirm=None)
    assert rows_of(desk) == dict.fromkeys(("LT-1", "LT-2", "LT-3"), 1)


def test_a_confirmed_commit_again_is_answered_only_if_it_became_that(desk: Desk) -> None:
    """The code of what was committed gets its receipt; that of another plan for the same scans stops."""
    commit(desk, listed("LT-1", "LT-2"))
    more = listed("LT-1", "LT-2", "LT-3", "LT-4")
    both = code_of(desk, more, SAME, LATER)
    one = msgspec.structs.replace(SAME, left_out=_out(4))
    code = code_of(desk, more, one, LATER)
    assert commit(desk, more, one, LATER, code).committed == 1
    assert commit(desk, more, one, LATER, code).already_committed
    with pytest.raises(download_errors.ConfirmedOtherwise):
        commit(desk, more, SAME, LATER, both)
    assert rows_of(desk)["LT-4"] == 0


@pytest.mark.parametrize("at", [FIRST, LATER])
def test_what_was_confirmed_before_another_file_told_it_is_compared_with_what_that_became(desk: Desk, at: str) -> None:
    """The other batch is the answer only if it has the rows that were confirmed, with the same time."""
    found = listed("LT-1", "LT-2", "LT-3")
    code = code_of(desk, found, KIM, at)
    commit(desk, listed("LT-1", "LT-2", "LT-3", "LT-4"), KIM, FIRST)
    if at == FIRST:
        assert commit(desk, found, SAME, at, code).recorded_in == [1]
    else:
        with pytest.raises(download_errors.ConfirmedOtherwise):
            commit(desk, found, SAME, at, code)
    assert rows_of(desk) == dict.fromkeys(("LT-1", "LT-2", "LT-3", "LT-4"), 1)


def test_a_row_that_is_not_in_the_later_file_is_not_compared(desk: Desk) -> None:
    """Lines with times are known one by one: what was cut off is not asked about, and the place of the rest moved."""
    tags = [f"LT-{number}" for number in range(1, 6)]
    lines = [TIMED.format(tag, minute) for minute, tag in enumerate(tags)]
    commit(desk, listed(*lines[:3], order="dmy"))
    assert asked(desk, listed(*lines[2:], order="mdy")) == ["dump_told_before"]
    later = listed(*lines[2:], order="dmy")
    assert asked(desk, later) == []
    assert commit(desk, later, SAME, LATER).committed == 2
    assert rows_of(desk) == dict.fromkeys(tags, 1)


def test_a_batch_of_rows_is_no_earlier_file_whatever_it_is_called(desk: Desk) -> None:
    """Only a batch that was read from scans had any: one whose file has the name of what is looked for had none."""
    intake.commit(desk.workplace, read(row("LT-1")), "read_as", Options(), confirm=None)
    assert asked(desk, listed("LT-1", "LT-2", "LT-3")) == []


def test_a_batch_of_before_there_were_traces_is_known_by_its_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed by an earlier version is asked about as it was then."""
    found = listed("LT-1", "LT-2")
    with monkeypatch.context() as patch:
        patch.setattr("assettrack.domain.dump_reading.traces_of", lambda _: "")
        commit(desk, found)
    assert asked(desk, found) == ["dump_told_before"]
    assert asked(desk, found, SAME) == []


def test_a_file_of_more_scans_than_are_kept_is_known_by_those(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all that is kept of it is the beginning of another, so is the rest."""
    for module in ("assettrack.domain.scan_traces", "assettrack.services.files_told_before"):
        monkeypatch.setattr(f"{module}.TRACED_MAX", 3)
    tags = [f"LT-{number}" for number in range(1, 8)]
    commit(desk, listed(*tags[:5]))
    assert commit(desk, listed(*tags), SAME, LATER).committed == 2
    assert rows_of(desk) == dict.fromkeys(tags, 1)


PLAIN, TO_MINUTE = "{},003278,{:%H:%M:%S,%d/%m/%Y}", "{},003278,{:%H:%M,%d/%m/%Y}"
CORRECTED, WITH_KIND = "{};{:%H:%M:%S;%d-%m-%Y};Code128;17", "{1:%Y-%m-%d %H:%M:%S},Code 128,{0}"
MORNING = datetime.fromisoformat("2026-02-16T09:00:50")
ROUND = (("LT-1", 0), ("LT-2", 8), ("LT-1", 10), ("LT-3", 13))
"""What is scanned in a round, and how many seconds after its first scan."""


def told(form: str, *rounds: tuple[datetime, int]) -> Dump:
    """Return a file of rounds: when each began, and by how many seconds its program moved it, in lines of a form."""
    lines = [
        form.format(tag, began + timedelta(seconds=after + moved)) for began, moved in rounds for tag, after in ROUND
    ]
    return listed(*lines, order=None if form == WITH_KIND else "dmy")


@pytest.mark.parametrize(
    ("then", "now", "moved", "alike"),
    [
        (PLAIN, TO_MINUTE, 0, "the same codes in the same minutes"),
        (TO_MINUTE, PLAIN, 0, "the same codes in the same minutes"),
        (CORRECTED, CORRECTED, 1, "the same codes seconds apart"),
        (CORRECTED, CORRECTED, -SET_RIGHT_WITHIN, "the same codes seconds apart"),
        (PLAIN, CORRECTED, 5, "the same codes seconds apart"),
        (CORRECTED, WITH_KIND, -5, "the same codes seconds apart"),
        (TO_MINUTE, CORRECTED, 20, "the same codes seconds apart"),
        (CORRECTED, TO_MINUTE, -20, "the same codes seconds apart"),
    ],
)
def test_scans_that_another_file_tells_at_another_time_are_recorded_once(
    desk: Desk, then: str, now: str, moved: int, alike: str
) -> None:
    """Without seconds, or corrected by what the clock was off that day, they are asked about; what is new is taken."""
    commit(desk, told(then, (MORNING, 0)))
    found = told(now, (MORNING, moved), (MORNING + timedelta(days=1), moved))
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(KIM))
    assert [each.code for each in batch.problems] == ["dump_told_before"]
    assert "has 4 scans of what was committed before, as batch 1 (" in batch.problems[0].message
    assert alike in batch.problems[0].message
    assert commit(desk, found, SAME, "").committed == len(ROUND)
    assert rows_of(desk) == {"LT-1": 4, "LT-2": 2, "LT-3": 2}


@pytest.mark.parametrize("then", [PLAIN, TO_MINUTE, CORRECTED])
@pytest.mark.parametrize("now", [PLAIN, TO_MINUTE, CORRECTED])
@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(minutes=2)])
def test_the_same_round_at_another_time_is_not_asked_about(desk: Desk, then: str, now: str, later: timedelta) -> None:
    """Whoever scans the same assets again, a day or a few minutes later, did so."""
    commit(desk, told(then, (MORNING, 0)))
    assert asked(desk, told(now, (MORNING + later, 0))) == []
    assert commit(desk, told(now, (MORNING + later, 0)), KIM, "").committed == len(ROUND)


def test_scans_that_were_told_otherwise_by_the_second_are_known_as_well(desk: Desk) -> None:
    """Another program writes the time in other letters, of the very same second."""
    commit(desk, told(PLAIN, (MORNING, 0)))
    other = msgspec.structs.replace(KIM, operator="ben")
    assert asked(desk, told(WITH_KIND, (MORNING, 0)), other) == ["dump_told_before"]
    assert asked(desk, told(WITH_KIND, (MORNING, 0))) == []


CARDS = [cards.written(Card(CardKind.BEGIN, "KIM")), event("SCAN"), cards.written(Card(CardKind.END))]
CODES = st.lists(st.sampled_from(["LT-1", "LT-2", "LT-3", *CARDS]), min_size=1, max_size=6)
TIMED = "{},003278,14:{:02}:03,05/03/2025"


@settings(max_examples=40)
@given(
    old=CODES,
    new=CODES | st.just([]),
    is_timed=st.booleans(),
    blank=st.integers(0, 2),
    ats=st.tuples(*[st.sampled_from([FIRST, LATER])] * 2),
    orders=st.tuples(*[st.sampled_from(["dmy", "mdy"])] * 2),
)
def test_whatever_is_appended_and_said_no_row_is_doubled_without_an_answer(
    old: list[str],
    new: list[str],
    blank: int,
    ats: tuple[str, str],
    orders: tuple[DateOrder, DateOrder],
    *,
    is_timed: bool,
) -> None:
    """An asset has never more rows than it stands in the file, and the new scans are recorded on an answer."""
    lines = [TIMED.format(each, at) if is_timed else each for at, each in enumerate([*old, *new])]
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        try:
            _try(desk, listed(*lines[: len(old)], order=orders[0]), KIM, ats[0])
            before = rows_of(desk)
            more = listed(*[""] * blank, *lines, *[""] * blank, order=orders[1])
            _try(desk, more, KIM, ats[1])
            assert rows_of(desk) <= Counter([*old, *new])
            _try(desk, more, SAME, ats[1])
            assert before <= rows_of(desk) <= Counter([*old, *new])
        finally:
            desk.store.close()


def _try(desk: Desk, found: Dump, said: Answers, at: str) -> None:
    """Commit a file, if that can be; what has no rows, or is asked about, is not."""
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(said, at))
    if batch.is_recorded or batch.numbers:
        options = with_reading(LAPTOP, batch)
        with suppress(errors.BatchHasProblems, errors.BatchRefused):
            scan_files.commit_file(desk.workplace, batch, "scans.txt", options, confirm=None)


@pytest.mark.parametrize("left_out", [(), ((1, "a"), (2, "b"))])
def test_a_file_that_makes_no_row_says_so_and_has_no_code(desk: Desk, left_out: tuple[tuple[int, str], ...]) -> None:
    """Nothing but cards, or nothing that was not left out, is no batch: there is nothing to confirm."""
    found = listed("LT-1", "LT-2") if left_out else listed(event("SCAN"), event("RETURN"))
    said = msgspec.structs.replace(KIM, left_out=tuple(LeftOut(*each) for each in left_out))
    batch = scan_files.batch_of(desk.workplace, found, SaidOfFile(said, FIRST))
    (problem,) = scan_files.preview_file(desk.workplace, batch, with_reading(LAPTOP, batch)).problems
    assert problem.code == "file_makes_no_row"
    assert ("2 scans left out" in problem.message) == bool(left_out)
    with desk.unchanged(), pytest.raises(errors.BatchHasProblems):
        commit(desk, found, said)
