"""How a file that was sent is to be read, as somebody says it on the page: its form, its dates, and what no card says.

Owns the way from the form's fields to the batch of a file. What a file is, its content says; nothing here is said by
default.
"""

import msgspec

from assettrack.domain import errors
from assettrack.domain.dumped_scans import DATE_ORDERS, DUMP_PROFILES, ORDER_WORDS, DateOrder
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.formats import batch_files
from assettrack.formats.scan_csv import ScanTable
from assettrack.formats.scanner_dump import Asked
from assettrack.services import downloads, scan_files, tables_told_before
from assettrack.services.ports import BatchSource
from assettrack.web import said_values
from assettrack.web.batch_forms import with_answers_for_all
from assettrack.web.forms import Fields
from assettrack.web.station import Visit

_READING_CODES = (
    "dump_", "told_both_ways", "left_out_then", "table_told_before", "mapping_", "header_missing",
    "not_text", "operator_not_said", "event_not_said", "person_not_said",
    "reason_not_said", "time_not_known", "holder_other_now", "holder_registered_since",
)  # fmt: skip
"""How codes begin of problems and refusals that can be answered on the page."""


class FileReading(msgspec.Struct, frozen=True):
    """How a file is read; blank or None where nobody said it.

    ``mapping`` is the name of the mapping by which it is read as a table, ``at`` a time, as a batch would have it.
    """

    mapping: str = ""
    profile: str = ""
    order: DateOrder | None = None
    at: str = ""
    answers: Answers = Answers()


def reading_said(visit: Visit, said: Fields) -> FileReading:
    """Return how a form says that a file is to be read.

    Raises:
        errors.ValueUnusable: something of it can't be meant.
    """
    profile, order = said["profile"], said["order"]
    if profile and profile not in DUMP_PROFILES:
        raise errors.ValueUnusable("The form of the file", profile[: said_values.SHOWN], "choose one of those shown")
    known = next((each for each in DATE_ORDERS if each == order), None)
    if order and known is None:
        raise errors.ValueUnusable("The order of dates", order[: said_values.SHOWN], "choose one of those shown")
    at = said_values.optional("The time of scans without one", said["at"])
    answers = with_answers_for_all(visit, Answers(), said)
    return FileReading(said["mapping"][: said_values.SHOWN], profile, known, at, answers)


def source_of(visit: Visit, content: bytes, reading: FileReading, options: Options) -> tuple[BatchSource, Options]:
    """Return the batch in a file and how it is to be taken.

    Raises:
        errors.NotFound: there is no such mapping, or not any more.
        errors.ValueUnusable: the time that was said is none.
    """
    if reading.mapping:
        mapping = visit.station.mappings().get(reading.mapping)
        if mapping is None:
            raise errors.NotFound("mapping", reading.mapping)
        from assettrack.formats import spreadsheet  # noqa: PLC0415 - few files are tables, and calamine is heavy

        table = spreadsheet.read_mapped(content, mapping, reading.mapping, at=reading.at)
        made = tables_told_before.batch_of(visit.workplace, table, reading.answers)
        return made, tables_told_before.with_reading(options, made)
    found = batch_files.read(content, Asked(reading.profile, reading.order))
    if isinstance(found, ScanTable):
        return found, options
    find_kept = visit.station.scanners.downloads(visit.workplace).kept_scans
    batch = scan_files.batch_of(visit.workplace, found, scan_files.SaidOfFile(reading.answers, reading.at), find_kept)
    return batch, downloads.with_reading(options, batch)


def choices(visit: Visit) -> dict[str, object]:
    """Return what can be chosen from on the page."""
    return {
        "mappings": list(visit.station.mappings()),
        "profiles": DUMP_PROFILES,
        "orders": [(order, ORDER_WORDS[order]) for order in DATE_ORDERS],
        "events": TYPED_EVENT_TYPES,
    }


def is_asked(codes: set[str]) -> bool:
    """Tell whether any of some problems and refusals can be answered by saying how the file is to be read."""
    return any(code.startswith(_READING_CODES) for code in codes)
