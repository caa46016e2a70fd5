"""The pocket scanner in the browser: read, answered, checked, committed once, and cleared only of what is committed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_memory import Memory
from assettrack.domain.scan_sayings import Sayings
from assettrack.domain.scanner_findings import TAKEABLE
from assettrack.domain.tags import Place
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.frames import Command
from assettrack.services import assets, audit, holders, slots, verification
from assettrack.web.scanner.answers import ASKED_BY
from tests.domain.trial_scans import event, slot
from tests.web.scanning import BEGIN, HELD, Cable, commit, confirm_code, ended, places, read, served, spooled
from tests.web.visitors import OpenStation


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; nothing is on it yet."""
    return Cable()


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with a case, and the cable."""
    with served(tmp_path, cable) as opened:
        opened.case("CASE-01", 4)
        yield opened


# -- the whole way ---------------------------------------------------------------------------------------------------


def test_a_morning_goes_from_the_scanner_to_the_database_and_clears_it(station: OpenStation, cable: Cable) -> None:
    """Looked for, read, understood, checked, committed, cleared: each page says where it is and what comes next."""
    scanner, ben = cable.plug(), station.visitor("ben")
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/look"))
    assert "697227" in ben.words
    assert "OPN-2004" in ben.words
    assert "Clear key deletes" in ben.words
    path = read(ben)
    assert f"/scanner/downloads/{spooled(station)[0]}" == path
    assert "2 assets are new, and nobody has said what they are." in ben.words
    ben.follow(ben.post(f"{path}/options", {"equipment_type": "laptop"}))
    assert "Everything was understood: 2 assets to commit." in ben.words
    for shown in ("Begin: KIM", "Next scans: Scan in", "Slot 1 of CASE-01", "into CASE-01 slot 1", "Code 128"):
        assert shown in ben.words
    size = audit.log_size(station.workplace())
    ben.get(f"{path}/check")
    assert "Nothing is saved yet." in ben.words
    assert "Commit 2 scans" in ben.words
    assert audit.log_size(station.workplace()) == size
    ben.follow(ben.post(f"{path}/commit", {"confirm": confirm_code(ben.page)}))
    assert places(station) == {"LT-1": "CASE-01 slot 1", "LT-2": "CASE-01 slot 2"}
    assert f'href="{path}/clear"' in ben.page
    ben.get("/scanner")
    assert f'href="{path}/clear"' in ben.page
    ben.get(f"{path}/clear")
    assert "7 scans will be cleared from the scanner." in ben.words
    assert "All of it is committed, read anew from the database just now: Batch 1" in ben.words
    assert len(scanner.records) == 7
    ended(ben, ben.post(f"{path}/clear"))
    assert "The scanner was cleared of these scans." in ben.words
    assert scanner.records == []
    ben.get("/scanner")
    assert re.search(r"697227 7 Cleared Batch 1", ben.words)
    assert verification.verify(station.workplace(), [], None).ok


def test_a_scanner_that_is_cleared_already_is_not_cleared_again(station: OpenStation, cable: Cable) -> None:
    """The file of the download that it was cleared with is lost: it is said by which entry it is, as it is empty."""
    cable.plug((BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1"))
    ben = station.visitor("ben")
    first = read(ben)
    ben.follow(commit(ben, first))
    cable.scan(slot("CASE-01", 3), "LT-3")
    second = read(ben)
    ben.follow(commit(ben, second))
    ended(ben, ben.post(f"{second}/clear"))
    size = audit.log_size(station.workplace())
    (station.folder / "station.db.scans" / second.rpartition("/")[2]).unlink()
    said = f"Nothing happened: the scanner is cleared already, it holds nothing. Entry {size} of the log"
    ben.get(f"{first}/clear?said=gaps_looked_at")
    ended(ben, ben.post(f"{first}/clear?said=gaps_looked_at"))
    assert said in ben.words, ben.words
    assert "The scanner still holds these scans." not in ben.words
    assert f'href="{first}/clear"' not in ben.page
    assert audit.log_size(station.workplace()) == size
    ben.get(first)
    assert said not in ben.words
    cable.scan("LT-9")
    ben.get("/scanner")
    ended(ben, ben.post(f"{first}/clear?said=gaps_looked_at"))
    assert "if it holds anything now, that was scanned since" in ben.words
    assert len(cable.scanner.records) == 1


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("/scanner/look", "Looking for the scanner"),
        ("/scanner/read", "Reading the scans"),
        ("/scanner/make-safe", "Making its settings safe"),
        ("/scanner/set-clock", "Setting its clock"),
    ],
)
def test_what_ended_with_a_problem_is_not_said_to_go_on(
    station: OpenStation, cable: Cable, deed: str, said: str
) -> None:
    """The title says what is done as long as it is, and then that it ended with a problem."""
    ben = station.visitor("ben")
    ben.get("/scanner")
    cable.held_up.clear()
    going_on = ben.follow(ben.post(deed))
    assert f"<h1>{said}</h1>" in going_on.text
    cable.held_up.set()
    ended(ben, going_on.history[-1] if going_on.history else ben.post(deed))
    assert f"<h1>{said} ended with a problem</h1>" in ben.page
    assert f"<title>Error: {said} ended with a problem" in ben.page


def test_a_viewer_looks_and_does_nothing(station: OpenStation, cable: Cable) -> None:
    """Downloads are shown to all; a form that would do something to none but operators."""
    cable.plug()
    path = read(station.visitor("ben"))
    eve = station.visitor("eve", "viewer")
    for there in ("/scanner", path):
        assert eve.get(there).status_code == 200
        assert 'method="post"' not in eve.page.partition("<main")[2].partition("</main>")[0]
    assert eve.get(f"{path}/check").status_code == 403
    assert eve.get(f"{path}/clear").status_code == 403


# -- held scans ------------------------------------------------------------------------------------------------------


def test_each_held_scan_is_answered_and_the_answers_are_kept(station: OpenStation, cable: Cable) -> None:
    """Each is left out with a reason or taken as it is; the answers stand in the log, and could be asked again."""
    cable.plug(HELD)
    ben = station.visitor("ben")
    path = read(ben)
    ben.post(f"{path}/options", {"equipment_type": "laptop"})
    ben.get(path)
    assert "3 things are to be looked at first." in ben.words
    assert "<b>x</b>" not in ben.page
    assert "Only one fits" in ben.words
    assert ben.page.count('value="take"') == 1  # only the slot without an asset can be meant as it is
    assert "Check before you commit" not in ben.words
    ben.get(f"{path}/check")
    assert 'name="confirm"' not in ben.page
    ben.follow(ben.post(f"{path}/answer", {"number": "5", "deed": "leave-out", "reason": "was on the table"}))
    assert "2 things are to be looked at first." in ben.words
    ben.post(f"{path}/answer", {"number": "6", "deed": "leave-out", "reason": "a torn label"})
    ben.follow(ben.post(f"{path}/answer", {"number": "7", "deed": "take"}))
    assert "Everything was understood: 1 asset to commit." in ben.words
    assert "left out: was on the table" in ben.words
    ben.follow(ben.post(f"{path}/answer", {"number": "5", "deed": "ask-again"}))
    assert "1 thing is to be looked at first." in ben.words
    ben.post(f"{path}/answer", {"number": "5", "deed": "leave-out", "reason": "was on the table"})
    ben.follow(commit(ben, path))
    assert places(station) == {"LT-1": "CASE-01 slot 1"}
    for page in (path, f"{path}/clear"):
        ben.get(page)
        assert "All of it is committed" not in ben.words
        assert "What was not left out is committed" in ben.words
        assert "2 scans are left out, and not recorded from this scanner" in ben.words
        assert "Scan 5: LT-2 left out: was on the table, in Batch 1" in ben.words
        assert 'href="/intake/upload"' in ben.page.partition("<main")[2]
    ended(ben, ben.post(f"{path}/clear"))
    assert cable.scanner.records == []


def test_an_answer_that_can_not_be_is_refused_and_nothing_is_kept_of_it(station: OpenStation, cable: Cable) -> None:
    """No reason, no such scan, no such answer, no such event: each is said, and the questions stay."""
    cable.plug(HELD)
    ben = station.visitor("ben")
    path = read(ben)
    for fields in (
        {"number": "5", "deed": "leave-out", "reason": " "},
        {"number": "8", "deed": "take"},
        {"number": "0", "deed": "take"},
        {"number": "1" * 40, "deed": "take"},
        {"number": "5", "deed": "believe"},
        {"deed": "take"},
    ):
        assert ben.post(f"{path}/answer", fields).status_code in {409, 422}, fields
        assert "Nothing was saved" in ben.words
    assert ben.post(f"{path}/answers", {"shows": "event_type", "event_type": "STEAL"}).status_code == 422
    assert ben.post(f"{path}/options", {"due_on": "1999-01-01"}).status_code == 422
    ben.get(path)
    assert "Answered" not in ben.words


def test_what_no_card_said_is_said_for_all(station: OpenStation, cable: Cable) -> None:
    """Who, which event and to whom are asked for where they are missing, and go for those scans alone."""
    cable.plug(("LT-1",))
    ben = station.visitor("ben")
    holders.register(station.workplace(), "Jane Smith")
    ben.post("/intake/scans", {"typed": "LT-1"})
    path = read(ben)
    assert "nobody is known to have scanned it" in ben.words
    ben.follow(
        ben.post(f"{path}/answers", {"shows": ["operator", "event_type"], "operator": "Kim", "event_type": "SCAN"})
    )
    ben.follow(commit(ben, path))
    cable.scanner.records.clear()
    cable.scan(BEGIN, event("ISSUE"), "LT-1")
    path = read(ben)
    assert "before anybody was named" in ben.words
    assert 'name="operator"' not in ben.page
    ben.follow(ben.post(f"{path}/answers", {"shows": "holder", "holder": "Jane Smith", "operator": "Eve"}))
    assert "to Jane Smith" in ben.words
    ben.follow(commit(ben, path))
    assert assets.asset(station.workplace(), "LT-1").holder is not None


def test_once_all_is_answered_nothing_is_to_be_looked_at(station: OpenStation, cable: Cable) -> None:
    """The answers stay to be changed, under a heading that asks for nothing; no page speaks of a file."""
    cable.plug(("LT-1",))
    ben = station.visitor("ben")
    path = read(ben)
    assert "To be looked at" in ben.words
    ben.post(f"{path}/answers", {"shows": ["operator", "event_type"], "operator": "Kim", "event_type": "SCAN"})
    ben.follow(ben.post(f"{path}/options", {"equipment_type": "laptop"}))
    assert "To be looked at" not in ben.words
    assert "What you answered" in ben.words
    assert 'name="operator" value="Kim"' in ben.page
    ben.get(f"{path}/check")
    assert "Equipment type of new assets, said for all scans laptop" in ben.words
    assert "file" not in ben.words
    ben.follow(ben.post(f"{path}/commit", {"confirm": confirm_code(ben.page)}))
    assert "Equipment type of new assets, said for all scans laptop" in ben.words
    assert "the file" not in ben.words


@pytest.mark.parametrize(
    ("fault", "asked", "said"),
    [
        (Fault("no-stamps"), "untimed_at_download", "none was stored with it"),
        (Fault("reject-redundant"), "gaps_looked_at", "drop repeated scans"),
        (Fault("clock-weak"), "untimed_at_download", "can't be trusted"),
    ],
)
def test_doubts_about_times_and_gaps_are_answered_by_a_tick(
    station: OpenStation, cable: Cable, fault: Fault, asked: str, said: str
) -> None:
    """What the scanner's clock or its settings make doubtful is asked, and nothing is committed before."""
    cable.plug((BEGIN, event("SCAN"), "LT-1"), fault)
    ben = station.visitor("ben")
    path = read(ben)
    assert said in ben.words
    ben.follow(ben.post(f"{path}/answers", {"shows": asked, asked: "1"}))
    ben.follow(commit(ben, path))
    assert places(station) == {"LT-1": "None"}


