"""A row that is corrected to another person, where the name is somebody else's by then, or was before."""

import re
from datetime import timedelta

import msgspec
import pytest

from assettrack.services import accounts, holders
from assettrack.services.holders import HolderUpdate
from tests.web.handing_over import JANE, OKRI, issued, size, sound, stocked, where
from tests.web.test_correction_pages import checked, described, form_of, sent_by, seq_of, typed
from tests.web.visitors import OpenStation, Visitor

OTHER = (
    "Ben Okri was holder 2 when this was chosen, and is called Ben Lang now; Ben Okri now means another person, "
    "holder 3. For the same person choose Ben Lang."
)


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Issue LT-1 to Jane Smith, holder 1, and sit an operator down; Ben Okri is holder 2."""
    visitor = station.visitor("ben")
    stocked(station)
    issued(station, "LT-1")
    return visitor


def renamed(station: OpenStation, *names: tuple[str, str]) -> None:
    """Let holders be called otherwise, one after the other."""
    for before, after in names:
        holders.change(station.workplace(), before, HolderUpdate(name=after, reason="swapped"))


def by_name_alone(station: OpenStation, draft: str) -> None:
    """Let a draft be as an earlier version kept it: with the name of the new holder alone."""
    account = accounts.named(station.workplace(), "ben")
    assert account is not None
    kept = station.web.desk.draft(draft, account.account_id)
    assert kept is not None
    body = re.sub(r',"holder_id":\d+', "", kept.body)
    assert body != kept.body
    assert station.web.desk.keep_draft(msgspec.structs.replace(kept, body=body))


@pytest.mark.parametrize("loaded_since", [True, False], ids=["loaded since", "open since before"])
def test_what_an_earlier_version_kept_never_means_who_has_the_name_now(
    station: OpenStation, ben: Visitor, *, loaded_since: bool
) -> None:
    """Loaded anew or pressed on the page of before: it says who is who, and no button gives it to the other one."""
    form = checked(ben, seq_of(ben, "Issued"), issued_to_name=OKRI)
    by_name_alone(station, form["draft"])
    check = f"/corrections/check?draft={form['draft']}"
    assert form_of(ben) == form
    station.now += timedelta(minutes=1)
    renamed(station, (OKRI, "Ben Lang"))
    holders.register(station.workplace(), OKRI)
    before = size(station)
    for pressed in ([False] if loaded_since else []) + [True, False]:
        assert (ben.post("/corrections", form) if pressed else ben.get(check)).status_code == 409
        assert OTHER in ben.words
        assert form_of(ben) == {}
        assert sent_by(ben)["issued_to_name"] == ""
    assert (size(station), where(station, "LT-1")) == (before, f"in custody of {JANE}")
    again = {**sent_by(ben), "issued_to_name": "Ben Lang"}
    ben.follow(ben.post("/corrections/new", again))
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert where(station, "LT-1") == "in custody of Ben Lang"
    sound(station)


# -- a row whose name is another person's since it was recorded --------------------------------------------------------

SWAPPED = ((JANE, "Swapping"), (OKRI, JANE), ("Swapping", OKRI))
"""Holder 1, to whom LT-1 was issued as Jane Smith, is Ben Okri from then on; holder 2 is Jane Smith."""

TICK = "It was the Jane Smith of today, holder 2, and not holder 1, called Ben Okri now"
SAID_TWICE = "The holder 'Ben Okri' can't be used: it is also ticked that it was the one who has the recorded name now"


def test_a_row_is_corrected_to_who_has_its_name_now(station: OpenStation, ben: Visitor) -> None:
    """The two can't be told apart by what is typed: a tick says it, by number, and is there on the way back."""
    seq = seq_of(ben, "Issued")
    renamed(station, *SWAPPED)
    form = checked(ben, seq, holder_now="2")
    ben.get(f"/corrections/new?seq={seq}&draft={form['draft']}")
    again = sent_by(ben)
    assert (again["issued_to_name"], again["holder_now"]) == (JANE, "2")
    assert TICK in ben.words
    ben.follow(ben.post("/corrections", form))
    assert where(station, "LT-1") == f"in custody of {JANE}"
    last = size(station)
    with station.workplace().store.read() as snapshot:
        body = snapshot.histories.body_of(last)
    assert body is not None
    assert b'"holder_id":2' in body
    sound(station)


