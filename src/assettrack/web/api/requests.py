"""What a program may send: the fields of each request, with their bounds. A field that is not named here is refused.

Owns the shape of requests and how the document describes it; what a text means is read in `said_values`.
"""

from typing import Annotated, Any, ClassVar

from fastapi import Body, Path
from pydantic import BaseModel, ConfigDict, Field

from assettrack.domain import errors
from assettrack.domain.inventory import Status
from assettrack.domain.plans import Acceptance, AcceptedHow, Options
from assettrack.domain.tags import SLOTS_PER_CASE_MAX
from assettrack.web import said_values
from assettrack.web.forms import NUMBER_MAX

TAGS_MAX = 500
"""So many assets at most in one typed deed; a batch file takes a million rows."""

TAG_LETTERS, NAME_LETTERS, TEXT_LETTERS = 64, 400, 4096


class Sent(BaseModel):
    """What all requests have in common: types are what they say, and no field is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """What all questions have in common: they stand in the address, as text."""

    model_config = ConfigDict(extra="forbid")


TagText = Annotated[str, Field(max_length=TAG_LETTERS, description="An asset tag.", examples=["LT-0042"])]
CaseText = Annotated[str, Field(max_length=TAG_LETTERS, description="The name of a case.", examples=["CASE-01"])]
Position = Annotated[int, Field(ge=1, le=SLOTS_PER_CASE_MAX, description="A slot of the case.", examples=[7])]
NameText = Annotated[str, Field(max_length=NAME_LETTERS, examples=["Jane Smith"])]
LongText = Annotated[str, Field(max_length=TEXT_LETTERS)]
DateText = Annotated[str, Field(max_length=32, description="A date, YYYY-MM-DD.", examples=["2027-01-31"])]
Number = Annotated[int, Field(ge=1, le=NUMBER_MAX)]
Limit = Annotated[int, Field(ge=1, le=1000, description="How many at most.")]
PathNumber = Annotated[int, Path(ge=1, le=NUMBER_MAX, examples=[1])]
TagInPath = Annotated[str, Path(max_length=TAG_LETTERS, examples=["LT-0042"])]
CaseInPath = Annotated[str, Path(max_length=TAG_LETTERS, examples=["CASE-01"])]
NameInPath = Annotated[str, Path(max_length=NAME_LETTERS, examples=["Jane Smith"])]

BatchFile = Annotated[
    bytes,
    Body(
        media_type="text/csv",
        description="A batch file in CSV, as it is: contract OPN-2004 v1.",
        examples=["asset_tag,timestamp,event_type,operator_id\nLT-0042,2026-07-01T09:30:00Z,SCAN,mara\n"],
    ),
]

_LATE = "Accept rows earlier than the asset's latest entry, for this reason."
_NEW_HOLDERS = "Register names that are unknown with this deed."
_DUE = "When what is given is due back, YYYY-MM-DD."
_HOW = "How responsibility was accepted."
_CONFIRM = "The code that the preview answered."
_YES = "Decide and commit in one go; accepts notices, never refusals."


class BatchAsked(Asked):
    """How a batch file is to be taken."""

    default: Annotated[
        list[Annotated[str, Field(max_length=TEXT_LETTERS)]],
        Field(max_length=20, description="FIELD=VALUE fills blank cells of rows that create an asset."),
    ] = []
    new_holders: Annotated[bool, Field(description=_NEW_HOLDERS)] = False
    only_new: Annotated[bool, Field(description="Leave out rows that are recorded already.")] = False
    accept_late: Annotated[LongText | None, Field(description=_LATE)] = None
    due: Annotated[DateText | None, Field(description=_DUE)] = None
    accepted: Annotated[AcceptedHow | None, Field(description=_HOW)] = None

    def options(self) -> Options:
        """Return the options of the batch.

        Raises:
            errors.ValueUnusable: one of them can't be used.
        """
        return Options(
            said_values.defaults(self.default),
            self.new_holders,
            self.only_new,
            said_values.text("The reason", self.accept_late),
            said_values.date("The date", self.due),
            None if self.accepted is None else Acceptance(self.accepted),
        )


class CommitAsked(BatchAsked):
    """How a batch file is to be taken, what it is called, and how its commit is confirmed."""

    name: Annotated[str, Field(max_length=200, description="What the log calls the file.")] = "scans.csv"
    confirm: Annotated[str | None, Field(max_length=20, description=_CONFIRM, examples=["K7QF-2M9X"])] = None
    yes: Annotated[bool, Field(description=_YES)] = False


class TypedSent(Sent):
    """What all typed deeds about assets have in common."""

    asset_tags: Annotated[
        list[TagText], Field(min_length=1, max_length=TAGS_MAX, description="Which assets, none of them twice.")
    ]
    at: Annotated[
        str | None,
        Field(
            max_length=64,
            description=(
                "When it happened, if not now: YYYY-MM-DDThh:mm with Z or an offset. Rows with a time of their own "
                "are known again, so that sending them twice is harmless."
            ),
        ),
    ] = None
    accept_late: Annotated[LongText | None, Field(description=_LATE)] = None
    accepted: Annotated[AcceptedHow | None, Field(description=_HOW)] = None
    accepted_by: Annotated[NameText | None, Field(description="Who accepted it, if not the holder.")] = None
    preview: Annotated[bool, Field(description="Answer what would be done, with its code. Saves nothing.")] = False
    confirm: Annotated[str | None, Field(max_length=20, description=_CONFIRM)] = None
    yes: Annotated[bool, Field(description=_YES)] = False

    @property
    def is_known_by_rows(self) -> bool:
        """Whether sending it again makes the same rows, which tell whether they are recorded already."""
        return self.at is not None

    def options(self) -> Options:
        """Return the options of the typed batch.

        Raises:
            errors.ValueUnusable: one of them can't be used.
        """
        if self.accepted_by is not None and self.accepted is None:
            raise errors.ValueUnusable("accepted_by", self.accepted_by[:40], "it needs accepted: how it was accepted")
        by = None if self.accepted_by is None else said_values.person(self.accepted_by, "The name in accepted_by")
        return Options(
            late_reason=said_values.text("The reason", self.accept_late),
            accepted=None if self.accepted is None else Acceptance(self.accepted, by),
        )


def _example(**fields: object) -> ConfigDict:
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [dict[str, Any](fields)]})


class GivingSent(TypedSent):
    """Assets to be given to a holder."""

    model_config: ClassVar[ConfigDict] = _example(
        asset_tags=["LT-0042", "LT-0043"], to="Jane Smith", due="2027-01-31", at="2026-07-01T09:30Z", preview=True
    )

    to: Annotated[NameText, Field(description="Who gets them.")]
    due: Annotated[DateText | None, Field(description=_DUE)] = None
    notes: Annotated[LongText | None, Field(description="Kept in each entry.")] = None
    new_holders: Annotated[bool, Field(description=_NEW_HOLDERS)] = False


class ReturnSent(TypedSent):
    """Assets to be taken back."""

    model_config: ClassVar[ConfigDict] = _example(asset_tags=["LT-0042"], at="2026-07-01T16:00Z", preview=True)

    case_name: Annotated[CaseText | None, Field(description="Into this case, with slot_position; one asset.")] = None
    slot_position: Annotated[Position | None, Field(description="Into this slot, with case_name.")] = None
    unslotted: Annotated[bool, Field(description="Into storage, but into no slot.")] = False
    notes: Annotated[LongText | None, Field(description="Kept in each entry.")] = None

    @property
    def is_known_by_rows(self) -> bool:
        """As of all; but where no slot is said, the rows name the home that an asset has only until it is back."""
        return self.at is not None and (self.unslotted or self.case_name is not None)


class RetireSent(TypedSent):
    """Assets to be ended."""

    model_config: ClassVar[ConfigDict] = _example(asset_tags=["LT-0042"], reason="screen broken", preview=True)

    reason: Annotated[LongText, Field(description="Why; kept in the log.")]


class HolderSent(Sent):
    """Somebody to be registered."""

    model_config: ClassVar[ConfigDict] = _example(name="Jane Smith", identifier="S-17")

    name: NameText
    organisation: Annotated[NameText | None, Field(description="Ad Hoc where none is said.")] = None
    identifier: Annotated[NameText | None, Field(description="Such as a staff number.")] = None


class CaseSent(Sent):
    """A case to be prepared."""

    model_config: ClassVar[ConfigDict] = _example(case_name="CASE-03", slots=20)

    case_name: CaseText
    slots: Annotated[int, Field(ge=1, le=SLOTS_PER_CASE_MAX, description="How many empty slots it has.")]


class SlotSent(Sent):
    """An asset, and the slot it is put into."""

    model_config: ClassVar[ConfigDict] = _example(asset_tag="LT-0042", case_name="CASE-02", slot_position=1)

    asset_tag: TagText
    case_name: CaseText
    slot_position: Position


class VacateSent(Sent):
    """A slot to be emptied, named by itself or by the asset in it."""

    model_config: ClassVar[ConfigDict] = _example(asset_tag="LT-0042", reason="repair")

    asset_tag: TagText | None = None
    case_name: CaseText | None = None
    slot_position: Position | None = None
    reason: Annotated[LongText | None, Field(description="Why; kept in the log.")] = None


class ReceiptSent(Sent):
    """For what receipts are wanted: a batch, a holder's part of it, or all that a holder has."""

    model_config: ClassVar[ConfigDict] = _example(batch_id=7)

    batch_id: Number | None = None
    holder: NameText | None = None