def test_every_question_has_an_answer() -> None:
    """What can be taken is what the grammar takes; all other held scans can be left out or are answered for all."""
    import inspect

    source = "".join(inspect.getsource(each) for each in (Reading, Memory, Sayings))
    assert set(re.findall(r'_is_meant\(\s*[a-z_.]+,\s*"([a-z_]+)"', source)) == TAKEABLE
    held = set(re.findall(r'_hold\(\s*[a-z_.]+,\s*"([a-z_]+)"', source)) | {"event_not_said", "operator_not_said"}
    assert {code for code in held if code.endswith("_not_said")} - ASKED_BY.keys() == {"place_not_said"}


# -- once, and bound to what was shown -------------------------------------------------------------------------------


def test_committing_and_clearing_twice_is_once(station: OpenStation, cable: Cable) -> None:
    """A double click gives one batch and one clear, and the same answer each time."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    first = commit(ben, path)
    code = confirm_code(ben.page)
    size = audit.log_size(station.workplace())
    again = ben.post(f"{path}/commit", {"confirm": code})
    assert again.headers["location"] == first.headers["location"] == "/batches/1"
    assert ben.post(f"{path}/commit", {"confirm": "ZZZZ-ZZZZ"}).status_code == 409
    assert ben.get(f"{path}/check").headers["location"] == "/batches/1"
    ben.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": "too late"})
    ben.get(path)
    assert "too late" not in ben.words
    assert audit.log_size(station.workplace()) == size
    ended(ben, ben.post(f"{path}/clear"))
    size = audit.log_size(station.workplace())
    assert ben.post(f"{path}/clear").headers["location"] == path
    assert audit.log_size(station.workplace()) == size
    assert cable.scanner.heard.count(Command.CLEAR) == 1


def test_a_commit_is_bound_to_what_was_shown(station: OpenStation, cable: Cable) -> None:
    """An asset that moved meanwhile is named by its scan; an answer that changed meanwhile sends back to look."""
    cable.plug((BEGIN, event("SCAN"), slot("CASE-01", 1), "LT-1"))
    ben = station.visitor("ben")
    path = read(ben)
    ben.post(f"{path}/options", {"equipment_type": "laptop"})
    ben.get(f"{path}/check")
    code = confirm_code(ben.page)
    ben.get(path)
    ben.post(f"{path}/options", {"equipment_type": "tablet"})
    assert ben.post(f"{path}/commit", {"confirm": code}).status_code == 409
    assert "The answers are not what you checked" in ben.words
    assert places(station) == {}
    cable.scanner.records.clear()
    cable.scan(BEGIN, event("UPDATE"), slot("CASE-01", 2), "LT-1")
    ben.follow(commit(ben, path))
    path = read(ben)
    ben.post(f"{path}/options", {"late_reason": "read in the evening"})
    ben.get(f"{path}/check")
    code = confirm_code(ben.page)
    slots.move(station.workplace("ann"), "LT-1", Place("CASE-01", 3))
    answer = ben.post(f"{path}/commit", {"confirm": code})
    assert answer.status_code == 409
    assert "Scan 4 is not as it was shown." in ben.words
    assert 'href="#row-4"' in ben.page


def test_a_repeated_read_is_the_same_download_and_more_scans_a_new_one(station: OpenStation, cable: Cable) -> None:
    """What was read before is not kept twice; later, only the new rows are taken, and only the latest is cleared."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    assert read(ben) == path
    assert "nothing was kept twice" in ben.words
    ben.follow(commit(ben, path))
    cable.scan(BEGIN, event("SCAN"), slot("CASE-01", 3), "LT-3")
    later = read(ben)
    assert later != path
    ben.get(f"{path}/clear")
    assert "more was read from it since" in ben.words
    ben.post(f"{later}/options", {"equipment_type": "laptop", "only_new": "1"})
    ben.get(f"{later}/check")
    ben.follow(ben.post(f"{later}/commit", {"confirm": confirm_code(ben.page)}))
    ended(ben, ben.post(f"{later}/clear"))
    assert cable.scanner.records == []
    assert places(station)["LT-3"] == "CASE-01 slot 3"


