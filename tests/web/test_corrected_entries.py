"""Corrections, as a browser meets them: what of an entry counts no longer, and whom a correction gives something to."""

import re

from assettrack.services import corrections, holders
from assettrack.services.holders import HolderUpdate
from tests.web.handing_over import OKRI, size, where
from tests.web.test_correction_pages import WHY, ben, checked, form_of, sent_by, seq_of
from tests.web.visitors import OpenStation, Visitor

__all__ = ["ben"]


def test_what_still_counts_of_a_corrected_entry_is_not_said_to_be_gone(station: OpenStation, ben: Visitor) -> None:
    """Corrections accumulate: the day holds whose notes were corrected after it; only what is otherwise is struck."""
    seq, at = seq_of(ben, "Issued"), station.workplace()
    first = corrections.correct(at, seq, {"due_on": "2026-12-24"}, WHY, confirm=None).seq
    second = corrections.correct(at, first, {"notes": "with its bag"}, WHY, confirm=None).seq
    assert described_as(ben, seq) == (
        "corrected",
        f"Corrected by entry {first}. Of this counts no longer: Notes, Due back.",
    )
    assert described_as(ben, first) == ("moved", f"Corrected by entry {second}. What is said here counts all the same.")
    assert described_as(ben, second) == ("moved", "")
    third = corrections.correct(at, second, {"due_on": "", "notes": "x"}, WHY, confirm=None).seq
    assert described_as(ben, first) == ("superseded", f"Corrected by entry {second}: this no longer counts.")
    assert described_as(ben, second) == ("superseded", f"Corrected by entry {third}: this no longer counts.")


def described_as(visitor: Visitor, seq: int) -> tuple[str, str]:
    """How an entry is drawn on its asset's page, and what is said there and on its own page of what counts."""
    visitor.get("/assets/LT-1")
    found = re.search(rf'<li id="entry-{seq}" class="(\w+)">.*?</li>', visitor.page, re.DOTALL)
    assert found is not None
    said = re.findall(r'<p class="note">(.*?)</p>', found[0])
    visitor.get(f"/audit/entries/{seq}")
    assert all(f"{each} It stays in the log for good." in visitor.words for each in said)
    return found[1], "".join(said)


def test_a_new_holder_is_whoever_was_chosen(station: OpenStation, ben: Visitor) -> None:
    """Whether the check is loaded again, sent, or gone back from: it says who is who, and the name is said anew."""
    seq = seq_of(ben, "Issued")
    form = checked(ben, seq, issued_to_name=OKRI)
    holders.change(station.workplace(), OKRI, HolderUpdate(name="Ben Okri-Hill"))
    holders.register(station.workplace(), OKRI)
    before = size(station)
    number = {each.name: each.holder_id for each in holders.all_holders(station.workplace())}
    was, now = number["Ben Okri-Hill"], number[OKRI]
    who = (
        f"Ben Okri was holder {was} when this was chosen, and is called Ben Okri-Hill now; Ben Okri now means another "
        f"person, holder {now}. For the same person choose Ben Okri-Hill. For another, say here anew who it was."
    )
    check = f"/corrections/check?draft={form['draft']}"
    for path, sent in (
        (check, None),
        ("/corrections", form),
        (f"/corrections/new?seq={seq}&draft={form['draft']}", None),
    ):
        _ = ben.get(path) if sent is None else ben.post(path, sent)
        assert ben.words.count(who) == 1
        assert 'name="confirm"' not in ben.page
        assert sent_by(ben)["issued_to_name"] == ""
    assert size(station) == before
    ben.follow(ben.post("/corrections/new", sent_by(ben) | {"issued_to_name": OKRI}))
    ben.follow(ben.post("/corrections", form_of(ben)))
    assert where(station, "LT-1") == f"in custody of {OKRI}"


def test_who_stood_in_a_form_is_who_is_meant_when_it_is_sent(station: OpenStation, ben: Visitor) -> None:
    """The name is another's by then: nothing is taken for them; typed anew, it is whoever has it."""
    seq = seq_of(ben, "Issued")
    form = checked(ben, seq, issued_to_name=OKRI)
    ben.get(f"/corrections/new?seq={seq}&draft={form['draft']}")
    sent = sent_by(ben)
    holders.change(station.workplace(), OKRI, HolderUpdate(name="Ben Okri-Hill"))
    holders.register(station.workplace(), OKRI)
    ben.post("/corrections/new", sent)
    assert "when this was chosen, and is called Ben Okri-Hill now" in ben.words
    ben.follow(ben.post("/corrections/new", sent_by(ben) | {"issued_to_name": "Ben Okri-Hill"}))
    assert "Nothing is saved yet." in ben.words
