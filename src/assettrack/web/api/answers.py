"""What the programming interface answers, as its document describes it: the keys of the command line's ``--json``.

Owns the description alone: answers are encoded from what the services return, and new keys may be added to them. A test
holds answers against it.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Union

from pydantic import BaseModel, Field

from assettrack.domain.inventory import Status
from assettrack.domain.scans import EventType

MEDIA = "application/json"


class Failure(BaseModel):
    """Why a request failed."""

    code: Annotated[str, Field(description="The code of the catalogue.", examples=["plan_stale"])]
    message: Annotated[str, Field(description="A sentence for people.")]
    saved: Annotated[bool | None, Field(description="Whether anything was saved; null where that is not known.")]


class FoundInRow(BaseModel):
    """A problem, a refusal or a notice."""

    row_number: Annotated[int | None, Field(description="The row, from 1; null where the whole file is meant.")]
    field: str | None
    code: str
    message: str


class ErrorAnswer(BaseModel):
    """The answer to a request that failed."""

    error: Failure
    problems: list[FoundInRow] = []
    refusals: list[FoundInRow] = []
    moved: Annotated[list[int], Field(description="On plan_stale: rows that would do something else.")] = []


class Caller(BaseModel):
    """For whom a program acts."""

    name: str
    role: str


class StationAnswer(BaseModel):
    """The station, and for whom the token acts."""

    station: str
    timezone: str
    version: str
    entries: Annotated[int, Field(description="How many entries the log has.")]
    key: Annotated[str, Field(description="The station's public key.")]
    account: Caller


class AssetState(BaseModel):
    """The state of an asset."""

    status: Status
    case_name: str | None
    slot_position: int | None
    holder: str | None
    equipment_type: str
    serial_number: str | None = None
    building_room: str | None = None
    due_on: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    model_code: str | None = None


class AssetAnswer(AssetState):
    """An asset."""

    asset_tag: str


class Listed(BaseModel):
    """An asset in a list."""

    asset_tag: str
    status: Status
    equipment_type: str
    serial_number: str | None
    case_name: str | None
    slot_position: int | None
    holder: str | None
    building_room: str | None
    due_on: str | None


class AssetsAnswer(BaseModel):
    """A page of assets, by tag."""

    assets: list[Listed]
    total: Annotated[int, Field(description="How many there are on all pages.")]
    next_after: Annotated[str | None, Field(description="For the next page; null on the last.")]


class Superseded(BaseModel):
    """That an entry was corrected by another."""

    corrected_seq: int
    seq: int


class HistoryAnswer(BaseModel):
    """All entries about an asset, oldest first, each as it is stored."""

    asset_tag: str
    entries: list[dict[str, Any]]
    corrections: list[Superseded]


class Slot(BaseModel):
    """A slot and who is in it."""

    slot_position: int
    current_asset_tag: str | None


class CaseAnswer(BaseModel):
    """A case and its slots."""

    case_name: str
    slots: list[Slot]


class CasesAnswer(BaseModel):
    """A page of cases, by name."""

    cases: list[CaseAnswer]
    next_after: str | None


class SlotAnswer(Slot):
    """A slot of a case and who is in it now."""

    case_name: str


class HolderFacts(BaseModel):
    """What is known of a holder."""

    holder_id: int
    name: str
    organisation: str
    identifier: str | None
    active: bool


class HoldersAnswer(BaseModel):
    """A page of holders, by number."""

    holders: list[HolderFacts]
    next_after: int | None


class Held(BaseModel):
    """An asset that a holder has."""

    asset_tag: str
    equipment_type: str
    serial_number: str | None
    due_on: str | None


class Waiting(BaseModel):
    """A batch that the holder has not accepted yet."""

    batch_id: int
    recorded_at: str


class HolderAnswer(HolderFacts):
    """A holder, and what the holder has."""

    has_contact: bool
    assets: list[Held]
    open_acceptances: list[Waiting]


class RegisteredAnswer(HolderFacts):
    """A holder who was registered, and registered names that may be of the same person."""

    near: list[str]


class CommitAnswer(BaseModel):
    """What became of a commit; committed is 0 where all rows were recorded before."""

    batch_id: int
    committed: int
    already_committed: bool
    first_seq: int
    last_seq: int
    checkpoint: Annotated[str, Field(description="The signed note that covers the batch.")]


class Exchanged(BaseModel):
    """A holder whom a batch gave something or took something from."""

    holder_id: int
    holder: str
    accepted_seq: Annotated[int | None, Field(description="The entry by which it was accepted.")]
    added: Annotated[
        list[str], Field(description="Assets that corrections added after it was accepted; nobody has accepted those.")
    ]


class BatchAnswer(BaseModel):
    """A batch as it stands in the log. Its entries are those from first_seq to last_seq."""

    batch_id: int
    rows: int
    first_seq: int
    last_seq: int
    checkpoint: str
    recorded_at: str
    committed_by: str
    source_name: str
    source_sha256: str
    new_holders: int
    options: dict[str, Any]
    handovers: list[Exchanged]


class Changed(BaseModel):
    """What a row will do. Before is null where it creates."""

    row_number: int
    asset_tag: str
    event_type: EventType
    before: AssetState | None
    after: AssetState
    late: bool = False
    holder_id: int | None = None


class PlanAnswer(BaseModel):
    """What a batch would do; confirm is null unless it is valid, and then error says how its commit would end."""

    rows: int
    sha256: str | None
    valid: bool
    already_committed: bool
    recorded_in: list[int]
    confirm: str | None
    new_holders: list[str]
    problems: list[FoundInRow]
    refusals: list[FoundInRow]
    notices: list[FoundInRow]
    changes: list[Changed]
    error: Failure | None = None


class IssuedReceipt(BaseModel):
    """A receipt as it stands in the log."""

    receipt_id: int
    seq: int
    holder: str
    batch_id: int | None
    lines: int
    already_issued: bool


class ReceiptsAnswer(BaseModel):
    """The receipts that were asked for; the entries are of those that are new."""

    receipts: list[IssuedReceipt]
    first_seq: int | None
    last_seq: int | None
    checkpoint: str | None


class ReceiptAnswer(BaseModel):
    """A receipt's text, byte for byte as it was hashed, and the code that proves it."""

    receipt_id: int
    text: str
    payload: str


