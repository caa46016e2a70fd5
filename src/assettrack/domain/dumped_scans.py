"""Scans as a file of another program tells them: in the order of its lines, with whatever the file says beside each.

Owns the values between reading such a file and making a batch of it. A file's line is evidence and is kept with its
scan; what it means is worked out from it, anew each time.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_traces import trace_of
from assettrack.domain.scans import EventType

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
"""The orders in which a date's day, month and year may stand."""

DUMP_PROFILES = (
    "opn-batch",
    "opn-batch-plain",
    "opn2000",
    "oph-data",
    "opticon-pc",
    "opticon-web",
    "opticon-dotnet",
    "abc",
    "bare",
    "cs1504",
    "hcr",
    "cartscan",
    "koha",
)
"""The names of the forms of files that are known (`formats.dump_profiles`)."""

SET_RIGHT_PROFILES = frozenset({"opticon-dotnet"})
"""Forms of programs that correct the times by what the scanner's clock was off when it was read."""

ORDER_WORDS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}


class DumpedScan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scan of a file.

    ``line`` counts from 1, ``raw_line`` is that line as it stands. ``quantity`` is how often the file says that the
    code was scanned. ``event_type``, ``card`` (of who gets the asset) and ``location`` are what the line says of the
    scan itself, blank where it doesn't. ``kind_unknown`` is the name of a kind of code that we don't know. ``told_at``
    is the scan's time in the file's own letters, whatever order its date is read in, blank where there is none.
    """

    scan: RawScan
    line: int
    raw_line: str
    quantity: int = 1
    serial: str = ""
    event_type: EventType | None = None
    card: str = ""
    location: str = ""
    kind_unknown: str = ""
    told_at: str = ""

    @property
    def is_to_minute(self) -> bool:
        """Whether its time is told without seconds: there is one colon in it."""
        return self.told_at.count(":") == 1

    @property
    def trace(self) -> str:
        """By what the scan is known in another file. Its kind of code is none of it: programs may leave that off."""
        return trace_of(self.scan.text, self.told_at, self.event_type or "", self.card, self.location)


class Dump(msgspec.Struct, frozen=True):
    """A file of scans.

    ``profile`` is the name of the form it was read in, ``says`` what that form is, ``keeps_order`` whether its lines
    stand in the order of scanning. ``clock_shown`` is what the scanner's clock showed when the file was made
    (``YYYY-MM-DDThh:mm:ss``, local), blank where the file doesn't say it. ``order`` is how its dates were read, None
    where it has none that could be read otherwise.
    """

    sha256: str
    profile: str
    says: str
    keeps_order: bool
    scans: Sequence[DumpedScan]
    clock_shown: str = ""
    order: DateOrder | None = None

    @property
    def serials(self) -> list[str]:
        """The scanners that the file names, each once, in the order in which they appear."""
        return list(dict.fromkeys(each.serial for each in self.scans if each.serial))
