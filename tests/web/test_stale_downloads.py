"""What is said of a whole download on a page that was left open: nothing that was set or withdrawn since is undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.scanner.emulated_faults import Fault
from assettrack.services import holders
from tests.domain.trial_scans import event
from tests.web.scanning import BEGIN, Cable, commit, read, served
from tests.web.visitors import OpenStation, Visitor, drawn

MEANWHILE = "perhaps because of another tab. Nothing was saved."
JANE, OKRI, KURZ = "Jane Smith", "Ada Okri", "Ben Kurz"

TAKEN = {
    "equipment_type": "tablet",
    "due_on": "2026-12-24",
    "how": "paper",
    "late_reason": "read in the evening",
    "new_holders": "1",
    "only_new": "1",
}
TAKEN_OTHERWISE = {"equipment_type": "phone", "due_on": "2026-12-31", "how": "typed", "late_reason": "was ill"}
ANSWERED = {"operator": "kim", "event_type": "ISSUE", "holder": JANE, "reason": "broken"}
ANSWERED_OTHERWISE = {"operator": "ann", "event_type": "UPDATE", "holder": OKRI, "reason": "lost"}
SAID = {**TAKEN, **ANSWERED}
OTHER = {**TAKEN_OTHERWISE, **ANSWERED_OTHERWISE}
WORDS = {
    "equipment_type": ("no type of new assets", "type tablet"),
    "due_on": ("no due date", "due date 2026-12-24"),
    "how": ("no acceptance", "acceptance by paper"),
    "late_reason": ("no reason for late rows", "reason for late rows 'read in the evening'"),
    "operator": ("nobody who scanned", "scanned by kim"),
    "event_type": ("event RETIRE", "event ISSUE"),
    "holder": (KURZ, JANE),
    "reason": ("no reason", "reason 'broken'"),
}


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; on it is a scanner with an asset that no card says anything of."""
    cable = Cable()
    cable.plug(("LT-1",))
    return cable


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with three holders, and the scanner."""
    with served(tmp_path, cable) as opened:
        assert cable.scanner.records
        for name in (JANE, OKRI, KURZ):
            holders.register(opened.workplace(), name)
        yield opened


def at_download(station: OpenStation) -> tuple[Visitor, str]:
    """Return somebody whose page shows all that can be said of a download, with who scanned and why left blank."""
    ben = station.visitor("ben")
    path = read(ben)
    say(ben, path, operator="eve", event_type="ISSUE")
    say(ben, path, holder=KURZ)
    say(ben, path, operator="", event_type="RETIRE")
    assert ANSWERED.keys() <= drawn(ben.page, f"{path}/answers").keys()
    return ben, path


def where(path: str, *names: str) -> str:
    """Return where the form with some fields is sent to."""
    return f"{path}/{'options' if TAKEN.keys() & set(names) else 'answers'}"


def say(visitor: Visitor, path: str, **said: str) -> None:
    """Say something on the page as it is now."""
    visitor.get(path)
    at = where(path, *said)
    visitor.follow(visitor.post(at, {**drawn(visitor.page, at), **said}))


def elsewhere(station: OpenStation, path: str, **said: str) -> Visitor:
    """Say something in another tab of the same person; return that tab."""
    other = station.visitor("ben")
    say(other, path, **said)
    return other


def holds(visitor: Visitor, path: str) -> dict[str, str]:
    """What the page's forms show that holds."""
    visitor.get(path)
    forms = {**drawn(visitor.page, f"{path}/options"), **drawn(visitor.page, f"{path}/answers")}
    return {name: str(forms.get(name, "")) for name in SAID}


def besides(name: str) -> dict[str, str]:
    """Something else that is said in the same form."""
    if name in TAKEN:
        return {"how": "typed"} if name != "how" else {"late_reason": "was ill"}
    return {"operator": "ann"} if name != "operator" else {"reason": "lost"}


@pytest.mark.parametrize("name", SAID)
def test_what_was_set_since_is_not_blanked_by_a_form_used_for_something_else(station: OpenStation, name: str) -> None:
    """The older page shows it blank, or as it was."""
    ben, path = at_download(station)
    form, before = drawn(ben.page, where(path, name)), holds(ben, path)
    other = elsewhere(station, path, **{name: SAID[name]})
    ben.follow(ben.post(where(path, name), {**form, **besides(name)}))
    assert holds(other, path) == {**before, name: SAID[name], **besides(name)}


@pytest.mark.parametrize("name", SAID)
def test_what_was_withdrawn_since_is_not_brought_back(station: OpenStation, name: str) -> None:
    """The older page shows it still: an acceptance that was taken back is not in the batch."""
    ben, path = at_download(station)
    say(ben, path, **TAKEN)
    say(ben, path, **ANSWERED)
    ben.get(path)
    form = drawn(ben.page, where(path, name))
    blank = {name: ""}
    if name in {"new_holders", "only_new"}:
        other = station.visitor("ben")
        other.get(path)
        at = where(path, name)
        unticked = {each: said for each, said in drawn(other.page, at).items() if each != name}
        other.follow(other.post(at, unticked))
    else:
        other = elsewhere(station, path, **blank)
    ben.follow(ben.post(where(path, name), {**form, **besides(name)}))
    assert holds(other, path) == {**SAID, **blank, **besides(name)}


