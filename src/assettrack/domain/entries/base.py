"""What every entry of the audit log has in common (DESIGN §6).

Fields that are blank or do not apply are left out of a body. People are named by holder number
and name, never by contact data.
"""

import msgspec


class NotAnEntry(ValueError):
    """A stored body is no entry; the text says why."""


class Entry(
    msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True, tag_field="event_type"
):
    """What every entry holds: its number in the log, from 1 without gaps."""

    seq: int


class DeedEntry(Entry, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What every entry but a row's holds: who did it when, by the station's clock, with which program."""

    operator: str
    recorded_at: str
    version: str
