"""What an entry of the log is about, as a page says it: with the times in it in the station's zone.

Must never be asked for what goes into a file: there a time stands as the log has it.
"""

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.domain.timestamps import local_text
from assettrack.web.station import Visit
from assettrack.web.texts import ARROW


def what_on_page(visit: Visit, entry: AnyEntry) -> str:
    """Return what an entry is about, in a line."""
    zone = visit.station.workplace.zone(visit.station.timezone)
    return what_happened(entry, ARROW, lambda utc: local_text(utc, zone)[:19])