@pytest.mark.parametrize("name", WORDS)
def test_nothing_is_set_over_what_the_page_did_not_show(station: OpenStation, name: str) -> None:
    """It is refused whole, the page says what moved, and what was chosen stands in the form to be sent once more."""
    ben, path = at_download(station)
    at = where(path, name)
    form = {**drawn(ben.page, at), **besides(name), name: OTHER[name]}
    other = elsewhere(station, path, **{name: SAID[name]})
    held = holds(other, path)
    shown, by_now = WORDS[name]
    answer = ben.post(at, form)
    assert answer.status_code == 409
    assert f"This page showed {shown}; by now it is {by_now}, {MEANWHILE}" in ben.words
    if name in TAKEN:
        assert '<details class="no-print" open><summary>About the whole batch' in ben.page
    kept = drawn(ben.page, at)
    assert {each: kept[each] for each in (name, *besides(name))} == {name: OTHER[name], **besides(name)}
    assert holds(other, path) == held
    ben.follow(ben.post(at, kept))
    assert holds(other, path) == {**held, **besides(name), name: OTHER[name]}


def test_who_was_to_be_registered_is_no_holder_of_a_number(station: OpenStation) -> None:
    """The other tab chose who is called so by now: it is said which of them stands where."""
    ben, path = at_download(station)
    say(ben, path, event_type="ISSUE")
    say(ben, path, holder="Zoe New")
    ben.get(path)
    form = drawn(ben.page, f"{path}/answers")
    holders.register(station.workplace(), "Zoe New")
    elsewhere(station, path, holder="Zoe New")
    assert ben.post(f"{path}/answers", {**form, "holder": JANE}).status_code == 409
    then, now = "Zoe New (holder not registered then)", "Zoe New (holder 4)"
    assert f"This page showed {then}; by now it is {now}, {MEANWHILE}" in ben.words


def test_the_second_click_is_answered_as_the_first(station: OpenStation) -> None:
    """What was chosen holds already, also where it is kept in another spelling than it was typed in."""
    ben, path = at_download(station)
    answers, options = f"{path}/answers", f"{path}/options"
    said = {**drawn(ben.page, answers), **ANSWERED, "operator": "kim  k"}
    taken = {**drawn(ben.page, options), **TAKEN, "late_reason": "read  in the evening"}
    for _ in range(2):
        ben.follow(ben.post(answers, said))
        ben.follow(ben.post(options, taken))
        assert holds(ben, path) == {**SAID, "operator": "kim k"}


def test_what_cant_be_meant_stands_in_the_form_to_be_mended(station: OpenStation) -> None:
    """Whoever works in one tab is refused for what they said alone, and sends the page that says so."""
    ben, path = at_download(station)
    at = f"{path}/options"
    assert ben.post(at, {**drawn(ben.page, at), **TAKEN, "due_on": "1999-01-01"}).status_code == 422
    form = drawn(ben.page, at)
    assert (form["equipment_type"], form["due_on"], form["only_new"]) == ("tablet", "1999-01-01", "1")
    ben.follow(ben.post(at, {**form, "due_on": TAKEN["due_on"]}))
    assert {name: holds(ben, path)[name] for name in TAKEN} == TAKEN


def test_what_was_refused_is_shown_though_nothing_asks_for_it_any_more(station: OpenStation) -> None:
    """The scan was left out meanwhile: the form that was refused is there all the same."""
    ben = station.visitor("ben")
    path = read(ben)
    at = f"{path}/answers"
    form = {**drawn(ben.page, at), "operator": "ann", "event_type": "SCAN"}
    other = elsewhere(station, path, operator="kim")
    other.post(f"{path}/answer", {"number": "1", "deed": "leave-out", "reason": "a trial"})
    assert ben.post(at, form).status_code == 409
    kept = drawn(ben.page, at)
    assert (kept["operator"], kept["event_type"]) == ("ann", "SCAN")
    ben.follow(ben.post(at, kept))
    assert holds(ben, path)["operator"] == "ann"


def test_equal_scans_are_not_made_anew_over_what_the_page_did_not_show(tmp_path: Path) -> None:
    """Two answers to one question: whoever chose the one does so beside the other."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2"), Fault("no-stamps"))
    with served(tmp_path, cable) as station:
        ben = station.visitor("ben")
        first = read(ben)
        say(ben, first, untimed_at_download="1")
        ben.follow(commit(ben, first))
        cable.scan("LT-3")
        path = read(ben)
        at = f"{path}/answers"
        form = drawn(ben.page, at)
        other = elsewhere(station, path, same_scans="1")
        assert ben.post(at, {**form, "scanned_anew": "1"}).status_code == 409
        since = "equal scans the same ones"
        assert f"This page showed nothing about equal scans; by now it is {since}, {MEANWHILE}" in ben.words
        kept = drawn(ben.page, at)
        assert "same_scans" not in kept
        assert kept["scanned_anew"] == "1"
        other.get(path)
        held = drawn(other.page, at)
        assert "scanned_anew" not in held
        ben.follow(ben.post(at, {**form, "untimed_at_download": "1"}))
        assert drawn(ben.page, at)["same_scans"] == "1"
        ben.follow(ben.post(at, kept))
        again = drawn(ben.page, at)
        assert "same_scans" not in again
        assert (again["scanned_anew"], again["untimed_at_download"]) == ("1", "1")
        older = {each: said for each, said in held.items() if each != "same_scans"}
        assert other.post(at, {**older, "reason": "x"}).status_code == 409
        assert "This page showed equal scans the same ones; by now it is equal scans made anew," in other.words
