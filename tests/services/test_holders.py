"""Holders: registered once each, changed by one deed, and looked at with all they have."""

import json

import pytest

from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.domain.people_deeds import Registration
from assettrack.services import acceptances, contacts, holders, organisations, settings, verification
from assettrack.services.acceptances import OpenAcceptance
from assettrack.services.holders import Changed, HolderUpdate
from tests.services.desk import Desk, row


def test_registering_is_one_entry(bare: Desk) -> None:
    """A holder gets the next number; the entry has number and name, and nothing else about the person."""
    assert holders.register(bare.workplace, "  Zoe\u0308   Quill ") == (Holder(1, "Zoë Quill"), [])
    assert holders.register(bare.workplace, "Bob Lee") == (Holder(2, "Bob Lee"), [])
    entry = json.loads(bare.entries()[1])
    facts = {"seq", "event_type", "operator", "recorded_at", "version"}
    assert {name: value for name, value in entry.items() if name not in facts} == {"holder_id": 1, "name": "Zoë Quill"}
    assert (entry["event_type"], entry["operator"], bare.log_size) == ("HOLDER", "gcurl", 3)
    assert holders.all_holders(bare.workplace) == [Holder(1, "Zoë Quill"), Holder(2, "Bob Lee")]


@pytest.mark.parametrize("name", ["Jane Smith", "JANE  smith", "jane\u00a0smith "])
def test_a_name_is_registered_once(desk: Desk, name: str) -> None:
    """The same name in another spelling is refused, and the refusal gives the first spelling."""
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        holders.register(desk.workplace, name)
    assert caught.value.code == "holder_exists"
    assert "Holder Jane Smith is already registered." in str(caught.value)


def test_names_almost_the_same_are_told(desk: Desk) -> None:
    """Registering says which registered names are within two letters; it is not hindered by them."""
    holder, near = holders.register(desk.workplace, "Jane Smyth")
    assert (holder, near) == (Holder(3, "Jane Smyth"), ["Jane Smith"])


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Eve\x07", "Eve\u200bSmith", "\udcff"])
def test_a_name_that_can_not_be_kept(desk: Desk, name: str) -> None:
    """A blank, too long or unprintable name is refused as unusable, of whomever it is."""
    with desk.unchanged():
        with pytest.raises(errors.ValueUnusable):
            holders.register(desk.workplace, name)
        with pytest.raises(errors.ValueUnusable):
            holders.register(desk.workplace, "Zoe Quill", organisation=name)
        with pytest.raises(errors.ValueUnusable):
            holders.register(desk.workplace, "Zoe Quill", identifier=name)
        with pytest.raises(errors.ValueUnusable):
            holders.change(desk.workplace, "Jane Smith", HolderUpdate(name=name))
        with pytest.raises(errors.ValueUnusable):
            holders.page(desk.workplace, name)


def test_the_longest_name(desk: Desk) -> None:
    """Two hundred letters are allowed."""
    assert holders.register(desk.workplace, "x" * 200)[0].name == "x" * 200


def test_registering_needs_somebody_who_does_it(desk: Desk) -> None:
    """Without an operator nobody is registered."""
    with desk.unchanged(), pytest.raises(errors.OperatorUnknown):
        holders.register(desk.manned_by(None), "Zoe Quill")


def test_a_holder_belongs_to_an_organisation(desk: Desk) -> None:
    """It is named in any spelling; one that is not registered is refused."""
    organisations.register(desk.workplace, "Fire Department")
    done = holders.register(desk.workplace, "Zoe Quill", organisation="FIRE department", identifier=" S-17 ")
    assert done.holder == Holder(3, "Zoe Quill", 2, "S-17")
    assert holders.organisation_names(desk.workplace) == {1: "Ad Hoc", 2: "Fire Department"}
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        holders.register(desk.workplace, "Ann Poe", organisation="Police")
    assert caught.value.code == "unknown_organisation"


