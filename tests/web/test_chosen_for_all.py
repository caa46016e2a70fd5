"""A person who is said for a whole download or file of scans, and whose name is somebody else's before the commit."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from assettrack.services import accounts, assets, holders, verification
from assettrack.services.holders import HolderUpdate
from tests.domain.trial_scans import end, event
from tests.services.printed import badge
from tests.web.scanning import BEGIN, Cable, commit, confirm_code, read, served
from tests.web.visitors import OpenStation, Visitor, drawn

KURZ, LANG = "Ben Kurz", "Ben Lang"
WAS = f"{KURZ} was holder 1 when this was chosen, and is called {LANG} now"
OTHER = f"{WAS}; {KURZ} now means another person, holder 2. For the same person choose {LANG}. "
FREE = f"{WAS}; nobody has that name by now. For the same person choose {LANG}. "
ANEW = "For another, say anew to whom they were given."
SCANS = b"LT-1,697227,13:50:00,01/07/2026\r\nLT-2,697227,13:50:05,01/07/2026\r\n"
FOR_ALL = {"order": "dmy", "shows": ["operator", "event_type", "holder"], "operator": "kim", "event_type": "ISSUE"}


@pytest.fixture
def cable() -> Cable:
    """Return the cable at the station's computer; a scanner with two assets is on it."""
    cable = Cable()
    cable.plug((BEGIN, event("SCAN"), "LT-1", "LT-2", end(2)))
    return cable


@pytest.fixture
def station(tmp_path: Path, cable: Cable) -> Iterator[OpenStation]:
    """Return a station with two assets and one holder, and a scanner that holds their issue to nobody."""
    with served(tmp_path, cable) as opened:
        ben = opened.visitor("ben")
        ben.follow(commit(ben, read(ben)))
        holders.register(opened.workplace(), KURZ)
        cable.scan(BEGIN, event("ISSUE"), "LT-1", "LT-2", end(2))
        yield opened


def renamed(station: OpenStation) -> None:
    """Ben Kurz is Ben Lang from now on."""
    holders.change(station.workplace(), KURZ, HolderUpdate(name=LANG, reason="marriage"))


def moved(station: OpenStation) -> None:
    """Ben Kurz is Ben Lang from now on, and somebody else is registered as Ben Kurz."""
    renamed(station)
    holders.register(station.workplace(), KURZ)


MEANWHILE = pytest.mark.parametrize(("meanwhile", "says"), [(moved, OTHER), (renamed, FREE)], ids=["taken", "free"])


def field(visitor: Visitor) -> dict[str, str]:
    """What the page's form has of the person: the field, and what it carries unseen."""
    return dict(re.findall(r'name="(holder|holder_shown|holder_number)" value="([^"]*)"', visitor.page))


def say(visitor: Visitor, path: str, name: str, **said: str) -> None:
    """Say on the page to whom all of it was given, as its form does."""
    visitor.get(path)
    visitor.follow(visitor.post(f"{path}/answers", {**field(visitor), **said, "shows": "holder", "holder": name}))


def said_for(station: OpenStation, name: str = KURZ) -> tuple[Visitor, str]:
    """Return somebody who said to whom the scans of a download were given, and the path of the download."""
    ben = station.visitor("ben")
    path = read(ben)
    say(ben, path, name)
    return ben, path


def where(station: OpenStation, *tags: str) -> list[str]:
    """Where assets are."""
    return [assets.asset(station.workplace(), tag).where for tag in tags]


def log_size(station: OpenStation) -> int:
    """How many entries the log has."""
    with station.workplace().store.read() as snapshot:
        return snapshot.log_size


