"""Tables on paper, as other programs see them: nothing is lost, nothing cut, nothing runs into something else."""

import re

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.tables import Column, Table, Value
from assettrack.paper.table_pdf import BOTTOM, FOOT, LONG, SHORT, SIDE, table_pdf
from tests.paper.printed import boxes_of, pages_of, size_of, tag_of
from tests.trial_table import BERLIN, ROWS, trial_table

UPRIGHT, ACROSS = {(round(SHORT), round(LONG))}, {(round(LONG), round(SHORT))}
WORD = st.text(st.sampled_from("abcdefghijĄЖλ-"), min_size=1, max_size=40)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


def squeezed(text: str) -> str:
    """A text without its blanks and line breaks: what is broken into lines reads as one again."""
    return "".join(text.replace("\x02", "-").split())  # PDFium's sign for a hyphen at the end of a line


def columns_of(count: int, *rows: tuple[Value, ...], footnotes: tuple[str, ...] = ()) -> Table:
    """A table of so many columns of texts."""
    columns = tuple(Column(f"c{number}", f"C{number}") for number in range(count))
    return Table("Trial", columns, rows, BERLIN, footnotes=footnotes)


def test_everything_of_a_report_is_printed() -> None:
    """Title, subtitle, headings with the zone, each value as people read it, footnotes, the number of the page."""
    (page,) = pages_of(table_pdf(trial_table()))
    lines = page.splitlines()
    assert lines[:3] == ["Custody now", "As of 2026-03-02 10:30:00, Europe/Berlin", "+ all organisations"]
    for text in (
        "(Europe/Berlin)", "000123 Zoë Petrović 2026-03-01 13:00:00 2026-03-31", '=HYPERLINK("x")',
        "2026-07-01 14:34:56", "-5", "2026-12-24", 'comma, "quote"', "new line", "10000000000000000", "5 assets",
        "@ the end", "page 1 of 1",
    ):  # fmt: skip
        assert text in page
    assert tag_of(table_pdf(trial_table()), "Title") == "Custody now"


def test_pages_are_numbered_and_repeat_the_headings() -> None:
    """Each page says which of how many it is and begins with the headings; rows go on where the last page ended."""
    rows = tuple((f"LT-{number:04d}", *ROWS[0][1:]) for number in range(300))
    pages = pages_of(table_pdf(trial_table(rows)))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
        assert page.count("Holder") == 1
    assert re.findall(r"LT-\d{4}", "".join(pages)) == [str(row[0]) for row in rows]
    assert "@ the end" in pages[-1]


def test_a_wide_table_is_printed_across() -> None:
    """The sheet is upright as long as the table fits on it."""
    assert size_of(table_pdf(columns_of(2, ("x" * 20, "y" * 20)))) == UPRIGHT
    assert size_of(table_pdf(columns_of(8, ("twenty letters wide!",) * 8))) == ACROSS


