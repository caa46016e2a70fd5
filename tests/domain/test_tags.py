"""Asset tags, case names, slot positions and OUT: what is one, what it becomes, and what is refused."""

from collections.abc import Callable
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain.tags import (
    OUT,
    NotATag,
    Place,
    ascii_upper,
    is_out,
    parse_asset_tag,
    parse_case_name,
    parse_slot_position,
)

FIRST = ascii_uppercase + digits
IN_TAG = FIRST + "-"
IN_CASE_NAME = FIRST + " _-"
LENGTH_MAX = 30
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
OUT_SPELLINGS = ["".join(letters) for letters in product("Oo", "Uu", "Tt")]

# Each looks to somebody, or to a careless program, like letters and digits that would be allowed.
HOSTILE = {
    "Cyrillic A": "А1",
    "Greek Alpha": "Α-1",
    "fullwidth letters": "ＡＴ１",
    "long s": "ſcan",
    "dotless i": "ıd-1",
    "dotted capital I": "İd-1",
    "sharp s, which upper-cases to two letters": "aß1",
    "ligature": "ﬁ1",
    "Kelvin sign": "\u212a1",
    "Arabic digit": "A٣",
    "superscript digit": "A²",
    "circled digit": "①",
    "spreadsheet number": "1.23E+05",
    "spreadsheet number, comma": "1,23E+05",
    "formula": "=1+1",
    "formula sign": "@A1",
    "zero-width space inside": "A\u200b1",
    "zero-width space in front": "\u200bA1",
    "byte order mark": "\ufeffA1",
    "right to left": "עברית",
    "right-to-left override": "\u202eA1",
    "emoji": "💻1",
    "combining accent": "A\u0301",
    "soft hyphen": "A\u00ad1",
    "dash": "A–1",
    "minus sign": "A−1",
    "line break inside": "A\n1",
    "tab inside": "A\t1",
    "no-break space inside": "A\u00a01",
    "NUL": "A\0",
    "leading hyphen": "-A1",
    "leading underscore": "_A1",
    "dot": "A.1",
    "slash": "A/1",
    "quote": "A'1",
    "blank": "",
    "spaces alone": "   ",
}


def respelled(text: str, lower: list[bool], left: str, right: str) -> str:
    """The same label as somebody else types it: some letters small, spaces around."""
    letters = [letter.translate(LOWER) if small else letter for letter, small in zip(text, lower, strict=False)]
    return left + "".join(letters) + right


def labels(alphabet: str) -> st.SearchStrategy[str]:
    """Normal forms of labels over an alphabet, of every length; what ends in a space is no trimmed text."""
    text = st.builds(
        str.__add__,
        st.sampled_from(FIRST),
        st.text(alphabet, max_size=LENGTH_MAX - 1),
    )
    return text.filter(lambda label: label == label.strip() and label != "OUT")


def obeys(text: str, alphabet: str) -> bool:
    """Tell by the rule of DESIGN §2, letter by letter, whether a text is a label."""
    label = text.strip().translate(UPPER)
    return (
        1 <= len(label) <= LENGTH_MAX
        and label[0] in FIRST
        and all(letter in alphabet for letter in label)
        and label != "OUT"
    )


spaces = st.text(" ", max_size=3)
smalls = st.lists(st.booleans(), min_size=LENGTH_MAX, max_size=LENGTH_MAX)
# Texts near the border of the rule: ordinary letters with, here and there, one that is not allowed.
borderline = st.text(st.sampled_from(IN_CASE_NAME + "aouti.+/") | st.sampled_from("АſıK٣Ａ²\u200b"), max_size=33)


@given(tag=labels(IN_TAG), lower=smalls, left=spaces, right=spaces)
@example(tag="0", lower=[False] * 30, left="", right="")
@example(tag="9" * 30, lower=[False] * 30, left=" ", right=" ")
def test_any_spelling_of_a_tag_has_its_normal_form(tag: str, lower: list[bool], left: str, right: str) -> None:
    """A tag is trimmed and its ASCII letters upper-cased, nothing else; its normal form stays and could name a case."""
    assert parse_asset_tag(respelled(tag, lower, left, right)) == tag
    assert parse_asset_tag(tag) == tag
    assert parse_case_name(tag) == tag


