"""Unique item identifiers (UII) of MIL-STD-130, as 2D readers hand over the code they are marked in.

Owns the envelope of ISO/IEC 15434 and how a UII is composed from what is marked (MIL-STD-130N table A-II for data
identifiers; the text element identifiers as Brady's page "Data Qualifiers" lists them). Must never split a text whose
separators are lost, and never choose between two UIIs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import msgspec

from assettrack.domain.wording import quoted

HEADER = "[)>"
"""What every envelope of ISO/IEC 15434 begins with, and no tag, label or card does."""

GS, RS, EOT = "\x1d", "\x1e", "\x04"
"""What stands between the fields, between the records, and at the end of an envelope."""

LENGTH_MAX = 50
_LETTERS = re.compile(r"[A-Z0-9/-]+")
_DATA_IDENTIFIER = re.compile(r"([0-9]{0,3}[A-Z])(.+)")
_TEXT_IDENTIFIER = re.compile(r"([A-Z]{3}) (.+)")
_GS1_LETTERS = r"[!\"%-?A-Z_a-z]"
_GS1_VALUES = {
    "8002": re.compile(rf"{_GS1_LETTERS}{{1,20}}"),
    "8003": re.compile(rf"0[0-9]{{13}}{_GS1_LETTERS}{{1,16}}"),
    "8004": re.compile(rf"{_GS1_LETTERS}{{1,30}}"),
}
"""The GS1 numbers that are UIIs by themselves: serial number of a phone, GRAI with a serial number, GIAI."""

_GRAI_DIGITS = 14
_CAGE_LENGTH = 5
_LOST = (
    "the separators between its parts are lost, so that it can't be taken apart safely; set the reader to send the "
    "control characters GS, RS and EOT as they are"
)


class _Construct(msgspec.Struct, frozen=True):
    """What a UII is joined from, each part by any of its qualifiers; ``originals`` is blank in construct 1.

    Before the enterprise goes the code of the agency that numbers enterprises, where it is not part of the number.
    """

    enterprises: Mapping[str, str]
    originals: Sequence[str]
    serials: Sequence[str]


_DATA_ENTERPRISES = {"17V": "D", "12V": "UN", "3V": "", "7L": "LD", "18V": ""}  # CAGE, DUNS, GS1, DoDAAC, any agency
_TEXT_ENTERPRISES = {"CAG": "D", "MFR": "D", "SPL": "D", "DUN": "UN", "EUC": ""}  # CAGE three times, DUNS, GS1
_CONSTRUCTS = {
    "06": (_Construct(_DATA_ENTERPRISES, ("1P", "1T"), ("S",)),),
    "12": (
        _Construct(_TEXT_ENTERPRISES, (), ("SER", "UCN")),
        _Construct(_TEXT_ENTERPRISES, ("PNO", "LOT"), ("SEQ",)),
    ),
}
_WHOLE = {"06": ("25S", "I", "22S"), "12": ("UID",)}
"""Qualifiers of what is a UII as it stands: one composed already, the number of a vehicle, that of a phone."""

_QUALIFIED = {"06": _DATA_IDENTIFIER, "12": _TEXT_IDENTIFIER}
_FORMATS = ("05", "06", "12")
"""The formats of ISO/IEC 15434 that hold a UII: GS1 numbers, data identifiers, text element identifiers."""


class Uii(msgspec.Struct, frozen=True):
    """A UII, and what it was composed from; what can't be told apart in it is blank.

    ``enterprise`` has the issuing agency's code before it; ``original`` is the original part number, lot or batch.
    """

    value: str
    enterprise: str = ""
    original: str = ""
    serial: str = ""


class NotAUii(ValueError):
    """A text holds no UII that can be told; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_envelope(text: str) -> bool:
    """Tell whether a text begins as an envelope does, whole or not."""
    return text.startswith(HEADER)


def read_uii(text: str) -> Uii:
    """Return the one UII that an envelope holds.

    Raises:
        NotAUii: it is no whole envelope, holds no UII or not all of one, or holds two.
    """
    found: dict[str, Uii] = {}
    missing: list[str] = []
    for form, fields in _records(text):
        if form == "05":
            uiis = list(_of_gs1(fields))
        else:
            said = _said(fields, _QUALIFIED[form])
            uiis = [_allowed(uii) for uii in _composed(form, said)]
            missing += _missing(form, said)
        for uii in uiis:
            if not found.get(uii.value, Uii("")).serial:
                found[uii.value] = uii
    if not found:
        raise NotAUii("; or ".join(missing) or "nothing in it is a UII")
    if len(found) > 1:
        raise NotAUii(f"it can be read in two ways, {' and '.join(found)}")
    return next(iter(found.values()))


