"""Answers about the scans of a download that come too late: refused, or dropped and forgotten; no page dies of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import finding
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_findings import SCANNER_FINDINGS
from assettrack.scanner.emulated_faults import Fault
from assettrack.web.scanner.answers import ASKED_BY, FOR_ALL, asked_of_all
from assettrack.web.texts import english
from tests.domain.trial_scans import event
from tests.web.scanning import BEGIN, Cable, commit, ended, places, read, served
from tests.web.visitors import OpenStation, Visitor

UNTIMED = ("same_scans", "scanned_anew", "untimed_at_download")
OUT = {"deed": "leave-out", "reason": "seen twice"}


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; a scanner with two assets is on it."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"))
    return cable


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station, and the cable."""
    with served(tmp_path, cable) as opened:
        assert cable.scanner.records
        yield opened


def overtaken(station: OpenStation, cable: Cable) -> tuple[Visitor, str]:
    """Return somebody whose answers are overtaken by a commit, and the path of their download."""
    ben, ann = station.visitor("ben"), station.visitor("ann")
    first = read(ben)
    cable.scan("LT-3", "LT-4")
    path = read(ann)
    ann.get(path)
    for number in ("4", "6"):
        assert ann.post(f"{path}/answer", {**OUT, "number": number}).status_code == 303
    ben.follow(commit(ben, first))
    return ann, path


def test_a_download_whose_answers_were_overtaken_lives_and_forgets_just_those(
    station: OpenStation, cable: Cable
) -> None:
    """The page names the scan and its batch, shows all as if it were not said, and one button forgets that alone."""
    ann, path = overtaken(station, cable)
    assert ann.get(path).status_code == 200
    assert "There is a problem" in ann.words
    assert re.search(r"Scan 4: LT-2 .{0,40}left out: seen twice.{0,40}Batch 1", ann.words), ann.words
    assert "Recorded in batch 1" in ann.words
    assert not re.search(r"Answered .*Scan 4:", ann.words)
    assert re.search(r"Answered .*Scan 6:", ann.words)
    assert ann.page.count(f'action="{path}/forget"') == 1
    for other in ("/check", "/clear"):
        assert f'href="{path}{other}"' not in ann.page
    ann.follow(ann.post(f"{path}/forget"))
    assert "There is a problem" not in ann.words
    assert re.search(r"Answered .*Scan 6:", ann.words)
    ann.follow(commit(ann, path))
    ann.get(path)
    ended(ann, ann.post(f"{path}/clear"))
    assert cable.scanner.records == []


def test_checking_and_clearing_lead_to_what_was_overtaken(station: OpenStation, cable: Cable) -> None:
    """Neither page dies, nor does a deed from a page that was open: each leads to where it can be mended."""
    ann, path = overtaken(station, cable)
    for there in ("/check", "/clear"):
        answer = ann.get(f"{path}{there}")
        assert (answer.status_code, answer.headers["location"]) == (303, path), there
    ann.get(path)
    assert ann.post(f"{path}/clear").headers["location"] == path
    answer = ann.post(f"{path}/commit", {"confirm": "ZZZZ-ZZZZ"})
    assert answer.status_code == 409
    assert "Scan 4 was dealt with in batch 1" in ann.words
    assert "Nothing was saved" in ann.words
    assert f'action="{path}/forget"' in ann.page
    assert len(cable.scanner.records) == 6


def test_a_viewer_sees_a_download_as_it_is(station: OpenStation, cable: Cable) -> None:
    """What an operator answered too late is theirs alone; nobody else is told or asked, and none but they forget it."""
    ann, path = overtaken(station, cable)
    eve = station.visitor("eve", "viewer")
    assert eve.get(path).status_code == 200
    assert "There is a problem" not in eve.words
    assert eve.post(f"{path}/forget").status_code == 403
    ann.get(path)
    assert "There is a problem" in ann.words


