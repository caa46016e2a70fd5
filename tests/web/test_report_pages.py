"""Reports and their charts, as a browser meets them."""

import csv
import html
import io
import re

import pytest

from assettrack.domain.tables import Column, Table
from assettrack.formats.tables import csv_bytes
from assettrack.services import custody_reports
from assettrack.services.reports import Filters, Report
from assettrack.web.reports import kinds, pages
from assettrack.web.reports.charts import BARS_MAX, charts_of
from assettrack.web.reports.kinds import REPORTS
from tests.web.stock import entries, fill, issue
from tests.web.visitors import OpenStation


def stocked(station: OpenStation) -> None:
    """Prepare a station with something in custody, of it something overdue."""
    fill(station)
    issue(station, "Jane Smith", "LT-1", due_on="2026-06-25")
    issue(station, "=Bob|Ray", "LT-2", "LT-3")


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_is_a_page_and_a_file_of_each_format(station: OpenStation, name: str) -> None:
    """A viewer sees it, and takes it away as CSV, XLSX, JSON or PDF."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports")
    assert f'href="/reports/{name}"' in vic.page
    assert vic.get(f"/reports/{name}").status_code == 200
    assert "<table>" in vic.page or "There is nothing to show." in vic.words
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("json", b"{"), ("pdf", b"%PDF-")):
        assert f"format={ending}" in vic.page
        file = vic.get(f"/reports/{name}?format={ending}")
        assert file.content.startswith(begins)
        assert file.headers["content-disposition"] == f'attachment; filename="{name}-2026-07-01.{ending}"'


def test_what_would_read_too_much_of_the_log_is_a_file(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says how many entries that would be, and offers the files, which have it; one asset is shown."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    size = len(entries(station))
    monkeypatch.setattr(kinds, "READ_MAX", size)
    vic.get("/reports/intervals")
    assert "3 intervals of custody" in vic.words
    monkeypatch.setattr(kinds, "READ_MAX", 2)
    for path in ("/reports/intervals", "/reports/intervals?details=1", "/reports/intervals?holder=%3DBob%7CRay"):
        assert vic.get(path).status_code == 200
        assert "entries of the log have to be read" in vic.words
        assert "<table>" not in vic.page
        link = re.search(r'href="(/reports/intervals[?][^"]*format=json)"', vic.page)
        assert link is not None
        assert vic.get(link[1].replace("&amp;", "&")).json()["rows"]
    vic.get("/reports/intervals?asset=lt-1")
    assert "1 interval of custody" in vic.words


@pytest.mark.parametrize("name", [*REPORTS, "custody?details=1", "accountability?everything=1", "intervals?details=1"])
def test_the_pages_of_a_report_are_together_what_its_file_has(
    station: OpenStation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Line by line, in their order, none twice and none left out; each page says which of how many it shows."""
    stocked(station)
    station.case("CASE-02", 2)
    vic = station.visitor("vic", "viewer")
    joined = "&" if "?" in name else "?"
    whole = vic.get(f"/reports/{name}{joined}format=json").json()
    monkeypatch.setattr(pages, "LINES_SHOWN", 2)
    monkeypatch.setattr(kinds, "LOOKED_MAX", 3)
    shown: list[list[str]] = []
    path: str | None = f"/reports/{name}"
    back = name == "activity"
    while path is not None:
        vic.get(path)
        rows = lines_of(vic.page)
        assert len(rows) <= 2
        if not back and len(whole["rows"]) > 2:
            total = len(whole["rows"])
            assert f"Lines {len(shown) + 1} to {len(shown) + len(rows)} of {total}." in vic.words
        shown = [*rows, *shown] if back else [*shown, *rows]
        link = re.search(r'href="([^"]+)">Look further back' if back else r'href="([^"]+)" rel="next"', vic.page)
        path = None if link is None else link[1].replace("&amp;", "&")
    at = 1 if name == "problems" else 0  # its first column is a code, and in words on the page
    key = whole["columns"][at]["key"]
    assert [row[at].replace(",", "") for row in shown] == [str(row[key]).replace(",", "") for row in whole["rows"]]


