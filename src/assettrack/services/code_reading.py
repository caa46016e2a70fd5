"""Which asset a GS1 or UII code means: the one with that tag, or the one with that serial number recorded.

Owns when that is clear. What may be two assets, or a new one and a known one, is held with what was read, and never
guessed. Reads the present state, and changes nothing.
"""

from collections.abc import Iterable

from assettrack.domain import station_deeds
from assettrack.domain.asset_codes import AssetCode, CodeUnreadable, Gs1Reader, NamesNoAsset, read_code
from assettrack.domain.card_catalogue import CodeSaid
from assettrack.domain.queued_scans import Held
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.tags import NotATag, parse_asset_tag
from assettrack.domain.uii import GS
from assettrack.domain.wedge import Typed
from assettrack.domain.wording import quoted
from assettrack.services.ports import Snapshot

SHOWN_MAX = 3
"""So many assets of the same serial number are named."""

_UNCLEAR = {
    "code_unreadable": "a code that can't be read: {reason}",
    "code_names_no_asset": "a code that says {said}, which names no asset",
    "code_not_known": "a code that says {said}, which no asset has recorded as its serial number and no tag can be",
    "code_ambiguous": "a code that says {said}, which may be {meant}",
}
"""The same as the findings of these codes, as what a stored scan is."""


def asset_in_code(
    snapshot: Snapshot, typed: Typed, read_gs1: Gs1Reader, *, symbology: int | None = None
) -> str | Held | None:
    """Return the tag of the asset that a code means, why that is not clear, or None where it is an ordinary code.

    ``symbology`` is the byte that a pocket scanner stores with a code, where it comes from one. The tag may be that of
    an asset which nobody has scanned yet.
    """

    def read_separated(text: str) -> AssetCode:
        return read_gs1(text.replace(station_deeds.separator(snapshot), GS))

    try:
        code = read_code(typed.text, read_separated, aim=typed.aim, symbology=symbology)
    except CodeUnreadable as error:
        return Held("code_unreadable", {"scan": quoted(typed.text, 40), "reason": error.reason})
    except NamesNoAsset as error:
        return Held("code_names_no_asset", {"said": error.said})
    return None if code is None else _asset_of(snapshot, code)


def codes_said(snapshot: Snapshot, scans: Iterable[RawScan], read_gs1: Gs1Reader) -> dict[str, CodeSaid]:
    """Return what the GS1 codes and UIIs among stored scans stand for, by their text.

    The same text, stored once as a GS1 code and once as another, may be two things, and stands for none.
    """
    kinds: dict[str, set[int]] = {}
    for scan in scans:
        kinds.setdefault(scan.text, set()).add(scan.symbology)
    said = {}
    for text, symbologies in kinds.items():
        found = [asset_in_code(snapshot, Typed(text), read_gs1, symbology=each) for each in symbologies]
        meant = [_said(each) for each in found if each is not None]
        if meant:
            said[text] = (
                meant[0] if None not in found else CodeSaid(unclear="a GS1 code in one scan, and none in another")
            )
    return said


def _said(meant: str | Held) -> CodeSaid:
    if isinstance(meant, Held):
        return CodeSaid(unclear=_UNCLEAR[meant.reason].format_map(meant.facts))
    return CodeSaid(meant)


def _asset_of(snapshot: Snapshot, code: AssetCode) -> str | Held:
    """Return the asset that is meant, or why that is not clear.

    What is recorded under the code's whole value counts first, as a tag or as a serial number. A serial number alone
    is unique only together with its maker, so it counts where the value can't be the tag of a new asset.
    """
    tag = _as_tag(code.value)
    known = _with_serial(snapshot, code.value)
    if tag is not None and snapshot.asset(tag) is not None and tag not in known:
        known.insert(0, tag)
    alike = known or _with_serial(snapshot, code.serial)
    if len(alike) == 1 and (known or tag is None):
        return alike[0]
    if alike:
        one_of = [f"asset {each}" for each in alike]
        if not known and tag is not None:
            one_of.append(f"a new asset {tag}")
        return Held("code_ambiguous", {"said": code.said, "meant": " or ".join(one_of)})
    if tag is None:
        return Held("code_not_known", {"said": code.said})
    return tag


def _with_serial(snapshot: Snapshot, serial: str) -> list[str]:
    """Return the first assets with exactly this serial number; of those that begin with it they come first."""
    found = snapshot.browsing.tags_by_serial(serial, SHOWN_MAX) if serial else ()
    recorded = ((tag, snapshot.asset(tag)) for tag in found)
    return [tag for tag, asset in recorded if asset is not None and asset.serial_number == serial]


def _as_tag(value: str) -> str | None:
    try:
        return parse_asset_tag(value)
    except NotATag:
        return None
