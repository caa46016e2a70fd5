"""Scans of a download that was never committed, and that the scanner does not tell any more."""

from assettrack.domain.scan_answers import Answers
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.parameters import Parameter
from tests.domain.trial_scans import event
from tests.services.field import AT_DOWNLOAD, MORNING, Field, MakeField, untimed

BEGIN = MORNING[0]
SAID = Answers(operator="kim", event_type="SCAN")
LOOKED_AT = Answers(operator="kim", event_type="SCAN", gaps_looked_at=True)


def deleted(day: Field, text: str) -> None:
    """Delete a scan with the scanner's Clear key."""
    day.scanner.parameters[Parameter.DELETE_KEYS] = b"\3"
    assert day.scanner.press_clear(text)
    day.scanner.parameters[Parameter.DELETE_KEYS] = b"\0"


def told(day: Field, said: Answers = SAID) -> tuple[list[str], list[str]]:
    """Pull once more; return the codes of the problems, and of what is said of downloads."""
    _, plan = day.preview(day.pull().download, said)
    return [each.code for each in plan.problems], [each.code for each in plan.notices if each.code == "never_committed"]


def test_a_scan_deleted_between_two_pulls_is_asked_about_once(fields: MakeField) -> None:
    """Nobody committed the first download, and a card of it is gone: asked by its name, and not again after that."""
    day = fields(scans=(BEGIN, event("SCAN"), "LT-1", "LT-2"))
    first = day.pull().download
    deleted(day, "LT-1")
    later = day.pull().download
    (asked,) = day.preview(later)[1].problems
    assert (asked.code, first.name in asked.message, " 1 of its scans" in asked.message) == (
        "pulled_and_gone",
        True,
        True,
    )
    assert day.preview(later, Answers(gaps_looked_at=True))[1].problems == []
    day.commit(later, Answers(gaps_looked_at=True))
    assert told(day) == ([], [])
    day.scan("LT-3")
    assert told(day) == ([], [])


def test_the_first_download_may_be_committed_first(fields: MakeField) -> None:
    """Then nothing of it is open, and only what was recorded and is gone is asked about."""
    day = fields(scans=("LT-1", "LT-2"))
    first = day.pull().download
    deleted(day, "LT-1")
    later = day.pull().download
    day.commit(first, SAID)
    assert [each.code for each in day.preview(later, SAID)[1].problems] == ["recorded_and_gone"]
    assert sorted(day.places()) == ["LT-1", "LT-2"]


def test_scans_that_are_gone_stop_the_clear_of_those_that_are_recorded(fields: MakeField) -> None:
    """What is left on the scanner is recorded; the kept file has one more, which is asked about before the clear."""
    day = fields(scans=("LT-1",))
    day.commit(day.pull().download, SAID)
    day.scan("LT-2")
    day.pull()
    deleted(day, "LT-2")
    assert told(day)[0] == ["pulled_and_gone"]
    assert day.clear(LOOKED_AT).scans == 1


def test_a_download_of_a_scanner_erased_by_hand_is_named(fields: MakeField) -> None:
    """None of its scans is there any more: a notice names it once, and nothing is held up."""
    day = fields(scans=("LT-1", "LT-2"))
    first = day.pull().download
    day.scanner.records.clear()
    day.scan("LT-3")
    later = day.pull().download
    _, plan = day.preview(later, SAID)
    (said,) = [each for each in plan.notices if each.code == "never_committed"]
    assert (plan.problems, first.name in said.message) == ([], True)
    day.commit(later, SAID)
    day.scan("LT-4")
    assert told(day) == ([], [])


def test_pulling_again_and_again_asks_nothing(fields: MakeField) -> None:
    """Downloads that a later one has whole are not named, with times or without."""
    for faults, said in (((), SAID), ((Fault("no-stamps"),), AT_DOWNLOAD)):
        day = fields(*faults, scans=untimed("LT-1") if faults else ("LT-1",))
        for number in (2, 3):
            day.pull()
            day.scan(f"LT-{number}")
        assert told(day, said) == ([], [])


def test_of_downloads_that_hold_the_same_the_latest_is_named(fields: MakeField) -> None:
    """Two were pulled before the scanner was erased by hand: the later one has all of it, and is the one to commit."""
    day = fields(scans=("LT-1", "LT-2"))
    day.pull()
    day.scan("LT-3")
    whole = day.pull().download
    day.scanner.records.clear()
    day.scan("LT-4")
    _, plan = day.preview(day.pull().download, SAID)
    (said,) = [each for each in plan.notices if each.code == "never_committed"]
    assert whole.name in said.message