def lines_of(page: str) -> list[list[str]]:
    """What stands in the cells of a page's table, line by line."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall("<td[^>]*>(.*?)</td>", line)]
        for line in re.findall("<tr>(.*?)</tr>", body)
    ]


def test_the_options_stand_in_the_address_and_in_the_files(station: OpenStation) -> None:
    """What is shown can be kept as a link, and the files have just that."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/custody?holder=jane+smith&details=1")
    assert "LT-1" in vic.words
    assert "LT-2" not in vic.words
    link = re.search(r'href="(/reports/custody[?][^"]*format=csv)"', vic.page)
    assert link is not None
    rows = list(csv.reader(io.StringIO(vic.get(link[1].replace("&amp;", "&")).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["LT-1"]


def test_the_files_are_those_of_the_command_line(station: OpenStation) -> None:
    """The same writer makes them, formulas made harmless; no letter of a report is markup on its page."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    file = vic.get("/reports/custody?format=csv").content
    assert file == csv_bytes(custody_reports.custody(station.workplace(), Filters()).table)
    assert b"'=Bob|Ray" in file
    issue(station, "<b>Eve</b>", "LT-4")
    vic.get("/reports/custody")
    assert "<b>Eve" not in vic.page
    assert "&lt;b&gt;Eve" in vic.page


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("custody?holder=Nobody", 404, "There is no holder Nobody"),
        ("custody?type=spoon", 404, "There is no type of equipment spoon"),
        ("accountability?since=yesterday", 422, "write it as YYYY-MM-DD"),
        ("activity?kind=NONE", 422, "choose one of those shown"),
        ("activity?last=0", 422, "from 1 to"),
        ("activity?last=99999", 422, "from 1 to"),
        ("intervals?asset=%3F", 422, "asset tag"),
        ("custody?page=0", 422, "from 1 to"),
        ("custody?page=x", 422, "from 1 to"),
        ("activity?below=-1", 422, "from 1 to"),
        ("activity?shown=1.5", 422, "from 1 to"),
        ("custody?format=exe", 422, "csv, xlsx, json, pdf"),
    ],
)
def test_an_option_that_can_not_be_is_said_with_the_form(
    station: OpenStation, path: str, status: int, said: str
) -> None:
    """The form comes back with what was typed, and a sentence."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    assert vic.get(f"/reports/{path}").status_code == status
    assert said in vic.words


def test_a_long_report_has_pages(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each leads to the others and keeps the options; a page beyond the end is the last one; the files have all."""
    stocked(station)
    monkeypatch.setattr(pages, "LINES_SHOWN", 1)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/custody?details=1&type=laptop")
    assert "Lines 1 to 1 of 3." in vic.words
    assert ">Previous<" not in vic.page
    assert 'href="/reports/custody?type=laptop&amp;details=1&amp;page=3"' in vic.page
    vic.get("/reports/custody?details=1&type=laptop&page=2")
    assert "Lines 2 to 2 of 3." in vic.words
    assert [f">{word}<" in vic.page for word in ("First", "Previous", "Next", "Last")] == [True] * 4
    chart = vic.page.partition('<figure class="chart chart-by_holder">')[2].partition("</figure>")[0]
    assert "<title>=Bob|Ray: 2</title>" in chart
    assert "<title>Jane Smith: 1</title>" in chart
    vic.get("/reports/custody?details=1&page=99")
    assert "Lines 3 to 3 of 3." in vic.words
    assert ">Next<" not in vic.page
    assert vic.get("/reports/custody?details=1&format=csv").text.count("LT-") == 3


def test_the_log_is_looked_through_backwards(station: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where little is found the page says which entries it looked at, and leads further back, and to the latest."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    size = len(entries(station))
    monkeypatch.setattr(kinds, "LOOKED_MAX", 2)
    vic.get("/reports/activity?kind=HOLDER")
    assert f"Entries {size - 1} to {size} of the log were looked through." in vic.words
    assert "Back to the latest" not in vic.words
    link = re.search(r'href="([^"]+)">Look further back', vic.page)
    assert link is not None
    vic.get(link[1].replace("&amp;", "&"))
    assert f"Entries {size - 3} to {size - 2} of the log were looked through." in vic.words
    assert 'href="/reports/activity?kind=HOLDER">Back to the latest' in vic.page


def test_values_lead_where_they_belong(station: OpenStation) -> None:
    """Assets, holders, batches and entries are links; times stand in the station's zone."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/custody?details=1")
    for path in ("/assets/LT-1", "/holders/Jane%20Smith", "/batches/2", "/audit/entries/"):
        assert f'href="{path}' in vic.page
    assert "2026-06-21 12:00:00" in vic.words
    assert "Since (Europe/Berlin)" in vic.words


def test_bars_are_as_long_as_what_they_stand_for(station: OpenStation) -> None:
    """The longest bar is the whole width, one of half as many half of it; the table is named as the text for it."""
    stocked(station)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/custody")
    chart = vic.page[vic.page.index('<figure class="chart chart-by_holder">') :].partition("</figure>")[0]
    assert re.findall(r'class="bar" x="250" y="\d+" width="([\d.]+)"', chart) == ["470.0", "235.0"]
    assert "<title>=Bob|Ray: 2</title>" in chart
    assert 'role="img"' in chart
    assert 'aria-describedby="report-table"' in chart
    assert 'id="report-table"' in vic.page
    vic.get("/reports/cases")
    assert re.findall(r'class="bar-marked" x="250" y="\d+" width="([\d.]+)"', vic.page) == ["78.3"]  # 1 of 6 slots
    vic.get("/reports/overdue")
    assert '<figure class="chart' not in vic.page


def report_of(keys: tuple[str, ...], rows: list[tuple[object, ...]]) -> Report:
    """A report with some columns and rows."""
    columns = [Column(key, key, "integer" if isinstance(rows[0][i], int) else "text") for i, key in enumerate(keys)]
    table = Table("t", columns, rows, None)  # type: ignore[arg-type]  # no time in it needs the zone
    return Report(table, {}, len(rows), table.rows)


def test_many_bars_end_in_one_for_all_others() -> None:
    """The largest stand alone, the others together; what is nothing is no bar."""
    rows: list[tuple[object, ...]] = [(f"H{n:02}", "O", n, 0) for n in range(20)]
    (chart,) = charts_of("custody", report_of(("holder", "organisation", "assets", "overdue"), rows))
    assert [bar.label for bar in chart.bars] == [f"H{n:02}" for n in range(19, 19 - BARS_MAX, -1)] + [""]
    assert chart.bars[-1].value == sum(range(1, 20 - BARS_MAX))
    assert chart.others == 19 - BARS_MAX
    two = [(name, group, 1, 0) for name, group in (("A", "O"), ("B", "P"))]
    charts = charts_of("custody", report_of(("holder", "organisation", "assets", "overdue"), list(two)))
    assert [chart.of for chart in charts] == ["by_holder", "by_organisation"]


def test_many_cases_are_drawn_by_how_full_they_are() -> None:
    """Only a case without an empty slot is full; each tenth has its bar."""
    rows: list[tuple[object, ...]] = [(f"C{n}", 100, taken) for n, taken in enumerate([0, 9, 10, 99, 100] * 3)]
    (chart,) = charts_of("cases", report_of(("case_name", "slots", "taken"), rows))
    found = {bar.label: bar.value for bar in chart.bars if bar.value}
    assert found == {"0-9 %": 6, "10-19 %": 3, "90-99 %": 3, "100 %": 3}


def test_an_empty_station_has_reports_without_rows(station: OpenStation) -> None:
    """Nothing breaks where there is nothing."""
    vic = station.visitor("vic", "viewer")
    for name in REPORTS:
        assert vic.get(f"/reports/{name}").status_code == 200, name