def test_the_same_identifier_in_an_organisation_is_told(desk: Desk) -> None:
    """Who has the same identifier in the same organisation may be the same person; elsewhere it means nothing."""
    organisations.register(desk.workplace, "Fire Department")
    holders.register(desk.workplace, "Zoe Quill", identifier="17")
    assert holders.register(desk.workplace, "Ann Poe", organisation="Fire Department", identifier="17").near == []
    assert holders.register(desk.workplace, "Yan Ox", identifier="17").near == ["Zoe Quill"]
    assert holders.register(desk.workplace, "Yan Oxe", identifier="17").near == ["Yan Ox", "Zoe Quill"]
    assert holders.change(desk.workplace, "Bob Lee", HolderUpdate(identifier="17")).near == [
        "Zoe Quill",
        "Yan Ox",
        "Yan Oxe",
    ]


def test_many_are_registered_or_none(desk: Desk) -> None:
    """Each gets an entry in one transaction; one who can't be registered stops all."""
    wanted = [Registration("Zoe Quill"), Registration("Ann Poe", None, "A-1"), Registration("Zoe Quil", None, "A-1")]
    before = desk.log_size
    done = holders.register_all(desk.workplace, dict(enumerate(wanted, 2)), "holders.csv")
    assert [each.holder.holder_id for each in done] == [3, 4, 5]
    assert [each.near for each in done] == [[], [], ["Zoe Quill", "Ann Poe"]]
    assert desk.log_size == before + 3
    with desk.unchanged(), pytest.raises(errors.ListRefused) as caught:
        holders.register_all(desk.workplace, {2: Registration("Yan Ox"), 3: Registration("BOB LEE")}, "holders.csv")
    assert caught.value.code == "holder_exists"


def test_all_who_can_not_be_registered_are_named_with_their_lines(desk: Desk) -> None:
    """A name that is taken hides no unknown organisation below it, and who is listed between them is not registered."""
    listed = {
        2: Registration("BOB LEE"),
        4: Registration("Ann Poe"),
        5: Registration("Zoe Quill", "Police"),
        7: Registration("jane smith"),
    }
    with desk.unchanged(), pytest.raises(errors.ListRefused) as caught:
        holders.register_all(desk.workplace, listed, "holders.csv")
    assert caught.value.code == "list_refused"
    assert str(caught.value).startswith(
        "3 lines of holders.csv can't be taken. Line 2: Holder Bob Lee is already registered. Line 5: No organisation "
        "Police is known. Register it first (organisation add). Line 7: Holder Jane Smith is already registered."
    )


def test_a_change_is_one_entry(desk: Desk) -> None:
    """What is not named stays; a blank identifier takes it away; the log goes on as legal."""
    organisations.register(desk.workplace, "Fire Department")
    before = desk.log_size
    first = holders.change(
        desk.workplace, "jane smith", HolderUpdate(organisation="fire department", identifier="S-17")
    )
    assert first == Changed(Holder(1, "Jane Smith", 2, "S-17"), changed=True, near=[])
    second = holders.change(
        desk.workplace, "Jane Smith", HolderUpdate(name=" Jane  Jones", identifier="", reason="wed")
    )
    assert second == Changed(Holder(1, "Jane Jones", 2), changed=True, near=[])
    assert holders.all_holders(desk.workplace) == [Holder(1, "Jane Jones", 2), Holder(2, "Bob Lee")]
    assert desk.log_size == before + 2
    entry = json.loads(desk.entries()[-1])
    assert (entry["before"]["name"], entry["after"]["name"], entry["reason"]) == ("Jane Smith", "Jane Jones", "wed")
    assert verification.verify(desk.workplace).ok


def test_what_is_so_already_changes_nothing(desk: Desk) -> None:
    """The same name, organisation and activity again are no deed, and nothing is logged."""
    with desk.unchanged():
        done = holders.change(desk.workplace, "Jane Smith", HolderUpdate("Jane Smith", "ad hoc", "", active=True))
    assert done == Changed(Holder(1, "Jane Smith"), changed=False, near=[])


def test_a_new_name_almost_that_of_another_is_told(desk: Desk) -> None:
    """The name given up is no other person's; nor is the one that only changes its spelling."""
    assert holders.change(desk.workplace, "Jane Smith", HolderUpdate(name="Bob Leo")).near == ["Bob Lee"]
    assert holders.change(desk.workplace, "Bob Leo", HolderUpdate(name="Bob Leah")).near == ["Bob Lee"]
    assert holders.change(desk.workplace, "Bob Leah", HolderUpdate(name="BOB LEAH")).near == []


