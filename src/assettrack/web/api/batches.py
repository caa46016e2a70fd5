"""The programming interface, batch files: previewed, and committed exactly as previewed."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from fastapi import Query
from starlette.responses import Response, StreamingResponse

from assettrack.domain import errors
from assettrack.domain.plans import Plan
from assettrack.formats import scan_csv
from assettrack.services.intake import commit as commit_batch
from assettrack.services.intake import preview as preview_batch
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import answered, done
from assettrack.web.api.requests import BatchAsked, BatchFile, CommitAsked
from assettrack.web.api_errors import told
from assettrack.web.idempotency import Repeatable
from assettrack.web.permissions import Permission

routes = Routes()


@routes.data_deed("preview", Permission.OPERATE, **answered("Preview a batch file", answers.PlanAnswer, 400, 413))
def preview(visit: CurrentVisit, file: BatchFile, asked: Annotated[BatchAsked, Query()]) -> Response:
    """Answer what a batch file would do, and the code that commits exactly that. Saves nothing."""
    source = scan_csv.parse(file)
    plan = preview_batch(visit.workplace, source, asked.options())
    return plan_answer(plan, source.sha256)


@routes.data_deed("commit", Permission.OPERATE, **done("Commit a batch file", answers.CommitAnswer))
def commit(
    visit: CurrentVisit, file: BatchFile, asked: Annotated[CommitAsked, Query()], repeatable: Repeatable
) -> Response:
    """Commit a batch file: all of it, or nothing. Say either confirm, the code of its preview, or yes.

    A file whose rows are all recorded already is answered with the batch that holds them.
    """
    said_values.one_way({"confirm": asked.confirm is not None, "yes": asked.yes})
    options, name = asked.options(), said_values.text("The name", asked.name) or ""
    return repeatable.answer(
        lambda: commit_batch(visit.workplace, scan_csv.parse(file), name, options, confirm=asked.confirm),
        known_by_rows=True,
    )


def plan_answer(plan: Plan, sha256: str | None) -> Response:
    """Answer a plan. It is sent while it is encoded: there may be a million changes in it."""
    facts: dict[str, object] = {
        "rows": plan.rows,
        "sha256": sha256,
        "valid": plan.valid,
        "already_committed": plan.already_committed,
        "recorded_in": plan.recorded_in,
        "confirm": plan.confirm_code,
        "new_holders": plan.new_holders,
        "problems": plan.problems,
        "refusals": plan.refusals,
        "notices": plan.notices,
    }
    error = _refusal_of(plan, "batch" if sha256 is None else "file")
    if error is not None:
        facts["error"] = told(error)
    return StreamingResponse(_blocks(facts, plan), 200, None, answers.MEDIA)


def _blocks(facts: dict[str, object], plan: Plan) -> Iterator[bytes]:
    """Yield a plan as JSON in pieces. The changes were encoded for the confirm code already, as lines."""
    yield msgspec.json.encode(facts)[:-1] + b',"changes":['
    comma = b""
    for block in plan.blocks:
        yield comma + block[:-1].replace(b"\n", b",")  # a line break can't stand inside JSON text
        comma = b","
    yield b"]}"


def _refusal_of(plan: Plan, made_of: errors.MadeOf) -> errors.AssetTrackError | None:
    """Return the error with which a commit of this plan would end, or None."""
    if plan.problems:
        return errors.BatchHasProblems(plan.problems, plan.refusals, made_of)
    return errors.BatchRefused(plan.refusals, made_of) if plan.refusals else None
