"""The audit log: its latest entries, one entry with its proof, the checkpoint, and the whole of it as a download."""

from functools import lru_cache
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from assettrack.domain import errors
from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.tags import NotATag, parse_asset_tag
from assettrack.services import audit, log_reading
from assettrack.services.correctable import may_be_corrected
from assettrack.services.effective_history import superseded_about
from assettrack.services.log_reading import KINDS, Asked
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.backup_state import backup_state
from assettrack.web.entry_lines import superseded_on_page, what_on_page
from assettrack.web.forms import Number, whole_number
from assettrack.web.permissions import Permission
from assettrack.web.qr_image import qr_image
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


@routes.page("/audit", Permission.VIEW)
def log(visit: CurrentVisit, before: str = "", kind: str = "", asset: str = "") -> Response:
    """Show the latest entries, or those before a number, of a kind, about an asset; the filter is in the address."""
    return _log_page(visit, {"before": before.strip(), "kind": kind, "asset": asset.strip()})


@routes.page("/audit/entries/{seq}", Permission.VIEW)
def entry(visit: CurrentVisit, seq: Number) -> Response:
    """Show an entry in words and as it is stored, with the proof that it is in the log."""
    if not seq:
        raise errors.NotFound("entry", str(seq))
    read = log_reading.entry(visit.workplace, seq)
    tree_size = int(read.proof.checkpoint.split("\n")[1])
    facts = {
        "area": "audit",
        "read": read,
        "line": _line(visit, read.entry, read.corrected_by),
        "superseded": "" if read.corrected_by is None else _superseded(visit, read.entry),
        "may_be_corrected": may_be_corrected(read.entry, [] if read.corrected_by is None else [seq]),
        "tree_size": f"{tree_size:,}",
    }
    return render(visit, "audit/entry.html", facts)


@routes.page("/audit/export", Permission.AUDIT)
def export(visit: CurrentVisit) -> Response:
    """Send the whole log with all proofs, made while it is sent."""
    download = visit.station.memory.downloads.start(visit.workplace)
    if download is None:
        return _log_page(visit, {}, visit.station.texts["audit.export_busy"], 503)
    first = download.first()
    name = f"{visit.station.name}-log-{download.size}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(download.blocks(first), 200, headers, "application/jsonl")


def _log_page(visit: Visit, said: dict[str, str], failed: str = "", status: int = 200) -> Response:
    said = {"before": "", "kind": "", "asset": "", **said}
    page = log_reading.page(visit.workplace, _asked(said))
    may_audit = visit.may(Permission.AUDIT)
    note = audit.latest_checkpoint(visit.workplace) if may_audit else ""
    facts = {
        "area": "audit",
        "page": page,
        "lines": [_line(visit, each, page.superseded.get(each.seq)) for each in page.entries],
        "kinds": KINDS,
        "said": said,
        "is_filtered": any(said.values()),
        "earlier": f"/audit?{urlencode({**said, 'before': page.earlier})}#entries" if page.earlier else "",
        "note": note,
        "qr": _image_of(note) if note else "",
        "backup": backup_state(visit),
        "verification": visit.station.memory.verification.latest,
        "failed": failed,
    }
    return render(visit, "audit/audit.html", facts, status=status)


@lru_cache(maxsize=1)
def _image_of(note: str) -> str:
    """Return the image of a checkpoint, which is the same until something is added to the log."""
    return qr_image(note)


def _asked(said: dict[str, str]) -> Asked:
    """Return which entries are asked for.

    Raises:
        errors.ValueUnusable: that can be no number, kind or tag.
    """
    before, kind, asset = said["before"], said["kind"], said["asset"]
    number = whole_number(before)
    if before and not number:
        raise errors.ValueUnusable("The entry", before[:80], "it is a number such as 7")
    if kind and kind not in KINDS:
        raise errors.ValueUnusable("The kind", kind[:80], "choose one of those shown")
    try:
        tag = parse_asset_tag(asset) if asset else ""
    except NotATag as error:
        raise errors.ValueUnusable("The asset tag", asset[:80], error.reason) from error
    return Asked(number, kind, tag)


def _superseded(visit: Visit, found: AnyEntry) -> str:
    """Return what counts no longer of an entry that was corrected; only those about an asset are known to be here."""
    assert isinstance(found, RowEntry | CorrectionEntry), "no other entry is superseded by a correction of a row"
    return superseded_on_page(visit, superseded_about(visit.workplace, found.asset_tag), found.seq)


def _line(visit: Visit, entry: AnyEntry, corrected_by: int | None) -> dict[str, object]:
    """Return what a page says of an entry."""
    if isinstance(entry, RowEntry):
        at, by = entry.occurred_at, entry.operator_id
    else:
        at, by = entry.recorded_at, entry.operator
    return {
        "seq": entry.seq,
        "kind": event_type(entry),
        "at": at,
        "by": by,
        "what": what_on_page(visit, entry),
        "asset_tag": getattr(entry, "asset_tag", None),
        "batch_id": getattr(entry, "batch_id", None),
        "corrected_by": corrected_by,
        "corrects": getattr(entry, "corrects", None),
    }
