"""Tables as CSV and JSON, and texts that no spreadsheet runs."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.tables import ROWS_AT_ONCE, Column, Table
from assettrack.formats.tables import csv_bytes, harmless, json_bytes, restored
from tests.conftest import Figure
from tests.trial_table import BERLIN, trial_table

SIGNS = sorted(
    {"\u2212"} | {chr(n) for n in range(0x110000) if unicodedata.normalize("NFKC", chr(n)) in {"=", "+", "-", "@"}}
)
"""Everything that is = + - @ in some width, found in Unicode's own tables, and the minus sign."""

BLANKS = [
    " ",
    "\N{NO-BREAK SPACE}",
    "\N{IDEOGRAPHIC SPACE}",
    "\N{ZERO WIDTH SPACE}",
    "\ufeff",
    "\x01",
    "\x0b",
    "\x7f",
    "'",
]
ENDS = [";", "\t", "\r", "\n"]
pieces = st.sampled_from([*SIGNS, *BLANKS, *ENDS, "\0", "a", "1", ",", '"', "''"])
texts = st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join))


def cells_in(text: str) -> list[str]:
    """The cells that a spreadsheet makes of a text if it parts columns by semicolons or TABs, blanks taken off."""
    for end in ENDS:
        text = text.replace(end, "\n")
    return [cell.lstrip("".join(map(chr, range(33))) + "".join(set(BLANKS) - {"'"})) for cell in text.split("\n")]


def would_run(text: str) -> bool:
    """Whether a spreadsheet may run a text: what OWASP's ASVS 5.0 (1.2.10) and our own wider list say."""
    return text[:1] in {"\t", "\r", "\n", "\0"} or any(cell[:1] in set(SIGNS) for cell in cells_in(text))


@given(texts)
def test_a_harmless_text_does_not_run_and_can_be_restored(text: str) -> None:
    """Whatever the text: its cell is inert, the text comes back, and what was harmless is not touched."""
    cell = harmless(text)
    assert not would_run(cell)
    assert restored(cell) == text
    if not would_run(text.replace("'", "")) and text.isprintable():  # around control characters we are more cautious
        assert cell == text


def test_five_thousand_payloads_are_inert(figure: Figure) -> None:
    """Made from all dangerous beginnings with blanks before and separators between: none runs, all come back."""
    chance = Random(19)
    parts = [*SIGNS, *BLANKS, *ENDS, "\0", "SUM(1+1)*cmd|' /C calc'!A0", '"', ",", "x"]
    payloads = {"".join(chance.choices(parts, k=chance.randrange(1, 7))) for _ in range(9000)}
    payloads = {text for text in payloads if would_run(text)}
    assert len(payloads) >= 5000
    assert [text for text in payloads if would_run(harmless(text)) or restored(harmless(text)) != text] == []
    figure(f"texts that a spreadsheet would run, made harmless and restored: {len(payloads)}")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("  -5", "'  -5"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t'=1"),
        ("a;=1", "a;'=1"),
        ("a\n- b\n- c", "a\n'- b\n'- c"),
        ("\0", "'\0"),
        ("O'Brien", "O'Brien"),
        ("'quoted'", "'quoted'"),
        ("a=b, c-d; e", "a=b, c-d; e"),
        ("7-1", "7-1"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_what_would_run(text: str, cell: str) -> None:
    """One apostrophe each, and none where nothing would run."""
    assert harmless(text) == cell
    assert restored(cell) == text


def test_long_texts_take_no_longer_than_they_are_long() -> None:
    """Texts of a million blanks, separators or apostrophes are made harmless and restored."""
    for unit in (" ", ";", "\t", "'", "; ", "\n'", ";\0"):
        text = unit * (1_000_000 // len(unit))
        assert restored(harmless(text)) == text


# -- CSV --------------------------------------------------------------------------------------------------------------


def test_csv_is_as_rfc_4180_has_it() -> None:
    """UTF-8 with a byte order mark, CRLF, cells with commas, quotes or line breaks in quotes, nothing but the table."""
    assert csv_bytes(trial_table()).decode("utf-8") == (
        "\ufeffAsset,Holder,Since (Europe/Berlin),Due,Days\r\n"
        "000123,Zoë Petrović,2026-03-01T13:00:00+01:00,2026-03-31,30\r\n"
        'LT-2,"\'=HYPERLINK(""x"")",2026-07-01T14:34:56+02:00,,-5\r\n'
        "LT-3,,,2026-12-24,\r\n"
        'LT-4,"comma, ""quote""\nnew line",2026-10-25T02:30:00+02:00,,0\r\n'
        "LT-5,,2026-10-25T02:30:00+01:00,,10000000000000000\r\n"
    )


@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_any_text_comes_back_from_csv(rows: list[tuple[str, str]]) -> None:
    """Read as CSV and restored, each cell is the text it was made from; none would run."""
    table = Table("Trial", (Column("a", "A"), Column("b", "=B")), rows, UTC)
    read = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline="")))
    assert read[0] == ["A", "'=B"]
    assert [tuple(map(restored, row)) for row in read[1:]] == rows
    assert not any(would_run(cell) for row in read[1:] for cell in row)


