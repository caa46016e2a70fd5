"""The pocket scanner in the browser when things go wrong: two people, dead servers, pulled cables, forged addresses."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.frames import Command
from assettrack.scanner.parameters import Parameter
from assettrack.services import audit, verification
from assettrack.station.plans import PLANS_MAX
from tests.domain.trial_scans import event
from tests.web.scanning import BEGIN, HELD, MORNING, Cable, commit, confirm_code, ended, read, served, spooled
from tests.web.visitors import OpenStation, Visitor


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


# -- several people, and servers that die ----------------------------------------------------------------------------


def test_one_person_at_a_time_uses_the_scanner(station: OpenStation, cable: Cable) -> None:
    """The second is told who uses it, and nothing of theirs is begun; looking at downloads goes on."""
    cable.plug()
    ben, ann = station.visitor("ben"), station.visitor("ann")
    cable.held_up.clear()
    ben.get("/scanner")
    begun = ben.post("/scanner/read")
    again = ben.post("/scanner/read")
    assert again.headers["location"] == begun.headers["location"]
    for deed in ("/scanner/look", "/scanner/read", "/scanner/make-safe", "/scanner/set-clock"):
        ann.get("/scanner")
        ann.follow(ann.post(deed))
        assert "ben uses the scanner just now, so what you asked for was not begun." in ann.words
    ann.get("/scanner")
    assert "ben uses the scanner." in ann.words
    cable.held_up.set()
    ended(ben, begun)
    ann.get("/scanner")
    assert "uses the scanner" not in ann.words
    assert len(spooled(station)) == 1


def test_answers_are_each_operators_own_and_the_commit_is_everybodys(station: OpenStation, cable: Cable) -> None:
    """Nobody's answers are taken for another's; once one has committed, all are led to that."""
    cable.plug(HELD[:5])
    ben, ann = station.visitor("ben"), station.visitor("ann")
    path = read(ben)
    ben.post(f"{path}/answer", {"number": "5", "deed": "leave-out", "reason": "was on the table"})
    ann.get(path)
    assert "was on the table" not in ann.words
    ann.follow(ann.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": "is another one's"}))
    assert "is another one's" in ann.words
    ben.get(path)
    assert "is another one's" not in ben.words
    ben.follow(commit(ben, path))
    ann.get(path)
    assert "What was not left out is committed." in ann.words
    told = ann.post(f"{path}/commit", {"confirm": "0000-0000"})
    assert (told.status_code, "Scan 4 was dealt with in batch 1" in ann.words) == (409, True), ann.words
    assert 'href="/batches/1"' in ann.page


def test_what_somebody_confirmed_is_not_taken_for_what_another_committed(station: OpenStation, cable: Cable) -> None:
    """Ben checked two scans, and Ann commits them with one left out: Ben is told so, and not led to her batch."""
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    ben, ann = station.visitor("ben"), station.visitor("ann")
    path = read(ben)
    ben.post(f"{path}/options", {"equipment_type": "laptop"})
    ben.get(f"{path}/check")
    checked = {"confirm": confirm_code(ben.page)}
    ann.get(path)
    ann.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": "was on the table"})
    assert commit(ann, path).headers["location"] == "/batches/1"
    told = ben.post(f"{path}/commit", checked)
    assert (told.status_code, "scan 4 became something else" in told.text) == (409, True)
    assert 'href="/batches/1"' in ben.page


def without_4(visitor: Visitor, path: str, reason: str = "on the table") -> str:
    """Leave the fourth scan out, check the rest, and return the code."""
    visitor.get(path)
    visitor.post(f"{path}/options", {"equipment_type": "laptop"})
    visitor.get(path)
    visitor.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": reason})
    visitor.get(f"{path}/check")
    return confirm_code(visitor.page)


def checked_by(visitor: Visitor) -> tuple[str, str]:
    """Read two scans and check them both; return the path of the download, and the code."""
    path = read(visitor)
    visitor.post(f"{path}/options", {"equipment_type": "laptop"})
    visitor.get(f"{path}/check")
    return path, confirm_code(visitor.page)


def test_nobody_pushes_out_what_another_checked(station: OpenStation, cable: Cable) -> None:
    """Ann looks more often than plans are kept, and commits with a scan left out: Ben is told which one it is."""
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    ben, ann = station.visitor("ben"), station.visitor("ann")
    path, code = checked_by(ben)
    looked = [without_4(ann, path, f"on the table {number}") for number in range(PLANS_MAX + 2)]
    assert ann.post(f"{path}/commit", {"confirm": looked[-1]}).headers["location"] == "/batches/1"
    told = ben.post(f"{path}/commit", {"confirm": code})
    assert (told.status_code, "scan 4 became something else" in told.text) == (409, True)


def test_what_is_not_known_any_more_is_not_taken_for_what_was_confirmed(station: OpenStation, cable: Cable) -> None:
    """Every plan is lost: Ben is not led to Ann's batch, and Ann is led to hers by the code that the log has."""
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    ben, ann = station.visitor("ben"), station.visitor("ann")
    path, code = checked_by(ben)
    hers = without_4(ann, path)
    assert ann.post(f"{path}/commit", {"confirm": hers}).headers["location"] == "/batches/1"
    shutil.rmtree(station.folder / "plans")
    size = audit.log_size(station.workplace())
    told = ben.post(f"{path}/commit", {"confirm": code})
    assert (told.status_code, told.headers.get("location")) == (409, None)
    assert "Nothing was saved" in ben.words
    assert 'href="/batches/1"' in ben.page
    assert ann.post(f"{path}/commit", {"confirm": hers}).headers["location"] == "/batches/1"
    assert audit.log_size(station.workplace()) == size


