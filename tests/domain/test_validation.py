"""Validation: every rule of DESIGN §4 about one row, and that all problems of a file are told at once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import COLUMNS, BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.domain.validation import Validator

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
EVENTS = ("SCAN", "ISSUE", "RETURN", "UPDATE", "RETIRE")

BASE = dict.fromkeys(COLUMNS, "") | {"asset_tag": "A1", "timestamp": "2026-02-02T13:00:00Z", "operator_id": "gcurl"}
LEAST: dict[str, dict[str, str]] = {
    "SCAN": {},
    "ISSUE": {"issued_to_name": "Jane Smith", "case_number": "OUT", "slot_number": "OUT"},
    "RETURN": {"case_number": "CASE-01", "slot_number": "7"},
    "UPDATE": {},
    "RETIRE": {"notes": "broken"},
}
"""What each event needs beyond the three other cells that every row needs."""


class Judged(NamedTuple):
    """What a validator answered for a file."""

    outcomes: list[Scan | BadRow]
    problems: list[Finding]
    notices: list[Finding]

    @property
    def flagged(self) -> set[tuple[str, str | None]]:
        """Code and field of each problem."""
        return {(problem.code, problem.field) for problem in self.problems}


def row(event: str = "SCAN", **changed: str) -> tuple[str, ...]:
    """A row of an event with no more than it needs, some cells written otherwise."""
    return tuple((BASE | {"event_type": event} | LEAST.get(event, {}) | changed)[column] for column in COLUMNS)


def judge(*rows: Sequence[str] | Finding, zone: tzinfo = BERLIN, now: datetime = NOW) -> Judged:
    """Validate rows as one file, and check what holds for every file."""
    validator = Validator(zone, now)
    outcomes = list(validator.scans(rows))
    assert [outcome.row_number for outcome in outcomes] == list(range(1, len(rows) + 1))
    assert {problem.kind for problem in validator.problems} <= {Kind.PROBLEM}
    assert {notice.kind for notice in validator.notices} <= {Kind.NOTICE}
    return Judged(outcomes, validator.problems, validator.notices)


def accepted(*cells: str) -> Scan:
    """The scan that a row without problems becomes."""
    (outcome,), problems, _ = judge(cells)
    assert isinstance(outcome, Scan), problems
    return outcome


@pytest.mark.parametrize("event", EVENTS)
def test_the_least_row_of_each_event_is_accepted(event: str) -> None:
    """A row with the cells its event needs, and nothing else, has no problem and no notice."""
    judged = judge(row(event))
    assert (judged.problems, judged.notices) == ([], [])
    (scan,) = judged.outcomes
    assert isinstance(scan, Scan)
    assert scan.event_type == event


@pytest.mark.parametrize("field", ["asset_tag", "timestamp", "event_type", "operator_id"])
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("blank", ["", "  "])
def test_every_row_needs_four_cells(event: str, field: str, blank: str) -> None:
    """A blank tag, timestamp, event or operator is a problem of that cell, whatever the event."""
    assert judge(row(event, **{field: blank})).flagged == {("cell_missing", field)}


@pytest.mark.parametrize("blank", ["", " ", "  \t\n"])
@pytest.mark.parametrize(
    ("event", "fields", "code"),
    [
        ("ISSUE", {"issued_to_name"}, "cell_missing"),
        ("ISSUE", {"case_number", "slot_number"}, "issue_needs_out"),
        ("RETURN", {"case_number", "slot_number"}, "cell_missing"),
        ("RETIRE", {"notes"}, "cell_missing"),
    ],
)
def test_some_events_need_more_cells(event: str, fields: set[str], code: str, blank: str) -> None:
    """ISSUE needs a holder and OUT/OUT, RETURN a case and a slot, RETIRE a reason; spaces are nothing."""
    flagged = judge(row(event, **dict.fromkeys(fields, blank))).flagged
    assert {(said, field) for said, field in flagged if said != "cell_line_break"} == {
        (code, field) for field in fields
    }


def test_an_issued_asset_is_in_no_slot() -> None:
    """An ISSUE that names a slot is a problem of both cells."""
    judged = judge(row("ISSUE", case_number="CASE-01", slot_number="7"))
    assert judged.flagged == {("issue_needs_out", "case_number"), ("issue_needs_out", "slot_number")}


PLACES = {"": "", "OUT": "OUT", "CASE-01": "7"}


@given(
    event=st.sampled_from(EVENTS),
    blank=st.sets(st.sampled_from(["asset_tag", "timestamp", "operator_id", "issued_to_name", "notes"])),
    case=st.sampled_from(["", "OUT", "CASE-01"]),
    slot=st.sampled_from(["", "OUT", "7"]),
)
def test_a_row_is_bad_exactly_if_a_cell_it_needs_is_missing(event: str, blank: set[str], case: str, slot: str) -> None:
    """Of all ways to fill and blank cells, those are accepted that give the event what it needs, and no others."""
    filled = {"issued_to_name": "Jane", "notes": "broken", "case_number": case, "slot_number": slot}
    judged = judge(row(event, **(filled | dict.fromkeys(blank, ""))))
    needed = {"asset_tag", "timestamp", "operator_id"}
    needed |= {"ISSUE": {"issued_to_name"}, "RETIRE": {"notes"}}.get(event, set())
    paired = PLACES[case] == slot
    place_is_right = paired and {"ISSUE": case == "OUT", "RETURN": case != ""}.get(event, True)
    places = {"case_number", "slot_number"}
    flagged = {field for _, field in judged.flagged}
    assert flagged - places == needed & blank
    assert bool(flagged & places) is not place_is_right
    assert isinstance(judged.outcomes[0], BadRow) is bool(judged.problems)


@pytest.mark.parametrize("event", ["SCAN", "RETURN", "UPDATE", "RETIRE"])
@pytest.mark.parametrize(
    ("case", "slot", "flagged"),
    [
        ("CASE-01", "", {("place_incomplete", "slot_number")}),
        ("", "7", {("place_incomplete", "case_number")}),
        ("OUT", "", {("place_incomplete", "slot_number")}),
        (" ", "OUT", {("place_incomplete", "case_number")}),
        ("OUT", "7", {("out_not_paired", "slot_number")}),
        ("CASE-01", "out", {("out_not_paired", "case_number")}),
        ("CASE/01", "7", {("case_number_invalid", "case_number")}),
        ("CASE-01", "0", {("slot_number_invalid", "slot_number")}),
        ("CASE-01", "501", {("slot_number_invalid", "slot_number")}),
        ("CASE-01", "٣", {("slot_number_invalid", "slot_number")}),
        ("САSE-01", "7.0", {("case_number_invalid", "case_number"), ("slot_number_invalid", "slot_number")}),
        ("ＯＵＴ", "ＯＵＴ", {("case_number_invalid", "case_number"), ("slot_number_invalid", "slot_number")}),
    ],
)
def test_case_and_slot_belong_together(event: str, case: str, slot: str, flagged: set[tuple[str, str]]) -> None:
    """Both or neither, OUT only as a pair, and each readable by itself; said anew at every row that breaks it."""
    judged = judge(row(event, case_number=case, slot_number=slot), row(event, case_number=case, slot_number=slot))
    assert judged.flagged == flagged
    assert [problem.row_number for problem in judged.problems] == [1] * len(flagged) + [2] * len(flagged)


@pytest.mark.parametrize(
    ("case", "slot", "place"),
    [
        ("", "", None),
        ("OUT", "OUT", OUT),
        (" out ", "Out", OUT),
        (" case-01", "SLOT-07 ", Place("CASE-01", 7)),
        ("case 1_b", "500", Place("CASE 1_B", 500)),
    ],
)
def test_a_place_is_read(case: str, slot: str, place: Place | None) -> None:
    """Case and slot name a slot, OUT, or nothing, in any spelling."""
    assert accepted(*row(case_number=case, slot_number=slot)).place == place


@pytest.mark.parametrize("event", EVENTS)
def test_events_are_read_in_any_letter_case(event: str) -> None:
    """Every mixture of capitals and small letters is the event."""
    for letters in product(*zip(event, event.lower(), strict=True)):
        assert accepted(*row(event, event_type=f" {''.join(letters)} ")).event_type == event


@pytest.mark.parametrize(
    "text",
    [
        "SCANS",
        "SCA",
        "ſcan",
        "iſſue",
        "ıssue",
        "ISSUİE",
        "ЅCAN",
        "ＳＣＡＮ",
        "SC AN",
        "return\u200b",
        "0",
        "=1+1",
        "📷",
    ],
)
def test_other_events_are_a_problem(text: str) -> None:
    """What is none of the five, look-alikes included, is a problem of that cell."""
    assert judge(row(event_type=text), row(event_type=text)).flagged == {("event_type_invalid", "event_type")}


@pytest.mark.parametrize(
    "tag",
    ["А1", "A٣", "ſcan", "ıd", "1.23E+05", "=1+1", "ＡＴ", "A\u200b1", "💻", "עברית", "\u212a1", "A" * 31, "OuT", "-A"],
)
def test_hostile_tags_are_a_problem(tag: str) -> None:
    """A tag is read letter by letter: nothing that only looks like one, or becomes one by Unicode, is accepted."""
    judged = judge(row(asset_tag=tag))
    assert judged.flagged == {("asset_tag_invalid", "asset_tag")}
    assert judged.outcomes == [BadRow(1, None, None, "SCAN")]


def test_case_names_are_read_letter_by_letter() -> None:
    """The Kelvin sign, which Unicode composition turns into a K, does not name case K1."""
    assert judge(row(case_number="\u212a1", slot_number="1")).flagged == {("case_number_invalid", "case_number")}


@given(ahead=st.timedeltas(timedelta(minutes=-1), timedelta(minutes=11)))
@example(ahead=timedelta(minutes=5))
@example(ahead=timedelta(minutes=5, microseconds=1))
@example(ahead=timedelta(minutes=5, microseconds=-1))
@example(ahead=timedelta(0))
def test_a_row_may_be_five_minutes_ahead_of_the_clock(ahead: timedelta) -> None:
    """Exactly five minutes ahead is allowed, a microsecond more is a problem; the clock is the one handed in."""
    judged = judge(row(timestamp=(NOW + ahead).isoformat()))
    assert judged.flagged == ({("timestamp_ahead", "timestamp")} if ahead > timedelta(minutes=5) else set())


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("2000-01-01T00:00Z", set()),
        ("2000-01-01T01:00+01:00", set()),
        ("1999-12-31T23:59:59.999999Z", {"timestamp_before_2000"}),
        ("1980-01-01 00:00", {"timestamp_before_2000"}),
        ("0999-06-01T12:00+01:00", {"timestamp_before_2000"}),
        ("0001-01-03T00:00", {"timestamp_before_2000"}),
        ("9999-12-31T23:59Z", {"timestamp_ahead"}),
        ("2026-02-02", {"timestamp_invalid"}),
        ("02.02.2026 13:00", {"timestamp_invalid"}),
        ("2026-02-30T13:00Z", {"timestamp_invalid"}),
        ("2026-02-02T13:00+0100", {"timestamp_invalid"}),
        ("2026-03-29 02:30", {"timestamp_nonexistent"}),
        ("=NOW()", {"timestamp_invalid"}),
        ("46055.54", {"timestamp_invalid"}),
    ],
)
def test_times_that_cannot_be_right_are_a_problem(text: str, flagged: set[str]) -> None:
    """A date alone, another notation, a missing day or hour, before 2000 and far ahead: each under its own code."""
    assert {code for code, _ in judge(row(timestamp=text)).flagged} == flagged


def test_rows_without_a_zone_are_noticed_once() -> None:
    """One notice for the file says how many rows had no zone, from which on, and how they were read."""
    local = row(timestamp="2026-02-02T13:00:00")
    judged = judge(row(), local, row(asset_tag="A2"), local)
    (notice,) = judged.notices
    assert (notice.code, notice.row_number, notice.field) == ("timestamp_local", None, "timestamp")
    for fact in ("2 rows", "row 2", "Europe/Berlin"):
        assert fact in notice.message
    assert [scan.occurred_at[11:16] for scan in judged.outcomes if isinstance(scan, Scan)] == ["13:00", "12:00"] * 2


def test_an_ambiguous_time_is_the_first_and_noticed_at_its_row() -> None:
    """The hour that comes twice is taken as the first, with a notice at each such row; with an offset it is none."""
    judged = judge(row(timestamp="2025-10-26T02:30+02:00"), row(timestamp="2025-10-26T02:30"))
    assert [scan.occurred_at for scan in judged.outcomes if isinstance(scan, Scan)] == [
        "2025-10-26T00:30:00.000000Z",
    ] * 2
    found = [(notice.row_number, notice.field) for notice in judged.notices if notice.code == "timestamp_ambiguous"]
    assert found == [(2, "timestamp")]


@given(length=st.integers(1, 70), letter=st.sampled_from("aé操💻"), around=st.text(" ", max_size=3))
@example(length=64, letter="💻", around=" ")
@example(length=65, letter="a", around="")
def test_an_operator_has_up_to_64_characters(length: int, letter: str, around: str) -> None:
    """Characters count, neither bytes nor spaces around; the text is kept as it is."""
    judged = judge(row(operator_id=around + letter * length + around))
    if length > 64:
        assert judged.flagged == {("operator_id_too_long", "operator_id")}
    else:
        assert [outcome.operator_id for outcome in judged.outcomes if isinstance(outcome, Scan)] == [letter * length]


FREE = ("issued_to_name", "building_room", "equipment_type", "serial_number", "manufacturer", "model", "model_code")


@pytest.mark.parametrize("field", [*FREE, "notes"])
@pytest.mark.parametrize(("letter", "fits"), [("a", 4096), ("é", 2048), ("操", 1365), ("💻", 1024)])
def test_a_cell_has_up_to_4_kib(field: str, letter: str, fits: int) -> None:
    """Bytes of UTF-8 count: 4096 are allowed, the next letter is one too many, and each cell counts for itself."""
    full = dict.fromkeys((*FREE, "notes"), letter * fits)
    assert getattr(accepted(*row(**full)), field) == letter * fits
    for others in ({}, full):
        (problem,) = judge(row(**(others | {field: letter * (fits + 1)}))).problems
        assert (problem.code, problem.field) == ("cell_too_long", field)
        assert str(len(letter.encode()) * (fits + 1)) in problem.message


@pytest.mark.parametrize("field", COLUMNS)
@pytest.mark.parametrize("text", ["x" * 5_000_000, " " * 5_000_000, "💻" * 5_000])
def test_a_huge_cell_is_a_problem_anywhere(field: str, text: str) -> None:
    """The limit is for the cell as it was received, in every column, and its message stays short."""
    judged = judge(row(**{field: text}))
    assert ("cell_too_long", field) in judged.flagged
    assert all(len(problem.message) < 300 for problem in judged.problems)


@pytest.mark.parametrize("field", [column for column in COLUMNS if column != "notes"])
@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\t"])
@pytest.mark.parametrize("pattern", ["{}{}", "{1}{0}", "{0}{1}{0}"])
def test_line_breaks_and_tabs_stand_only_in_notes(field: str, mark: str, pattern: str) -> None:
    """In any other cell a line break or tab is a problem, at its ends too: it is never trimmed away unseen."""
    text = BASE[field] or "x"
    assert ("cell_line_break", field) in judge(row(**{field: pattern.format(text, mark)})).flagged


BROKEN = {
    "asset_tag": ("А1", "asset_tag_invalid"),
    "timestamp": ("2026-02-02", "timestamp_invalid"),
    "event_type": ("moved", "event_type_invalid"),
    "operator_id": ("o" * 65, "operator_id_too_long"),
    "case_number": ("CASE/1", "case_number_invalid"),
    "slot_number": ("501", "slot_number_invalid"),
    "building_room": ("a\tb", "cell_line_break"),
    "notes": ("x" * 4097, "cell_too_long"),
}


@given(fields=st.sets(st.sampled_from(sorted(BROKEN))))
@example(fields=set(BROKEN))
def test_all_problems_of_a_row_are_told(fields: set[str]) -> None:
    """A row that breaks many rules gets each of its problems at once, and so does the next row like it."""
    rest = {"case_number": "CASE-01", "slot_number": "7"}
    bad = row(**(rest | {field: BROKEN[field][0] for field in fields}))
    judged = judge(row(), bad, row(), bad)
    assert {(problem.row_number, problem.field, problem.code) for problem in judged.problems} == {
        (row_number, field, BROKEN[field][1]) for field in fields for row_number in (2, 4)
    }


def test_a_bad_row_keeps_what_could_be_read_of_it() -> None:
    """The tag and the place of a bad row are kept where they are right, so that rows which hang on it are known."""
    place = {"case_number": "case-01", "slot_number": "7"}
    bad = judge(row(event_type="?", **place), row(asset_tag="?", **place), row(operator_id="", asset_tag="a2"))
    assert bad.outcomes == [
        BadRow(1, "A1", Place("CASE-01", 7)),
        BadRow(2, None, Place("CASE-01", 7), "SCAN"),
        BadRow(3, "A2", None, "SCAN"),
    ]


def ragged(row_number: int | None) -> Finding:
    """A problem that was found while the file was read."""
    return finding("row_ragged", row_number, None, cells=3, columns=14, line=row_number)


def test_problems_of_reading_are_numbered_among_the_rows() -> None:
    """A row that could not be read counts as a row, is bad, and its problem stands among the others."""
    judged = judge(row(event_type="?"), ragged(2), row(event_type="?"), row())
    assert [(problem.row_number, problem.code) for problem in judged.problems] == [
        *((1, "event_type_invalid"), (2, "row_ragged"), (3, "event_type_invalid")),
    ]
    assert judged.outcomes[1] == BadRow(2, None, None)
    assert isinstance(judged.outcomes[3], Scan)


@given(found=st.lists(st.none() | st.integers(1, 9), max_size=6))
@example(found=[3, None, 1])
def test_problems_are_sorted_by_row(found: list[int | None]) -> None:
    """Problems come in the order of their rows; one about the whole file stands before all."""
    judged = judge(*(ragged(row_number) for row_number in found), row(event_type="?"))
    numbers = [problem.row_number or 0 for problem in judged.problems]
    assert numbers == sorted([*(row_number or 0 for row_number in found), len(found) + 1])


hostile_cells = st.text(max_size=20) | st.sampled_from(
    ["OUT", "7", "A1", "issue", "2026-02-02T13:00", "\t\n", "{0}", "%s"]
)


@given(rows=st.lists(st.tuples(*[hostile_cells] * len(COLUMNS)), max_size=4))
@example(rows=[("{value}",) * 14])
def test_no_row_can_break_validation(rows: Iterable[tuple[str, ...]]) -> None:
    """Whatever the cells hold, a row is a scan or has a problem, and what is said about it can be printed."""
    judged = judge(*rows)
    with_problems = {problem.row_number for problem in judged.problems}
    for outcome in judged.outcomes:
        assert isinstance(outcome, BadRow) is (outcome.row_number in with_problems)
    assert all(said.message.isprintable() for said in judged.problems + judged.notices)
