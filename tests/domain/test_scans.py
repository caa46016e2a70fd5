"""The batch contract's names and limits, and a row's identity: which rows are the same row and which are not."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain import scans
from assettrack.domain.scans import COLUMNS, Scan
from assettrack.domain.tags import OUT, Place, parse_case_name, parse_slot_position
from assettrack.domain.validation import Validator

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

FULL = {
    "asset_tag": "AT-007",
    "timestamp": "2026-02-02T13:00:00Z",
    "event_type": "SCAN",
    "operator_id": "gcurl",
    "issued_to_name": "Zoë Ångström",
    "case_number": "CASE-01",
    "slot_number": "7",
    "building_room": "BQ26-101",
    "equipment_type": "laptop",
    "serial_number": "SN-1",
    "manufacturer": "Maker",
    "model": "M 1",
    "model_code": "M1-x",
    "notes": "first\nscan é",
}
"""A row with something in every cell, as it may be written most plainly."""


def cells(**changed: str) -> tuple[str, ...]:
    """The full row with some cells written otherwise."""
    return tuple((FULL | changed)[column] for column in COLUMNS)


def scan_of(**changed: str) -> Scan:
    """The scan that the full row becomes with some cells written otherwise."""
    validator = Validator(BERLIN, NOW)
    (scan,) = validator.scans([cells(**changed)])
    assert isinstance(scan, Scan), validator.problems
    return scan


def identities(*rows: Sequence[str]) -> list[bytes]:
    """The identities of the rows of one file, none of which has a problem."""
    outcomes = list(Validator(BERLIN, NOW).scans(rows))
    found = [outcome.identity for outcome in outcomes if isinstance(outcome, Scan)]
    assert len(found) == len(rows)
    return found


def identity(**changed: str) -> bytes:
    """The identity of the full row with some cells written otherwise, alone in its file."""
    return identities(cells(**changed))[0]


def test_the_columns_are_those_of_the_contract() -> None:
    """Four required and ten optional columns, of which six describe an asset, and the five events."""
    assert set(COLUMNS) == set(FULL)
    assert len(COLUMNS) == len(FULL)
    assert set(scans.REQUIRED_COLUMNS) == {"asset_tag", "timestamp", "event_type", "operator_id"}
    described = {"building_room", "equipment_type", "serial_number", "manufacturer", "model", "model_code"}
    assert set(scans.DETAIL_COLUMNS) == described
    assert set(scans.EVENT_TYPES) == {"SCAN", "ISSUE", "RETURN", "UPDATE", "RETIRE"}


def test_the_limits_are_those_of_the_contract() -> None:
    """256 MiB a file, a million rows, 4 KiB a cell, 64 characters an operator, 5 minutes ahead."""
    assert scans.FILE_BYTES_MAX == 256 * 2**20
    assert scans.ROWS_MAX == 1_000_000
    assert scans.CELL_BYTES_MAX == 4 * 2**10
    assert scans.OPERATOR_LENGTH_MAX == 64
    assert scans.AHEAD_MINUTES_MAX == 5


def test_a_scan_carries_the_whole_row() -> None:
    """Every cell of a good row arrives in its field of the scan, the time as received and as UTC."""
    scan = scan_of(
        asset_tag=" at-007", timestamp=" 2026-02-02 14:00+01:00 ", event_type="return", case_number="case-01"
    )
    assert (scan.row_number, scan.asset_tag, scan.event_type) == (1, "AT-007", "RETURN")
    assert (scan.timestamp, scan.occurred_at) == ("2026-02-02 14:00+01:00", "2026-02-02T13:00:00.000000Z")
    assert scan.place == Place("CASE-01", 7)
    as_written = {"operator_id", "issued_to_name", *scans.DETAIL_COLUMNS, "notes"}
    assert {field: getattr(scan, field) for field in as_written} == {field: FULL[field] for field in as_written}


@pytest.mark.parametrize(
    "written",
    [
        "Zoë Ångström",
        " Zoë  Ångström ",
        "Zoe\u0308 A\u030angstro\u0308m",
        "Zoë \u212bngström",
        "Zoë\u00a0\u2003Ångström",
    ],
)
def test_names_are_composed_and_their_spaces_collapsed(written: str) -> None:
    """A name has one normal form: Unicode NFC, one space between words, none around; its letter case is kept."""
    assert scan_of(issued_to_name=written).issued_to_name == "Zo\u00eb \u00c5ngstr\u00f6m"


@pytest.mark.parametrize("field", ["operator_id", "issued_to_name", *scans.DETAIL_COLUMNS, "notes"])
def test_free_text_is_composed_and_trimmed(field: str) -> None:
    """Every free text is trimmed and in NFC, so that what looks alike is alike; only names lose inner spaces."""
    assert getattr(scan_of(**{field: " Mu\u0308ller "}), field) == "M\u00fcller"
    assert getattr(scan_of(**{field: "x  y"}), field) == ("x y" if field == "issued_to_name" else "x  y")


@pytest.mark.parametrize(("text", "kept"), [("a\tb", "a\tb"), ("a\nb", "a\nb"), ("a\r\nb\rc\n\nd\n", "a\nb\nc\n\nd")])
def test_notes_keep_their_lines(text: str, kept: str) -> None:
    """Notes may have lines and tabs; line ends of all systems become one, and nothing hangs on at the end."""
    assert scan_of(notes=text).notes == kept


def test_a_scan_cannot_be_changed() -> None:
    """What was previewed stays what it was."""
    (scan,) = Validator(BERLIN, NOW).scans([cells()])
    for name in msgspec.structs.asdict(scan):
        with pytest.raises(AttributeError):
            setattr(scan, name, None)


def test_an_identity_is_one_sha_256() -> None:
    """An identity has the 32 bytes of a SHA-256 and is the same on every day and station."""
    rows = [cells()]
    elsewhere = Validator(ZoneInfo("Asia/Kathmandu"), NOW + timedelta(days=400))
    (scan,) = elsewhere.scans(rows)
    assert isinstance(scan, Scan)
    assert len(scan.identity) == 32
    assert [scan.identity] == identities(*rows)


@pytest.mark.parametrize(
    "changed",
    [
        {"asset_tag": "at-007"},
        {"asset_tag": "  At-007 "},
        {"timestamp": "2026-02-02 13:00Z"},
        {"timestamp": "2026-02-02T13:00:00.000Z"},
        {"timestamp": "2026-02-02T14:00:00+01:00"},
        {"timestamp": "2026-02-02T06:30-06:30"},
        {"timestamp": " 2026-02-02T14:00:00 "},
        {"event_type": "scan"},
        {"event_type": " Scan"},
        {"operator_id": " gcurl "},
        {"issued_to_name": "  Zoë   Ångström"},
        {"issued_to_name": "Zoe\u0308 A\u030angstro\u0308m"},
        {"issued_to_name": "Zoë \u212bngström"},
        {"issued_to_name": "Zoë\u00a0Ångström"},
        {"case_number": "case-01 "},
        {"slot_number": "07"},
        {"slot_number": "SLOT-07"},
        {"slot_number": " slot-0007"},
        {"building_room": " BQ26-101 "},
        {"serial_number": "SN-1 "},
        {"notes": "first\r\nscan é"},
        {"notes": "first\rscan é"},
        {"notes": "\nfirst\nscan e\u0301 \n"},
    ],
)
def test_other_spellings_of_a_row_are_the_same_row(changed: dict[str, str]) -> None:
    """Spaces around, letter case of labels, zeros, zones, line ends and Unicode forms do not make another row."""
    assert identity(**changed) == identity()


@pytest.mark.parametrize(
    "changed",
    [
        {"asset_tag": "AT-07"},
        {"timestamp": "2026-02-02T13:00:01Z"},
        {"timestamp": "2026-02-02T13:00:00.000001Z"},
        {"timestamp": "2026-02-02T13:00:00"},
        {"event_type": "UPDATE"},
        {"operator_id": "GCURL"},
        {"issued_to_name": "Zoe Ångström"},
        {"issued_to_name": ""},
        {"case_number": "CASE-1"},
        {"case_number": "CASE- 01"},
        {"slot_number": "70"},
        {"case_number": "", "slot_number": ""},
        {"case_number": "OUT", "slot_number": "OUT"},
        {"building_room": "bq26-101"},
        {"equipment_type": "Laptop"},
        {"serial_number": "SN-01"},
        {"manufacturer": ""},
        {"model": "M  1"},
        {"model_code": "M1-X"},
        {"notes": "first scan é"},
        {"notes": "first\n\nscan é"},
        {"notes": "first\nscan e"},
    ],
)
def test_a_row_that_says_something_else_is_another_row(changed: dict[str, str]) -> None:
    """Every cell of the contract is in the identity."""
    assert identity(**changed) != identity()


@pytest.mark.parametrize("out", ["out", "Out", " OUT "])
def test_out_is_one_word_in_any_spelling(out: str) -> None:
    """OUT in small letters is the same place."""
    assert identity(case_number=out, slot_number=out) == identity(case_number="OUT", slot_number="OUT")


@given(
    neighbours=st.sampled_from(list(pairwise(COLUMNS[7:]))),
    text=st.text("ab| ,;\"'\\", min_size=1, max_size=8).filter(lambda text: text == text.strip()),
)
def test_moving_text_into_the_next_cell_makes_another_row(neighbours: tuple[str, str], text: str) -> None:
    """Where one cell ends and the next begins is part of the identity."""
    left, right = neighbours
    found = {identity(**{left: text[:cut], right: text[cut:]}) for cut in range(len(text) + 1)}
    splits = {(text[:cut].strip(), text[cut:].strip()) for cut in range(len(text) + 1)}
    assert len(found) == len(splits)


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
rows_of_a_file = st.lists(
    st.fixed_dictionaries(
        {
            "asset_tag": st.sampled_from(["A1", "A2"]),
            "notes": st.sampled_from(["", "x"]),
            "timestamp": st.sampled_from(["2026-02-02T13:00:00Z", "2026-02-02T13:00:01Z"]),
        },
    ).map(lambda changed: cells(**changed)),
    min_size=1,
    max_size=20,
)


@given(name=words, note=words, minutes=st.integers(-840, 840), lower=st.booleans(), zeros=st.integers(0, 9))
@example(name="ñ", note="가", minutes=345, lower=True, zeros=1)
def test_a_respelled_row_keeps_its_identity(name: str, note: str, minutes: int, *, lower: bool, zeros: int) -> None:
    """Any mixture of other spellings, in every cell at once, still is the same row."""
    plain = {
        "issued_to_name": unicodedata.normalize("NFC", f"{name} {name}"),
        "notes": unicodedata.normalize("NFC", f"{note}\n{note}"),
        "equipment_type": unicodedata.normalize("NFC", note),
    }
    there = timezone(timedelta(minutes=minutes))
    shifted = datetime.fromisoformat(FULL["timestamp"]).astimezone(there).isoformat(" ", "milliseconds")
    respelled = {
        "asset_tag": FULL["asset_tag"].lower() if lower else f" {FULL['asset_tag']}",
        "timestamp": shifted,
        "event_type": "sCaN" if lower else "SCAN ",
        "issued_to_name": unicodedata.normalize("NFD", f" {name}   {name} "),
        "case_number": "Case-01" if lower else " CASE-01",
        "slot_number": f"{'slot-' if lower else ''}{'0' * zeros}7",
        "notes": unicodedata.normalize("NFD", f"{note}\r\n{note}"),
        "equipment_type": f" {unicodedata.normalize('NFD', note)} ",
    }
    assert identity(**respelled) == identity(**plain)


@given(rows=rows_of_a_file)
@example(rows=[cells()] * 5)
def test_no_two_rows_of_a_file_have_one_identity(rows: list[tuple[str, ...]]) -> None:
    """Identical rows are told apart by their ordinal, however many there are and wherever they stand."""
    assert len(set(identities(*rows))) == len(rows)


@given(rows=rows_of_a_file, later=rows_of_a_file)
def test_rows_keep_their_identity_when_a_file_grows(rows: list[tuple[str, ...]], later: list[tuple[str, ...]]) -> None:
    """A scanner that was not cleared sends the old rows again in front of the new ones: they are recognised."""
    assert identities(*rows, *later)[: len(rows)] == identities(*rows)


@given(rows=rows_of_a_file, data=st.data())
def test_identities_do_not_hang_on_the_place_in_the_file(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    """In another order a file has the same identities: only the ordinal among identical rows counts."""
    shuffled = data.draw(st.permutations(rows))
    assert set(identities(*shuffled)) == set(identities(*rows))


def test_ordinals_count_identical_rows() -> None:
    """Rows that are the same once normalised are numbered 1, 2, 3 in file order, others have their own count."""
    rows = [cells(), cells(asset_tag="at-007"), cells(notes="other"), cells(timestamp="2026-02-02T14:00+01:00")]
    found = [outcome.ordinal for outcome in Validator(BERLIN, NOW).scans(rows) if isinstance(outcome, Scan)]
    assert found == [1, 2, 1, 3]


@given(place=st.builds(Place, st.from_regex(r"[A-Z0-9][A-Z0-9_-]{0,29}", fullmatch=True), st.integers(1, 500)))
def test_the_cells_of_a_place_are_read_back_as_that_place(place: Place) -> None:
    """The normal form of case and slot is what the same two cells are read from."""
    case, slot = scans.place_cells(place)
    assert (parse_case_name(case), parse_slot_position(slot)) == place
    assert scans.place_cells(OUT) == ("OUT", "OUT")
    assert scans.place_cells(None) == ("", "")
