"""Tests of `assettrack.cli.show.report_table`."""

import io
import re
import sys
from datetime import UTC

import pytest

from assettrack.cli.show.report_table import ROWS_DRAWN, report_page
from assettrack.cli.show.screen import show
from assettrack.domain.tables import ROWS_AT_ONCE, Column, Table
from tests.trial_table import ROWS, trial_table

INTO_A_FILE = """\
Custody now
As of 2026-03-02 10:30:00, Europe/Berlin
+ all organisations

Asset   Holder                       Since (Europe/Berlin)  Due                      Days
000123  Zoë Petrović                 2026-03-01 13:00:00    2026-03-31                 30
LT-2    =HYPERLINK("x")              2026-07-01 14:34:56                               -5
LT-3                                                        2026-12-24
LT-4    comma, "quote"\\nnew line     2026-10-25 02:30:00+02:00                          0
LT-5                                 2026-10-25 02:30:00+01:00          10000000000000000

5 assets
@ the end
"""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Say so."""
        return True


def on_terminal(table: Table, monkeypatch: pytest.MonkeyPatch, columns: int) -> str:
    """What a terminal of so many columns gets, without colours."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    show(report_page(table))
    return re.sub(r"\x1b\[\d*m", "", terminal.getvalue())


def test_into_a_file_each_row_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No row is broken or cut, however wide; integers stand to the right; times in the zone that the heading names."""
    show(report_page(trial_table()))
    written = capsys.readouterr().out
    assert [line.split() for line in written.splitlines()] == [line.split() for line in INTO_A_FILE.splitlines()]
    lines = written.splitlines()
    ends = {len(line) for line in lines[5:10] if line.split()[-1] in {"30", "-5", "0", "10000000000000000"}}
    assert ends == {len(lines[4])}
    starts = {line.index(word) for line, word in ((lines[4], "Holder"), (lines[5], "Zoë"), (lines[8], "comma"))}
    assert len(starts) == 1


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_on_a_terminal_the_table_fits(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is longer than the screen is wide, and every letter is there: what is too long goes on below."""
    written = on_terminal(trial_table(), monkeypatch, columns)
    lines = written.splitlines()
    assert max(map(len, lines[4:-3])) <= columns
    letters = "".join(written.split())
    for text in ("000123", "Petrović", "2026-03-31"):
        assert columns < 80 or text in letters
    assert sum(letters.count(letter) for letter in "ćZ") == 2
    assert lines[-1] == "@ the end"


def test_headings_are_set_off_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The headings have a rule below them, and integers stand to the right there too."""
    lines = on_terminal(trial_table(), monkeypatch, 160).splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("Asset"))
    assert set(lines[place + 1].strip()) == {"─"}
    days = lines[place].index("Days") + len("Days")
    assert [len(line) for line in lines[place + 2 : place + 4]] == [days, days]


def test_a_long_report_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what anybody reads on a screen, rows are plain lines."""
    many = trial_table(ROWS[:1] * (ROWS_DRAWN + 1))
    assert "─" not in on_terminal(many, monkeypatch, 160)
    assert "─" in on_terminal(trial_table(ROWS[:1] * ROWS_DRAWN), monkeypatch, 160)


@pytest.mark.parametrize("columns", [None, 100])
def test_what_moves_the_cursor_is_shown_inert(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int | None
) -> None:
    """A name with an escape sequence is shown, not obeyed; nor is markup."""
    table = trial_table((("A", "\x1b[2J[bold]x", None, None, None),))
    if columns is None:
        show(report_page(table))
        written = capsys.readouterr().out
    else:
        written = on_terminal(table, monkeypatch, columns)
    assert "\\x1b[2J[bold]x" in written
    assert "\x1b" not in written


def test_a_long_report_is_set_out_as_a_short_one(capsys: pytest.CaptureFixture[str]) -> None:
    """However many rows: each is there once, in order, in columns whose numbers stand below one another to the end."""
    count = 2 * ROWS_AT_ONCE - 2  # so that, after headings and the first row, the last, blank one stands by itself
    columns = (Column("tag", "Asset"), Column("at", "At", "time"), Column("days", "Days", "integer"))
    times = [f"2026-03-01T{hour:02d}:00:00.000000Z" for hour in range(24)]
    first = 10_000 - ROWS_AT_ONCE - 100
    rows = [(f"LT-{number:05d}", times[number % 24], -number) for number in range(first, first + count)]
    show(report_page(Table("Trial", columns, [("LT-1", None, None), *rows, (None, None, None)], UTC)))
    lines = capsys.readouterr().out.splitlines()
    said = [line.split() for line in lines[3:-2]]
    assert said[1:-1] == [[tag, *str(at)[:19].split("T"), str(days)] for tag, at, days in rows]
    assert (said[0], said[-1], lines[-1]) == (["LT-1"], [], f"{count + 2:,} rows")
    assert {len(line) for line in lines[4:-3]} == {len(lines[2])}


def test_a_time_that_moves_the_cursor_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    """What follows an hour is shown as it is recorded, and inert."""
    show(report_page(Table("Trial", (Column("at", "At", "time"),), [("2026-03-01T10\x1b[2J..",)], UTC)))
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(("count", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_a_report_without_footnotes_says_how_many_rows_it_has(
    count: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line tells that nothing is missing."""
    whole = trial_table(ROWS[:count])
    table = Table(whole.title, whole.columns, whole.rows, whole.zone)
    show(report_page(table))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Custody now"
    assert lines[-2:] == ["", said]
    assert len(lines) == 5 + count