def test_a_second_tab_is_no_confirmation_of_the_first(station: OpenStation, cable: Cable) -> None:
    """Ben checked both scans, and leaves one out in another tab and commits that: the first tab is told so."""
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    ben = station.visitor("ben")
    path, both = checked_by(ben)
    one = without_4(ben, path)
    for _ in range(2):
        assert ben.post(f"{path}/commit", {"confirm": one}).headers["location"] == "/batches/1"
    told = ben.post(f"{path}/commit", {"confirm": both})
    assert (told.status_code, "scan 4 became something else" in told.text) == (409, True)


def test_a_later_download_with_a_scan_left_out_is_not_what_was_confirmed(station: OpenStation, cable: Cable) -> None:
    """Ann reads on and commits all of it but one: whoever confirmed the first download is told, not led there."""
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    ben, ann = station.visitor("ben"), station.visitor("ann")
    path, code = checked_by(ben)
    cable.scan("LT-3")
    later = read(ann)
    hers = without_4(ann, later)
    assert ann.post(f"{later}/commit", {"confirm": hers}).headers["location"] == "/batches/1"
    told = ben.post(f"{path}/commit", {"confirm": code})
    assert (told.status_code, "scan 4 became something else" in told.text) == (409, True)
    assert 'href="/batches/1"' in ben.page


def test_the_server_dies_between_any_two_steps(tmp_path: Path, cable: Cable) -> None:
    """Each step is done by a server of its own: answers, the download and the proof are found again."""
    cable.plug(HELD[:5])
    with served(tmp_path, cable) as station:
        station.case("CASE-01", 4)
        path = read(station.visitor("ben"))
    steps = (
        (f"{path}/answer", {"number": "5", "deed": "leave-out", "reason": "was on the table"}),
        (f"{path}/options", {"equipment_type": "laptop"}),
    )
    for there, fields in steps:
        with served(tmp_path, cable) as station:
            ben = station.visitor("ben")
            ben.get(path)
            assert ben.post(there, fields).status_code == 303
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        ben.get(f"{path}/check")
        code = confirm_code(ben.page)
    for _ in range(2):
        with served(tmp_path, cable) as station:
            ben = station.visitor("ben")
            ben.get("/scanner")
            assert ben.post(f"{path}/commit", {"confirm": code}).headers["location"] == "/batches/1"
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        ben.get("/scanner")
        assert ended(ben, ben.post(f"{path}/clear")).status_code == 200
        assert cable.scanner.records == []
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        ben.get("/scanner/runs/" + "0" * 32)
        ben.get(path)
        assert "The scanner was cleared of these scans." in ben.words
        assert verification.verify(station.workplace(), [], None).ok