def test_the_same_table_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in it; and nothing is compressed."""
    data = table_pdf(trial_table())
    assert table_pdf(trial_table()) == data
    assert b"FlateDecode" not in data
    assert len(data) < 200_000


@settings(max_examples=40)
@given(st.integers(1, 9).flatmap(lambda count: st.lists(st.tuples(*[WORDS] * count), min_size=1, max_size=5)))
def test_no_text_is_lost_or_runs_out(rows: list[tuple[str, ...]]) -> None:
    """Whatever the texts and however many columns: all letters are printed, within the margins, above the foot."""
    table = columns_of(len(rows[0]), *rows)
    data = table_pdf(table)
    printed = "".join(pages_of(data))
    wanted = "".join(text for row in rows for text in row)
    assert sorted(squeezed(re.sub(r"C\d|Trial|page \d+ of \d+", "", printed))) == sorted(squeezed(wanted))
    ((wide, _),) = size_of(data)
    for page in boxes_of(data):
        for box in page:
            assert SIDE - 2 <= box.left <= box.right <= wide - SIDE + 2
            assert box.bottom > BOTTOM - 2 or box.top < FOOT


def test_texts_of_neighbouring_columns_do_not_touch() -> None:
    """Where there is too little room, columns are made narrower and their texts broken, not printed over each other."""
    data = table_pdf(columns_of(6, *[("word " * 30 + "w" * 60,) * 6] * 3))
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        for one in boxes:
            for other in boxes:
                apart = (
                    one[2] <= other[0] + 0.5
                    or other[2] <= one[0] + 0.5
                    or one[3] <= other[1] + 1
                    or other[3] <= one[1] + 1
                )
                assert one == other or apart


def test_only_the_widest_columns_are_made_narrower() -> None:
    """A long remark is broken; what stands beside it keeps its line as long as there is room."""
    (page,) = pages_of(
        table_pdf(columns_of(4, ("LT-0001-WITH-TAG", "SN-0001-SERIAL", "remark " * 60, "Jane van der Smith")))
    )
    for text in ("LT-0001-WITH-TAG", "SN-0001-SERIAL", "Jane van der Smith"):
        assert text in page
    assert page.count("remark") == 60


def test_room_that_is_left_is_given_to_the_widest_column() -> None:
    """No name is broken and no long text, as long as the sheet has room; a date never is."""
    names = [f"i{letter}lil" for letter in "abcdefghijklnopqrstuvxyz"]
    rows = [*((name, "x", 1) for name in names), ("mmmm", "kept " * 50 + "due", 2), ("mmmm", "w " * 40, 3)]
    columns = (Column("by", "By"), Column("what", "What happened"), Column("seq", "Corrected by entry", "integer"))
    data = table_pdf(Table("Trial", columns, [(by, what, seq) for by, what, seq in rows], BERLIN))
    (page,) = pages_of(data)
    assert (size_of(data), page.count("mmmm")) == (UPRIGHT, 2)
    assert max(box.right for box in boxes_of(data)[0] if box.top > FOOT + 10) > SHORT - SIDE - 12
    for width in range(1, 12):
        dated = columns_of(1, ("x" * width + ", due 2026-03-01" * 30,))
        assert pages_of(table_pdf(dated))[0].count("2026-03-01") == 30


def test_a_row_taller_than_a_page_goes_on() -> None:
    """All lines of it are there, in their order, on as many pages as it takes."""
    lines = [f"line {number:03d}." for number in range(200)]
    pages = pages_of(table_pdf(columns_of(2, ("A", "\n".join(lines)), ("B", "after"))))
    assert len(pages) > 2
    assert re.findall(r"line \d{3}\.", "\n".join(pages)) == lines
    assert "after" in pages[-1]
    assert all(page.count("C1") == 1 for page in pages)


def test_footnotes_that_do_not_fit_go_on_without_headings() -> None:
    """Lines at the end are printed over the whole width; a page of them alone has no headings."""
    notes = tuple(f"note {number:03d}." for number in range(100))
    pages = pages_of(table_pdf(columns_of(1, ("A",), footnotes=notes)))
    assert re.findall(r"note \d{3}\.", "".join(pages)) == list(notes)
    assert [page.count("C0") for page in pages] == [1] + [0] * (len(pages) - 1)


def test_what_can_not_be_printed_is_written_as_a_number() -> None:
    """A letter that our fonts lack is named by its number, and a footnote says how to read that."""
    (page,) = pages_of(table_pdf(columns_of(1, ("東京",), ("a\\b",))))
    assert "\\u{6771}\\u{4EAC}" in page
    assert "a\\\\b" in page
    assert "stands for a letter" in page
    (page,) = pages_of(table_pdf(columns_of(1, ("Tokyo",))))
    assert "stands for a letter" not in page


def test_integers_stand_at_the_right_edge_of_their_column() -> None:
    """Digits of the same worth stand below each other."""
    table = Table("T", (Column("n", "Number", "integer"),), [(5,), (1234567,), (-99,)], BERLIN)
    (boxes,) = boxes_of(table_pdf(table))
    ends = [box.right for box in boxes[1:5]]
    assert max(ends) - min(ends) < 1.5


@pytest.mark.parametrize("count", [0, 1])
def test_a_report_without_rows_is_a_page(count: int) -> None:
    """An empty report has its headings, and its footnotes."""
    (page,) = pages_of(table_pdf(trial_table(ROWS[:count])))
    assert "Holder" in page
    assert "5 assets" in page


def test_a_long_title_leaves_room_for_the_number_of_the_page() -> None:
    """The foot holds both, whatever the title."""
    table = Table("A very long title " * 12, (Column("a", "A"),), [("x",)], BERLIN)
    (boxes,) = boxes_of(table_pdf(table))
    foot = [box for box in boxes if box.top < FOOT]
    number = max(foot, key=lambda box: box.left)
    assert all(box.right < number.left for box in foot if box != number)
