"""Files of scanners that come again, with more appended, at the command line: nothing counts twice in silence."""

from pathlib import Path

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from tests.cli.conftest import Desk

LAPTOPS = ("--default", "equipment_type=laptop")
SAID = ("--scanned-by", "mara", "--event", "SCAN", *LAPTOPS)
DAY_1, DAY_2 = ("--at", "2026-02-16T08:00Z"), ("--at", "2026-02-17T08:00Z")
GIVEN_AND_BACK = [
    *(cards.written(Card(kind, word)) for kind, word in ((CardKind.BEGIN, "MARA"), (CardKind.EVENT, "SCAN"))),
    "LT-1",
    cards.written(Card(CardKind.EVENT, "ISSUE")),
    "LT-1",
    cards.written(Card(CardKind.EVENT, "RETURN")),
    cards.written(Card(CardKind.CASE, "OUT")),
    "LT-1",
]


def listed(desk: Desk, *texts: str, name: str = "list.txt", end: str = "\n") -> str:
    """Write a list of codes and return its path."""
    path = Path(desk.folder) / name
    path.write_text("".join(f"{text}{end}" for text in texts), encoding="utf-8", newline="")
    return str(path)


def rows_of(desk: Desk, tag: str) -> int:
    """Return how many rows an asset has in the log."""
    return len(desk.ask("asset", "history", tag)["entries"])


def test_a_list_with_cards_that_was_appended_to_does_not_issue_and_return_again(station: Desk) -> None:
    """Its old scans are asked about, by their batch and number; as the same ones only the new scan is recorded."""
    station.tell("holder", "add", "Ada Lovelace")
    to_ada = ("--to", "Ada Lovelace")
    station.tell("commit", listed(station, *GIVEN_AND_BACK), *to_ada, *LAPTOPS, *DAY_1, "--yes")
    assert rows_of(station, "LT-1") == 3
    more = listed(station, *GIVEN_AND_BACK, cards.written(Card(CardKind.EVENT, "SCAN")), "LT-9", end="\r\n")
    (problem,) = station.ask("preview", more, *to_ada, *LAPTOPS, *DAY_2, exit_code=3)["problems"]
    assert problem["code"] == "dump_told_before"
    told = "8 scans of what was committed before, as batch 1, and 3 of its scans, such as scan 3"
    assert told in problem["message"]
    assert problem["message"].endswith("Answer with --same-scans or --scanned-anew.")
    station.refuse("commit", more, *to_ada, *LAPTOPS, *DAY_2, "--yes", exit_code=3)
    page = station.tell("preview", more, *to_ada, *LAPTOPS, *DAY_2, "--same-scans")
    assert "--same-scans" in page
    assert "Committed 1 scan" in station.tell("commit", more, *to_ada, *LAPTOPS, *DAY_2, "--same-scans", "--yes")
    assert rows_of(station, "LT-1") == 3
    again = station.tell("commit", more, *to_ada, *LAPTOPS, *DAY_2, "--same-scans", "--yes")
    assert "Nothing happened: every row of this file is recorded already, in batches 1, 2" in again


def test_a_blank_line_more_makes_no_other_file(station: Desk) -> None:
    """Blank lines and line ends do not matter; what is the same to the letter has nothing left to commit."""
    station.tell("commit", listed(station, "LT-1", "LT-2"), *SAID, *DAY_1, "--yes")
    file = ""
    for name, texts, end in (("blank.txt", ("LT-1", "", "LT-2", ""), "\n"), ("ends.txt", ("LT-1", "LT-2"), "\r\n")):
        file = listed(station, *texts, name=name, end=end)
        assert "recorded already" in station.tell("commit", file, *SAID, *DAY_1, "--yes")
        (problem,) = station.ask("preview", file, *SAID, *DAY_2, exit_code=3)["problems"]
        assert problem["code"] == "dump_told_before"
        assert station.ask("preview", file, *SAID, *DAY_2, "--same-scans")["already_committed"]
        assert "recorded already" in station.tell("commit", file, *SAID, *DAY_2, "--same-scans", "--yes")
    assert rows_of(station, "LT-1") == 1
    station.tell("commit", file, *SAID, *DAY_2, "--scanned-anew", "--yes")
    assert rows_of(station, "LT-1") == 2