@MEANWHILE
def test_a_download_is_never_committed_to_another_person_of_the_name(
    station: OpenStation, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """Neither the open page nor one loaded since gives it away; both say who is who, and who is chosen anew gets it."""
    ben, path = said_for(station)
    assert field(ben) == {"holder": KURZ, "holder_shown": KURZ, "holder_number": "1"}
    ben.get(f"{path}/check")
    code = confirm_code(ben.page)
    meanwhile(station)
    before = log_size(station)
    assert ben.post(f"{path}/commit", {"confirm": code}).status_code == 409
    assert says + ANEW in ben.words
    for page in (path, f"{path}/check"):
        ben.get(page)
        assert says + ANEW in ben.words
        assert 'name="confirm"' not in ben.page
    assert log_size(station) == before
    ben.get(path)
    assert field(ben) == {"holder": "", "holder_shown": "", "holder_number": ""}
    say(ben, path, LANG)
    ben.follow(commit(ben, path))
    assert where(station, "LT-1", "LT-2") == [f"in custody of {LANG}"] * 2
    assert verification.verify(station.workplace()).ok
    entry = next(body for body in station_entries(station) if b'"issued_to_name":"Ben Lang"' in body)
    assert b'"holder_id":1' in entry


def station_entries(station: OpenStation) -> list[bytes]:
    """The bodies of the log."""
    with station.workplace().store.read() as snapshot:
        return [record.body for record, _ in snapshot.records()]


def test_the_log_has_the_answers_as_ever(station: OpenStation) -> None:
    """The number is kept at the desk: a batch's entry says the name that was said, and each row whose it is."""
    ben, path = said_for(station)
    ben.follow(commit(ben, path))
    (batch,) = [body for body in station_entries(station) if b'"answers":{"holder"' in body]
    assert b'"answers":{"holder":"Ben Kurz"}' in batch


def test_the_other_person_of_the_name_gets_it_when_chosen_anew(station: OpenStation) -> None:
    """Typed once more the name is whose it is now; a form that was open since before still means the first one."""
    ben, path = said_for(station)
    ben.get(path)
    open_since = drawn(ben.page, f"{path}/answers")
    moved(station)
    ben.get(path)
    ben.follow(ben.post(f"{path}/answers", open_since))
    assert OTHER + ANEW in ben.words
    say(ben, path, KURZ)
    assert OTHER not in ben.words
    assert field(ben)["holder_number"] == "2"
    ben.follow(commit(ben, path))
    assert where(station, "LT-1") == [f"in custody of {KURZ}"]


def test_another_answer_keeps_who_was_said(station: OpenStation) -> None:
    """A form that does not show the person says nothing about them."""
    ben, path = said_for(station)
    moved(station)
    ben.get(path)
    ben.follow(ben.post(f"{path}/answers", {"shows": "gaps_looked_at", "gaps_looked_at": "1"}))
    assert OTHER in ben.words


def test_who_was_registered_since_is_chosen_anew(station: OpenStation) -> None:
    """Nobody had the name when it was said: whoever was registered by it may be another, and who that is can move."""
    ben, path = said_for(station, "Ada Okri")
    assert "No holder Ada Okri is known" in ben.words
    assert field(ben)["holder_number"] == "0"
    holders.register(station.workplace(), "Ada Okri")
    ben.get(path)
    assert (
        "Ada Okri was not registered yet when this was chosen, and is by now, as holder 2. If that is the same person, "
        "choose Ada Okri again; if not, register that one under a name that tells them apart, and say that name."
    ) in ben.words
    say(ben, path, "Ada Okri")
    ben.follow(commit(ben, path))
    assert where(station, "LT-1") == ["in custody of Ada Okri"]


def test_who_is_inactive_by_now_is_refused_as_ever(station: OpenStation) -> None:
    """They are still the one who was chosen; nothing is given to who is not active."""
    ben, path = said_for(station)
    ben.get(f"{path}/check")
    code = confirm_code(ben.page)
    holders.change(station.workplace(), KURZ, HolderUpdate(active=False, reason="left"))
    assert ben.post(f"{path}/commit", {"confirm": code}).status_code == 409
    assert f"{KURZ} is not active" in ben.words
    ben.get(path)
    assert field(ben)["holder"] == KURZ


def test_a_person_is_not_carried_to_the_next_download(station: OpenStation, cable: Cable) -> None:
    """What was said for all scans was said of fewer; whoever has the name then is said anew."""
    ben, _ = said_for(station)
    moved(station)
    cable.scan(BEGIN, event("ISSUE"), "LT-2", end(1))
    path = read(ben)
    ben.get(path)
    assert "is not taken over" in ben.words
    assert field(ben) == {"holder": "", "holder_shown": "", "holder_number": ""}


def test_a_badge_whose_holder_was_renamed_since_the_check_is_told_with_its_scans(
    station: OpenStation, cable: Cable
) -> None:
    """Its scan is named, and who is called otherwise; nobody is told that answers changed."""
    holders.register(station.workplace(), "Cy Bo")
    cable.scan(BEGIN, event("TRANSFER"), badge(station.workplace(), KURZ), "LT-1", end(1))
    ben, path = said_for(station, "Cy Bo")
    ben.get(f"{path}/check")
    code = confirm_code(ben.page)
    renamed(station)
    assert ben.post(f"{path}/commit", {"confirm": code}).status_code == 409
    assert f"Holder 1 was called {KURZ} when it was shown, and is called {LANG} now." in ben.words
    assert "Scan 14 is not as it was shown." in ben.words
    assert "are not what you checked" not in ben.words
    ben.follow(ben.post(f"{path}/commit", {"confirm": confirm_code(ben.page)}))
    assert where(station, "LT-1", "LT-2") == [f"in custody of {LANG}", "in custody of Cy Bo"]


# -- a file of scans ---------------------------------------------------------------------------------------------------


def sent(station: OpenStation, **said: str) -> tuple[Visitor, str]:
    """Return somebody who sent a file of scans and said to whom they were given, and the path of its page."""
    ben = station.visitor("ben")
    ben.get("/intake/upload")
    path = ben.upload("/intake/upload", "SCANNED.TXT", SCANS).headers["location"]
    ben.get(path)
    return ben, said_of_file(ben, path, KURZ, **said)


def said_of_file(ben: Visitor, path: str, name: str, **said: str) -> str:
    """Say on a file's page to whom all of it was given, as its form does; return the path of the page since."""
    answer = ben.post(f"{path}/options", {**field(ben), **FOR_ALL, "holder": name, **said})
    ben.follow(answer)
    return answer.headers["location"]


@MEANWHILE
def test_a_file_of_scans_is_never_committed_to_another_person_of_the_name(
    station: OpenStation, meanwhile: Callable[[OpenStation], None], says: str
) -> None:
    """As a download: the page open since before commits nothing, the one after it says who is who, and asks anew."""
    ben, path = sent(station)
    code = confirm_code(ben.page)
    assert field(ben)["holder_number"] == "1"
    meanwhile(station)
    before = log_size(station)
    assert ben.post(f"{path}/commit", {"confirm": code}).status_code == 409
    for _ in range(2):
        assert says + ANEW in ben.words
        assert 'name="confirm"' not in ben.page
        assert '<details class="no-print" open>' in ben.page
        assert field(ben) == {"holder": "", "holder_shown": "", "holder_number": ""}
        ben.get(path)
    assert log_size(station) == before
    path = said_of_file(ben, path, LANG)
    ben.follow(ben.post(f"{path}/commit", {"confirm": confirm_code(ben.page)}))
    assert where(station, "LT-1", "LT-2") == [f"in custody of {LANG}"] * 2
    assert verification.verify(station.workplace()).ok


def test_a_file_taken_otherwise_is_for_who_was_said(station: OpenStation) -> None:
    """A page open since before shows the name and carries the number: what else is said on it changes nobody."""
    ben, path = sent(station)
    moved(station)
    said_of_file(ben, path, KURZ, due_on="2026-12-01")
    assert OTHER + ANEW in ben.words


# -- what an earlier version kept ------------------------------------------------------------------------------------


def without_number(station: OpenStation, path: str) -> None:
    """Let the draft of a page be as an earlier version kept it: with the name alone."""
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    kept = path.rpartition("/")[2]
    if "/downloads/" in path:
        kept = sha256(f"scanner\n{account.account_id}\n{kept}".encode()).hexdigest()
    desk = station.web.desk
    draft = desk.draft(kept, account.account_id)
    assert draft is not None
    body = re.sub(r',"holder_id":\d+', "", draft.body)
    assert body != draft.body
    assert desk.keep_draft(msgspec.structs.replace(draft, body=body))


KEPT = pytest.mark.parametrize("kept", [said_for, sent], ids=["download", "file"])
Kept = Callable[[OpenStation], tuple[Visitor, str]]


@KEPT
def test_a_name_kept_alone_means_who_has_it_where_it_never_moved(station: OpenStation, kept: Kept) -> None:
    """It is as one that was kept by number, whether it was looked at before the name moves or not."""
    ben, path = kept(station)
    without_number(station, path)
    ben.get(path)
    assert field(ben)["holder_number"] == "1"
    station.now += timedelta(minutes=1)
    moved(station)
    ben.get(path)
    assert OTHER + ANEW in ben.words


@KEPT
def test_a_name_kept_alone_that_moved_since_is_stopped(station: OpenStation, kept: Kept) -> None:
    """The log tells who had it when it was said: that one is named, and who has it now gets nothing."""
    ben, path = kept(station)
    without_number(station, path)
    station.now += timedelta(minutes=1)
    moved(station)
    ben.get(path)
    assert OTHER + ANEW in ben.words
    assert field(ben)["holder"] == ""


def test_a_name_kept_alone_that_moved_while_it_was_answered_is_stopped(station: OpenStation) -> None:
    """Between the pull and the last answer: nobody knows any more which of them was meant."""
    ben = station.visitor("ben")
    path = read(ben)
    station.now += timedelta(minutes=1)
    moved(station)
    station.now += timedelta(minutes=1)
    say(ben, path, KURZ)
    without_number(station, path)
    ben.get(path)
    assert OTHER + ANEW in ben.words


def test_what_was_committed_by_an_earlier_version_is_shown_as_ever(station: OpenStation) -> None:
    """Its draft has a name alone and an answer, and leads to the batch as before."""
    ben, path = said_for(station)
    without_number(station, path)
    ben.get(f"{path}/check")
    ben.follow(ben.post(f"{path}/commit", {"confirm": confirm_code(ben.page)}))
    assert where(station, "LT-1") == [f"in custody of {KURZ}"]
    station.now += timedelta(minutes=1)
    moved(station)
    ben.get(path)
    assert "All of it is committed." in ben.words
    assert "holder 2" not in ben.words
