"""UIIs: each way of MIL-STD-130N to mark one, and envelopes that can't be read without guessing."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain.uii import EOT, GS, HEADER, RS, NotAUii, Uii, is_envelope, read_uii

CODED = string.ascii_uppercase + string.digits + "-/"
CAGES = st.text(string.ascii_uppercase + string.digits, min_size=5, max_size=5)
PARTS = st.text(CODED, min_size=1, max_size=14)
DATA_AGENCIES = {"17V": "D", "12V": "UN", "3V": "", "7L": "LD", "18V": ""}
TEXT_AGENCIES = {"CAG": "D", "MFR": "D", "SPL": "D", "DUN": "UN", "EUC": ""}


def envelope(*records: tuple[str, ...]) -> str:
    """An envelope after ISO/IEC 15434: each record its format and its fields."""
    return f"{HEADER}{RS}{''.join(GS.join(record) + RS for record in records)}{EOT}"


def reason(text: str) -> str:
    """Why a text holds no UII that can be told."""
    with pytest.raises(NotAUii) as caught:
        read_uii(text)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


@given(
    st.sampled_from(sorted(DATA_AGENCIES)),
    st.sampled_from(["1P", "1T"]),
    st.tuples(PARTS, PARTS, PARTS),
    st.permutations(range(4)),
)
def test_construct_two_by_data_identifiers(
    who: str, original: str, parts: tuple[str, str, str], order: list[int]
) -> None:
    """Issuing agency, enterprise, part number or lot, serial number: in this order, however they are marked."""
    enterprise, part, serial = parts
    fields = [f"{who}{enterprise}", f"{original}{part}", f"S{serial}", "30PNEVER"]
    found = read_uii(envelope(("06", *(fields[place] for place in order))))
    maker = DATA_AGENCIES[who] + enterprise
    assert found == Uii(maker + part + serial, maker, part, serial)


@given(CAGES, PARTS)
def test_construct_one_by_data_identifiers(cage: str, serial: str) -> None:
    """18S has CAGE code and serial number in one, without the agency's code."""
    assert read_uii(envelope(("06", f"18S{cage}{serial}"))) == Uii(f"D{cage}{serial}", f"D{cage}", "", serial)


@given(st.sampled_from(sorted(TEXT_AGENCIES)), st.sampled_from(["SER", "UCN"]), PARTS, PARTS)
def test_construct_one_by_text_identifiers(who: str, name: str, enterprise: str, serial: str) -> None:
    """Enterprise and serial number; a part number beside them is no part of the UII."""
    found = read_uii(envelope(("12", f"{who} {enterprise}", f"{name} {serial}", "PNO NEVER")))
    maker = TEXT_AGENCIES[who] + enterprise
    assert found == Uii(maker + serial, maker, "", serial)


@given(st.sampled_from(sorted(TEXT_AGENCIES)), st.sampled_from(["PNO", "LOT"]), PARTS, PARTS, PARTS)
def test_construct_two_by_text_identifiers(who: str, name: str, enterprise: str, part: str, serial: str) -> None:
    """Enterprise, part number or lot, and the number within it."""
    found = read_uii(envelope(("12", f"SEQ {serial}", f"{name} {part}", f"{who} {enterprise}")))
    maker = TEXT_AGENCIES[who] + enterprise
    assert found == Uii(maker + part + serial, maker, part, serial)


@given(st.sampled_from([("06", "25S"), ("06", "I"), ("06", "22S"), ("12", "UID ")]), PARTS)
def test_what_is_a_uii_as_it_stands(qualifier: tuple[str, str], value: str) -> None:
    """A UII composed already, the number of a vehicle and that of a phone."""
    form, name = qualifier
    assert read_uii(envelope((form, f"{name}{value}"))) == Uii(value)


@pytest.mark.parametrize(
    ("field", "uii"),
    [
        ("8002123456789012345", Uii("123456789012345")),
        ("80030" + "0614141123452" + "SER9", Uii("00614141123452SER9", "00614141123452", "", "SER9")),
        ("80040614141asset_42", Uii("0614141asset_42")),
    ],
)
def test_gs1_numbers_are_uiis_by_themselves(field: str, uii: Uii) -> None:
    """A phone's number, a GRAI with its serial number and a GIAI; other numbers beside them are nothing here."""
    assert read_uii(envelope(("05", "10LOT", field))) == uii


def test_the_published_examples() -> None:
    """Brady's example of format 12, and one of a CAGE code that begins with a digit."""
    assert read_uii("[)>\x1e12\x1dCAG A3309\x1dSER 1234567\x1e\x04").value == "DA33091234567"
    assert read_uii("[)>\x1e12\x1dMFR 0CVA5\x1dSER 674A36458\x1e\x04").value == "D0CVA5674A36458"


def test_records_are_read_together() -> None:
    """The same UII in two records is one, with the parts where they are known; what only adds to it is left out."""
    whole, parts = ("12", "UID DA33091234567"), ("06", "18SA33091234567", "")
    for records in ((whole, parts), (parts, whole)):
        assert read_uii(envelope(*records)) == Uii("DA33091234567", "DA3309", "", "1234567")
    assert read_uii(envelope(("05", "8004123"), ("06", "1P77"))) == Uii("123")


