"""Headings by which the exports of other programs name what a batch has fields for.

Owns the names. Source: the columns of the CSV exports and import templates of Snipe-IT, Homebox and Shelf. A name that
is known makes a proposal, which a person looks at and says; it maps nothing by itself.
"""

from collections.abc import Iterable, Mapping

KNOWN_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "asset_tag": ("asset tag", "hb.asset_id", "asset id", "barcode_code128", "barcode_code39", "tag", "barcode"),
    "serial_number": ("serial", "serial number", "hb.serial_number", "cf:serial number", "serial no"),
    "manufacturer": ("manufacturer", "hb.manufacturer", "cf:brand", "brand", "make"),
    "model": ("model", "model name", "hb.name", "assetmodel", "asset model"),
    "model_code": ("model number", "model no", "hb.model_number", "model code"),
    "equipment_type": ("category", "equipment type", "type of equipment"),
    "building_room": ("room", "building room"),
    "notes": ("asset notes", "notes", "hb.notes"),
}


def proposed(headings: Iterable[str]) -> dict[str, str]:
    """Return for each field the heading of a table that is known for it, the best known first."""
    by_key: dict[str, str] = {}
    for heading in headings:
        by_key.setdefault(_key(heading), heading)
    found = {
        field: next((by_key[name] for name in names if name in by_key), "") for field, names in KNOWN_HEADINGS.items()
    }
    return {field: heading for field, heading in found.items() if heading}


def _key(heading: str) -> str:
    """Return a heading without what only some exports add: ``cf: Serial number,type:text`` is ``cf:serial number``."""
    return heading.split(",", 1)[0].replace(": ", ":").strip().lower()
