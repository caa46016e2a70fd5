"""No page sends anybody to a command line, and every time on it is the station's: the whole catalogue is walked."""

import re
from datetime import timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import click
import pytest

from assettrack.cli.commands import assettrack
from assettrack.domain import errors, station_errors
from assettrack.domain.findings import CATALOGUE, NotAllowed, finding
from assettrack.domain.wording import look_up
from assettrack.services import doctor
from assettrack.web.page_sentences import TABLE, on_page, phrase_pattern, phrases_of
from assettrack.web.texts import english
from tests.domain import test_errors
from tests.web.visitors import OpenStation

ZONE = timezone(timedelta(hours=2))
TEMPLATES = Path(errors.__file__).parents[1] / "web" / "templates"
SOURCES = Path(errors.__file__).parents[1]
NEVER_ON_A_PAGE = MappingProxyType(
    {
        errors.OperatorUnknown: "on a page somebody is signed in",
        errors.AssertsMissing: "the program does not start",
        errors.ConfirmationMissing: "a button is the confirmation",
        errors.FileExists: "pages make no files at the station",
        station_errors.HomeFolderUnknown: "the station does not start",
        station_errors.FolderUnusable: "the station does not start",
        station_errors.DatabaseForeign: "the station does not start",
        station_errors.CopyInTheWay: "only bringing a database up to date says it",
        station_errors.AlreadyServed: "the station does not start",
        station_errors.BackupNotLogged: "pages make no backups",
    }
)
"""The errors that no page shows, each with the reason."""

OF_COMMANDS = {
    str(station_errors.CommitUncertain.of_init("disk is gone")),
    str(station_errors.CommitUncertain.of_restore("disk is gone", None)),
    str(station_errors.CommitUncertain.of_restore("disk is gone", "a.db.replaced")),
    str(errors.ValueUnusable("--slots", "0", "a case has 1 to 500")),
    *(text for error, _, _ in test_errors.SAMPLES if " them: do A." in (text := str(error))),
}
"""Samples with facts that only the command line gives: pages neither set up nor restore, and name fields in words."""

SAMPLES = [error for error, _, _ in test_errors.SAMPLES if str(error) not in OF_COMMANDS]
"""One of each error."""

GENERAL = r"--|`|\bassettrack |ASSETTRACK_|\bSee: |\bexit\b|\b[Rr]un (?:doctor|init|audit)\b|\bSCAN creates\b|with: "


def commands() -> str:
    """Return a pattern of every command that has two words."""
    context = click.Context(assettrack)
    found = []
    for name in assettrack.list_commands(context):
        command = assettrack.get_command(context, name)
        if isinstance(command, click.Group):
            found.append(rf"\b{name} (?:{'|'.join(command.list_commands(context))})\b")
    return "|".join(found)


OF_A_COMMAND_LINE = re.compile(f"{GENERAL}|{commands()}")


FORMS = ("", "count", "list", "queue", "scan", "file", "download", "correction", "admin", "audit")
"""Where and to whom a sentence may be said otherwise; blank is anywhere, to anybody."""


def shown(sentence: str, form: str = "") -> str:
    """Return a sentence as the pages show it."""
    return on_page(sentence, english(), ZONE, forms=[form])


@pytest.mark.parametrize("form", FORMS)
def test_no_finding_on_a_page_speaks_of_the_command_line(form: str) -> None:
    """Every problem, refusal and notice says what to do on the page."""
    said = {code: shown(sentence, form) for code, (_, sentence) in CATALOGUE.items()}
    assert {code: sentence for code, sentence in said.items() if OF_A_COMMAND_LINE.search(sentence)} == {}


def test_every_form_is_asked_for() -> None:
    """No page's own words are left behind when nothing asks for them any more."""
    kept = {key.rpartition(".")[2] for key in english() if key.startswith(TABLE)}
    assert kept == {"domain", "page", *FORMS} - {""}
    asked = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    assert set(re.findall(r"\bsay\([^)]*, '(\w+)'\)", asked)) == set(FORMS) - {"", "admin", "audit"}