def test_a_damaged_download_is_named_and_not_called_nothing(station: OpenStation, cable: Cable) -> None:
    """On the scanner's page and on its own, with what can be done about it."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    (name,) = spooled(station)
    kept = station.folder / "station.db.scans" / name
    kept.write_bytes(kept.read_bytes()[:-20])
    ben.get("/scanner")
    assert f"{name} is damaged" in ben.words
    assert "Nothing was read from a scanner yet" not in ben.words
    assert "read it again" in ben.words
    assert ben.get(path).status_code == 422
    assert f"{name} is damaged" in ben.words


def test_scans_that_are_only_held_are_said_to_wait_for_an_answer(station: OpenStation, cable: Cable) -> None:
    """Neither those of a scanner nor those of a file could not be read: they are held until it is said who scanned."""
    cable.plug(("LT-1", "LT-2"))
    ben = station.visitor("ben")
    ben.get(f"{read(ben)}/check")
    said = "2 scans are held: 2 questions to be answered before anything is committed"
    assert said in ben.words
    ben.get("/intake/upload")
    ben.get(ben.upload("/intake/upload", "list.txt", b"LT-1\nLT-2\n").headers["location"])
    assert said in ben.words, ben.words
    assert "No row could be read" not in ben.words


def test_the_sum_of_a_check_has_the_scans_that_are_held(station: OpenStation, cable: Cable) -> None:
    """Beside the rows, and first; the heading counts what is wrong."""
    cable.plug(HELD)
    ben = station.visitor("ben")
    path = read(ben)
    ben.follow(ben.post(f"{path}/options", {"equipment_type": "laptop"}))
    ben.get(f"{path}/check")
    assert "4 scans: 3 to be mended, 1 new asset" in ben.words
    assert "There are 3 problems" in ben.words