def test_a_form_left_as_it_was_is_no_change_of_person(station: OpenStation, ben: Visitor) -> None:
    """The recorded name is shown, whoever has it now; without the tick, or unticked again, the holder stays."""
    seq = seq_of(ben, "Issued")
    assert "of today" not in ben.words
    renamed(station, *SWAPPED)
    assert described(ben, seq).status_code == 409
    assert "That changes nothing" in ben.words
    form = checked(ben, seq, holder_now="2")
    ben.get(f"/corrections/new?seq={seq}&draft={form['draft']}")
    unticked = {**sent_by(ben), "notes": "worn"}
    del unticked["holder_now"]
    ben.follow(ben.post("/corrections/new", unticked))
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert where(station, "LT-1") == f"in custody of {OKRI}"
    sound(station)


@pytest.mark.parametrize("name", [JANE, ""], ids=["left", "blank"])
def test_the_tick_is_by_number(station: OpenStation, ben: Visitor, name: str) -> None:
    """The name moved once more since the form was open: it says who is who, and nobody is ticked."""
    seq = seq_of(ben, "Issued")
    renamed(station, *SWAPPED)
    form = {**typed(ben, seq), "reason": "mixed up", "holder_now": "2", "issued_to_name": name}
    renamed(station, (JANE, "Ben Lang"))
    holders.register(station.workplace(), JANE)
    before = size(station)
    assert ben.post("/corrections/new", form).status_code == 409
    assert "Jane Smith was holder 2 when this was chosen, and is called Ben Lang now" in ben.words
    assert "holder_now" not in sent_by(ben)
    assert "It was the Jane Smith of today, holder 3," in ben.words
    form = {**sent_by(ben), "holder_now": "3"}  # the field is blank now: the tick alone says it
    ben.follow(ben.post("/corrections/new", form))
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert where(station, "LT-1") == f"in custody of {JANE}"
    assert size(station) == before + 1


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 20])
def test_a_tick_of_no_number_is_none(station: OpenStation, ben: Visitor, number: str) -> None:
    """No page sends it; it changes nobody."""
    seq = seq_of(ben, "Issued")
    renamed(station, *SWAPPED)
    assert described(ben, seq, holder_now=number).status_code == 409
    assert "That changes nothing" in ben.words


def test_two_people_said_at_once_are_refused(station: OpenStation, ben: Visitor) -> None:
    """A name in the field and a tick for somebody else: nothing is kept, and both are there to choose again."""
    seq = seq_of(ben, "Issued")
    renamed(station, *SWAPPED)
    assert described(ben, seq, issued_to_name=OKRI, holder_now="2").status_code == 422
    assert SAID_TWICE in ben.words
    assert (sent_by(ben)["issued_to_name"], sent_by(ben)["holder_now"]) == (OKRI, "2")
    said = {**sent_by(ben)}
    renamed(station, (JANE, "Ben Lang"))
    holders.register(station.workplace(), JANE)
    assert ben.post("/corrections/new", said).status_code == 422
    assert "holder_now" not in sent_by(ben)  # the tick that stands there now is for holder 3


def test_where_the_name_is_nobody_else_s_there_is_no_tick(station: OpenStation, ben: Visitor) -> None:
    """Nor of a row that gives to nobody."""
    seq = seq_of(ben, "Issued")
    renamed(station, (JANE, "Jane Jones"))
    for each in (seq, seq_of(ben, "Scanned")):
        ben.get(f"/corrections/new?seq={each}")
        assert 'name="holder_now"' not in ben.page
