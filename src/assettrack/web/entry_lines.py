"""What an entry of the log is about, as a page says it: with the times in it in the station's zone.

Must never be asked for what goes into a file: there a time stands as the log has it.
"""

from collections.abc import Mapping

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.corrected_rows import Superseded
from assettrack.domain.corrections import PLACE_COLUMNS
from assettrack.domain.entry_wording import what_happened
from assettrack.domain.timestamps import local_text
from assettrack.web.station import Visit
from assettrack.web.texts import ARROW


def superseded_on_page(visit: Visit, superseded: Mapping[int, Superseded], seq: int) -> str:
    """Return that an entry was corrected, and what of it counts no longer; blank where it was not corrected."""
    found = superseded.get(seq)
    if found is None:
        return ""
    texts = visit.station.texts
    places = dict.fromkeys(PLACE_COLUMNS, "place")
    names = dict.fromkeys(texts[f"correction_fields.{places.get(field, field)}"] for field in found.fields)
    part = texts["superseded.part"] if names else texts["superseded.nothing"]
    said = texts["superseded.whole"] if found.is_whole else part
    return said.format(seq=f"{found.by:,}", fields=", ".join(names))


def what_on_page(visit: Visit, entry: AnyEntry) -> str:
    """Return what an entry is about, in a line."""
    zone = visit.station.workplace.zone(visit.station.timezone)
    return what_happened(entry, ARROW, lambda utc: local_text(utc, zone)[:19])
