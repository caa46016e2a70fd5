"""Corrections: an entry as it stands, what it really was, the check of all that follows, and the deed.

A correction appends an entry; nothing here edits one. It is made once, however often its form is sent: the draft that
was checked knows what it became.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from assettrack.domain import desk_errors, errors
from assettrack.domain.acceptance_corrections import AcceptanceProposal, AnyProposal
from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.domain.change_wording import before_and_after
from assettrack.domain.correction_deeds import Proposal
from assettrack.domain.corrections import HOLDER, PLACE_COLUMNS
from assettrack.domain.findings import Finding, NotAllowed
from assettrack.domain.holders import normal_name
from assettrack.domain.plans import ACCEPTED_HOW
from assettrack.domain.tags import OUT_WORD, Place
from assettrack.services import chosen_holders, correction_drafts, correction_effects, holders
from assettrack.services.correctable import Standing, entries_since, standing
from assettrack.services.correction_drafts import KeptCorrection, Wanted
from assettrack.services.correction_effects import Became, Effects
from assettrack.services.custody_drafts import AtDesk
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.paths import papers_path
from assettrack.web.corrections.forms import HOLDER_NOW, IN_NO_SLOT, PLACE, TIMES, fields_of, typed_again, values_of
from assettrack.web.entry_lines import what_on_page
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number, whole_number
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.texts import ARROW

routes = Routes()


@routes.page("/corrections/new", Permission.OPERATE)
def new(visit: CurrentVisit, seq: Number, draft: str = "") -> Response:
    """Show an entry as it stands, and ask what it really was; what was typed before is there again."""
    found = standing(visit.workplace, seq)
    wanted = _typed_before(visit, seq, draft)
    return _form_page(visit, found, _fields_again(visit, found, wanted))


@routes.deed("/corrections/new", Permission.OPERATE)
def describe(visit: CurrentVisit, said: FormFields) -> Response:
    """Take what it really was, and lead to the check of it; nothing is saved yet."""
    found = standing(visit.workplace, _seq(said["seq"]))
    typed = {IN_NO_SLOT: "", **dict(said.everything())}
    shown = said_values.holder_number(said["holder_number"]) if said[HOLDER] == said["holder_shown"] else None
    ticked = said_values.holder_number(said[HOLDER_NOW])
    typed |= {"holder_number": _written(shown), HOLDER_NOW: _written(ticked)}
    try:
        values = values_of(typed, found, _zone(visit))
        number = None if HOLDER not in values else shown if ticked is None else ticked
        reason = said_values.text(visit.station.texts["corrections.the_reason"], said["reason"]) or ""
        kept = correction_drafts.begin(_desk(visit), Wanted(found.seq, values, reason, number))
    except errors.AssetTrackError as error:
        return _form_page(visit, standing(visit.workplace, found.seq), typed, error)
    return RedirectResponse(f"/corrections/check?draft={kept.draft_id}", 303)


@routes.page("/corrections/check", Permission.OPERATE)
def check(visit: CurrentVisit, draft: str = "") -> Response:
    """Show what a correction would do, and all that follows from it, to be checked."""
    kept = correction_drafts.kept(_desk(visit), draft)
    if kept.became is not None:
        return _to_answer(visit, kept.wanted.seq, kept.became)
    return _check_page(visit, kept)


@routes.deed("/corrections", Permission.OPERATE)
def correct(visit: CurrentVisit, said: FormFields) -> Response:
    """Make exactly the correction that was checked; asked again, lead to the same answer."""
    desk, name = _desk(visit), said["draft"]
    try:
        became = correction_drafts.make(desk, name, said["confirm"])
    except errors.CorrectionStale as error:
        failed, status = visit.station.texts["corrections.stale"], status_of(error)
    except (errors.CorrectionRefused, errors.CorrectionHasProblems) as error:
        failed, status = visit.station.texts["corrections.refused"], status_of(error)
    except (errors.DeedRefused, errors.ConfirmCodeWrong) as error:
        failed, status = str(error), status_of(error)
    else:
        return _to_answer(visit, correction_drafts.kept(desk, name).wanted.seq, became)
    kept = correction_drafts.kept(desk, name)
    tag = standing(visit.workplace, kept.wanted.seq).asset_tag
    moved = entries_since(visit.workplace, tag, kept.size) if tag else []
    return _check_page(visit, kept, failed, moved, status=status)


def _desk(visit: Visit) -> AtDesk:
    return AtDesk(visit.workplace, visit.station.desk, visit.who)


def _zone(visit: Visit) -> tzinfo:
    return visit.station.workplace.zone(visit.station.timezone)


def _seq(text: str) -> int:
    """Return the entry that a form names.

    Raises:
        errors.NotFound: it can be none.
    """
    seq = whole_number(text)
    if seq is None:
        raise errors.NotFound("entry", text[:40])
    return seq


def _typed_before(visit: Visit, seq: int, draft: str) -> Wanted:
    """Return what was typed for an entry before it was checked; nothing where that is not known any more."""
    try:
        wanted = correction_drafts.kept(_desk(visit), draft).wanted if draft else None
    except desk_errors.DraftGone:
        wanted = None
    return wanted if wanted is not None and wanted.seq == seq else Wanted(seq, {})


def _to_answer(visit: Visit, corrects: int, became: int) -> Response:
    """Lead to where the correction is seen: the history of the asset, or the log for an acceptance."""
    tag = standing(visit.workplace, corrects).asset_tag
    if tag is None:
        return RedirectResponse(f"/audit/entries/{became}", 303)
    return RedirectResponse(f"/assets/{quote(tag, safe='')}?corrected={became}", 303)


def _home(found: Standing) -> str:
    """Return the path of the page from which one comes to correct an entry."""
    if found.asset_tag is None:
        return papers_path(found.batch_id, found.holder or "")
    return f"/assets/{quote(found.asset_tag, safe='')}#entry-{found.seq}"


def _fields_again(visit: Visit, found: Standing, wanted: Wanted) -> dict[str, str]:
    """Return what the fields of a form hold where this was typed before."""
    number, name = _written(wanted.holder_id), wanted.values.get(HOLDER)
    ticked = number if name is not None and name == found.cells[HOLDER] else ""
    unseen = {"reason": wanted.reason, "holder_number": number, HOLDER_NOW: ticked}
    return {**typed_again(found.cells, wanted.values, _zone(visit)), **unseen}


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _area(found: Standing) -> str:
    return "holders" if found.asset_tag is None else "assets"


def _problems(error: errors.AssetTrackError | None) -> list[tuple[str, str | None]]:
    """Return what is wrong, each with the field that is meant, where one is."""
    if error is None:
        return []
    problems: Sequence[Finding] = getattr(error, "problems", ())
    if problems:
        return [(problem.message, problem.field) for problem in problems]
    cause = error.__cause__
    return [(str(error), cause.field if isinstance(cause, NotAllowed) else None)]


def _form_page(
    visit: Visit, found: Standing, typed: Mapping[str, str], error: errors.AssetTrackError | None = None
) -> Response:
    main, others = fields_of(found)
    problems = _problems(error)
    typed = {**typed_again(found.cells, {}, _zone(visit)), "holder_number": "", HOLDER_NOW: "", **typed}
    name, number, recorded = normal_name(typed.get(HOLDER, "")), typed["holder_number"], found.cells.get(HOLDER, "")
    if typed[HOLDER_NOW] and name in {"", recorded}:
        name, number = recorded, typed[HOLDER_NOW]
    stopped = chosen_holders.why_stopped(visit.workplace, name, said_values.holder_number(number))
    if stopped:  # the name is not that person's any more: whoever is meant is said anew
        typed |= {HOLDER: "", "holder_number": "", HOLDER_NOW: ""}
        problems = [each for each in problems if each[1] != HOLDER] + [(stopped, HOLDER)]
    columns = {column for field in others for column in (PLACE_COLUMNS if field == PLACE else (field,))}
    facts = {
        "area": _area(found),
        "found": found,
        "home": _home(found),
        "entry": _line(visit, found.entry, found.asset_tag),
        "main": main,
        "others": others,
        "opened": any(field in columns for _, field in problems),
        "typed": typed,
        "times": TIMES,
        "ways": ACCEPTED_HOW,
        "another": chosen_holders.another_of_the_name(visit.workplace, recorded, found.holder_id),
        "holder_names": [each.name for each in holders.all_holders(visit.workplace)] if found.asset_tag else [],
        "problems": problems,
    }
    status = 200 if error is None else status_of(error)
    return render(visit, "corrections/new.html", facts, status=status)


def _check_page(
    visit: Visit, kept: KeptCorrection, failed: str = "", moved: Sequence[AnyEntry] = (), *, status: int = 200
) -> Response:
    """Show what a correction would do now, with its code where it can be made."""
    wanted = kept.wanted
    found = standing(visit.workplace, wanted.seq)
    try:
        if failed:  # from here on it is what is shown now that is checked
            kept = correction_drafts.begin(_desk(visit), wanted, kept.draft_id)
        proposal = correction_drafts.preview(visit.workplace, wanted)
    except (errors.CorrectionHasProblems, errors.DeedRefused) as error:
        return _form_page(visit, found, _fields_again(visit, found, wanted), error)
    facts = {
        "area": _area(found),
        "found": found,
        "home": _home(found),
        "entry": _line(visit, found.entry, found.asset_tag),
        "kept": kept,
        "cells": _cells(found, proposal),
        "confirm": proposal.confirm_code,
        "failed": failed,
        "moved": [_line(visit, entry, found.asset_tag) for entry in moved],
        "illegal": [],
        "notices": proposal.notices,
        "became": "",
        "became_words": became_words,
        "effects": Effects(),
    }
    if isinstance(proposal, Proposal):
        facts |= _of_row(visit, proposal)
    return render(visit, "corrections/check.html", facts, status=status)


def _of_row(visit: Visit, proposal: Proposal) -> dict[str, object]:
    """Return what the check page shows of a row beside its cells."""
    return {
        "illegal": proposal.illegal,
        "notices": [each for each in proposal.notices if each.code != "timestamp_local"],  # the field says the zone
        "became": "" if proposal.illegal else became_words((proposal.before.asset, proposal.after.asset)),
        "effects": correction_effects.effects(visit.workplace, proposal),
    }


def became_words(became: Became) -> str:
    """Return what becomes of an asset, in a few words; blank where there is none."""
    before, after = became
    return "" if after is None else before_and_after(before, after, ARROW)


def _line(visit: Visit, entry: AnyEntry, asset_tag: str | None) -> dict[str, object]:
    """Return what a page says of an entry."""
    what = what_on_page(visit, entry)
    return {
        "seq": entry.seq,
        "kind": event_type(entry),
        "at": getattr(entry, "occurred_at", None) or getattr(entry, "recorded_at", ""),
        "by": getattr(entry, "operator_id", None) or getattr(entry, "operator", ""),
        "what": what.removeprefix(f"{asset_tag}: ") if asset_tag else what,
    }


def _cells(found: Standing, proposal: AnyProposal) -> list[tuple[str, str, str]]:
    """Return what of the entry would be otherwise: the field, what it is, and what it should have been."""
    if isinstance(proposal, AcceptanceProposal):
        before, after = dict(found.cells), {**found.cells, **proposal.changed}
    else:
        before, after = proposal.row_before.cells, proposal.row_after.cells
    rows = [(field, before[field], after[field]) for field in proposal.changed if field not in PLACE_COLUMNS]
    if PLACE_COLUMNS[0] in proposal.changed:
        rows.insert(0, (PLACE, _place_named(before), _place_named(after)))
    return rows


def _place_named(cells: Mapping[str, str]) -> str:
    """Return the place that a row names: OUT where it says that it is in no slot, blank where it says nothing."""
    case, slot = (cells[column] for column in PLACE_COLUMNS)
    return case if case in {"", OUT_WORD} else str(Place(case, int(slot)))