# -- what can go wrong -----------------------------------------------------------------------------------------------


def failed(visitor: Visitor, deed: str) -> str:
    """Begin something with the scanner that fails, and return what is said."""
    visitor.get("/scanner")
    ended(visitor, visitor.post(deed))
    assert "There is a problem" in visitor.words, visitor.words
    assert 'action="' in visitor.page
    return visitor.words


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("unplugged-in-upload"), "was unplugged"),
        (Fault("auto-clear"), "erases? them by being read|erase them by being read"),
        (Fault("error-09", times=0), "had a fault"),
        (Fault("bad-checksum", times=0), "can't be used: its checksum does not fit"),
        (Fault("other-serial", times=0), "answered in place of"),
        (Fault("positions"), "as a satellite receiver does"),
        (Fault("empty"), "holds no scans"),
    ],
)
def test_a_read_that_fails_keeps_nothing_and_says_why(
    station: OpenStation, cable: Cable, fault: Fault, said: str
) -> None:
    """Unplugged, set to erase, broken, another device, empty: said in words of the page, and it can be tried again."""
    cable.plug(MORNING)
    cable.scanner.arm(fault)
    ben = station.visitor("ben")
    assert re.search(said, failed(ben, "/scanner/read"))
    assert "assettrack " not in ben.words
    assert spooled(station) == []


def test_without_a_scanner_the_pages_say_what_to_do(station: OpenStation) -> None:
    """Nothing on the cable: each deed says so, without a word of the command line."""
    ben = station.visitor("ben")
    for deed in ("/scanner/look", "/scanner/read", "/scanner/make-safe", "/scanner/set-clock"):
        words = failed(ben, deed)
        assert "No Opticon scanner was found" in words
        assert "--port" not in words


@pytest.mark.parametrize("fault", ["unplugged-before-clear", "unplugged-after-clear", "clear-ignored"])
def test_a_clear_that_fails_says_what_the_scanner_holds(station: OpenStation, cable: Cable, fault: str) -> None:
    """Whatever became of it, it is said, nothing is recorded, and every scan is in the database."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    ben.follow(commit(ben, path))
    cable.scanner.arm(Fault(fault))
    size = audit.log_size(station.workplace())
    words = failed(ben, f"{path}/clear")
    assert "still holds its scans" in words or "either all of its scans were cleared, or nothing was changed" in words
    assert audit.log_size(station.workplace()) == size
    ben.get(path)
    assert "All of it is committed." in ben.words


def test_nothing_is_cleared_that_is_not_committed(station: OpenStation, cable: Cable) -> None:
    """Before the commit, with a scan made since, and with another scanner on the cable, nothing is erased."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(f"{path}/clear")
    assert "not all of its scans are committed" in ben.words
    assert "Clear 7 scans" not in ben.words
    assert "not all of its scans are committed" in failed(ben, f"{path}/clear")
    ben.follow(commit(ben, path))
    cable.scan("LT-9")
    assert "scans may have been made since" in failed(ben, f"{path}/clear")
    cable.bus.gone(cable.bus.names()[0])
    cable.plug()
    cable.scanner.unit = type(cable.scanner.unit)(serial_field=bytes.fromhex("0000000000424242"))
    assert "Scanner 424242 answered in place of scanner 697227" in failed(ben, f"{path}/clear")
    assert Command.CLEAR not in cable.scanner.heard


