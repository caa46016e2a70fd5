"""Holders: each registered once, by one deed, in the first spelling of the name."""

import json

import pytest

from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.services import holders
from tests.services.desk import Desk


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


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Eve\x07", "Eve\u200bSmith"])
def test_a_name_that_can_not_be_kept(desk: Desk, name: str) -> None:
    """A blank, too long or unprintable name is refused as unusable."""
    with desk.unchanged(), pytest.raises(errors.ValueUnusable):
        holders.register(desk.workplace, name)


def test_the_longest_name(desk: Desk) -> None:
    """Two hundred letters are allowed."""
    assert holders.register(desk.workplace, "x" * 200)[0].name == "x" * 200


def test_registering_needs_somebody_who_does_it(desk: Desk) -> None:
    """Without an operator nobody is registered."""
    with desk.unchanged(), pytest.raises(errors.OperatorUnknown):
        holders.register(desk.manned_by(None), "Zoe Quill")