@pytest.mark.parametrize("deed", ["leave-out", "take"])
def test_nothing_is_answered_about_a_scan_that_is_settled(station: OpenStation, cable: Cable, deed: str) -> None:
    """The form for another scan refuses it at once with its batch; the page goes on, and nothing of it is kept."""
    ben = station.visitor("ben")
    ben.follow(commit(ben, read(ben)))
    cable.scan("LT-3")
    path = read(ben)
    for number in ("1", "4"):
        answer = ben.post(f"{path}/answer", {"number": number, "deed": deed, "reason": "seen twice"})
        assert answer.status_code == 409
        assert f"Scan {number} was dealt with in batch 1" in ben.words
        assert "Nothing was saved" in ben.words
    assert ben.get(path).status_code == 200
    assert "There is a problem" not in ben.words
    assert "seen twice" not in ben.words
    ben.follow(ben.post(f"{path}/answer", {**OUT, "number": "5"}))
    assert "left out: seen twice" in ben.words


def test_what_was_left_out_then_is_not_left_out_again(station: OpenStation, cable: Cable) -> None:
    """A settled scan takes no second reason, be the answer the same as it was: the first one stands in the log."""
    ben = station.visitor("ben")
    first = read(ben)
    ben.post(f"{first}/answer", {**OUT, "number": "4"})
    ben.follow(commit(ben, first))
    cable.scan("LT-3")
    path = read(ben)
    answer = ben.post(f"{path}/answer", {"number": "4", "deed": "leave-out", "reason": "for another reason"})
    assert answer.status_code == 409
    ben.get(path)
    assert "for another reason" not in ben.words
    ben.post(f"{path}/answer", {"number": "4", "deed": "take"})
    assert "batch left out scan 4 (because: seen twice), and did not record it" in ben.words


def test_scans_made_anew_and_then_the_same_ones_again(tmp_path: Path) -> None:
    """An answer for all that makes an earlier one too late is kept, and leads to where that one is forgotten."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"), Fault("no-stamps"))
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        first = read(ben)
        ben.post(f"{first}/answers", {"shows": UNTIMED[2:], "untimed_at_download": "1"})
        ben.follow(commit(ben, first))
        cable.scan("LT-3")
        path = read(ben)
        said = {"shows": list(UNTIMED), "untimed_at_download": "1"}
        ben.follow(ben.post(f"{path}/answers", {**said, "scanned_anew": "1"}))
        assert 'name="same_scans"' in ben.page
        assert ben.post(f"{path}/answer", {**OUT, "number": "4"}).status_code == 303
        ben.follow(ben.post(f"{path}/answers", {**said, "same_scans": "1"}))
        assert "Scan 4: LT-2" in ben.words
        ben.follow(ben.post(f"{path}/forget"))
        assert "There is a problem" not in ben.words
        ben.follow(commit(ben, path))
        ended(ben, ben.post(f"{path}/clear"))
        assert cable.scanner.records == []


def test_an_answer_for_all_after_which_nothing_is_open_can_be_taken_back(tmp_path: Path) -> None:
    """The same scans, it was said, and nothing is left to commit; until that is kept for good, it may be wrong."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"), Fault("no-stamps"))
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        first = read(ben)
        ben.post(f"{first}/answers", {"shows": UNTIMED[2:], "untimed_at_download": "1"})
        ben.follow(commit(ben, first))
        cable.scan(event("SCAN"))
        path = read(ben)
        said = {"shows": list(UNTIMED), "untimed_at_download": "1"}
        ben.follow(ben.post(f"{path}/answers", {**said, "same_scans": "1"}))
        assert "To commit" not in ben.words
        assert re.search(r'name="same_scans" value="1" checked', ben.page), ben.words
        ben.follow(ben.post(f"{path}/answers", {**said, "same_scans_shown": "1"}))
        assert re.search(r'name="same_scans" value="1">', ben.page), ben.words


