"""Files of scanners at the command line: known by content, asked about where nobody can know, committed as shown."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Desk
from tests.formats.dump_samples import FORMS, Line, written


def scanned(desk: Desk, name: str, content: str) -> str:
    """Write what a scanner wrote, and return its path."""
    path = desk.folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return str(path)


PLAIN = "LT-1,697227,10:00:00,{}\r\nLT-2,697227,10:00:05,{}\r\n"
ANSWERS = ("--scanned-by", "mara", "--event", "scan", "--default", "equipment_type=laptop")


def test_a_scanners_file_is_previewed_and_committed_as_shown(station: Desk) -> None:
    """The form is told, what is asked is said with its option, and the command that is shown commits it."""
    file = scanned(station, "SCANNED.TXT", PLAIN.format("17/02/2026", "17/02/2026"))
    asked = station.ask("preview", file, exit_code=3)
    assert [each["code"] for each in asked["problems"]] == ["operator_not_said", "operator_not_said"]
    assert "Answer with --scanned-by NAME, or --leave-out 2=REASON." in asked["problems"][1]["message"]
    page = station.tell("preview", file, *ANSWERS)
    assert "Read as opn-batch-plain" in page
    (line,) = [line for line in page.splitlines() if line.startswith("  assettrack commit")]
    assert "--scanned-by mara --event SCAN --default equipment_type=laptop --confirm" in line
    code = line.split("--confirm ")[1].split()[0]
    assert "Committed 2 scans" in station.tell("commit", file, *ANSWERS, "--confirm", code)
    assert "in storage" in station.tell("asset", "show", "LT-2")


def test_other_answers_are_another_plan(station: Desk) -> None:
    """A code that was shown for some answers commits nothing with others."""
    file = scanned(station, "SCANNED.TXT", PLAIN.format("17/02/2026", "17/02/2026"))
    code = station.ask("preview", file, *ANSWERS)["confirm"]
    error = station.refuse("commit", file, *ANSWERS, "--leave-out", "1=torn", "--confirm", code, exit_code=4)
    assert error["code"] == "confirm_code_wrong"


def test_dates_that_can_be_two_are_asked_for_once(station: Desk) -> None:
    """--dates says the order for the whole file."""
    file = scanned(station, "SCANNED.TXT", PLAIN.format("03/02/2026", "03/02/2026"))
    (problem,) = station.ask("preview", file, *ANSWERS, exit_code=3)["problems"]
    assert problem["code"] == "dump_dates_unclear"
    assert problem["message"].endswith("Answer with --dates and dmy, mdy or ymd.")
    changes = station.ask("preview", file, *ANSWERS, "--dates", "dmy")["changes"]
    assert len(changes) == 2
    assert "--dates dmy" in station.tell("preview", file, *ANSWERS, "--dates", "dmy")


def test_a_form_is_said_where_two_fit(station: Desk) -> None:
    """--profile takes the file as that, and what is not of it is a problem."""
    file = scanned(station, "DATA.TXT", f"{'LT-1':30},0000001,10:00:00,17/02/2026\r\n")
    (problem,) = station.ask("preview", file, *ANSWERS, exit_code=3)["problems"]
    assert problem["code"] == "dump_several"
    assert station.ask("preview", file, *ANSWERS, "--profile", "oph-data")["rows"] == 1
    (problem,) = station.ask("preview", file, "--profile", "koha", exit_code=3)["problems"]
    assert problem["code"] == "dump_unfit_at"


def test_a_line_that_is_not_of_a_scanners_file_is_told_with_how_to_hold_another_form_against_it(station: Desk) -> None:
    """No form fits then, so --profile reads the file as none: it says what keeps the file from being of that one."""
    file = scanned(station, "SCANNED.TXT", PLAIN.format("23/02/2026", "23/02/2026") + "LT-1,0032")
    (problem,) = station.ask("preview", file, *ANSWERS, exit_code=3)["problems"]
    said = "If it should be of another form, --profile with its name says what keeps it from being that one."
    assert (problem["code"], problem["message"].endswith(said)) == ("dump_nearly", True)
    for profile, why in (("bare", "line 1 looks otherwise"), ("opticon-pc", "no line tells where its columns are")):
        (problem,) = station.ask("preview", file, *ANSWERS, "--profile", profile, exit_code=3)["problems"]
        assert f"not of the form {profile}, " in problem["message"]
        assert why in problem["message"]


def test_bare_codes_need_a_time(station: Desk) -> None:
    """A list of codes has no time but that of --at."""
    file = scanned(station, "codes.txt", "LT-1\nLT-2\n")
    found = station.ask("preview", file, *ANSWERS, exit_code=3)["problems"]
    assert [each["code"] for each in found] == ["time_not_known"] * 2
    assert "--at TIME" in found[0]["message"]
    assert station.ask("preview", file, *ANSWERS, "--at", "2026-02-17T09:00")["rows"] == 2
    assert station.refuse("preview", file, *ANSWERS, "--at", "now", exit_code=2)["code"] == "value_unusable"


def test_the_clock_of_the_scanner_is_held_against_the_files_own_time(station: Desk) -> None:
    """The PC program's file tells what the scanner's clock showed; how far it was off is told, not applied."""
    file = Path(scanned(station, "Barcodes.txt", written(FORMS["opticon-pc, text"]).decode()))
    moment = datetime(2026, 3, 18, 14, 3, 5, tzinfo=UTC).timestamp()  # 15:03:05 in Berlin
    os.utime(file, (moment, moment))
    station.now = datetime(2026, 4, 1, tzinfo=UTC)
    notices = station.ask("preview", str(file), *ANSWERS)["notices"]
    (said,) = [each["message"] for each in notices if each["code"] == "dump_clock_off"]
    assert "2026-03-18 15:00:00 and was 3 minutes 5 seconds slow" in said


def test_a_batch_under_a_header_line_needs_no_answers(station: Desk) -> None:
    """What the columns say can't be said by options too."""
    batch = station.batch("LT-1,2026-02-17T09:00:00Z,SCAN,mara,,,,laptop,")
    assert station.type("preview", batch, "--scanned-by", "mara").exit_code == 2
    assert station.type("commit", batch, "--at", "2026-02-17T09:00", "--yes").exit_code == 2
    assert station.ask("preview", batch)["rows"] == 1


def test_a_commit_in_one_go_says_how_to_answer(station: Desk) -> None:
    """Without a preview the problems are told as in one, and nothing is saved."""
    file = scanned(station, "SCANNED.TXT", "".join(f"{FORMS['opn-batch'].write(line)}\r\n" for line in (
        Line("LT-1", datetime.fromisoformat("2026-02-17T10:00:00"), quantity=2),)))  # fmt: skip
    answer = station.type("commit", file, *ANSWERS, "--yes")
    assert answer.exit_code == 3
    assert "Answer with --take 1" in " ".join(answer.err.split())
    assert station.ask("commit", file, *ANSWERS, "--yes", "--take", "1")["committed"] == 1