@given(name=labels(IN_CASE_NAME), lower=smalls, left=spaces, right=spaces)
@example(name="A  _-", lower=[True] * 30, left=" ", right="")
def test_any_spelling_of_a_case_name_has_its_normal_form(name: str, lower: list[bool], left: str, right: str) -> None:
    """A case name is trimmed and its ASCII letters are upper-cased, nothing else; its normal form stays as it is."""
    assert parse_case_name(respelled(name, lower, left, right)) == name
    assert parse_case_name(name) == name


@given(text=st.text(max_size=33) | borderline)
@example(text="A" * 31)
@example(text=" " + "A" * 30 + " ")
@example(text="OUT")
@example(text="1.23E+05")
def test_a_text_is_a_tag_exactly_if_it_obeys_the_rule(text: str) -> None:
    """Whatever is not `[A-Z0-9][A-Z0-9-]{0,29}` after trimming and ASCII upper-casing, or is OUT, is refused."""
    if obeys(text, IN_TAG):
        assert parse_asset_tag(text) == text.strip().translate(UPPER)
    else:
        with pytest.raises(NotATag):
            parse_asset_tag(text)


@given(text=st.text(max_size=33) | borderline)
@example(text="A" * 31)
@example(text="out ")
def test_a_text_is_a_case_name_exactly_if_it_obeys_the_rule(text: str) -> None:
    """Whatever is not `[A-Z0-9][A-Z0-9 _-]{0,29}` after trimming and ASCII upper-casing, or is OUT, is refused."""
    if obeys(text, IN_CASE_NAME):
        assert parse_case_name(text) == text.strip().translate(UPPER)
    else:
        with pytest.raises(NotATag):
            parse_case_name(text)


@pytest.mark.parametrize("parse", [parse_asset_tag, parse_case_name])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_only_looks_like_a_label_is_refused(parse: Callable[[str], str], text: str) -> None:
    """Look-alike letters, spreadsheet numbers, formulas and invisible characters are refused, and never mended."""
    with pytest.raises(NotATag) as refused:
        parse(text)
    assert refused.value.reason.isprintable()
    assert refused.value.reason == str(refused.value) != ""


@pytest.mark.parametrize("parse", [parse_asset_tag, parse_case_name])
@pytest.mark.parametrize("out", OUT_SPELLINGS)
def test_out_is_reserved(parse: Callable[[str], str], out: str) -> None:
    """OUT, in whatever case and with spaces around, is neither a tag nor a case name; longer words may hold it."""
    for text in (out, f" {out} "):
        with pytest.raises(NotATag, match="OUT is reserved"):
            parse(text)
    assert parse(f"{out}-1") == "OUT-1"


@pytest.mark.parametrize("parse", [parse_asset_tag, parse_case_name])
def test_thirty_characters_are_allowed_and_no_more(parse: Callable[[str], str]) -> None:
    """The 30th character is still allowed, the 31st is refused with the count; spaces around do not count."""
    assert parse(f"  {'X' * 30}  ") == "X" * 30
    with pytest.raises(NotATag, match="31 characters"):
        parse("X" * 31)


def test_leading_zeros_are_kept() -> None:
    """A tag is never a number: 007, 07 and 7 are three tags, and so is 1E5."""
    assert [parse_asset_tag(text) for text in ("007", "07", "7", "1e5", "0")] == ["007", "07", "7", "1E5", "0"]


def test_only_case_names_may_hold_spaces_and_underscores() -> None:
    """`_` and a space inside are allowed in a case name and in no tag; several spaces are not made one."""
    assert parse_case_name("case_0  1") == "CASE_0  1"
    for text in ("A_1", "A 1"):
        with pytest.raises(NotATag):
            parse_asset_tag(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "blank"),
        ("АB1", r"U\+0410"),
        ("A\u200b1", r"U\+200B"),
        ("1.23E+05", "spreadsheet"),
        ("9,87e-5", "spreadsheet"),
        ("A" * 40, "40 characters.*30"),
        ("=1+1", "only letters A-Z"),
    ],
)
@pytest.mark.parametrize("parse", [parse_asset_tag, parse_case_name])
def test_a_refusal_says_which_rule_was_broken(parse: Callable[[str], str], text: str, told: str) -> None:
    """The reason names the strange letter, the spreadsheet, the length or the alphabet."""
    with pytest.raises(NotATag, match=told):
        parse(text)


