"""Corrections at the desk: what is to be corrected is kept while it is checked, and made once.

Owns that a correction which is sent again leads to the entry it became, also where the answer was lost. Rows and
acceptances go the same way; how either is corrected is `corrections` and `acceptance_corrections`.
"""

import msgspec

from assettrack.domain import desk_errors, errors
from assettrack.domain.acceptance_corrections import AnyProposal
from assettrack.domain.corrections import HOLDER
from assettrack.domain.desk_rows import Draft
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry
from assettrack.domain.holders import normal_name
from assettrack.domain.timestamps import utc_text
from assettrack.services import audit
from assettrack.services.after_deeds import after_deed
from assettrack.services.chosen_holders import number_meant, number_meant_then, require_chosen
from assettrack.services.correctable import standing
from assettrack.services.correction_ways import way_of
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.ports import Workplace
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import refusal_raised

KIND = "CORRECTION"


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be corrected: the entry, new values by field as they were given, and why.

    ``holder_id`` is the number of the holder who was chosen by the new name, None where there is none.
    """

    seq: int
    values: dict[str, str]
    reason: str = ""
    holder_id: int | None = None

    @property
    def holder(self) -> str:
        """The name of the new holder, blank where none is named."""
        return normal_name(self.values.get(HOLDER, ""))


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
        errors.CorrectionHasProblems, errors.DeedRefused: as `corrections.preview`; the latter also where the new name
            does not mean the holder any more who was chosen.
    """
    _require_as_chosen(workplace, wanted)
    return way_of(workplace, wanted.seq).preview(workplace, wanted.seq, wanted.values)


def begin(at: AtDesk, wanted: Wanted, draft_id: str | None = None) -> KeptCorrection:
    """Keep what is about to be checked, in the place of an earlier draft or (None) under a name of its own.

    The new holder is kept by number: whoever was chosen before, else whoever has the name now.

    Raises:
        errors.CorrectionHasProblems, errors.DeedRefused: as `preview`; it is not kept then.
    """
    if wanted.holder_id is None and wanted.holder:
        wanted = msgspec.structs.replace(wanted, holder_id=number_meant(at.workplace, wanted.holder))
    changed = preview(at.workplace, wanted).changed
    size, now = audit.log_size(at.workplace), utc_text(at.workplace.now())
    name = draft_id or at.workplace.salt().hex()
    body = msgspec.json.encode(_Body(wanted, changed, size)).decode()
    at.shelf.keep_draft(Draft(name, at.account.account_id, now, KIND, body))
    return KeptCorrection(name, wanted, changed, size)


def kept(at: AtDesk, draft_id: str) -> KeptCorrection:
    """Return a correction that an account is checking, or that was made.

    Where an earlier version kept the new holder by name alone, the number is that of whoever had the name when the
    draft was kept: the log tells that at every look anew, and always the same.

    Raises:
        desk_errors.DraftGone: there is none such.
    """
    row = at.shelf.draft(draft_id, at.account.account_id)
    if row is None or row.kind != KIND:
        raise desk_errors.DraftGone
    body = msgspec.json.decode(row.body, type=_Body)
    wanted = body.wanted
    if wanted.holder_id is None and wanted.holder:
        number = number_meant_then(at.workplace, wanted.holder, row.made_at)
        wanted = msgspec.structs.replace(wanted, holder_id=number)
    became = None if row.answer is None else int(row.answer)
    return KeptCorrection(row.draft, wanted, body.changed, body.size, became)


def make(at: AtDesk, draft_id: str, confirm: str) -> int:
    """Make a correction exactly as it was shown with the code, or not at all; return the entry that it became.

    Asked again, it answers the same.

    Raises:
        desk_errors.DraftGone: it is not known any more what was to be corrected.
        errors.DeedRefused: the new name does not mean the holder any more who was chosen.
        errors.AssetTrackError: as `corrections.correct`; nothing was saved, unless that is not sure.
    """
    found = kept(at, draft_id)
    if found.became is not None:
        return found.became
    wanted = found.wanted
    try:
        _require_as_chosen(at.workplace, wanted)
        way = way_of(at.workplace, wanted.seq)
        seq = way.correct(at.workplace, wanted.seq, wanted.values, wanted.reason, confirm=confirm).seq
    except errors.DeedRefused:
        own = _made_before(at, found)
        if own is None:
            raise
        seq = own
    with after_deed("the entry of a correction was not noted; the log tells it"):
        at.shelf.answer_draft(draft_id, str(seq))
    return seq


def _require_as_chosen(workplace: Workplace, wanted: Wanted) -> None:
    with refusal_raised():
        require_chosen(workplace, wanted.holder, wanted.holder_id)


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
    given_to = entry.holder_id if HOLDER in entry.changed else None  # by number: two may have had the name since
    is_same = made == (at.operator, draft.wanted.reason, draft.changed) and given_to in {None, draft.wanted.holder_id}
    return seq if is_same else None