def test_answers_about_a_download_that_a_later_one_told_are_not_shown_as_what_holds(tmp_path: Path) -> None:
    """All of it is committed by the later one, as that was answered: nothing that is said of the first is of use."""
    cable = Cable()
    cable.plug((event("SCAN"), "LT-1", "LT-2"))
    asked = {"shows": ["operator", "event_type"], "event_type": "", "operator_shown": "", "event_type_shown": ""}
    with served(tmp_path, cable) as station:
        ann, ben = station.visitor("ann"), station.visitor("ben")
        first = read(ann)
        ann.follow(ann.post(f"{first}/answers", {**asked, "operator": "Ann Example"}))
        cable.scan("LT-3")
        later = read(ben)
        ben.follow(ben.post(f"{later}/answers", {**asked, "operator": "Ben Example"}))
        ben.follow(commit(ben, later))
        ann.get(first)
        assert "All of it is committed." in ann.words
        assert 'id="for-all"' not in ann.page


# -- every question has its answers ----------------------------------------------------------------------------------


def test_whatever_is_asked_about_no_single_scan_has_an_answer_for_all() -> None:
    """A question without a number could not be answered at a scan: each has its ticks, and those have their words."""
    whole = {
        code
        for code, (kind, sentence) in SCANNER_FINDINGS.items()
        if kind is Kind.PROBLEM and "{number}" not in sentence and not code.startswith("dump_")
    }
    assert whole - ASKED_BY.keys() == set()
    names = {name for each in ASKED_BY.values() for name in each}
    assert names == set(FOR_ALL)
    assert names <= set(Answers.__struct_fields__)
    assert [name for name in FOR_ALL if f"scanner_answers.{name}" not in english()] == []


def test_a_tick_stands_below_the_last_question_that_it_answers() -> None:
    """No tick is there twice; what was answered before stays below all questions, to be changed."""
    anew = [finding("maybe_anew", batch=number) for number in (1, 2)]
    dropped = finding("repeated_dropped")
    found = asked_of_all([anew[0], dropped, anew[1]], FOR_ALL)
    assert found == [
        (anew[0], []),
        (dropped, ["gaps_looked_at"]),
        (anew[1], ["same_scans", "scanned_anew"]),
        (None, ["clock_undisturbed", "untimed_at_download"]),
    ]
    assert asked_of_all([], ("operator",)) == []


def test_what_stands_against_a_clear_is_answered_on_its_page(station: OpenStation, cable: Cable) -> None:
    """The file of an earlier download is spoiled: the page names that, and its tick leads to the clear, on record."""
    ben = station.visitor("ben")
    first = read(ben)
    ben.follow(commit(ben, first))
    cable.scan("LT-3")
    path = read(ben)
    ben.follow(commit(ben, path))
    (station.folder / "station.db.scans" / first.rpartition("/")[2]).write_bytes(b"")
    asked = ben.get(f"{path}/clear")
    assert (asked.status_code, "download is not kept any more" in ben.words) == (409, True), ben.words
    form = re.search(rf'<form action="{path}/clear" method="get".*?</form>', ben.page, re.DOTALL)
    assert form is not None, ben.page
    assert re.findall(r'name="([a-z_]+)" value="([a-z_]+)"', form[0]) == [("said", "gaps_looked_at")]
    assert ben.get(f"{path}/clear?said=nonsense").status_code == 409
    assert ben.get(f"{path}/clear?said=gaps_looked_at").status_code == 200
    assert f'action="{path}/clear?said=gaps_looked_at"' in ben.page
    ended(ben, ben.post(f"{path}/clear?said=gaps_looked_at"))
    assert cable.scanner.records == []
    with station.workplace().store.read() as snapshot:
        (cleared,) = snapshot.deeds_of_kind("SCANNER_CLEARED")
    assert b'"gaps_looked_at":true' in cleared