@pytest.mark.parametrize("form", ["count", "list"])
def test_where_nothing_can_be_removed_nobody_is_told_to(form: str) -> None:
    """A scan that a count or a list does not understand is not in it, so there is nothing to remove or to change."""
    held = {
        code
        for name in ("scan_reading", "code_reading", "count_scans", "handover_scans")
        for code in re.findall(r'Held\(\s*"(\w+)"', (SOURCES / "services" / f"{name}.py").read_text("utf-8"))
    } - {"case_full", "holder_not_said"}  # nothing is put into the free slots of a case there, nor given to nobody
    assert len(held) > 8
    if form == "count":  # a case says there where the next ones are, and a card that takes back is none of its scans
        held -= {"case_has_nothing", "undo_of_what"}
    said = {code: shown(CATALOGUE[code][1], form) for code in held}
    assert {code: sentence for code, sentence in said.items() if "emove" in sentence or "by hand" in sentence} == {}


def test_only_who_may_is_sent_to_a_page() -> None:
    """The page of settings is an admin's, and the log is verified by whoever may audit it."""
    failed, damaged = str(station_errors.StorageFailed("disk full")), "Nothing was saved. Run audit verify."
    assert [shown(failed, form).rpartition(", ")[2] for form in ("", "audit", "admin")] == [
        "then have an admin look at the page of settings.",
        "then have an admin look at the page of settings.",
        "then look at the page of settings.",
    ]
    assert shown(damaged) == "Nothing was saved. Have an auditor or an admin verify the log on the page of audit."
    assert shown(damaged, "audit") == "Nothing was saved. Verify the log on the page of audit."


def test_no_error_on_a_page_speaks_of_the_command_line() -> None:
    """So does every error that a page can show; a refused deed and a refused list say it of their refusals too."""
    said = {type(error).__name__: shown(str(error)) for error in SAMPLES if type(error) not in NEVER_ON_A_PAGE}
    assert {name: sentence for name, sentence in said.items() if OF_A_COMMAND_LINE.search(sentence)} == {}


def test_what_is_not_found_is_looked_for_on_a_page() -> None:
    """Whatever is not found, the page names the page on which all of them are."""
    kinds = ("asset", "batch", "case", "entry", "holder", "receipt", "type of equipment", "account")
    assert [kind for kind in kinds if OF_A_COMMAND_LINE.search(shown(look_up(kind)))] == []


def test_nothing_else_that_a_service_says_speaks_of_the_command_line() -> None:
    """What the checks of a station's fitness, of receipts and of the log say is put into the page's words as well."""
    spoken = re.compile(r"assettrack [a-z]+|[Rr]un (?:doctor|init|audit verify)|[Ss]ee [a-z]+ list|audit verify tells")
    found = {}
    for name in ("doctor", "receipt_checks", "corrections", "count_conclusions", "verification", "counts"):
        text = re.sub(r'"\s*\n\s*f?"', "", (SOURCES / "services" / f"{name}.py").read_text("utf-8"))
        for line in text.splitlines():
            if spoken.search(line) and '"""' not in line and OF_A_COMMAND_LINE.search(shown(line)):
                found[name] = line
    assert found == {}


def test_each_phrase_stands_in_the_place_of_one_that_is_said() -> None:
    """A sentence that is worded anew in the domain is seen here, and not on a page."""
    said = [sentence for _, sentence in CATALOGUE.values()] + [str(error) for error in SAMPLES]
    said += [re.sub(r'"\s*\n\s*f?"', "", path.read_text("utf-8")) for path in (SOURCES / "services").glob("*.py")]
    said += [str(station_errors.DatabaseVersionDiffers("a.db", found, 2)) for found in (1, 3)]
    said += [look_up(kind) for kind in ("account", "batch", "case", "holder", "receipt", "type of equipment")]
    phrases = {domain for form in FORMS for domain, _ in phrases_of(english(), forms=[form])}
    dead = [domain for domain in phrases if not any(re.search(phrase_pattern(domain), each) for each in said)]
    assert dead == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            NotAllowed("late_in_history", occurred_at="2026-07-01T12:00:00.000000Z", latest="2026-07-01T23:30:05Z"),
            "Its time 2026-07-01 14:00:00 is before that of an entry before it (2026-07-02 01:30:05)",
        ),
        (
            NotAllowed("timestamp_before_2000", value="1999-07-01T12:00:00Z"),
            "timestamp 1999-07-01T12:00:00Z is before the year 2000",
        ),
    ],
)
def test_times_are_the_stations(sentence: NotAllowed, expected: str) -> None:
    """A time of the log is shown by the station's clock; a cell of a file stays as it is written there."""
    assert shown(sentence.sentence).startswith(expected)