class ReportName(BaseModel):
    """A report, and what it can be narrowed to."""

    name: str
    filters: list[str]


class ReportsAnswer(BaseModel):
    """All reports."""

    reports: list[ReportName]


class ReportAnswer(BaseModel):
    """A report: its figures, its columns, and a row as an object by the columns' keys. Each has figures of its own."""

    report: str
    made_at: str
    entries: int
    root: str
    title: str
    timezone: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]] = []
    footnotes: list[str]


class CheckpointAnswer(BaseModel):
    """The signed checkpoint of the whole log."""

    origin: str
    size: int
    root: str
    note: Annotated[str, Field(description="The signed note, byte for byte.")]


class EntriesAnswer(BaseModel):
    """Entries of the log, each as it is stored."""

    entries: list[dict[str, Any]]
    next_first: Annotated[int | None, Field(description="Where to go on; null after the log's last.")]


class ProofAnswer(BaseModel):
    """That an entry is in the log: RFC 6962 inclusion proof, hashes in base64."""

    seq: int
    body: Annotated[str, Field(description="The entry byte for byte, to be hashed.")]
    leaf: str
    proof: list[str]
    checkpoint: str


class KeyAnswer(BaseModel):
    """The station's public key, as C2SP signed notes have it."""

    key: str


FAILURES = {
    400: "The body can't be read",
    401: "No token, or one that is not good",
    403: "The role does not allow it",
    404: "There is none such",
    409: "Refused by the present state, stale, or the key is in use",
    413: "The body is too large",
    422: "The request or the file does not look right",
    503: "Busy: try again",
}
_OF_ALL = (401, 403, 422)
_OF_DEEDS = (400, 404, 409, 413, 503)


def answered(summary: str, model: type[BaseModel], *failures: int) -> dict[str, Any]:
    """Return how a question is described: in a few words, by its answer, and by the failures it can end with."""
    return _described(summary, model, failures)


def described(summary: str, answer: str) -> dict[str, Any]:
    """Return how a question is described whose answer is known by another standard."""
    failures = {status: {"model": ErrorAnswer, "description": FAILURES[status]} for status in _OF_ALL}
    return {"summary": summary, "responses": {200: {"description": answer}, **failures}}


def done(summary: str, *models: type[BaseModel]) -> dict[str, Any]:
    """Return how a deed is described; where it has several answers, it has one of them at a time."""
    return _described(summary, Union[models], _OF_DEEDS)  # noqa: UP007 - the members are known at run time alone


def _described(summary: str, model: object, failures: Iterable[int]) -> dict[str, Any]:
    responses: dict[int, dict[str, Any]] = {200: {"model": model, "description": "Done"}}
    for status in sorted({*_OF_ALL, *failures}):
        responses[status] = {"model": ErrorAnswer, "description": FAILURES[status]}
    return {"summary": summary, "responses": responses}
