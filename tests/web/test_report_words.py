"""The pages of reports say in words what files and programs get as codes, and lead to what they are about."""

import io
import tomllib
from importlib import resources

from python_calamine import CalamineWorkbook

from assettrack.domain.code_words import ENTRY_WORDS, RESULT_WORDS
from tests.web.stock import commit, fill, issue
from tests.web.visitors import OpenStation


def test_problems_stand_in_words_with_ways_to_them(station: OpenStation) -> None:
    """No code is on the page; its files keep them."""
    fill(station, 2)
    issue(station, "Jane Smith", "LT-1", due_on="2026-06-25")
    commit(station, ["LT-9,2026-06-20T10:00:00Z,SCAN,mara,,,,laptop"])
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/problems?make=1")
    assert "not accepted yet 1" in vic.words
    assert "acceptance_open" not in vic.words
    assert '<a href="/batches/2">batch 2, Jane Smith</a>' in vic.page
    assert '<a href="/assets/LT-1">asset LT-1</a>' in vic.page
    for format_name in ("csv", "json"):
        assert "acceptance_open" in vic.get(f"/reports/problems?make=1&format={format_name}").text
    table = typed_cells(vic.get("/reports/problems?make=1&format=xlsx").content)
    assert "not accepted yet" in table
    assert "acceptance_open" not in table
    vic.get("/reports/accountability?make=1")
    assert "not accepted yet" in vic.words
    assert "acceptance_open" not in vic.words


def test_activity_says_what_an_entry_is_as_its_filter_does(station: OpenStation) -> None:
    """On the page and on paper; files for programs have the code."""
    fill(station, 1)
    vic = station.visitor("vic", "viewer")
    vic.get("/reports/activity?kind=SCAN")
    assert '<td class="">Scanned</td>' in vic.page
    assert ">SCAN<" not in vic.page
    assert "Only: kind Scanned" in vic.words
    paper = vic.get("/reports/activity?kind=SCAN&format=pdf").content
    assert (b"Scanned" in paper, b"SCAN" in paper) == (True, False)
    assert ",SCAN," in vic.get("/reports/activity?kind=SCAN&format=csv").text


def test_an_entry_is_called_the_same_everywhere() -> None:
    """In reports and on the sheets of counts as on the pages."""
    texts = resources.files("assettrack.web") / "texts"
    for name, table, words in (("audit", "entry_kinds", ENTRY_WORDS), ("counts", "results", RESULT_WORDS)):
        said = tomllib.loads((texts / f"{name}.en.toml").read_text("utf-8"))
        assert said[table] == dict(words)


def typed_cells(workbook: bytes) -> set[str]:
    """Return the texts in the cells of a workbook."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    return {cell for row in rows for cell in row if isinstance(cell, str)}
