"""Codes that name an asset by a standard of its own: GS1 numbers, and UIIs in an ISO/IEC 15434 envelope.

Owns when a code is one of these, which its symbology or its envelope says and nothing else does, and what it can name.
Must never take a plain text for one: `8004…` may be somebody's tag.
"""

from typing import Protocol

import msgspec

from assettrack.domain.uii import NotAUii, is_envelope, read_uii

GS1_AIMS = frozenset({"]C1", "]d2", "]Q3", "]e0"})
"""AIM identifiers (ISO/IEC 15424) of codes that hold GS1 numbers: GS1-128, Data Matrix, QR and DataBar."""

GS1_SYMBOLOGIES = frozenset({0x0F, 0x30, 0x31, 0x32})
"""The same as Opticon's scanners store it: GS1-128, and the three of DataBar."""

_TURNED_AIMS = frozenset({"]c1", "]D2", "]q3"})
"""What Caps Lock makes of them. DataBar's, turned, is that of EAN and can't be told from it."""


class AssetCode(msgspec.Struct, frozen=True):
    """What a code says: in words, and by what an asset may be found.

    ``value`` is unique in the world, and blank where nothing in the code is. ``serial`` is unique only together with
    the rest of the code, and blank where the code has none that can be told apart.
    """

    said: str
    value: str = ""
    serial: str = ""


class CodeUnreadable(ValueError):
    """A code can't be read, or not without guessing; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NamesNoAsset(ValueError):
    """A code is read, and is about something else than one asset; ``said`` tells what it says."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Gs1Reader(Protocol):
    """Reads GS1 element strings: see `formats.gs1_codes`."""

    def __call__(self, text: str) -> AssetCode:
        """Return what names an asset in a text of GS1 element strings, ended by GS where they have to be.

        Raises:
            CodeUnreadable: it is none, or can be read in two ways.
            NamesNoAsset: it says nothing about one asset.
        """


def read_code(text: str, read_gs1: Gs1Reader, *, aim: str = "", symbology: int | None = None) -> AssetCode | None:
    """Return what a code says that names an asset by a standard, or None where it is an ordinary one.

    ``aim`` is the AIM identifier that a wedge typed before the text, ``symbology`` the byte that a scanner stored with
    it; what neither tells of is ordinary, unless it is an envelope.

    Raises:
        CodeUnreadable: it is such a code and can't be read, or not without guessing.
        NamesNoAsset: it is one that is about something else.
    """
    if is_envelope(text):
        try:
            uii = read_uii(text)
        except NotAUii as error:
            raise CodeUnreadable(error.reason) from error
        return AssetCode(f"UII {uii.value}", uii.value, uii.serial)
    if aim in _TURNED_AIMS:
        raise CodeUnreadable(f"it came with {aim}, which is {aim.swapcase()} with Caps Lock on; turn that off")
    if aim in GS1_AIMS or symbology in GS1_SYMBOLOGIES:
        return read_gs1(text)
    return None
