"""`scanner` around the pull: looking at a scanner, setting it, clearing it, and what is kept of it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from assettrack import bootstrap
from assettrack.scanner.device import FoundPort, SystemTimes
from assettrack.scanner.emulated_port import EmulatedPort
from assettrack.scanner.emulator import EmulatedScanner
from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, TOLD, TWO_LAPTOPS, Pocket
from tests.domain.trial_scans import UNDO, event, slot

HOUR = 3600.0


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops."""
    return Pocket(station)


# -- looking ----------------------------------------------------------------------------------------------------------


def test_a_scanner_says_what_it_is(pocket: Pocket) -> None:
    """Number, model, software, battery, clock, settings and how many scans it holds."""
    found = pocket.ask("info")
    assert (found["serial"], found["version"], found["low_battery"], found["scans"]) == ("900001", "RFI3727T", False, 6)
    assert (found["clock"]["device"], found["clock"]["quality"]) == ("2026-03-01T13:00:00", "right")
    said = pocket.type("info").out
    assert "Scanner 900001" in said
    assert "Battery: good" in said
    assert "Holds: 6 scans" in said


@pytest.mark.parametrize(
    ("off", "quality", "said"),
    [
        (HOUR, "right", "It is right."),
        (HOUR - 90, "off", "1 minute 30 seconds slow; times are corrected by that."),
        (HOUR + 1200, "far off", "20 minutes fast, more than a clock drifts"),
        (0.0, "other zone", "1 hour slow, as if it followed another zone"),
    ],
)
def test_how_far_the_clock_is_off_is_said_with_what_it_means(
    pocket: Pocket, off: float, quality: str, said: str
) -> None:
    """The station's zone is an hour ahead of UTC in March; what its clock shows is compared with that."""
    pocket.change(clock_off_seconds=off)
    clock = pocket.ask("info")["clock"]
    assert (clock["quality"], clock["off_seconds"]) == (quality, round(HOUR - off))
    assert said in pocket.type("info").out


def test_a_clock_without_battery_is_not_trusted(pocket: Pocket) -> None:
    """It tells no time, and nothing is made up."""
    pocket.change(clock_weak=True)
    clock = pocket.ask("info")["clock"]
    assert (clock["quality"], clock["off_seconds"], clock["device"]) == ("not trusted", None, "")
    assert "Clock: no time. It can't be trusted" in pocket.type("info").out


@pytest.mark.parametrize(
    ("number", "value", "said"),
    [
        ("0F", "01", "It erases its scans by being read."),
        ("04", "01", "It drops a code that is scanned again"),
        ("21", "07", "Its Clear key deletes"),
        ("23", "00", "It keeps no times with its scans."),
    ],
)
def test_settings_that_could_lose_scans_are_said_and_set_right(
    pocket: Pocket, number: str, value: str, said: str
) -> None:
    """Each danger is a sentence, with what to do; configure does it."""
    pocket.set("21", "00")
    assert "Settings: right" in pocket.type("info").out
    pocket.set(number, value)
    answer = pocket.type("info").out
    assert f"Danger: {said}" in answer
    assert "Set it right with: assettrack scanner configure" in answer
    assert ("only while it holds no scans" in answer) == (number == "23")
    pocket.change(scans=[])
    assert said in pocket.type("configure", "--dry-run").out
    assert pocket.memory["parameters"][number] == value
    changed = pocket.ask("configure", "--yes")
    assert (changed["changed"], changed["settings"]["dangers"]) == (True, [])
    assert "nothing would change" in pocket.type("configure", "--yes").out


def test_what_erases_by_being_read_is_not_asked_what_it_holds(pocket: Pocket) -> None:
    """With auto clear on, nothing is read."""
    pocket.set("0F", "01")
    assert pocket.ask("info")["scans"] is None
    assert "Holds: not asked, because it can't be read safely" in pocket.type("info").out
    assert pocket.held() == list(TWO_LAPTOPS)


