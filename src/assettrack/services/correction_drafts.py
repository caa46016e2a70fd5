"""Corrections at the desk: what is to be corrected is kept while it is checked, and made once.

Owns that a correction which is sent again leads to the entry it became, also where the answer was lost. Rows and
acceptances go the same way; how either is corrected is `corrections` and `acceptance_corrections`.
"""

import msgspec

from assettrack.domain import desk_errors, errors
from assettrack.domain.acceptance_corrections import AnyProposal
from assettrack.domain.desk_rows import Draft
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry
from assettrack.domain.timestamps import utc_text
from assettrack.services import audit
from assettrack.services.after_deeds import after_deed
from assettrack.services.correctable import standing
from assettrack.services.correction_ways import way_of
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.ports import Workplace
from assettrack.services.stored_entries import entry_at

KIND = "CORRECTION"


class Wanted(msgspec.Struct, frozen=True):
    """What is to be corrected: the entry, new values by field as they were given, and why."""

    seq: int
    values: dict[str, str]
    reason: str = ""


class KeptCorrection(msgspec.Struct, frozen=True):
    """A correction that is being checked, and the entry that it ``became``, once it is made.

    ``changed`` holds the new values in their normal form; ``size`` is how many entries the log had.
    """

    draft_id: str
    wanted: Wanted
    changed: dict[str, str]
    size: int
    became: int | None = None


class _Body(msgspec.Struct, frozen=True):
    """A draft as the desk keeps it."""

    wanted: Wanted
    changed: dict[str, str]
    size: int


def preview(workplace: Workplace, wanted: Wanted) -> AnyProposal:
    """Return what a correction would do.

    Raises:
        errors.CorrectionHasProblems, errors.DeedRefused: as `corrections.preview`.
    """
    return way_of(workplace, wanted.seq).preview(workplace, wanted.seq, wanted.values)


def begin(at: AtDesk, wanted: Wanted, draft_id: str | None = None) -> KeptCorrection:
    """Keep what is about to be checked, in the place of an earlier draft or (None) under a name of its own.

    Raises:
        errors.CorrectionHasProblems, errors.DeedRefused: as `corrections.preview`; it is not kept then.
    """
    changed = preview(at.workplace, wanted).changed
    size, now = audit.log_size(at.workplace), utc_text(at.workplace.now())
    name = draft_id or at.workplace.salt().hex()
    body = msgspec.json.encode(_Body(wanted, changed, size)).decode()
    at.shelf.keep_draft(Draft(name, at.account.account_id, now, KIND, body))
    return KeptCorrection(name, wanted, changed, size)


def kept(at: AtDesk, draft_id: str) -> KeptCorrection:
    """Return a correction that an account is checking, or that was made.

    Raises:
        desk_errors.DraftGone: there is none such.
    """
    row = at.shelf.draft(draft_id, at.account.account_id)
    if row is None or row.kind != KIND:
        raise desk_errors.DraftGone
    body = msgspec.json.decode(row.body, type=_Body)
    became = None if row.answer is None else int(row.answer)
    return KeptCorrection(row.draft, body.wanted, body.changed, body.size, became)


def make(at: AtDesk, draft_id: str, confirm: str) -> int:
    """Make a correction exactly as it was shown with the code, or not at all; return the entry that it became.

    Asked again, it answers the same.

    Raises:
        desk_errors.DraftGone: it is not known any more what was to be corrected.
        errors.AssetTrackError: as `corrections.correct`; nothing was saved, unless that is not sure.
    """
    found = kept(at, draft_id)
    if found.became is not None:
        return found.became
    wanted = found.wanted
    try:
        way = way_of(at.workplace, wanted.seq)
        seq = way.correct(at.workplace, wanted.seq, wanted.values, wanted.reason, confirm=confirm).seq
    except errors.DeedRefused as error:
        own = _made_before(at, found) if error.code == "already_corrected" else None
        if own is None:
            raise
        seq = own
    with after_deed("the entry of a correction was not noted; the log tells it"):
        at.shelf.answer_draft(draft_id, str(seq))
    return seq


def _made_before(at: AtDesk, draft: KeptCorrection) -> int | None:
    """Return the entry that a draft became where that is not kept: two sent it at once, or the answer was lost."""
    stands = standing(at.workplace, draft.wanted.seq)
    seq = stands.corrected_by
    if seq is None or seq <= draft.size:
        return None
    entry: CorrectionEntry | AcceptanceCorrectionEntry
    with at.workplace.store.read() as snapshot:
        if stands.kind == "ACCEPTANCE":
            entry = entry_at(snapshot, seq, AcceptanceCorrectionEntry)
        else:
            entry = entry_at(snapshot, seq, CorrectionEntry)
    made = (entry.operator, entry.reason, entry.changed)
    return seq if made == (at.operator, draft.wanted.reason, draft.changed) else None
