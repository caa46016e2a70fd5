"""A batch that was committed: where every commit leads, however often it is sent; and what is accepted after it."""

from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.audit_log import event_type
from assettrack.domain.correction_wording import said_words
from assettrack.domain.corrections import DUE
from assettrack.domain.desk_errors import AcceptanceIncomplete
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entry_wording import QUEUE_NAME, TYPED_NAME
from assettrack.domain.findings import Finding
from assettrack.domain.plans import ACCEPTED_HOW
from assettrack.domain.timestamps import local_text
from assettrack.services import acceptances, batch_papers, batches, holder_directory
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.batch_papers import HOLDERS_SHOWN
from assettrack.services.batches import CommittedBatch
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.facts import of_batch
from assettrack.web.batches.paths import papers_path
from assettrack.web.change_words import row_words
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields, Number, whole_number
from assettrack.web.handover_events import EVENTS
from assettrack.web.once import answer_once, name_of
from assettrack.web.pagers import pager
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.signing import PAD, read_how, read_signature
from assettrack.web.station import Visit

routes = Routes()

PEOPLE_MAX = 1_000_000


class People(NamedTuple):
    """Which of a batch's people are shown: a page of them, or that on which a holder is."""

    page: int = 1
    holder: str = ""


@routes.page("/batches/{batch_id}", Permission.VIEW)
def batch(visit: CurrentVisit, batch_id: Number, people: str = "", holder: str = "") -> Response:
    """Show a batch as it stands in the log, with a page of its ``people``, or with the one that has a holder."""
    return _page(visit, batch_id, People(whole_number(people, PEOPLE_MAX) or 1, holder))


@routes.deed("/batches/{batch_id}/acceptances", Permission.OPERATE)
def accept(visit: CurrentVisit, batch_id: Number, said: FormFields) -> Response:
    """Record that what the batch exchanged with a holder was accepted; what may be a slip is asked about first.

    The holder is whom the page showed, by number, whatever they are called by now.
    """
    number = said_values.number_beside(said["number"])
    holder = said["holder"] if number is None else holder_directory.numbered(visit.workplace, number).name
    there = papers_path(batch_id, holder)
    doubts: list[Finding] = []

    def do() -> str:
        meant = _said_acceptance(said)
        if meant.by is not None and meant.by != said["near"]:
            doubts.extend(acceptances.doubts(visit.workplace, batch_id, holder, meant.by))
        if doubts:
            return ""
        acceptances.record(visit.workplace, batch_id, holder, meant)
        return there

    try:
        answer = answer_once(visit, name_of(said), do)
    except errors.NotFound:
        raise
    except errors.AssetTrackError as error:
        return _page(visit, batch_id, People(holder=holder), str(error), status=status_of(error))
    if doubts:
        facts = {"area": "home", "batch_id": batch_id, "said": said, "doubts": doubts, "back": there}
        return render(visit, "batches/near_giver.html", facts)
    return RedirectResponse(answer or there, 303)


def _said_acceptance(said: Fields) -> SaidAcceptance:
    """Return what a form says about accepting.

    Raises:
        AcceptanceIncomplete: it is not said whole.
    """
    how = read_how(said["how"])
    if how is None:
        raise AcceptanceIncomplete("It is not said how")
    strokes = read_signature(said["strokes"]) if how == "screen" else ""
    if how == "screen" and not strokes:
        raise AcceptanceIncomplete("Nobody signed yet")
    if how == "typed" and not said["by"]:
        raise AcceptanceIncomplete("No name is typed yet")
    return SaidAcceptance(how, said["by"] or None, None, strokes or None, said["list"] or None)


def _area(found: CommittedBatch) -> str:
    """Return the area in which one goes on: that of the event of all rows, or intake."""
    events = {event_type(row) for row in found.rows}
    return next((word for word, event in EVENTS.items() if events == {event}), "intake")


def _event(found: CommittedBatch) -> str:
    """Return the event of a hand-over whose rows are all shown, which says what was done, else blank."""
    events = {event_type(row) for row in found.rows}
    return next((event for event in EVENTS.values() if events == {event} and found.facts.rows == len(found.rows)), "")


def _made_on(visit: Visit, batch_id: int, source: str) -> str:
    """Return the event on whose page a typed batch was put together, as far as the desk remembers, else blank."""
    kinds = visit.station.desk.kinds_answered(str(batch_id)) if source == "typed" else ()
    return next((event for event in EVENTS.values() if event in kinds), "")


def _source(facts: BatchEntry) -> str:
    """Return what kind of source a batch names: a ``scanner``, a ``queue``, what was ``typed``, or else a ``file``."""
    name, reading = facts.source_name, facts.options.scanner
    if reading is not None and not reading.read_as:
        return "scanner"
    if QUEUE_NAME.fullmatch(name):
        return "queue"
    return "typed" if name == TYPED_NAME else "file"


def _page(visit: Visit, batch_id: int, people: People, failed: str = "", *, status: int = 200) -> Response:
    skip = (people.page - 1) * HOLDERS_SHOWN
    papers = batch_papers.papers(visit.workplace, batch_id, skip=skip, holder_name=people.holder)
    found = batches.batch(visit.workplace, batch_id)
    source = _source(found.facts)
    facts = {
        "area": "scanner" if source == "scanner" else _area(found),
        "batch": found,
        "source": source,
        "event": _event(found),
        "page": _made_on(visit, batch_id, source),
        "papers": papers,
        "people": pager(
            papers.skipped,
            len(papers.holders),
            papers.total,
            HOLDERS_SHOWN,
            lambda page: f"/batches/{batch_id}?people={page}#papers",
        ),
        "row_words": row_words,
        **_corrected(visit, found),
        "whole": of_batch(found),
        "ways": ACCEPTED_HOW,
        "pad": PAD,
        "failed": failed,
    }
    return render(visit, "batches/batch.html", facts, status=status)


def _corrected(visit: Visit, found: CommittedBatch) -> dict[str, object]:
    """Return what counts by now of the rows that were corrected, and whether all are due as the batch says.

    Of rows that are not shown nobody looked.
    """
    zone = visit.workplace.zone(visit.station.timezone)
    corrected = batch_papers.corrected_rows(visit.workplace, found.rows, found.facts.options)
    return {
        "corrected": {
            seq: (row.by_seq, said_words(row.changed, lambda utc: local_text(utc, zone)[:19]))
            for seq, row in corrected.items()
        },
        "redated": found.facts.rows > len(found.rows) or any(DUE in row.changed for row in corrected.values()),
    }