class AssetsAsked(Asked):
    """Which assets are listed; what is not said is not asked for."""

    status: Annotated[Status | None, Field(examples=["IN_CUSTODY"])] = None
    case: CaseText | None = None
    type: Annotated[str | None, Field(max_length=TEXT_LETTERS, description="The type of equipment, exactly.")] = None
    text: Annotated[
        str | None, Field(max_length=TEXT_LETTERS, description="What the tag or the serial number begins with.")
    ] = None
    holder_id: Annotated[Number | None, Field(description="Only what this holder has.")] = None
    slotted: Annotated[bool | None, Field(description="In a slot, or in none.")] = None
    after: Annotated[str, Field(max_length=TAG_LETTERS, description="next_after of the answer before.")] = ""
    limit: Limit = 100


class CasesAsked(Asked):
    """Which page of the cases is listed."""

    after: Annotated[str, Field(max_length=TAG_LETTERS, description="next_after of the answer before.")] = ""
    limit: Limit = 100


class HoldersAsked(Asked):
    """Which page of the holders is listed."""

    after: Annotated[int, Field(ge=0, le=NUMBER_MAX, description="next_after of the answer before.")] = 0
    limit: Limit = 100


class EntriesAsked(Asked):
    """Which entries of the log are read."""

    first: Annotated[int, Field(ge=1, le=NUMBER_MAX, description="The number of the first entry.")] = 1
    limit: Limit = 100


class ReportAsked(Asked):
    """What a report is narrowed to; which of it a report takes is listed with the reports."""

    holder: NameText | None = None
    organisation: NameText | None = None
    type: Annotated[NameText | None, Field(description="The type of equipment.")] = None
    details: Annotated[bool, Field(description="A line for each asset or interval.")] = False
    asset: TagText | None = None
    since: DateText | None = None
    everything: Annotated[bool, Field(description="Every asset, and not only the unresolved.")] = False
    last: Annotated[int | None, Field(ge=1, le=1000, description="Only so many.")] = None
    by: Annotated[NameText | None, Field(description="Only what this person did.")] = None
    kind: Annotated[str | None, Field(max_length=TAG_LETTERS, description="Only entries of this kind.")] = None
