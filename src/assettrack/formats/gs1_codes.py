"""GS1 element strings, read by biip: what in them names one asset.

Owns which of the GS1 numbers do. biip knows the numbers, their forms and their check digits. Must never read a text of
which nothing says that it is GS1, nor one whose separators are lost: see `domain.asset_codes`.
"""

import re
from collections.abc import Sequence

from biip import ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from assettrack.domain.asset_codes import AssetCode, CodeUnreadable, NamesNoAsset
from assettrack.domain.uii import GS
from assettrack.domain.wording import quoted

_STRANGE = re.compile(rf"[^!-#%-?A-Z_a-z{GS}]")
"""What no GS1 number has (GS1 General Specifications, character sets 82 and 39) and no separator is."""

SHOWN_MAX = 80
_GRAI_DIGITS = 14


def read_gs1(text: str) -> AssetCode:
    """Return what names an asset in a text of GS1 element strings: a GIAI, a GRAI or a GTIN with a serial number.

    Raises:
        CodeUnreadable: it is no such text, a separator or a digit of it is wrong, or it names two.
        NamesNoAsset: it names none.
    """
    elements = _elements(text.strip(GS))  # FNC1 at the beginning is no separator, and at the end none is needed
    values: dict[str, str] = {}
    for element in elements:
        number = element.ai.ai
        if element.gtin_error or element.sscc_error or element.gln_error:
            raise CodeUnreadable(f"({number}) {element.value} is wrong; its check digit does not fit, say")
        if values.setdefault(number, element.value) != element.value:
            raise CodeUnreadable(f"it says ({number}) twice, and each time something else")
    found = list(_names(values))
    if len(found) > 1:
        raise CodeUnreadable(f"it names {' and '.join(each.said for each in found)}, and which is meant is not clear")
    if not found or "00" in values:
        raise NamesNoAsset("".join(element.as_hri() for element in elements)[:SHOWN_MAX])
    return found[0]


def _names(values: dict[str, str]) -> list[AssetCode]:
    """Return each name of an asset among GS1 numbers."""
    found = []
    if "8004" in values:
        found.append(AssetCode(f"GIAI {values['8004']}", values["8004"]))
    if "8003" in values:
        grai, serial = values["8003"], values["8003"][_GRAI_DIGITS:]
        digits = grai[1:_GRAI_DIGITS]
        if gs1_standard_check_digit(digits[:-1]) != int(digits[-1]):
            raise CodeUnreadable(f"(8003) {grai} is wrong: its check digit does not fit")
        if serial:
            found.append(AssetCode(f"GRAI {grai}", grai, serial))
    if "01" in values and "21" in values:
        gtin, serial = values["01"], values["21"]
        found.append(AssetCode(f"GTIN {gtin} with serial number {serial}", serial=serial))
    return found


def _elements(text: str) -> Sequence[GS1ElementString]:
    """Return the element strings of a text, all of it and nothing else.

    Raises:
        CodeUnreadable: it is none, or a separator is not where one has to be.
    """
    if not text:
        raise CodeUnreadable("there is nothing in it")
    strange = _STRANGE.search(text)
    if strange is not None:
        raise CodeUnreadable(
            f"it has {quoted(strange[0])}, which no GS1 number has; if the reader sends that for the separator, set it "
            "to send the control character GS as it is, or the station's setting separator to that"
        )
    try:
        elements = GS1Message.parse(text).element_strings
    except ParseError as error:
        raise CodeUnreadable("it is not what GS1 numbers are; is a separator (GS) lost, or a part of it?") from error
    at = 0
    for element in elements:
        at += len(element)
        if element.ai.separator_required and at < len(text) and text[at] != GS:
            raise CodeUnreadable(f"after ({element.ai.ai}) {element.value} the separator (GS) is missing")
        while text[at : at + 1] == GS:
            at += 1
    return elements
