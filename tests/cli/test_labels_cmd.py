"""`labels`: files that are printed, as they are typed; and what is said when one can't be made."""

from pathlib import Path

import pytest

from assettrack.domain.cards import Card, CardKind, written
from tests.cli.conftest import Desk
from tests.paper.printed import codes_on, pages_of, pictures_of
from tests.paper.zpl_reading import read_zpl


def codes_in(desk: Desk, name: str) -> list[str]:
    """Return what is read from a PDF in the desk's folder, in order."""
    data = (desk.folder / name).read_bytes()
    return sorted(code.text for picture in pictures_of(data, 300) for code in codes_on(picture))


def path(desk: Desk, name: str) -> str:
    """Return a file in the desk's folder as it is typed."""
    return str(desk.folder / name)


def test_labels_of_assets_go_into_a_pdf(stocked: Desk) -> None:
    """Those named, those in a case, or all that are not retired."""
    for number, (words, tags) in enumerate(
        [(["lt-2", "LT-1"], ["LT-1", "LT-2"]), (["--case", "case-01"], ["LT-1"]), (["--all"], ["LT-1", "LT-2", "LT-3"])]
    ):
        said = stocked.tell("labels", "assets", *words, "--sheet", "L7160", "--pdf", path(stocked, f"{number}.pdf"))
        counted = "1 label" if len(tags) == 1 else f"{len(tags)} labels"
        assert said == f"{counted} on 1 page (L7160) in {path(stocked, f'{number}.pdf')}.\n"
        assert codes_in(stocked, f"{number}.pdf") == tags


def test_new_tags_in_sequence(station: Desk) -> None:
    """They need not be known, where that is said."""
    words = ("labels", "assets", "LT-0099", "--count", "3", "--sheet", "5160", "--skip", "29", "--pdf")
    refused = station.refuse(*words, path(station, "a.pdf"), exit_code=4)
    assert refused["code"] == "not_found"
    assert refused["message"].endswith("For labels of assets that nobody scanned yet, say --new too.")
    made = station.ask(*words, path(station, "a.pdf"), "--new")
    assert made == {
        "file": path(station, "a.pdf"), "format": "pdf", "labels": 3, "pages": 2, "sheet": "5160", "code": "code128",
        "dpi": 300, "module_mm": 0.423, "at_203_dpi": True, "existing": [],
    }  # fmt: skip
    assert codes_in(station, "a.pdf") == ["LT-0099", "LT-0100", "LT-0101"]
    assert "exist" not in station.type(*words, path(station, "b.pdf"), "--new").err


def test_tags_that_are_not_new_are_printed_and_said(stocked: Desk) -> None:
    """Which of them exist already, retired ones too, is told to people and programs: it may be meant as a reprint."""
    words = ("labels", "assets", "LT-2", "--new", "--count", "4", "--sheet", "5160", "--force", "--pdf")
    made = stocked.ask(*words, path(stocked, "a.pdf"))
    assert (made["labels"], made["existing"]) == (4, ["LT-2", "LT-3", "LT-4"])
    answer = stocked.type(*words, path(stocked, "a.pdf"))
    assert "3 of 4 tags exist already: LT-2, LT-3, LT-4. " in " ".join(answer.err.split())
    assert answer.exit_code == 0
    assert codes_in(stocked, "a.pdf") == ["LT-2", "LT-3", "LT-4", "LT-5"]
    one = stocked.type("labels", "assets", "LT-2", "--new", "--size", "60x30", "--pdf", path(stocked, "b.pdf"))
    assert "1 of 1 tag exists already: LT-2. " in " ".join(one.err.split())
    known = stocked.type("labels", "assets", "LT-2", "--size", "60x30", "--pdf", path(stocked, "c.pdf"))
    assert "already" not in known.err
    assert stocked.ask("labels", "assets", "LT-2", "--size", "60x30", "--pdf", path(stocked, "d.pdf"))["existing"] == []
    assert "existing" not in stocked.ask(
        "labels", "slots", "CASE-02", "--size", "60x30", "--pdf", path(stocked, "e.pdf")
    )


def test_slots_cases_and_badges(stocked: Desk) -> None:
    """Each by its own command; squares hold plain letters."""
    stocked.tell("labels", "slots", "CASE-02", "--code", "qr", "--sheet", "L7651", "--pdf", path(stocked, "s.pdf"))
    assert codes_in(stocked, "s.pdf") == [f"CASE-02 SLOT-0{number}" for number in range(1, 5)]
    stocked.tell(
        "labels", "cases", "--code", "datamatrix", "--grid", "3x8", "--page", "letter", "--pdf", path(stocked, "c.pdf")
    )
    assert codes_in(stocked, "c.pdf") == ["CASE-01", "CASE-02"]
    stocked.tell("labels", "holders", "jane smith", "--size", "60x30", "--pdf", path(stocked, "h.pdf"))
    assert "Jane Smith" in pages_of((stocked.folder / "h.pdf").read_bytes())[0]


def test_labels_for_a_zebra(stocked: Desk) -> None:
    """At the resolution of most of them, or another."""
    words = ("labels", "assets", "LT-1", "--size", "50x25", "--zpl", path(stocked, "a.zpl"))
    made = stocked.ask(*words)
    assert (made["format"], made["dpi"], made["pages"], made["at_203_dpi"]) == ("zpl", 203, 1, True)
    assert stocked.ask(*words, "--dpi", "600", "--force")["dpi"] == 600
    (label,) = read_zpl((stocked.folder / "a.zpl").read_bytes())
    assert (label.wide, [each.text for each in label.fields]) == (1181, ["LT-1", "LT-1"])


