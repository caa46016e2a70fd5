"""The options that answer questions about scans: each answers its question, and every question names its option."""

import re

import pytest

from assettrack.cli.answer_options import HINTS, hinted
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import finding
from assettrack.domain.scanner_findings import ANSWERED_BY, SCANNER_FINDINGS
from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, Pocket
from tests.domain.trial_scans import end, event, slot

PROBLEMS = {
    code for code, (kind, _) in SCANNER_FINDINGS.items() if kind is Kind.PROBLEM and not code.startswith("dump_")
}
"""What stops the batch of a download; what is said of files of scans is answered elsewhere."""

OTHERS = {code for code in SCANNER_FINDINGS if code not in PROBLEMS and not code.startswith("dump_")}
FACTS = re.compile(r"\{(\w+)\}")


def made(code: str) -> str:
    """The sentence of a finding about scan 14, with how it is answered."""
    facts = dict.fromkeys(FACTS.findall(SCANNER_FINDINGS[code][1]), "x") | {"number": 14}
    return hinted(finding(code, None, None, **facts)).message


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_question_names_the_option_that_answers_it(code: str) -> None:
    """What stops a batch says how it is answered, with the number of its scan; what stops nothing says no more."""
    assert code in HINTS
    sentence, number = made(code), "{number}" in SCANNER_FINDINGS[code][1]
    assert "--" in sentence
    assert "{" not in sentence
    assert ("--leave-out 14=REASON" in sentence) == number


OPTIONS = {
    "taken": "--take",
    "operator": "--scanned-by",
    "event_type": "--event",
    "holder": "--to",
    "reason": "--reason",
    "clock_undisturbed": "--clock-undisturbed",
    "untimed_at_download": "--untimed-at-download",
    "gaps_looked_at": "--gaps-looked-at",
    "same_scans": "--same-scans",
    "scanned_anew": "--scanned-anew",
}
"""The option of each answer."""


@pytest.mark.parametrize("code", sorted(ANSWERED_BY))
def test_a_question_names_the_options_of_the_answers_that_fit(code: str) -> None:
    """Who scanned is asked first where no event is said either; besides that all that fits is named, and no more."""
    fits = {OPTIONS[field] for field in ANSWERED_BY[code]} - ({"--event"} if code == "operator_not_said" else set())
    said = re.sub(r"assettrack case init \S+ --slots N\.", "", made(code))  # a command of its own
    assert set(re.findall(r"--[a-z-]+", said)) - {"--leave-out"} == fits


@pytest.mark.parametrize("code", sorted(OTHERS))
def test_what_is_no_question_stays_as_it_is(code: str) -> None:
    """A notice names no option."""
    assert "--" not in made(code)


# Scans, what is asked about them, the options that answer it, and how many rows are committed then.
WAYS = (
    ((event("SCAN"), "LT-1"), "operator_not_said", ("--scanned-by", "Kim"), 1),
    ((BEGIN, "LT-1"), "event_not_said", ("--event", "scan"), 1),
    ((BEGIN, event("SCAN"), "LT-1", event("ISSUE"), "LT-1"), "person_not_said", ("--to", "Jane Smith"), 2),
    ((BEGIN, event("SCAN"), "LT-1", event("RETIRE"), "LT-1"), "reason_not_said", ("--reason", "it fell"), 2),
    ((BEGIN, event("SCAN"), "LT-1", "???"), "not_understood", ("--leave-out", "4=a price tag"), 1),
    ((BEGIN, event("SCAN"), slot("CASE-01", 1), slot("CASE-01", 2), "LT-1"), "slot_without_asset", ("--take", "3"), 1),
    ((BEGIN, event("SCAN"), "LT-1", end(7)), "end_count_wrong", ("--take", "4"), 1),
)


@pytest.mark.parametrize(("scans", "asked", "answer", "rows"), WAYS)
def test_each_answer_answers_its_question(
    station: Desk, scans: tuple[str, ...], asked: str, answer: tuple[str, str], rows: int
) -> None:
    """Without it the scans are held and say what is asked; with it they are committed, and known as such afterwards."""
    station.tell("holder", "add", "Jane Smith")
    pocket = Pocket(station, scans)
    held = pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert asked in [each["code"] for each in held["problems"]]
    assert answer[0] in " ".join(each["message"] for each in held["problems"])
    name = held["download"]
    shown = station.tell("scanner", "preview", name, *LAPTOP, *answer)
    assert answer[0] in shown.rpartition("assettrack scanner commit")[2]
    assert pocket.ask("pull", *LAPTOP, *answer, "--yes", "--clear")["committed"] == rows
    assert pocket.held() == []
    assert station.ask("scanner", "commit", name, "--yes")["already_committed"]


