"""The programming interface, corrections of what was committed: previewed, then made exactly so, or not at all."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assettrack.services.correction_ways import corrected, handovers_of, previewed, refusal_of, way_of
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api.answers import AssetState, Failure, FoundInRow, done
from assettrack.web.api.requests import LongText, Number, Sent
from assettrack.web.api_errors import told
from assettrack.web.corrections.forms import require_letters
from assettrack.web.idempotency import Repeatable, json_answer
from assettrack.web.permissions import Permission

routes = Routes()

FIELDS_MAX = 20
"""So many values at most in one correction; no entry has more fields."""


class CorrectionSent(Sent):
    """An entry to be corrected, and what it should have said."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"seq": 17, "values": {"issued_to_name": "Bob Lee"}, "reason": "wrong line", "preview": True}]
        },
    )

    seq: Annotated[Number, Field(description="The number of the entry, or of an earlier correction of it.")]
    values: Annotated[
        dict[Annotated[str, Field(max_length=40)], LongText],
        Field(
            min_length=1,
            max_length=FIELDS_MAX,
            description="What each field should have been: a column of a row, due_on, or of an acceptance how, by, at.",
        ),
    ]
    reason: Annotated[LongText | None, Field(description="Why; kept in the log. A preview needs none.")] = None
    preview: Annotated[bool, Field(description="Answer what would be done, with its code. Saves nothing.")] = False
    confirm: Annotated[str | None, Field(max_length=20, description="The code that the preview answered.")] = None
    yes: Annotated[bool, Field(description="Decide and correct in one go; never against a refusal.")] = False


class Stated(BaseModel):
    """What is corrected. Of an acceptance asset_tag, before and after are null, and acceptance says what it said."""

    corrects: int
    asset_tag: str | None
    changed: Annotated[dict[str, str], Field(description="The new values, in their normal form.")]
    before: Annotated[AssetState | None, Field(description="The asset as it is.")]
    after: Annotated[AssetState | None, Field(description="The asset with the correction.")]
    acceptance: dict[str, Any] | None = None


class IllegalEntry(BaseModel):
    """An entry that would not be legal any more."""

    seq: int
    asset_tag: str
    code: str
    message: str


class HandoverAnswer(BaseModel):
    """What a batch exchanged with a holder, and would be open to be accepted; or (not asked) not be asked for."""

    batch_id: int
    holder: str
    asked: bool


class CorrectionPlanAnswer(Stated):
    """What a correction would do; confirm is null where it can't be made, and then error says how it would end."""

    valid: bool
    confirm: str | None
    row: Annotated[dict[str, Any] | None, Field(description="The cells of the row, before and after.")]
    illegal: list[IllegalEntry]
    notices: list[FoundInRow]
    handovers: Annotated[list[HandoverAnswer], Field(description="What it does to acceptances.")]
    error: Failure | None = None


class CorrectedAnswer(Stated):
    """A correction that was made."""

    batch_id: None
    committed: int
    already_committed: bool
    first_seq: int
    last_seq: int
    checkpoint: Annotated[str, Field(description="The signed note that covers the correction.")]


@routes.data_deed("corrections", Permission.OPERATE, **done("Correct an entry", CorrectionPlanAnswer, CorrectedAnswer))
def correct(visit: CurrentVisit, sent: CorrectionSent, repeatable: Repeatable) -> Response:
    """Supersede what an entry says, in the open, with a reason; it stays. Say one of preview, confirm and yes.

    Nothing is saved if the history would not stay legal with it; the preview names every entry that would not.
    """
    said_values.one_way({"preview": sent.preview, "confirm": sent.confirm is not None, "yes": sent.yes})
    for field, text in sent.values.items():
        require_letters(field, text)
    way = way_of(visit.workplace, sent.seq)
    if not sent.preview:
        reason = said_values.text("The reason", sent.reason) or ""
        return repeatable.answer(
            lambda: corrected(way.correct(visit.workplace, sent.seq, sent.values, reason, confirm=sent.confirm))
        )
    proposal = way.preview(visit.workplace, sent.seq, sent.values)
    answer, error = previewed(proposal, handovers_of(visit.workplace, proposal)), refusal_of(proposal)
    if error is not None:
        answer["error"] = told(error)
    return json_answer(answer)