def test_the_cards_of_a_round(station: Desk) -> None:
    """Large on a page, or as labels; where the station has no accounts, by a name."""
    made = station.ask("labels", "cards", "--begin", "mara", "--end-count", "20", "--pdf", path(station, "c.pdf"))
    assert (made["labels"], made["pages"], made["sheet"]) == (11, 2, "cards")
    assert codes_in(station, "c.pdf")[:2] == [
        written(Card(CardKind.BEGIN, "MARA")),
        written(Card(CardKind.CASE, "OUT")),
    ]
    station.tell("labels", "cards", "--begin", "mara", "--sheet", "L7163", "--pdf", path(station, "l.pdf"))
    assert len(codes_in(station, "l.pdf")) == 10
    assert station.refuse("labels", "cards", "--pdf", path(station, "n.pdf"), exit_code=4)["code"] == "not_found"
    refused = station.refuse(
        "labels", "cards", "--begin", "x", "--code", "qr", "--pdf", path(station, "n.pdf"), exit_code=2
    )
    assert "Code 128 only" in refused["message"]


def test_a_code_too_fine_for_203_dpi_is_said(station: Desk) -> None:
    """With what to do; made for 203 dpi it is fine."""
    words = ("labels", "assets", "LT-0001", "--new", "--sheet", "L7651", "--force", "--pdf", path(station, "a.pdf"))
    assert "make it with --dpi 203" in station.type(*words).err
    assert "make it with" not in station.type(*words, "--dpi", "203").err


@pytest.mark.parametrize(
    "words",
    [
        ("assets", "LT-1", "--pdf", "x.pdf"),
        ("assets", "LT-1", "--sheet", "L7160"),
        ("assets", "LT-1", "--sheet", "L7160", "--pdf", "x.pdf", "--zpl", "x.zpl"),
        ("assets", "LT-1", "--sheet", "L7160", "--size", "50x25", "--pdf", "x.pdf"),
        ("assets", "LT-1", "--sheet", "L7160", "--page", "A4", "--pdf", "x.pdf"),
        ("assets", "LT-1", "--sheet", "L7160", "--gap", "2", "--pdf", "x.pdf"),
        ("assets", "LT-1", "--size", "50x25", "--skip", "1", "--zpl", "x.zpl"),
        ("assets", "LT-1", "--all", "--sheet", "L7160", "--pdf", "x.pdf"),
        ("assets", "--sheet", "L7160", "--pdf", "x.pdf"),
        ("assets", "--all", "--new", "--sheet", "L7160", "--pdf", "x.pdf"),
        ("assets", "LT-1", "LT-2", "--new", "--count", "2", "--sheet", "L7160", "--pdf", "x.pdf"),
        ("cards", "--begin", "x", "--zpl", "x.zpl"),
        ("cards", "--begin", "x", "--skip", "1", "--pdf", "x.pdf"),
    ],
)
def test_what_does_not_go_together(stocked: Desk, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and no file is made."""
    monkeypatch.chdir(stocked.folder)
    assert stocked.refuse("labels", *words, exit_code=2)["code"] == "usage"
    assert list(Path().glob("x.*")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sheet", "L1"), "L7160, L7163"),
        (("--size", "50"), "50x25"),
        (("--size", "nanx1"), "50x25"),
        (("--size", "1x1"), "5 to 400 mm"),
        (("--grid", "3"), "3x8"),
        (("--grid", "0x1"), "1 to 50"),
        (("--grid", "3x8", "--margin", "-1"), "in millimetres"),
        (("--grid", "3x8", "--margin", "120"), "smaller than 5 mm"),
        (("--sheet", "L7160", "--skip", "21"), "the sheet has 21"),
        (("--size", "10x10"), "a larger label would, such as"),
    ],
)
def test_sheets_that_can_not_be(stocked: Desk, words: tuple[str, ...], said: str) -> None:
    """The sentence says what can."""
    error = stocked.refuse("labels", "assets", "LT-1", *words, "--pdf", path(stocked, "x.pdf"), exit_code=2)
    assert said in error["message"]
    assert not (stocked.folder / "x.pdf").exists()


def test_a_file_is_never_written_over(stocked: Desk) -> None:
    """Unless that is said."""
    words = ("labels", "assets", "LT-1", "--sheet", "L7160", "--pdf", path(stocked, "a.pdf"))
    stocked.tell(*words)
    assert stocked.refuse(*words, exit_code=4)["code"] == "file_exists"
    stocked.tell(*words, "--force")


def test_sheets_are_listed_with_the_longest_tag_that_fits(desk: Desk) -> None:
    """38.1 mm less 1 mm on either side are 213 modules of two dots at 300 dpi: 14 letters of 11 modules and 55 more."""
    found = {each["sheet"]: each for each in desk.ask("labels", "sheets")["sheets"]}
    assert list(found) == ["L7160", "L7163", "L7651", "5160", "5163", "5167"]
    assert (found["L7651"]["labels"], found["L7651"]["longest_tag"]) == (65, 14)
    assert found["5163"]["longest_tag"] == 30
    lines = desk.tell("labels", "sheets").splitlines()
    assert lines[0].split() == ["sheet", "labels", "grid", "label", "longest", "tag", "at", "203", "dpi"]
    assert len(lines) == 7
