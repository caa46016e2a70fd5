"""Scan cards: what is written is read again, and nothing else is taken for a card."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import cards
from assettrack.domain.cards import LENGTH_MAX, PREFIX, Card, CardKind, NotACard, check_character, read, written
from assettrack.domain.tags import NotATag, parse_asset_tag

NAMES = st.text(string.ascii_uppercase + string.digits + "-_ ", min_size=1, max_size=10).map(str.strip).filter(bool)
NUMBERS = st.integers(0, 10**9).map(str)
NUMBERED = re.compile("[0-9]+[A-Z]{3}")
MARKS = st.just("") | st.text(string.ascii_uppercase, min_size=3, max_size=3)
CARDS = st.one_of(
    st.builds(Card, st.sampled_from([CardKind.EVENT, CardKind.CASE]), NAMES),
    st.builds(Card, st.just(CardKind.BEGIN), NAMES.filter(lambda name: NUMBERED.fullmatch(name) is None)),
    st.builds(Card, st.sampled_from([CardKind.HOLDER, CardKind.BEGIN]), NUMBERS, mark=MARKS),
    st.builds(Card, st.just(CardKind.END), NUMBERS | st.just("")),
    st.just(Card(CardKind.UNDO)),
    st.builds(Card, st.just(CardKind.SLOT), NAMES, st.integers(1, 500)),
)


@given(CARDS)
def test_a_card_is_read_as_it_was_written(card: Card) -> None:
    """Whatever a card says comes back, in lower case too, and no asset can be called so."""
    text = written(card)
    assert read(text) == read(text.lower()) == card
    assert cards.is_card(text)
    assert len(text) <= LENGTH_MAX
    with pytest.raises(NotATag):
        parse_asset_tag(text)


@given(CARDS, st.data())
def test_one_wrong_letter_is_noticed(card: Card, data: st.DataObject) -> None:
    """The check character tells any single letter or digit that was read wrongly (ISO/IEC 7064 MOD 37,36)."""
    text = written(card)
    places = [place for place in range(len(PREFIX), len(text)) if text[place] != " "]
    place = data.draw(st.sampled_from(places))
    others = (string.ascii_uppercase + string.digits).replace(text[place], "")
    spoiled = text[:place] + data.draw(st.sampled_from(others)) + text[place + 1 :]
    with pytest.raises(NotACard):
        read(spoiled)


def test_the_check_character_is_that_of_the_standard() -> None:
    """The worked example of ISO/IEC 7064 MOD 37,36: A12425GABC1234002 is followed by M."""
    assert check_character("A12425GABC1234002") == "M"


@pytest.mark.parametrize("word", ["ä", "a", "#1", "X\n"])
def test_letters_that_a_keyboard_layout_may_change_are_on_no_card(word: str) -> None:
    """Only digits, capitals and what is written by them."""
    with pytest.raises(NotACard, match="letters that a card"):
        written(Card(CardKind.CASE, word))


def test_what_is_too_long_is_no_card() -> None:
    """A pocket scanner cuts longer codes off."""
    with pytest.raises(NotACard, match="characters long, 30 are allowed"):
        written(Card(CardKind.CASE, "Z" * 14))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "does not fit"),
        ("Q1", "no card of its kind"),
        ("S12", "names no slot"),
        ("SABCX", "names no slot"),
        ("CZ", "letter that no card has"),
        ("CZA", "letter that no card has"),
        ("B", "names nobody"),
        ("B  ", "names nobody"),
        ("E", "names no event"),
        ("HADA", "no number of a holder"),
        ("H", "no number of a holder"),
        ("H7AB", "no number of a holder"),
        ("HABC", "no number of a holder"),
        ("C", "names no case"),
        ("S001", "names no case"),
        ("U1", "says nothing more"),
        ("NX", "no number of assets"),
        ("N1 2", "no number of assets"),
    ],
)
def test_what_only_begins_as_a_card_says_why_it_is_none(payload: str, reason: str) -> None:
    """It begins with the reserved word and its check character fits, and yet it says nothing."""
    with pytest.raises(NotACard, match=reason):
        read(f"{PREFIX}{payload}{check_character(payload) if payload else ''}")


@pytest.mark.parametrize(
    "card",
    [
        *(Card(CardKind.BEGIN), Card(CardKind.HOLDER, "ADA"), Card(CardKind.END, "X"), Card(CardKind.UNDO, "1")),
        *(Card(CardKind.BEGIN, "7ABC"), Card(CardKind.BEGIN, "KIM", mark="ABC"), Card(CardKind.END, "7", mark="ABC")),
        *(Card(CardKind.HOLDER, "7", mark=mark) for mark in ("AB", "ABCD", "A1C", "abc")),
    ],
)
def test_what_a_kind_of_card_cannot_say_is_not_printed(card: Card) -> None:
    """What would not be read as a card of its kind is not written as one either."""
    with pytest.raises(NotACard):
        written(card)


def test_a_number_with_its_mark_is_parted_again() -> None:
    """Digits and exactly three letters are a number with its mark on a badge or begin card, and a name elsewhere."""
    assert read(written(Card(CardKind.HOLDER, "123456789012345", mark="ZZZ"))).mark == "ZZZ"
    assert read(written(Card(CardKind.BEGIN, "1ABCD"))) == Card(CardKind.BEGIN, "1ABCD")
    assert read(written(Card(CardKind.CASE, "1ABC"))) == Card(CardKind.CASE, "1ABC")
