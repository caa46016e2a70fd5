"""Labels: what their codes hold is read as what they are for, and as nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import cards, errors
from assettrack.domain.cards import LENGTH_MAX, Card, CardKind
from assettrack.domain.holders import Holder
from assettrack.domain.labels import (
    Label,
    Symbology,
    asset_label,
    begin_label,
    begin_label_by_name,
    case_label,
    end_label,
    existing_said,
    holder_label,
    slot_label,
    station_cards,
    tags_from,
)
from assettrack.domain.tags import Place, parse_case_name
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES

CASES = st.from_regex(r"[A-Z0-9][A-Z0-9 _-]{0,29}", fullmatch=True).map(str.strip).filter(lambda name: name != "OUT")
CODES = st.sampled_from(Symbology)


def place_read(text: str) -> Place | None:
    """What the grammar of scans takes a text for, where it is the label of a slot."""
    if cards.is_card(text):
        card = cards.read(text)
        return Place(card.word, card.position) if card.kind is CardKind.SLOT else None
    found = cards.read_slot_label(text)
    return None if found is None else Place(*found)


@given(CASES, st.integers(1, 500), CODES)
def test_the_label_of_a_slot_is_read_as_that_slot(case: str, position: int, code: Symbology) -> None:
    """Or there is none; in bars it never has more letters than a pocket scanner keeps, and in squares it is plain."""
    place = Place(case, position)
    try:
        label = slot_label(place, code)
    except errors.ValueUnusable:
        assert len(case) > 15 or case.startswith("AT ")
        return
    assert place_read(label.text) == place
    assert label.title == f"{case} slot {position}"
    assert cards.is_card(label.text) <= code.is_linear
    assert len(label.text) <= LENGTH_MAX or not code.is_linear


@given(CASES, CODES, st.booleans())
def test_the_label_of_a_case_is_read_as_that_case(case: str, code: Symbology, is_asset_too: bool) -> None:  # noqa: FBT001 - Hypothesis hands it over
    """Or there is none; its plain name stands in the code only where that can't be an asset, a card or a slot."""
    try:
        label = case_label(case, code, is_asset_too=is_asset_too)
    except errors.ValueUnusable:
        return
    assert label.title == case
    if cards.is_card(label.text):
        assert cards.read(label.text) == Card(CardKind.CASE, case)
        assert code.is_linear
    else:
        assert parse_case_name(label.text) == case
        assert cards.read_slot_label(label.text) is None
        assert not is_asset_too
    assert len(label.text) <= LENGTH_MAX


def test_a_usual_slot_has_a_card_in_bars_and_plain_letters_in_squares() -> None:
    """The card holds on any keyboard layout and tells a misreading; a card from a square code would not count."""
    place = Place("CASE-01", 7)
    assert cards.read(slot_label(place).text) == Card(CardKind.SLOT, "CASE-01", 7)
    assert slot_label(place, Symbology.QR).text == slot_label(place, Symbology.DATA_MATRIX).text == "CASE-01 SLOT-07"
    assert case_label("CASE-01", Symbology.QR).text == "CASE-01"


def test_each_code_has_the_name_of_its_standard() -> None:
    """ISO/IEC 15417, 18004 and 16022 call them so."""
    assert [code.said for code in (Symbology.CODE_128, Symbology.QR, Symbology.DATA_MATRIX)] == [
        "Code 128",
        "QR",
        "Data Matrix",
    ]


def test_a_name_too_long_for_a_card_is_written_plain_where_that_fits() -> None:
    """21 letters and three hyphens make a card of 32 letters; the plain text has 29."""
    assert slot_label(Place("PELI-CASE-NUMBER-0001", 7)).text == "PELI-CASE-NUMBER-0001 SLOT-07"
    with pytest.raises(errors.ValueUnusable, match="QR and Data Matrix hold it"):
        slot_label(Place("PELICAN-CASE-NUMBER-00001", 7))
    assert slot_label(Place("PELICAN-CASE-NUMBER-00001", 7), Symbology.QR).text == "PELICAN-CASE-NUMBER-00001 SLOT-07"


def test_a_case_that_could_be_something_else_is_never_written_plain() -> None:
    """One called like an asset, like the slot of another, or like a card."""
    with pytest.raises(errors.ValueUnusable, match="Code 128 only"):
        case_label("LT-0042", Symbology.QR, is_asset_too=True)
    for name in ("BOX SLOT-7", "AT HOME"):
        with pytest.raises(errors.ValueUnusable, match="Code 128 only"):
            case_label(name, Symbology.QR)
        assert cards.read(case_label(name).text) == Card(CardKind.CASE, name)


