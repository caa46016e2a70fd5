"""What stops a queue is counted on its check page, and whoever has neither labels nor cards is told the way out."""

import pytest

from assettrack.web.texts import english
from tests.web.handing_over import at_the_desk as at_a_list
from tests.web.handing_over import stocked
from tests.web.test_handover_answers import scanned as answered
from tests.web.test_intake_pages import at_the_desk, scan
from tests.web.test_intake_rounds import CHOOSE, END, SCAN, at_intake, scanned
from tests.web.test_upload_pages import HEADER
from tests.web.visitors import OpenStation

HEADING = "on Intake under “What the next scans mean”, and scan it again."


def test_the_sum_of_a_check_has_the_scans_that_were_not_understood(station: OpenStation) -> None:
    """All scans are counted, those to be mended first, as the command line does; the heading counts what is wrong."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2", "LT-3", "???", "no tag!")
    ben.get("/intake/check")
    assert "5 scans: 2 to be mended, 3 new assets" in ben.words
    assert "There are 2 problems" in ben.words
    assert ben.page.partition('<section class="wrong"')[2].partition("</section>")[0].count("<li>") == 2
    assert "To be mended: 2" in ben.words


def test_a_check_of_what_was_not_understood_alone(station: OpenStation) -> None:
    """It was read, though it is no row, and one problem is one."""
    ben = at_the_desk(station)
    scan(ben, "???")
    ben.get("/intake/check")
    assert "1 scan: 1 to be mended" in ben.words
    assert "There is a problem" in ben.words
    assert "No row could be read" not in ben.words


def test_the_problems_of_a_list_are_counted(station: OpenStation) -> None:
    """Each that is named below the heading."""
    stocked(station)
    ben = at_a_list(station)
    answered(ben, "???")
    answered(ben, "no tag!")
    ben.get("/issue?stopped=1")
    stopped = ben.page.partition('id="stopped"')[2].partition("</section>")[0]
    assert stopped.count("<li>") == 2, ben.words
    assert "There are 2 problems" in ben.words


def test_who_has_no_card_of_an_event_is_told_where_to_choose_one(station: OpenStation) -> None:
    """By the heading of the form, wherever that stands; so in what is said of the asset, also on the check page."""
    assert english()["intake.context"] in CHOOSE
    ben = at_intake(station)
    scanned(ben, END)
    assert f"Remove it, scan an event, or choose one {HEADING}" in scanned(ben, "LT-2")
    ben.get("/intake/check")
    assert f"Remove it, scan an event, or choose one {HEADING}" in ben.words


@pytest.mark.parametrize("before", ["unreadable", "used"])
def test_who_has_no_labels_is_told_where_to_choose_a_place(station: OpenStation, before: str) -> None:
    """After what said where they go holds no more, and after a slot that was for another asset."""
    ben = at_intake(station)
    scanned(ben, *(["CASE-01", "AT H9ZZZ9", SCAN] if before == "unreadable" else ["CASE-01 SLOT-08", "LT-1"]))
    said = f"Remove it, scan the label of its slot or case, or choose that {HEADING}"
    assert said in scanned(ben, "LT-2")
    ben.get("/intake/check")
    assert said in ben.words


def test_the_problems_of_a_file_are_counted(station: OpenStation) -> None:
    """Of all its rows: the time of one is none, and the event of the other."""
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    rows = b"LT-1,soon,SCAN,mara,,,,laptop\nLT-2,2026-06-30T10:01:00Z,STEAL,mara,,,,laptop\n"
    ben.follow(ben.upload("/intake/upload", "x.csv", HEADER + rows))
    wrong = ben.page.partition('<section class="wrong"')[2].partition("</section>")[0]
    assert wrong.count("<li>") == 2, ben.words
    assert "There are 2 problems" in ben.words
