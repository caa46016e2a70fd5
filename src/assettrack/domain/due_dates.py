"""Dates on which assets are due back: which are taken at all, and which are worth a look.

Owns the limits within which a due date can be meant. Dates are texts ``YYYY-MM-DD`` in the station's zone, which
compare as the dates do. Must never judge a date that is recorded already: the replay takes it as it stands.
"""

from datetime import date, datetime, tzinfo

EARLIEST_DUE = "2000-01-01"
YEARS_AHEAD_MAX = 100


def why_not_meant(due_on: str, today: date) -> str | None:
    """Return why a due date can't be meant, as half a sentence; None where it can. A mistyped year is what it is."""
    if due_on < EARLIEST_DUE:
        return "it is before the year 2000"
    if due_on > f"{today.year + YEARS_AHEAD_MAX:04}{today.isoformat()[4:]}":
        return f"it is more than {YEARS_AHEAD_MAX} years ahead"
    return None


def day_of(utc: str, zone: tzinfo) -> str:
    """Return the day of a moment (UTC text) in a zone."""
    return datetime.fromisoformat(utc).astimezone(zone).date().isoformat()