def test_a_scanner_can_be_looked_at_without_a_station(desk: Desk) -> None:
    """Before init there is no zone of a station: the clock is compared with this computer's."""
    pocket = Pocket(desk, ["LT-1"])
    found = pocket.ask("info")
    assert (found["scans"], found["clock"]["quality"]) == (1, "right")
    assert pocket.ask("pull", "--yes", exit_code=4)["error"]["code"] == "database_missing"


def test_scanners_are_listed(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports that lead to one, and those in a mode in which they can't be used; none is said, too."""
    assert pocket.ask("list")["ports"][0]["port"] == str(pocket.path)
    assert "900001" in pocket.type("list").out
    none = pocket.desk.type("scanner", "list")
    assert (none.exit_code, none.out) == (0, "")
    assert "No scanner was found." in none.err
    found: tuple[Sequence[FoundPort], Sequence[str]]
    found = [FoundPort("COM3", 9, "697227", "Opticon USB")], ["a keyboard (USB-HID)"]
    monkeypatch.setattr(bootstrap, "scanner_ports", lambda: found)  # what this machine's cables would say
    said = pocket.desk.type("scanner", "list")
    assert said.out == "COM3  Opticon USB\n"
    assert "connected as a keyboard (USB-HID), and can't be used so" in said.err
    answer = pocket.desk.ask("scanner", "list")
    assert answer["unusable"] == ["a keyboard (USB-HID)"]
    assert answer["ports"] == [{"port": "COM3", "product_id": 9, "usb_serial": "697227", "description": "Opticon USB"}]


def test_a_port_that_is_named_is_asked_itself(pocket: Pocket) -> None:
    """A port that looks like no scanner's is listed where one answers, and said to be missing where there is none."""
    with EmulatedPort(EmulatedScanner(SystemTimes())) as served:
        (port,) = pocket.desk.ask("scanner", "list", "--port", served.name)["ports"]
    assert (port["port"], port["product_id"]) == (served.name, None)
    assert "697227" in port["description"]
    assert "emulated" not in port["description"]
    gone = pocket.desk.ask("scanner", "list", "--port", str(pocket.path) + "-gone", exit_code=4)
    assert gone["error"]["code"] == "port_missing"


# -- setting ----------------------------------------------------------------------------------------------------------


def test_the_clock_is_set_when_no_scan_depends_on_it(station: Desk) -> None:
    """Not before what it holds was pulled, and not with a scan more; then it shows local time."""
    pocket = Pocket(station, [BEGIN, event("SCAN")])
    pocket.change(clock_off_seconds=HOUR - 120, scans=[])
    pocket.scan(BEGIN, event("SCAN"), "LT-1")
    assert pocket.ask("set-clock", exit_code=4)["error"]["code"] == "clock_set_too_early"
    pocket.pull()
    pocket.scan("LT-9")
    assert "not all of them pulled" in pocket.type("set-clock").err
    station.now += timedelta(minutes=1)
    pocket.pull()
    answer = pocket.ask("set-clock")
    assert (answer["clock_before"]["quality"], answer["clock"]["quality"]) == ("off", "right")
    pocket.change(scans=[], clock_off_seconds=0.0)
    assert "Before: It is 1 hour slow" in pocket.type("set-clock").out


def test_setting_a_scanner_is_confirmed(pocket: Pocket) -> None:
    """Without a terminal it is said to look or to set; both at once can't be meant."""
    assert pocket.ask("configure", exit_code=2)["error"]["code"] == "usage"
    assert pocket.type("configure").exit_code == 2
    assert pocket.ask("configure", "--yes", "--dry-run", exit_code=2)["error"]["code"] == "usage"
    assert pocket.ask("configure", "--dry-run")["changed"] is False
    assert pocket.memory["parameters"]["21"] == "07"


def test_a_scanner_that_drops_scans_is_pulled_before_it_is_set_right(pocket: Pocket) -> None:
    """Its setting is all that tells that cards may be missing."""
    pocket.set("04", "02")
    assert pocket.ask("configure", "--yes", exit_code=4)["error"]["code"] == "configured_too_early"
    assert pocket.memory["parameters"]["04"] == "02"
    pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert pocket.ask("configure", "--yes")["changed"] is True
    held = pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    assert [each["code"] for each in held["problems"]] == ["repeated_dropped"]


# -- clearing ---------------------------------------------------------------------------------------------------------


def test_a_scanner_is_cleared_of_what_is_committed_only(pocket: Pocket) -> None:
    """Before the pull, before the commit and with a scan more it is not cleared; then it is, and the log says so."""
    assert pocket.ask("clear", exit_code=2)["error"]["code"] == "usage"
    assert pocket.ask("clear", "--yes", exit_code=4)["error"]["code"] == "clear_too_early"
    pocket.pull()
    assert pocket.ask("clear", "--yes", exit_code=4)["error"]["code"] == "clear_too_early"
    pocket.desk.tell("scanner", "commit", *LAPTOP, "--yes")
    pocket.scan("LT-9")
    assert pocket.ask("clear", "--yes", exit_code=4)["error"]["code"] == "scanner_clear_refused"
    pocket.change(scans=pocket.memory["scans"][:-1])
    cleared = pocket.ask("clear", "--yes")
    counted = {"serial": "900001", "scans": 6, "batches": [1], "left": 0, "seq": 7}
    assert cleared == {**counted, "already_cleared": False, "left_out": []}
    assert pocket.held() == []


# -- what is kept -----------------------------------------------------------------------------------------------------


def listed(desk: Desk) -> list[dict[str, Any]]:
    """What the list of downloads says."""
    found = desk.ask("scanner", "downloads")["downloads"]
    assert isinstance(found, list)
    return found


def test_what_is_kept_is_listed_with_what_became_of_it(pocket: Pocket) -> None:
    """Pulled, continued by a later pull, committed, cleared: each is told."""
    desk = pocket.desk
    assert listed(desk) == []
    assert "Nothing is kept" in desk.type("scanner", "downloads").err
    first = pocket.pull()
    assert [(each["name"], each["state"], each["batches"]) for each in listed(desk)] == [(first, "open", [])]
    assert "not committed  " in desk.tell("scanner", "downloads")
    desk.now += timedelta(minutes=1)
    pocket.scan(slot("CASE-01", 3), "LT-3")
    second = pocket.pull()
    pocket.ask("pull", *LAPTOP, "--yes")
    assert [(each["state"], each["later"], each["batches"]) for each in listed(desk)] == [
        ("later", second, []),
        ("committed", None, [1]),
    ]
    assert f"continued by {second}" in desk.tell("scanner", "downloads")
    pocket.ask("clear", "--yes")
    newest = listed(desk)[-1]
    assert (newest["state"], newest["cleared"], newest["scans"], newest["scanner"]) == ("cleared", 8, 8, "900001")
    assert "batch 1, cleared" in desk.tell("scanner", "downloads")


def test_what_came_in_a_file_is_listed_with_the_batch_of_the_file(pocket: Pocket) -> None:
    """The scanner told what a file had told: it became no batch itself, and is not left to be committed."""
    pocket.pull()
    scans = pocket.desk.ask("scanner", "show")["scans"]
    times = [datetime.fromisoformat(each["stamp"]) for each in scans]
    lines = [f"{each['text']},003278,{when:%H:%M:%S,%d/%m/%Y}" for each, when in zip(scans, times, strict=True)]
    file = pocket.desk.folder / "SCANNED.TXT"
    file.write_text("\r\n".join(lines), "utf-8")
    pocket.desk.ask("commit", str(file), "--dates", "dmy", *LAPTOP, "--yes")
    (kept,) = listed(pocket.desk)
    assert (kept["state"], kept["batches"]) == ("recorded", [1])
    assert "all of it in batch 1, from a file" in pocket.desk.tell("scanner", "downloads")


def test_cards_alone_are_listed_as_no_rows(station: Desk) -> None:
    """A download that made no row is cleared without a batch."""
    pocket = Pocket(station, [BEGIN])
    pocket.ask("pull", "--yes", "--clear")
    assert "no rows, cleared" in station.tell("scanner", "downloads")


def cards_shown(desk: Desk) -> dict[str, str]:
    """What stands on some cards, by what they are."""
    answer = desk.type("scanner", "emulate", str(desk.folder / "none.json"), "--cards", "--json")
    return {each["card"]: each["text"] for each in json.loads(answer.out)["cards"]}


def test_every_scan_is_shown_with_what_it_was_read_as(station: Desk) -> None:
    """Cards, labels, rows, what was taken back, read twice, left out and held, each with its time and kind of code."""
    station.tell("holder", "add", "Jane Smith")
    badge = cards_shown(station)["badge of Jane Smith"]
    scans = [*TWO_LAPTOPS, "LT-2", event("ISSUE"), badge, "LT-1", "LT-2", UNDO]
    scans += ["CASE-02", "CASE-02 SLOT-03", "???", "!!!"]
    pocket = Pocket(station, scans)
    pocket.ask("pull", *LAPTOP, "--preview", exit_code=3)
    found = station.ask("scanner", "show", "--leave-out", "16=a price tag")["scans"]
    assert [each["read_as"] for each in found] == [
        "begin KIM",
        "event SCAN",
        "slot 1 of CASE-01",
        "SCAN LT-1, CASE-01 slot 1, by KIM",
        "slot 2 of CASE-01",
        "SCAN LT-2, CASE-01 slot 2, by KIM",
        "read twice",
        "event ISSUE",
        "badge of holder 1",
        "ISSUE LT-1, OUT, for Jane Smith, by KIM",
        "taken back",
        "undo",
        "case",
        "held",
        "held",
        "left out",
    ]
    assert found[3]["utc"] == "2026-03-01T12:00:00.000000Z"
    assert {each["code"] for each in found} == {"Code 128"}
    said = station.type("scanner", "show")
    assert "   4  2026-03-01 13:00:00  LT-1" in said.out
    assert "Scan 16: !!! is no tag, no label and no card." in said.err
    assert "reply" not in station.ask("scanner", "show")


def test_scans_are_told_apart_by_whose_batch_recorded_them(station: Desk) -> None:
    """Those that a download's own batch recorded are recorded in it; those of a batch of another came before."""
    pocket = Pocket(station)
    first = pocket.ask("pull", *LAPTOP, "--yes")["download"]
    station.now += timedelta(hours=1)
    pocket.scan(slot("CASE-01", 3), "LT-3")
    second = pocket.ask("pull", *LAPTOP, "--yes")["download"]
    for name, expected in (
        (first, {4: "recorded in batch 1", 6: "recorded in batch 1"}),
        (second, {4: "recorded before", 6: "recorded before", 8: "recorded in batch 2"}),
    ):
        found = station.ask("scanner", "show", name)["scans"]
        assert {each["number"]: each["read_as"] for each in found if each["said"] == "recorded"} == expected
        assert f"LT-1 Code 128 {expected[4]}" in " ".join(station.tell("scanner", "show", name).split())
    pocket.ask("clear", "--yes")
    assert station.ask("scanner", "show", second)["scans"][7]["read_as"] == "recorded in batch 2"


# -- emulated scanners ------------------------------------------------------------------------------------------------


def test_a_new_emulated_scanner_holds_samples(station: Desk) -> None:
    """Where there is no file it is made, with two laptops in CASE-01, and goes the whole way."""
    path = station.folder / "new.json"
    told = station.type("scanner", "pull", "--emulate", str(path), *LAPTOP, "--yes", "--clear")
    assert (told.exit_code, told.err.startswith(TOLD)) == (0, True)
    assert station.ask("asset", "show", "LT-9002")["slot_position"] == 2
    other = station.type("scanner", "emulate", str(station.folder / "other.json"), "--json")
    assert other.out == '{"stored":0,"scans":7}\n'


def test_what_it_does_not_store_is_counted(station: Desk) -> None:
    """A code that is too long is read and not stored, as by a real one; a text that no code holds is refused."""
    path = str(station.folder / "new.json")
    assert "Stored 1 of 2 scans; the scanner holds 1 scan." in station.tell(
        "scanner", "emulate", path, "--scan", "A1", "--scan", "X" * 31
    )
    for text in ("", "€"):
        answer = station.type("scanner", "emulate", path, "--scan", text, "--json")
        assert (answer.exit_code, '"value_unusable"' in answer.out) == (2, True)


def test_cards_are_shown_to_be_scanned(station: Desk) -> None:
    """What stands on some cards, in words and for machines."""
    path = str(station.folder / "new.json")
    assert f"begin, Kim          {BEGIN}\n" in station.tell("scanner", "emulate", path, "--cards")
    answer = station.type("scanner", "emulate", path, "--cards", "--json")
    assert f'{{"card":"event SCAN","text":"{event("SCAN")}"}}' in answer.out
    assert not (station.folder / "new.json").exists()


def test_before_init_there_are_cards_and_no_badges(desk: Desk) -> None:
    """What is the same at every station is shown; a badge is one station's."""
    shown = cards_shown(desk)
    assert shown["event ISSUE"] == event("ISSUE")
    assert not any(what.startswith("badge") for what in shown)


def test_badges_are_shown_of_the_stations_own_holders(station: Desk) -> None:
    """Five of those that are active, each as it is printed."""
    for number in range(1, 8):
        station.tell("holder", "add", f"Holder {number}")
    station.tell("holder", "deactivate", "Holder 2")
    shown = [what for what in cards_shown(station) if what.startswith("badge")]
    assert shown == [f"badge of Holder {number}" for number in (1, 3, 4, 5, 6)]


def test_a_port_and_an_emulated_scanner_can_not_both_be_meant(pocket: Pocket) -> None:
    """Whoever names a port means a real scanner."""
    assert pocket.desk.refuse(*pocket.words("info", "--port", "COM3"), exit_code=2)["code"] == "usage"


def test_its_file_is_no_other_file(pocket: Pocket) -> None:
    """A file that is none of a scanner's is left as it is, and so are the station's own."""
    other = pocket.desk.file("other.json", "{}x")
    for path, code, exit_code in ((other, "file_unreadable", 3), (str(pocket.desk.database), "value_unusable", 2)):
        answer = pocket.desk.type("scanner", "info", "--emulate", path, "--json")
        assert (answer.exit_code, f'"{code}"' in answer.out) == (exit_code, True)
    assert pocket.desk.folder.joinpath("other.json").read_text("utf-8") == "{}x\n"


def test_a_trial_is_left_out_whole_and_stops_no_command(pocket: Pocket) -> None:
    """What was tried with another scanner is named until then; after that only this scanner's download is meant."""
    trial = pocket.pull()
    memory = pocket.path.read_text("utf-8").replace("900001", "900002")
    pocket.path.write_text(memory, "utf-8")
    mine = pocket.pull()
    desk = pocket.desk
    assert desk.refuse("scanner", "commit", *LAPTOP, "--yes", exit_code=4)["code"] == "download_unnamed"
    out = desk.ask("scanner", "leave-out", trial[:-20], "--reason", "a trial")
    assert out == {"download": trial, "scans": 6, "reason": "a trial", "seq": 4, "already_left_out": False, "stay": []}
    assert "Nothing happened" in desk.tell("scanner", "leave-out", trial, "--reason", "a trial")
    states = {each["name"]: (each["state"], each["left_out"]) for each in listed(desk)}
    assert states == {trial: ("left_out", 4), mine: ("open", None)}
    assert "left out whole" in desk.tell("scanner", "downloads")
    assert desk.ask("scanner", "commit", *LAPTOP, "--yes")["download"] == mine
    assert desk.refuse("scanner", "leave-out", mine, "--reason", "late", exit_code=4)["code"] == "download_dealt_with"
    assert desk.refuse("scanner", "leave-out", "19", "--reason", "late", exit_code=4)["code"] == "download_missing"
    assert desk.refuse("scanner", "leave-out", trial, exit_code=2)["code"] == "usage"
