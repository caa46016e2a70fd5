"""Codes that look like names of cases in a file of scans, at the command line: what was said once is said again."""

from tests.cli.conftest import Desk

DUMP = (
    "LT-0101,003278,14:41:03,23/11/2025\r\nCASE-77,003278,14:41:09,23/11/2025\r\nLT-0103,003278,14:41:20,23/11/2025\r\n"
)
SAID = ("--scanned-by", "mara", "--event", "SCAN", "--default", "equipment_type=laptop")


def test_the_same_answer_said_again_finds_the_batch(station: Desk) -> None:
    """Whose answer got lost says it again: what was an asset then is one, and nothing is asked or saved."""
    file = station.folder / "SCANNED.TXT"
    file.write_text(DUMP, "ascii")
    held = station.ask("preview", str(file), *SAID, exit_code=3)
    assert [each["code"] for each in held["problems"]] == ["case_or_asset_here"]
    shown = station.ask("preview", str(file), *SAID, "--take", "2")
    deed = ("commit", str(file), *SAID, "--take", "2", "--confirm", shown["confirm"])
    first, again = station.ask(*deed), station.ask(*deed)
    assert (again["already_committed"], again["batch_id"]) == (True, first["batch_id"])


def test_an_answer_to_no_question_is_told(station: Desk) -> None:
    """What looks like no case's name is no question."""
    file = station.folder / "SCANNED.TXT"
    file.write_text(DUMP, "ascii")
    held = station.ask("preview", str(file), *SAID, "--take", "2", "--take", "3", exit_code=3)
    assert [each["code"] for each in held["problems"]] == ["take_unasked"]