def test_a_slot_whose_plain_label_would_be_a_card_is_never_written_plain() -> None:
    """What begins like a card is read as one: such a slot has a card in bars, and no square code."""
    with pytest.raises(errors.ValueUnusable, match="Code 128 only"):
        slot_label(Place("AT HOME", 7), Symbology.QR)
    assert cards.read(slot_label(Place("AT HOME", 7)).text) == Card(CardKind.SLOT, "AT HOME", 7)


@pytest.mark.parametrize(
    "label",
    [holder_label(Holder(12, "Jane Smith"), "QXA"), begin_label(3, "mara", "QXA"), end_label(), *station_cards([])],
    ids=lambda label: label.title,
)
@pytest.mark.parametrize("code", [Symbology.QR, Symbology.DATA_MATRIX])
def test_cards_are_printed_in_bars_only(label: Label, code: Symbology) -> None:
    """A card that was read from another code is held by the grammar, so none is printed so."""
    assert cards.is_card(label.text)
    with pytest.raises(errors.ValueUnusable, match="Code 128 only"):
        label.in_code(code)


def test_badges_and_begin_cards_hold_the_number_and_show_the_name() -> None:
    """A card can't hold most names; the number is the station's own, with its mark, and is printed too."""
    badge, begin = holder_label(Holder(12, "Zoë Petrović"), "QXA"), begin_label(3, "mara", "QXA")
    assert cards.read(badge.text) == Card(CardKind.HOLDER, "12", mark="QXA")
    assert (badge.title, badge.what) == ("Zoë Petrović", "Holder 12")
    assert cards.read(begin.text) == Card(CardKind.BEGIN, "3", mark="QXA")
    assert (begin.title, begin.what) == ("Begin: mara", "Account 3")


def test_a_begin_card_by_name_holds_letters() -> None:
    """Where there are no accounts; never digits alone, or with a mark, which would be the number of one."""
    assert cards.read(begin_label_by_name("mara okri").text) == Card(CardKind.BEGIN, "MARA OKRI")
    for name in ("17", "17abc", "Zoë", "a-b", "ſam", "A" * 26, ""):
        with pytest.raises(errors.ValueUnusable):
            begin_label_by_name(name)


def test_a_round_has_every_event_no_slot_undo_and_ends() -> None:
    """As the grammar of scans knows them; ends with counts come last."""
    found = [cards.read(label.text) for label in station_cards([begin_label(3, "mara", "QXA")], [20])]
    assert found == [
        Card(CardKind.BEGIN, "3", mark="QXA"),
        *(Card(CardKind.EVENT, event_type) for event_type in TYPED_EVENT_TYPES),
        Card(CardKind.CASE, "OUT"),
        Card(CardKind.UNDO),
        Card(CardKind.END),
        Card(CardKind.END, "20"),
    ]
    for count in (0, 10_000):
        with pytest.raises(errors.ValueUnusable, match="from 1 to 9999"):
            end_label(count)


def test_tags_in_sequence_keep_their_digits() -> None:
    """Leading zeros stay, and no tag gets longer."""
    assert tags_from("LT-0099", 3) == ["LT-0099", "LT-0100", "LT-0101"]
    assert tags_from("7", 2) == ["7", "8"]
    assert asset_label("007").text == "007"
    with pytest.raises(errors.ValueUnusable, match=r"LT_01.* letters A-Z, digits and '-'"):
        tags_from("LT_01", 2)
    for first, count in (("LT-98", 3), ("LT", 2), ("LT-1", 0), ("LT-1", 10_001), ("lt-0001", 0)):
        with pytest.raises(errors.ValueUnusable):
            tags_from(first, count)


@pytest.mark.parametrize(
    ("existing", "count", "said"),
    [
        (["LT-1"], 1, "1 of 1 tag exists already: LT-1."),
        (["LT-1", "LT-3"], 5, "2 of 5 tags exist already: LT-1, LT-3."),
    ],
)
def test_tags_that_exist_already_are_named(existing: list[str], count: int, said: str) -> None:
    """With how many they are, of how many."""
    assert existing_said(existing, count) == said


def test_of_many_tags_that_exist_some_are_named() -> None:
    """The rest is counted."""
    said = existing_said([f"LT-{number}" for number in range(1, 1024)], 2000)
    assert said.startswith("1,023 of 2,000 tags exist already: LT-1, ")
    assert said.endswith("LT-20 and 1,003 more.")