def test_a_table_that_is_read_with_another_time_is_asked_about(station: Desk) -> None:
    """The very bytes again, and with a row more: as the same rows nothing of it is recorded twice."""
    file = listed(station, "Tag,Kind", "LT-1,laptop", "LT-2,laptop", name="old.csv")
    columns = ("--map", "asset_tag=Tag", "--map", "equipment_type=Kind")
    station.tell(
        "mapping", "add", "old", "--from", file, *columns, "--set", "event_type=SCAN", "--set", "operator_id=m"
    )
    how = ("--mapping", "old")
    station.tell("commit", file, *how, *DAY_1, "--yes")
    (problem,) = station.ask("preview", file, *how, *DAY_2, exit_code=3)["problems"]
    assert problem["code"] == "table_told_before"
    assert problem["message"].endswith("Answer with --same-scans or --scanned-anew.")
    station.refuse("commit", file, *how, *DAY_2, "--yes", exit_code=3)
    assert "recorded already, in batch 1" in station.tell("commit", file, *how, *DAY_2, "--same-scans", "--yes")
    more = listed(station, "Tag,Kind", "LT-1,laptop", "LT-2,laptop", "LT-3,laptop", name="new.csv")
    page = station.tell("preview", more, *how, *DAY_2, "--same-scans")
    (line,) = [line for line in page.splitlines() if line.startswith("  assettrack commit")]
    code = line.split("--confirm ")[1].split()[0]
    for said in ("Committed 1 scan", "recorded already"):
        assert said in station.tell("commit", more, *how, *DAY_2, "--same-scans", "--confirm", code)
    assert [rows_of(station, f"LT-{number}") for number in (1, 2, 3)] == [1, 1, 1]
    day_3 = ("--at", "2026-02-17T09:00Z")
    assert "Committed 3 scans" in station.tell("commit", more, *how, *day_3, "--scanned-anew", "--yes")
    both = ("--same-scans", "--scanned-anew")
    assert station.type("preview", more, *how, *DAY_2, *both).exit_code == 2


def test_the_very_bytes_of_a_table_with_times_read_by_another_mapping_are_asked_about(station: Desk) -> None:
    """One column more makes other rows of them: as the same ones nothing is recorded twice."""
    file = listed(station, "Tag,When,Kind", "LT-1,2026-02-16T09:00Z,laptop", name="own.csv")
    columns = (
        "--map",
        "asset_tag=Tag",
        "--map",
        "timestamp=When",
        "--set",
        "event_type=SCAN",
        "--set",
        "operator_id=m",
    )
    station.tell("mapping", "add", "few", "--from", file, *columns)
    station.tell("mapping", "add", "more", "--from", file, *columns, "--map", "equipment_type=Kind")
    station.tell("commit", file, "--mapping", "few", "--default", "equipment_type=laptop", "--yes")
    (problem,) = station.ask("preview", file, "--mapping", "more", exit_code=3)["problems"]
    assert problem["code"] == "table_told_before"
    assert "recorded already, in batch 1" in station.tell("commit", file, "--mapping", "more", "--same-scans", "--yes")
    assert rows_of(station, "LT-1") == 1
    assert "Committed 1 scan" in station.tell("commit", file, "--mapping", "more", "--scanned-anew", "--yes")


def test_an_appended_file_read_with_another_order_of_dates_is_asked_about(station: Desk) -> None:
    """The time of a scan is what the file says, whatever it is read as."""
    lines = [f"LT-{number},003278,14:4{number}:03,05/03/2025" for number in (7, 8, 9)]
    station.tell("commit", listed(station, *lines[:2], name="SCANNED.TXT"), *SAID, "--dates", "dmy", "--yes")
    file = listed(station, *lines, name="SCANNED.TXT")
    (problem,) = station.ask("preview", file, *SAID, "--dates", "mdy", exit_code=3)["problems"]
    assert problem["code"] == "dump_told_before"
    assert "2 scans of what was committed before, as batch 1" in problem["message"]
    station.tell("commit", file, *SAID, "--dates", "dmy", "--only-new", "--yes")  # rows are the same, and known
    assert [rows_of(station, f"LT-{number}") for number in (7, 8, 9)] == [1, 1, 1]