def test_a_trial_is_left_out_whole_on_its_page(station: OpenStation) -> None:
    """With a reason, which page and list then show; it can be committed after all, and then stays committed."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    assert "Leave all of it out" in ben.words
    assert ben.post(f"{path}/leave-out", {"reason": " "}).status_code == 422
    ben.get(path)
    for _ in range(2):
        ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
        assert "This download is left out whole" in ben.words
        assert "because: only tried." in ben.words
    assert f'action="{path}/leave-out"' not in ben.page
    assert ben.get(f"{path}/clear").status_code == 200
    assert "Scan 3: LT-1 left out: only tried" in ben.words
    assert "every asset is left out" in ben.words
    assert "With the clear that is final" in ben.words
    ben.get("/scanner")
    assert "697227 4 Left out" in ben.words, ben.words
    ben.get("/audit")
    assert "Scans left out" in ben.words
    ben.follow(commit(ben, path))
    ben.get(path)
    assert "All of it is committed." in ben.words
    told = ben.post(f"{path}/leave-out", {"reason": "too late"})
    assert (told.status_code, "is committed, as batch 1" in ben.words) == (409, True)


def test_what_is_checked_says_that_it_was_left_out_whole(station: OpenStation) -> None:
    """Its name commits it all the same, and whoever does that reads first when and why it was left out."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    ben.get(f"{path}/check")
    name = path.rpartition("/")[2]
    assert f"{name} was left out whole on 2026-" in ben.words
    assert "of the log, because: only tried." in ben.words
    ben.get(path)
    assert f"{name} was left out whole on" not in ben.words, "said once, at the head of the page"


def test_a_download_of_which_all_assets_were_left_out_is_not_called_committed(
    station: OpenStation, cable: Cable
) -> None:
    """A later one left them out, as the same scans; nothing of this one is recorded there."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    cable.scan(event("SCAN"), "LT-3")
    later = read(ben)
    ben.get(later)
    ben.follow(ben.post(f"{later}/answers", {"shows": ["same_scans"], "same_scans": "1", "operator": "ben"}))
    ben.follow(commit(ben, later))
    ben.get(path)
    assert "Every asset of it was left out." in ben.words
    assert "committed" not in ben.words.partition("Scans of scanner")[2].partition("Batch 1")[0]


def test_scans_left_out_whole_are_asked_about_when_more_is_read(station: OpenStation, cable: Cable) -> None:
    """Nobody named them: the page says which they are and why, and as the same ones they stay left out."""
    ben = station.visitor("ben")
    path = read(ben)
    ben.get(path)
    ben.follow(ben.post(f"{path}/leave-out", {"reason": "only tried"}))
    cable.scan("LT-3")
    later = read(ben)
    ben.get(later)
    name = path.rpartition("/")[2]
    assert f"scan 3, LT-1 (with {name}, because: only tried)" in ben.words
    assert 'name="same_scans"' in ben.page
    ben.follow(ben.post(f"{later}/answers", {"shows": ["same_scans"], "same_scans": "1"}))
    ben.follow(commit(ben, later))
    assert places(station).keys() == {"LT-3"}
    ben.get(later)
    assert "Scan 4: LT-2 left out: only tried, in Batch 1" in ben.words


@pytest.mark.parametrize(("section", "equal"), [("scanner_answers", "recorded"), ("file_reading", "committed before")])
def test_each_of_two_answers_says_the_whole_of_what_it_says(section: str, equal: str) -> None:
    """Which scans it is about, and what they are; nothing of a clear, which only one of the questions names."""
    texts = english()
    same, anew = (texts[f"{section}.{name}"] for name in ("same_scans", "scanned_anew"))
    for said in (same, anew):
        assert re.match(rf"(The scans that equal|Scans that were) {equal}", said), said
        assert "same ones" in said
        assert "clear" not in said
    assert anew.endswith("are not the same ones: all of them were made anew, after those")