def test_an_answer_to_no_question_is_refused(station: Desk) -> None:
    """A scan that is not there is not found, and one about which nothing is asked is told, so that it can be mended."""
    pocket = Pocket(station)
    name = pocket.pull()
    for command in ("commit", "preview"):
        yes = ("--yes",) if command == "commit" else ()
        gone = station.refuse("scanner", command, name, *LAPTOP, "--take", "77", *yes, exit_code=4)
        assert gone["code"] == "answers_unusable"
        assert "no scan 77: this download has scans 1 to 6" in gone["message"]
        answer = station.type("scanner", command, name, *LAPTOP, "--take", "4", *yes)
        assert answer.exit_code == 3
        assert "Say it without --take 4" in " ".join((answer.out + answer.err).split())
    assert station.ask("scanner", "commit", name, *LAPTOP, "--yes")["committed"] == 2


def test_a_scan_is_not_both_taken_and_left_out(station: Desk) -> None:
    """Two answers about one scan contradict each other; which is meant is not guessed."""
    pocket = Pocket(station, (BEGIN, event("SCAN"), "LT-1", end(7)))
    said = ("--take", "4", "--leave-out", "4=miscounted")
    refused = pocket.type("pull", "--preview", *said)
    assert (refused.exit_code, "Scan 4 can't be both left out and taken" in refused.err) == (2, True)


def test_scans_without_times_are_given_that_of_the_download(station: Desk) -> None:
    """A scanner that keeps no times: its scans have that of the download once it is said."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    pocket.set("23", "00")
    held = pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert [each["code"] for each in held["problems"]] == ["time_not_known"]
    assert held["held"] == [3]
    said = pocket.type("pull", *LAPTOP, "--preview").out
    assert re.search(r"^ +3  not known  LT-1  SCAN LT-1, by KIM$", said, re.MULTILINE)
    answer = ("--untimed-at-download",)
    assert "--untimed-at-download" in station.tell("scanner", "preview", *LAPTOP, *answer)
    assert pocket.ask("pull", *LAPTOP, *answer, "--yes")["committed"] == 1
    (entry,) = [each for each in station.ask("audit", "show")["entries"] if each["event_type"] == "SCAN"]
    assert entry["occurred_at"] == "2026-03-01T12:00:00.000000Z"


def test_a_clock_that_is_far_off_is_asked_about(station: Desk) -> None:
    """Twenty minutes slow: times are corrected once it is said that the clock ran undisturbed."""
    pocket = Pocket(station, [BEGIN, event("SCAN")])
    pocket.change(clock_off_seconds=3600 - 1200)
    pocket.scan("LT-1")
    held = pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert "clock_far_off" in [each["code"] for each in held["problems"]]
    assert "--clock-undisturbed" in held["problems"][0]["message"]
    assert pocket.type("pull", *LAPTOP, "--clock-undisturbed", "--leave-out", "1=x", "--yes").exit_code == 3


def test_a_scanner_that_drops_repeated_scans_is_asked_about(station: Desk) -> None:
    """Somebody has to look whether a scan is missing, and to say so."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1"])
    pocket.set("04", "01")
    held = pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert [each["code"] for each in held["problems"]] == ["repeated_dropped"]
    assert pocket.ask("pull", *LAPTOP, "--gaps-looked-at", "--yes")["committed"] == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--leave-out", "4"),
        ("--leave-out", "four=misread"),
        ("--leave-out", "4= "),
        ("--leave-out", "4=misread", "--leave-out", "4=again"),
        ("--scanned-by", " "),
        ("--to", " "),
        ("--reason", " "),
    ],
)
def test_answers_that_can_not_be_meant_are_refused(station: Desk, options: tuple[str, ...]) -> None:
    """A value that is none stops the command before anything is read."""
    pocket = Pocket(station)
    assert station.refuse(*pocket.words("pull", "--preview", *options), exit_code=2)["code"] == "value_unusable"
    assert not (station.folder / "station.db.scans").exists()


@pytest.mark.parametrize("options", [("--take", "0"), ("--take", "x"), ("--event", "LEND")])
def test_words_that_are_no_answers_are_refused(station: Desk, options: tuple[str, ...]) -> None:
    """Options of another kind are a usage error."""
    pocket = Pocket(station)
    assert station.refuse(*pocket.words("pull", "--preview", *options), exit_code=2)["code"] == "usage"


def test_an_answer_about_no_scan_is_refused(station: Desk) -> None:
    """What was pulled is kept, and the number is named."""
    pocket = Pocket(station)
    assert pocket.ask("pull", "--preview", "--take", "99", exit_code=4)["error"]["code"] == "answers_unusable"


def test_the_order_of_answers_does_not_matter(station: Desk) -> None:
    """The same answers in another order have the same confirm code."""
    pocket = Pocket(station, [BEGIN, event("SCAN"), "LT-1", "???", "!!!", slot("CASE-01", 1), end(7)])
    one, other = ("--leave-out", "4=a"), ("--leave-out", "5=b")
    pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    first = station.ask("scanner", "preview", *LAPTOP, *one, *other, "--take", "7", "--take", "6")
    second = station.ask("scanner", "preview", *LAPTOP, *other, *one, "--take", "6", "--take", "7")
    assert first["confirm"] == second["confirm"] is not None