def test_two_uiis_are_not_chosen_between() -> None:
    """Whatever is marked so that two can be composed is told, with both."""
    assert reason(envelope(("06", "18SA33091", "25SDA33092"))) == "it can be read in two ways, DA33092 and DA33091"
    for fields in (("17VA3309", "1PX", "1TY", "S1"), ("17VA3309", "12V123456789", "1PX", "S1")):
        assert "two ways" in reason(envelope(("06", *fields)))
    assert "two ways" in reason(envelope(("12", "CAG A3309", "SER 1", "PNO X", "SEQ 2")))
    assert "two ways" in reason(envelope(("05", "8004123"), ("06", "I123X")))
    assert "twice" in reason(envelope(("06", "18SA33091", "18SA33092")))
    assert read_uii(envelope(("06", "18SA33091", "18SA33091"))).serial == "1"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (("06", "17VA3309", "S1"), "its original part number or lot (1P, 1T) is missing"),
        (("06", "1PX", "S1"), "its enterprise (17V, 12V, 3V, 7L, 18V) is missing"),
        (("06", "17VA3309", "1TX"), "its serial number (S) is missing"),
        (("06", "S1"), "its enterprise (17V, 12V, 3V, 7L, 18V) is missing and its original part number or lot"),
        (("06", "18SA3309"), "its serial number, after the CAGE code in 18S, is missing"),
        (("12", "SER 1"), "its enterprise (CAG, MFR, SPL, DUN, EUC) is missing"),
        (("12", "CAG A3309", "SEQ 1"), "; or its original part number or lot (PNO, LOT) is missing"),
        (("12", "CAG A3309"), "its serial number (SER, UCN) is missing"),
        (("06", "30P77"), "nothing in it is a UII"),
        (("05", "0100614141123452"), "nothing in it is a UII"),
    ],
)
def test_a_missing_part_is_named(fields: tuple[str, ...], missing: str) -> None:
    """A mark that is not whole makes no UII, and what it lacks is said by its qualifiers."""
    assert missing in reason(envelope(fields))


@pytest.mark.parametrize(
    "text",
    [
        "[)>06" + "17VA3309" + "1PX" + "S1",
        "[)>\x1e0618SA33091\x1e\x04",
        "[)>06\x1d18SA33091",
        "[)>" + RS + "06" + GS + "18SA33091" + RS + "0525S" + RS + EOT,
        "[)>^06]18SA33091^",
        "[)>",
    ],
)
def test_lost_separators_are_no_reason_to_guess(text: str) -> None:
    """What a wedge without control characters types can't be taken apart; what to do about it is said."""
    assert "set the reader to send the control characters GS, RS and EOT" in reason(text)


def test_what_is_cut_off_is_not_read() -> None:
    """Each envelope that lacks letters at its end is refused: the serial number might go on."""
    whole = envelope(("12", "CAG A3309", "SER 1234567"))
    assert "may be cut off" in reason(whole[:-1])
    for length in range(len(whole)):
        reason(whole[:length])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (("06", "18sa33091"), "does not say what it is; is Caps Lock on?"),
        (("06", "?"), "does not say what it is"),
        (("12", "SER1"), "does not say what it is"),
        (("06", "18SA3309_1"), "A-Z, 0-9, - and / only"),
        (("06", "18SA330\xe91"), r"A-Z, 0-9, - and / only, and it has 'DA330\xe91'"),
        (("06", "25S" + "X" * 51), "51 letters, and a UII has at most 50"),
        (("05", "8003" + "0614141123452"), "its part (8003) '0614141123452' is none that GS1 allows"),
        (("05", "8004" + "X" * 31), "is none that GS1 allows"),
        (("DD", "CAG A3309", "SER 1"), "its format is 'DD'; those that hold a UII are 05, 06, 12"),
    ],
)
def test_what_no_uii_can_be(fields: tuple[str, ...], why: str) -> None:
    """Small letters, foreign letters, too many of them, and formats of something else."""
    assert why in reason(envelope(fields))


def test_the_longest_uii() -> None:
    """50 letters are one."""
    assert read_uii(envelope(("06", "25S" + "X" * 50))).value == "X" * 50


WORDS = st.sampled_from([*DATA_AGENCIES, "1P", "S", "18S", "25S", "8003", "CAG ", "SER ", "PNO ", "SEQ ", "A3309", "x"])
NEARLY = st.lists(WORDS | st.sampled_from([HEADER, RS, GS, EOT, "05", "06", "12"]) | st.text(max_size=3), max_size=14)


@given(st.text() | NEARLY.map("".join) | NEARLY.map(lambda words: HEADER + RS + "".join(words) + RS + EOT))
@example(HEADER + RS + GS + RS + EOT)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but its own refusal comes out of any text, and what does not begin as an envelope is none."""
    try:
        found = read_uii(text)
    except NotAUii:
        return
    assert is_envelope(text)
    assert found.value
    assert found.serial in found.value


@given(st.text(CODED + " ]", max_size=40))
def test_tags_labels_and_cards_are_no_envelopes(text: str) -> None:
    """No text of their letters begins like one."""
    assert not is_envelope(text)
    assert "does not begin with [)>" in reason(text)
