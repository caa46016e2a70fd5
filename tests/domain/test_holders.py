"""Holders: which spellings are one name, who is registered under which number, and which names are almost the same."""

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import NAME_RULE, Holder, HolderRegister, name_key, normal_name, why_no_name
from tests.domain.trial_room import BOB, JANE

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Smith", "jane smith"),
        ("Jane Smith", "JANE   SMITH "),
        ("Jane Smith", "Jane\u00a0Smith"),
        ("Zoë", "Zoe\u0308"),
        ("ZOË", "zoe\u0308"),
        ("Groß", "GROSS"),
        ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    """Names match after NFC, collapsed spaces and case-folding."""
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Jane Smith", "JaneSmith"), ("Zoë", "Zoe"), ("Ann", "Anna"), ("И", "Й")])
def test_different_names(one: str, other: str) -> None:
    """Spaces between words, accents and letters all count."""
    assert name_key(one) != name_key(other)


@given(names)
def test_a_spelling_is_normal_once_and_for_all(name: str) -> None:
    """The normal form of a name is in NFC with single spaces inside and none around, and its own normal form."""
    normal = normal_name(name)
    assert normal == normal_name(normal) == " ".join(unicodedata.normalize("NFC", normal).split())
    assert name_key(name) == name_key(normal) == name_key(f"  {name} ")


def test_the_register_knows_its_holders_in_any_spelling() -> None:
    """A holder is found under every spelling of the name, and under no other name."""
    register = HolderRegister([JANE, BOB])
    assert [register.named(name) for name in ("Jane Smith", "JANE smith", "bob lee", "Zoe")] == [JANE, JANE, BOB, None]
    assert register.all == [JANE, BOB]
    assert HolderRegister().all == []


def test_new_holders_are_numbered_after_the_last_number_given() -> None:
    """A new holder gets the next number, even where the register holds only some of the holders there are."""
    register = HolderRegister([JANE], last_id=7)
    assert register.register("Zoe Quill") == Holder(8, "Zoe Quill")
    assert register.register("Yan Ox") == Holder(9, "Yan Ox")
    assert register.new_holders == [Holder(8, "Zoe Quill"), Holder(9, "Yan Ox")]
    assert HolderRegister([JANE, BOB]).register("Zoe Quill").holder_id == 3
    assert HolderRegister().register("Q") == Holder(1, "Q")


def test_a_name_is_registered_once() -> None:
    """Registering a name that somebody has, in whatever spelling, is refused with the first spelling."""
    register = HolderRegister([JANE])
    with pytest.raises(NotAllowed) as caught:
        register.register("JANE SMITH")
    assert (caught.value.code, caught.value.sentence) == ("holder_exists", "Holder Jane Smith is already registered.")
    assert register.new_holders == []


@pytest.mark.parametrize("name", ["", "x" * 201, "Eve\x07", "Eve\u200bSmith", "Eve\nSmith"])
def test_a_name_that_can_not_be_registered(name: str) -> None:
    """A name has 1 to 200 printable letters; any other is refused, shown so that it can do no harm on a screen."""
    register = HolderRegister([JANE])
    with pytest.raises(NotAllowed) as caught:
        register.register(name)
    assert caught.value.code == "holder_name_invalid"
    assert caught.value.sentence.isprintable()
    assert caught.value.sentence.isprintable()
    assert register.new_holders == []


def test_who_is_accountable() -> None:
    """A known name means its holder; an unknown one is refused, or registered where that is accepted."""
    register = HolderRegister([JANE])
    assert register.accountable("jane smith") == JANE
    for _ in range(2):  # said again just the same
        with pytest.raises(NotAllowed) as caught:
            register.accountable("Jane Smit")
        assert caught.value.code == "unknown_holder"
        assert "Jane Smith" in caught.value.sentence
    register.accepts_new_holders = True
    for _ in range(2):  # the second time it is known
        assert register.accountable("Jane Smit") == register.named("JANE SMIT") == Holder(2, "Jane Smit")


def test_nothing_is_given_to_who_is_not_active() -> None:
    """Who is inactive is known and refused by name, and is not registered a second time."""
    register = HolderRegister([JANE, msgspec.structs.replace(BOB, active=False)])
    register.accepts_new_holders = True
    with pytest.raises(NotAllowed) as caught:
        register.accountable("BOB lee")
    assert (caught.value.code, caught.value.field) == ("holder_inactive", "issued_to_name")
    assert "Bob Lee" in caught.value.sentence
    assert (register.accountable("Jane Smith"), register.new_holders) == (JANE, [])


def test_what_is_known_of_a_holder_is_replaced() -> None:
    """The number stays; the new name means the holder from then on, also as one that others are almost like."""
    register = HolderRegister([JANE, BOB])
    assert register.near("Bob Leo") == ["Bob Lee"]
    renamed = Holder(2, "Robert Lee", 2, "S-7", active=False)
    register.replace(BOB, renamed)
    assert (register.numbered(1), register.numbered(2), register.numbered(3)) == (JANE, renamed, None)
    assert (register.named("Bob Lee"), register.named("ROBERT lee"), register.all) == (None, renamed, [JANE, renamed])
    assert (register.near("Bob Leo"), register.near("Roberta Lee")) == ([], ["Robert Lee"])
    register.replace(renamed, msgspec.structs.replace(renamed, name="ROBERT LEE"))
    assert [holder.name for holder in register.all] == ["Jane Smith", "ROBERT LEE"]


def test_a_holder_known_before_has_a_number_and_a_new_one_none_yet() -> None:
    """Who is registered by the batch that is decided gets a number only when it is committed."""
    register = HolderRegister([JANE, BOB])
    register.accepts_new_holders = True
    register.accountable("Zoe Quill")
    assert [register.number_of(name) for name in ("Jane Smith", "Bob Lee", "Zoe Quill")] == [1, 2, 0]


def test_names_that_are_almost_the_same() -> None:
    """Registered names within two letters are near, case not counting, nearest first; the name itself is not."""
    register = HolderRegister([JANE, BOB, Holder(3, "Jane Smithe"), Holder(4, "Zoe Quill")])
    assert register.near("JANE SMYTH") == ["Jane Smith", "Jane Smithe"]
    assert register.near("Jane Smith") == ["Jane Smithe"]
    assert register.near("Someone Else") == []
    register.register("Jane Smythe")
    assert register.near("Jane Smith") == ["Jane Smithe", "Jane Smythe"]


def test_names_that_differ_in_their_numbers_are_not_almost_the_same() -> None:
    """Room 17 and room 18 are no slip of the pen; a letter beside the same number is."""
    register = HolderRegister([Holder(1, "Training Room 17")])
    assert register.near("Training Room 18") == []
    assert register.near("Trainin Room 17") == ["Training Room 17"]


def test_why_a_text_is_no_name_tells_the_letter_that_is_not_allowed() -> None:
    """By its number, because it can't be seen; else the rule is told."""
    assert why_no_name("Eve\u200bSmith") == f"the letter U+200B is not allowed; {NAME_RULE}"
    assert why_no_name("x" * 201) == NAME_RULE