def test_facts_of_a_replaced_phrase_do_not_matter() -> None:
    """The name of a case stands in the middle of such a phrase."""
    said = shown(NotAllowed("unknown_case", case_name="CASE-99").sentence)
    assert said.startswith("There is no case CASE-99. ")
    assert "Prepare it with" not in said


def test_the_pages_use_it(station: OpenStation) -> None:
    """A deed that is refused is told in the page's words, and so is an address that leads nowhere."""
    station.case("CASE-01", 2)
    visitor = station.visitor("ada", "admin")
    visitor.post("/cases/CASE-01/assign", {"tag": "LT-1", "slot": "1"})
    assert "No asset LT-1 is known" in visitor.words
    assert not OF_A_COMMAND_LINE.search(visitor.words)
    visitor.get("/assets/LT-1")
    assert "There is no asset LT-1" in visitor.words
    assert not OF_A_COMMAND_LINE.search(visitor.words)


def test_the_backup_advice_is_for_people() -> None:
    """The station's fitness is told without commands."""
    check = doctor.about_pragmas([("journal_mode", "wal", "delete")])
    assert not OF_A_COMMAND_LINE.search(shown(check.message))


def test_nobody_is_sent_to_themselves(station: OpenStation) -> None:
    """Whoever is an admin is told what to do, not to ask one."""
    ada, ben = station.visitor("ada", "admin"), station.visitor("ben")
    for visitor, sent in ((ada, False), (ben, True)):
        visitor.get("/cases")
        assert ("An admin" in visitor.words) is sent
    unknown = NotAllowed("unknown_case", case_name="CASE-99").sentence
    assert "an admin can" in on_page(unknown, english(), ZONE)
    assert "admin" not in on_page(unknown, english(), ZONE, forms=["admin"])


def test_every_sentence_goes_through_it() -> None:
    """No template shows what the domain says as it is."""
    bare = re.compile(r"\{\{ *(?:[a-z_.]*\.message|[a-z_.]*failed|message|notice|sentence) *\}\}")
    found = {path.name: bare.findall(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")}
    assert {name: each for name, each in found.items() if each} == {}


def test_where_no_file_is_seen_columns_are_called_as_the_fields_are() -> None:
    """By hand there is a field "Equipment type" and no column; what was scanned is repeated as it was."""
    missing = NotAllowed("equipment_type_missing", asset_tag="LT-1").sentence
    assert shown(missing, "scan") == (
        "Asset LT-1 is new, and a new asset needs an equipment type. Say its equipment type here."
    )
    assert "equipment_type" in shown(missing, "file")
    blank = finding("cell_missing", 1, "issued_to_name", event="ISSUE").message
    assert shown(blank, "queue") == "Holder is blank. ISSUE rows need it."
    assert shown(blank) == blank
    for scan in ('"serial_number"', "'serial_number'", '"it\'s serial_number"'):
        assert f"The scan {scan} is no tag" in shown(NotAllowed("scan_unreadable", scan=scan).sentence, "queue")


def test_no_column_is_named_where_scans_are_taken() -> None:
    """Of all that can be said of a scan of a queue, a list or a count, and of a row that is changed by hand."""
    columns = re.compile(
        r"\b(?:asset_tag|issued_to_name|case_number|slot_number|[a-z]+_type|building_room|[a-z]+_code)\b"
    )
    of_files = {"event_type_invalid", "headers_missing"}  # a form offers the events, and has no header
    for form in ("scan", "queue", "list", "count"):
        said = {code: shown(sentence, form) for code, (_, sentence) in CATALOGUE.items() if code not in of_files}
        assert {code: text for code, text in said.items() if columns.search(re.sub(r"\{\w+\}", "", text))} == {}


@pytest.mark.parametrize(
    "typed", ["9999-99-99T99:99:99Z", "2026-02-30T08:00:00.5Z", "٢٠٢٦-02-03T08:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_what_only_looks_like_a_time_is_repeated_as_it_was_typed(typed: str) -> None:
    """A time that there is not, one in other digits, and one that the zone puts past the last year."""
    assert on_page(f"{typed} is no tag.", {}, ZONE) == f"{typed} is no tag."