@given(
    position=st.integers(1, 500),
    zeros=st.integers(0, 40),
    prefix=st.sampled_from(["", "SLOT-", "slot-", "Slot-", "sLoT-"]),
    left=spaces,
    right=spaces,
)
@example(position=7, zeros=0, prefix="", left="", right="")
@example(position=7, zeros=1, prefix="", left="", right="")
@example(position=7, zeros=1, prefix="SLOT-", left="", right="")
@example(position=500, zeros=5000, prefix="SLOT-", left="", right="")
def test_all_spellings_of_a_slot_mean_its_number(position: int, zeros: int, prefix: str, left: str, right: str) -> None:
    """A slot is its number from 1 to 500, with or without SLOT- in front, leading zeros and spaces around."""
    assert parse_slot_position(f"{left}{prefix}{'0' * zeros}{position}{right}") == position


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "SLOT-", "SLOT", "SLOT7", "SLOT 7", "SLOT--7", "SLOT-SLOT-7", "SLOT_7", "SL-7", "7-SLOT", "A7"),
        *("+7", "-7", "7.0", "7,0", "7.", "1e1", "1E2", "0x7", "1_0", "7 8", "7;", "=7", "#7", "VII", "seven"),
        *("٣", "SLOT-٣", "７", "²", "①", "Ⅶ", "৭", "7\u200b", "\u200b7", "7\n8", "7\t8", "ſlot-7", "ＳＬＯＴ-7", "💻"),
    ],
)
def test_what_is_no_slot_number_is_refused(text: str) -> None:
    """Anything but ASCII digits, with or without SLOT- in front, is refused with an example of what is meant."""
    with pytest.raises(NotATag, match="7, 07 or SLOT-07"):
        parse_slot_position(text)


@pytest.mark.parametrize(
    "text", ["0", "00", "SLOT-0", "slot-000", "501", "0501", "SLOT-501", "999", "1000", "9" * 5000]
)
def test_numbers_that_no_case_has_are_refused(text: str) -> None:
    """Slots are numbered from 1, and no case has more than 500."""
    with pytest.raises(NotATag, match="from 1 to 500"):
        parse_slot_position(text)


@given(text=st.text(max_size=12) | st.text("0123456789SLOTslot-+. ٣７²ſ", max_size=8))
def test_a_text_is_a_slot_exactly_if_it_obeys_the_rule(text: str) -> None:
    """Whatever is accepted is 1 to 500 in ASCII digits after an optional SLOT-; all else is refused."""
    number = text.strip().translate(UPPER).removeprefix("SLOT-")
    if number and all(letter in digits for letter in number) and 1 <= int(number) <= 500:
        assert parse_slot_position(text) == int(number)
    else:
        with pytest.raises(NotATag):
            parse_slot_position(text)


@pytest.mark.parametrize("text", OUT_SPELLINGS)
def test_out_is_recognised_in_any_case(text: str) -> None:
    """OUT means OUT in capitals, small letters and any mixture."""
    assert is_out(text)


@pytest.mark.parametrize("text", ["", "0UT", "OUT1", "O", "ОUT", "oυt", "ＯＵＴ", "OÚT", "O\u200bUT", "CASE-01"])
def test_nothing_else_is_out(text: str) -> None:
    """Look-alikes of OUT, blank cells and names are not OUT."""
    assert not is_out(text)


@given(text=st.text())
@example(text="ſcan")
@example(text="ıssue")
@example(text="straße")
def test_only_ascii_texts_are_upper_cased(text: str) -> None:
    """An ASCII text has its 26 letters upper-cased, any other is left exactly as it is."""
    plain = all(ord(letter) < 128 for letter in text)
    assert ascii_upper(text) == (text.translate(UPPER) if plain else text)


def test_a_place_is_written_as_people_say_it() -> None:
    """A place reads as case and slot, OUT as OUT, and OUT is no slot of any case."""
    assert str(Place("CASE-01", 7)) == "CASE-01 slot 7"
    assert str(OUT) == "OUT"
    assert OUT.slot_position < 1