def test_a_name_of_another_is_refused(desk: Desk) -> None:
    """Two holders never have one name."""
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        holders.change(desk.workplace, "Jane Smith", HolderUpdate(name="bob  LEE"))
    assert caught.value.code == "holder_exists"


def test_nobody_of_that_name(desk: Desk) -> None:
    """Whoever is not registered can't be changed or shown; names almost the same are offered."""
    with desk.unchanged(), pytest.raises(errors.NotFound) as caught:
        holders.change(desk.workplace, "Jane Smyth", HolderUpdate(name="Jane Jones"))
    assert str(caught.value) == (
        "There is no holder Jane Smyth. Known and written almost like it: Jane Smith. Nothing was saved. "
        "Look at what there is with: assettrack holder list."
    )
    with pytest.raises(errors.NotFound, match=r"^There is no holder Eve\. Nothing was saved\. Look at"):
        holders.page(desk.workplace, "Eve")


def test_who_has_assets_is_made_inactive_only_with_a_reason(desk: Desk) -> None:
    """The refusal says how many and which; said with a reason the entry counts them, and the assets stay with them."""
    desk.commit(row("A2") + row("A1") + row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:05"))
    for wanted in (
        HolderUpdate(active=False),
        HolderUpdate(active=False, with_assets=True),
        HolderUpdate(active=False, reason="left"),
    ):
        with desk.unchanged(), pytest.raises(errors.DeedRefused, match=r"Jane Smith has 2 assets: A1, A2\."):
            holders.change(desk.workplace, "Jane Smith", wanted)
    gone = holders.change(desk.workplace, "Jane Smith", HolderUpdate(active=False, with_assets=True, reason="left"))
    assert gone.holder == Holder(1, "Jane Smith", active=False)
    assert json.loads(desk.entries()[-1])["with_assets"] == 2
    assert desk.where("A1", "A2") == ["in custody of Jane Smith"] * 2
    assert verification.verify(desk.workplace).ok


def test_nothing_is_given_to_who_is_inactive(desk: Desk) -> None:
    """A batch that issues to an inactive holder is refused, though what they have comes back; until active again."""
    desk.commit(row("A1") + row("A1", "ISSUE", at="10:05") + row("A2"))
    holders.change(desk.workplace, "Jane Smith", HolderUpdate(active=False, with_assets=True, reason="left"))
    text = row("A1", "RETURN", at="10:10", place=("CASE-01", "1")) + row("A2", "ISSUE", at="10:10")
    assert [(each.row_number, each.code) for each in desk.preview(text).refusals] == [(2, "holder_inactive")]
    holders.change(desk.workplace, "Jane Smith", HolderUpdate(active=True))
    desk.commit(text)
    assert desk.where("A1", "A2") == ["in CASE-01 slot 1", "in custody of Jane Smith"]
    assert verification.verify(desk.workplace).ok


def test_the_page_of_a_holder(desk: Desk) -> None:
    """It has the facts, the assets by tag, what waits to be accepted, and whether there is contact data, not what."""
    organisations.register(desk.workplace, "Fire Department")
    holders.change(desk.workplace, "Jane Smith", HolderUpdate(organisation="Fire Department"))
    receipt = desk.commit(row("A2") + row("A1") + row("A2", "ISSUE", at="10:05") + row("A1", "ISSUE", at="10:05"))
    page = holders.page(desk.workplace, "JANE SMITH")
    assert (page.holder, page.organisation) == (Holder(1, "Jane Smith", 2), "Fire Department")
    assert [(tag, asset.holder) for tag, asset in page.assets] == [("A1", "Jane Smith"), ("A2", "Jane Smith")]
    recorded_at = json.loads(desk.entries(receipt.first_seq)[0])["recorded_at"]
    assert page.open_acceptances == [
        OpenAcceptance(receipt.batch_id, "Jane Smith", recorded_at, "ISSUE", ["Jane Smith"])
    ]
    assert not page.has_contact
    contacts.write(desk.workplace, "Jane Smith", "jane@example.org")
    page = holders.page(desk.workplace, "Jane Smith")
    assert page.has_contact
    assert "jane@" not in repr(page)
    settings.set_rule(desk.workplace, "acceptance", "off")
    assert holders.page(desk.workplace, "Jane Smith").open_acceptances == []
    assert acceptances.all_open(desk.workplace).open == []