@given(st.lists(texts, max_size=30))
def test_a_column_is_judged_as_its_texts_are(column: list[str]) -> None:
    """The one look at a whole column overlooks none of its texts."""
    table = Table("Trial", (Column("n", "N", "integer"), Column("a", "A")), list(enumerate(column)), UTC)
    read = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline="")))
    assert [row[1] for row in read[1:]] == list(map(harmless, column))


# -- JSON -------------------------------------------------------------------------------------------------------------


def test_json_is_for_programs() -> None:
    """Integers are numbers, times are UTC with the local text beside them, texts are unchanged, blanks are null."""
    found = json.loads(json_bytes(trial_table()))
    assert list(found) == ["title", "subtitle", "timezone", "columns", "rows", "footnotes"]
    assert (found["title"], found["timezone"]) == ("Custody now", "Europe/Berlin")
    assert found["subtitle"] == ["As of 2026-03-02 10:30:00, Europe/Berlin", "+ all organisations"]
    assert found["footnotes"] == ["5 assets", "@ the end"]
    assert found["columns"][2] == {"key": "since", "heading": "Since", "kind": "time"}
    assert found["columns"][0] == {"key": "asset_tag", "heading": "Asset", "kind": "text"}
    assert found["rows"][1] == {
        "asset_tag": "LT-2",
        "holder": '=HYPERLINK("x")',
        "since": "2026-07-01T12:34:56.789000Z",
        "since_local": "2026-07-01T14:34:56+02:00",
        "due": None,
        "days": -5,
    }
    assert found["rows"][2]["since"] is found["rows"][2]["since_local"] is None
    assert [row["holder"] for row in found["rows"]][2:] == [None, 'comma, "quote"\nnew line', ""]


def test_a_table_without_rows_is_a_table() -> None:
    """An empty report says its columns."""
    empty = trial_table(())
    assert csv_bytes(empty).decode("utf-8-sig") == "Asset,Holder,Since (Europe/Berlin),Due,Days\r\n"
    assert json.loads(json_bytes(empty))["rows"] == []


def test_a_long_table_is_written_whole() -> None:
    """Each row stands once in CSV and JSON, in order, however many there are."""
    rows = [(f"A{number}", f"2026-03-01T{number % 24:02d}:30:00.000000Z") for number in range(2 * ROWS_AT_ONCE + 1)]
    long = Table("Trial", (Column("a", "A"), Column("at", "At", "time")), rows, UTC)
    found = json.loads(json_bytes(long))["rows"]
    assert [(row["a"], row["at"]) for row in found] == rows
    read = list(csv.reader(io.StringIO(csv_bytes(long).decode("utf-8-sig"), newline="")))[1:]
    assert read == [[row["a"], row["at_local"]] for row in found]
    assert read == [[tag, f"{at[:19]}+00:00"] for tag, at in rows]


@pytest.mark.parametrize("write", [csv_bytes, json_bytes])
def test_a_value_that_does_not_fit_is_a_mistake(write: Callable[[Table], bytes]) -> None:
    """What is no time can't be told as one."""
    with pytest.raises(ValueError, match="isoformat"):
        write(Table("Trial", (Column("at", "At", "time"),), [("now",)], BERLIN))