def test_a_spoiled_download_is_told(station: OpenStation, cable: Cable) -> None:
    """No page pretends that nothing was kept: the list names what is damaged, and so does whatever asks for it."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    file = station.folder / "station.db.scans" / spooled(station)[0]
    file.write_bytes(file.read_bytes()[:-30])
    assert ben.get("/scanner").status_code == 200
    assert f"{file.name} is damaged" in ben.words
    for there in (path, f"{path}/check", f"{path}/clear"):
        assert ben.get(there).status_code == 422
        assert f"{file.name} is damaged" in ben.words
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    for there in ("/scanner", path, f"{path}/check", f"{path}/clear"):
        assert ben.get(there).status_code == 422
        assert "can't be read" in ben.words


FORGED = (
    "..%2f..%2fstation.db", "..%5cstation.db", "station.db", "2026", "x" * 500, "%00", "a%2Fb", "%ff", "<script>",
    "20260701T120000Z-697227-000000000000.scans.json",
)  # fmt: skip


def test_a_forged_name_leads_nowhere(station: OpenStation, cable: Cable) -> None:
    """Only the whole name of a download that is kept is one; no part of an address becomes a path."""
    cable.plug()
    ben = station.visitor("ben")
    path = read(ben)
    for name in (*FORGED, path.rpartition("/")[2][:-1]):
        for end in ("", "/check", "/clear"):
            assert ben.get(f"/scanner/downloads/{name}{end}").status_code == 404, name
        for end in ("/answer", "/answers", "/options", "/commit", "/clear"):
            assert ben.post(f"/scanner/downloads/{name}{end}").status_code == 404, name


# -- its settings and its clock --------------------------------------------------------------------------------------


def test_dangerous_settings_are_said_and_made_safe(station: OpenStation, cable: Cable) -> None:
    """Each danger is a sentence; one button switches them off, and the page then has nothing to say of them."""
    scanner = cable.plug((), Fault("auto-clear"), Fault("reject-redundant"))
    ben = station.visitor("ben")
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/look"))
    assert "It erases its scans by being read." in ben.words
    assert "It drops a code that is scanned again" in ben.words
    ended(ben, ben.post("/scanner/make-safe"))
    assert "It erases its scans" not in ben.words
    assert scanner.parameters[Parameter.AUTO_CLEAR] == scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\0"


def test_a_scanner_that_drops_scans_is_read_before_it_is_made_safe(station: OpenStation, cable: Cable) -> None:
    """Its setting is all that tells that cards may be missing; it stays until they are read."""
    scanner = cable.plug(("LT-1",), Fault("reject-redundant"))
    ben = station.visitor("ben")
    ben.get("/scanner")
    assert "was not set to keep repeated scans: it holds 1 scan" in failed(ben, "/scanner/make-safe")
    assert scanner.parameters[Parameter.REJECT_REDUNDANT] != b"\0"
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/read"))
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/make-safe"))
    assert scanner.parameters[Parameter.REJECT_REDUNDANT] == b"\0"


def test_the_clock_is_set_only_while_no_scan_hangs_on_it(station: OpenStation, cable: Cable) -> None:
    """A clock that is off is said; it is set once the scanner is empty, and never before."""
    scanner = cable.plug(("LT-1",))
    ben = station.visitor("ben")
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/look"))
    assert "It is 2 hours slow." in ben.words  # it was set to UTC, the station is in Berlin
    assert "it holds 1 scan, not all of them pulled" in failed(ben, "/scanner/set-clock")
    assert Command.SET_TIME not in scanner.heard
    scanner.records.clear()
    ben.get("/scanner")
    ended(ben, ben.post("/scanner/set-clock"))
    assert "It is right." in ben.words


def test_a_scan_of_ten_thousand_is_shown_in_parts(station: OpenStation, cable: Cable) -> None:
    """A page stays a page; what is left out is counted, and can be shown."""
    cable.plug((BEGIN, event("SCAN")), Fault("ten-thousand", value=1200))
    ben = station.visitor("ben")
    read(ben)
    assert "Show 802 scans more" in ben.words


def test_hostile_scans_are_shown_and_held(station: OpenStation, cable: Cable) -> None:
    """Numbers no database has, letters that are marks, bytes that are no text: each is a held scan on a whole page."""
    huge = "9" * 22
    badge, begun = (cards.written(Card(kind, huge)) for kind in (CardKind.HOLDER, CardKind.BEGIN))
    cable.plug(("</td><script>", badge, begun, "A\x00B\x1dC\xe4", "AT ", "AT S999Z", "\xb2", "'\"&"))
    ben = station.visitor("ben")
    path = read(ben)
    assert "8 things are to be looked at first." in ben.words
    assert "<script>" not in ben.page.partition("<main")[2]
    assert "A\\x00B\\x1dC\\xe4" in ben.words
    ben.get(f"{path}/check")
    assert "There are 8 problems" in ben.words