def _records(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the format and the fields of each record of an envelope.

    Raises:
        NotAUii: it is no envelope, or none that is whole.
    """
    if not is_envelope(text):
        raise NotAUii(f"it does not begin with {HEADER}")
    body = text[len(HEADER) :]
    if not body.startswith(RS) or GS not in body:
        raise NotAUii(_LOST)
    if not body.endswith(RS + EOT):
        raise NotAUii("its end, RS and EOT, is missing: it may be cut off, or the reader leaves them out")
    for record in body[len(RS) : -len(RS + EOT)].split(RS):
        form, *fields = record.split(GS)
        if not fields:
            raise NotAUii(_LOST)
        if form not in _FORMATS:
            raise NotAUii(f"its format is {quoted(form, 10)}; those that hold a UII are {', '.join(_FORMATS)}")
        yield form, [field for field in fields if field]


def _said(fields: Sequence[str], pattern: re.Pattern[str]) -> dict[str, str]:
    """Return what each qualifier says.

    Raises:
        NotAUii: a field has none, or one says two things.
    """
    said: dict[str, str] = {}
    for field in fields:
        found = pattern.fullmatch(field)
        if found is None:
            raise NotAUii(f"its part {quoted(field, 20)} does not say what it is{_turned(field)}")
        qualifier, value = found[1], found[2]
        if said.setdefault(qualifier, value) != value:
            raise NotAUii(f"it says {qualifier} twice, and each time something else")
    return said


def _of_gs1(fields: Sequence[str]) -> Iterator[Uii]:
    """Yield the GS1 numbers that are UIIs (format 05); other numbers in the same record say nothing here."""
    for field in fields:
        pattern, value = _GS1_VALUES.get(field[:4]), field[4:]
        if pattern is None:
            continue
        if pattern.fullmatch(value) is None:
            raise NotAUii(f"its part ({field[:4]}) {value[:40]!a} is none that GS1 allows")
        if field[:4] == "8003":
            yield Uii(value, value[:_GRAI_DIGITS], "", value[_GRAI_DIGITS:])
        else:
            yield Uii(value)


def _composed(form: str, said: Mapping[str, str]) -> Iterator[Uii]:
    """Yield every UII that a record's parts make.

    Raises:
        NotAUii: the number in 18S, CAGE code and serial number in one, is too short for both.
    """
    for qualifier in _WHOLE[form]:
        if qualifier in said:
            yield Uii(said[qualifier])
    if "18S" in said:
        cage, serial = said["18S"][:_CAGE_LENGTH], said["18S"][_CAGE_LENGTH:]
        if not serial:
            raise NotAUii("its serial number, after the CAGE code in 18S, is missing")
        yield Uii(f"D{cage}{serial}", f"D{cage}", "", serial)
    for construct in _CONSTRUCTS[form]:
        for who, original, serial in product(construct.enterprises, construct.originals or ("",), construct.serials):
            if who in said and serial in said and (not original or original in said):
                parts = construct.enterprises[who] + said[who], said.get(original, ""), said[serial]
                yield Uii("".join(parts), *parts)


def _missing(form: str, said: Mapping[str, str]) -> Iterator[str]:
    """Yield what is missing in each UII that a record has a part of, and not all."""
    for construct in _CONSTRUCTS[form]:
        wanted = {"enterprise": tuple(construct.enterprises), "serial number": construct.serials}
        if construct.originals:
            wanted["original part number or lot"] = construct.originals
        missing = [name for name, names in wanted.items() if said.keys().isdisjoint(names)]
        if 0 < len(missing) < len(wanted):
            yield " and ".join(f"its {name} ({', '.join(wanted[name])}) is missing" for name in missing)


def _allowed(uii: Uii) -> Uii:
    """Return a UII that has no letters but those that one may have, and not too many.

    Raises:
        NotAUii: it has.
    """
    if _LETTERS.fullmatch(uii.value) is None:
        raise NotAUii(f"a UII has A-Z, 0-9, - and / only, and it has {uii.value[:60]!a}{_turned(uii.value)}")
    if len(uii.value) > LENGTH_MAX:
        raise NotAUii(f"it makes {len(uii.value)} letters, and a UII has at most {LENGTH_MAX}")
    return uii


def _turned(text: str) -> str:
    return "; is Caps Lock on?" if text.islower() else ""
