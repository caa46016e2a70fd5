"""The programming interface, typed deeds about assets: issue, return, transfer, retire; previewed, then committed."""

import msgspec
from starlette.responses import Response

from assettrack.domain import errors, typed_rows
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT, Place
from assettrack.services.custody import TypedCommand
from assettrack.services.custody import commit as commit_typed
from assettrack.services.custody import preview as preview_typed
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import done
from assettrack.web.api.batches import plan_answer
from assettrack.web.api.requests import GivingSent, RetireSent, ReturnSent, TypedSent
from assettrack.web.idempotency import MayRepeat, Repeatable
from assettrack.web.permissions import Permission
from assettrack.web.station import Visit

routes = Routes()


class _Deed(msgspec.Struct, frozen=True):
    """A typed deed as it was sent: what is to be done, with which options, how it is confirmed, and who asks."""

    visit: Visit
    sent: TypedSent
    command: TypedCommand
    options: Options

    def answer(self, repeatable: MayRepeat) -> Response:
        """Answer the deed's plan, or commit it.

        Raises:
            desk_errors.RequestUnclear: it is not said in exactly one way whether to commit.
        """
        sent, workplace = self.sent, self.visit.workplace
        said_values.one_way({"preview": sent.preview, "confirm": sent.confirm is not None, "yes": sent.yes})
        if sent.preview:
            return plan_answer(preview_typed(workplace, self.command, self.options), None)
        return repeatable.answer(
            lambda: commit_typed(workplace, self.command, self.options, confirm=sent.confirm),
            known_by_rows=sent.is_known_by_rows,
        )


@routes.data_deed("issue", Permission.OPERATE, **done("Issue assets", answers.PlanAnswer, answers.CommitAnswer))
def issue(visit: CurrentVisit, sent: GivingSent, repeatable: Repeatable) -> Response:
    """Give assets into the custody of a holder: all of them, or none. Say one of preview, confirm and yes."""
    tags = said_values.asset_tags(sent.asset_tags)
    rows = typed_rows.issues(tags, _holder(sent), _notes(sent.notes))
    return _Deed(visit, sent, TypedCommand(tags, lambda _: rows, sent.at), _giving_options(sent)).answer(repeatable)


@routes.data_deed("transfer", Permission.OPERATE, **done("Transfer assets", answers.PlanAnswer, answers.CommitAnswer))
def transfer(visit: CurrentVisit, sent: GivingSent, repeatable: Repeatable) -> Response:
    """Move custody of assets from whoever has them to a holder. Say one of preview, confirm and yes."""
    tags = said_values.asset_tags(sent.asset_tags)
    rows = typed_rows.transfers(tags, _holder(sent), _notes(sent.notes))
    return _Deed(visit, sent, TypedCommand(tags, lambda _: rows, sent.at), _giving_options(sent)).answer(repeatable)


@routes.data_deed("return", Permission.OPERATE, **done("Return assets", answers.PlanAnswer, answers.CommitAnswer))
def take_back(visit: CurrentVisit, sent: ReturnSent, repeatable: Repeatable) -> Response:
    """Take assets back, each into the slot that it was issued from. Say one of preview, confirm and yes.

    With case_name and slot_position one asset goes into that slot; with unslotted all go into storage, into no slot.
    """
    tags, notes = said_values.asset_tags(sent.asset_tags), _notes(sent.notes)
    target = OUT if sent.unslotted else None
    if sent.case_name is not None or sent.slot_position is not None:
        target = _named_place(sent, len(tags))
    command = TypedCommand(tags, lambda found: typed_rows.returns(tags, found, target, notes), sent.at)
    return _Deed(visit, sent, command, sent.options()).answer(repeatable)


@routes.data_deed("retire", Permission.OPERATE, **done("Retire assets", answers.PlanAnswer, answers.CommitAnswer))
def retire(visit: CurrentVisit, sent: RetireSent, repeatable: Repeatable) -> Response:
    """End assets: nothing can be done with them afterwards. Say one of preview, confirm and yes."""
    tags = said_values.asset_tags(sent.asset_tags)
    rows = typed_rows.retirements(tags, said_values.text("The reason", sent.reason) or "")
    return _Deed(visit, sent, TypedCommand(tags, lambda _: rows, sent.at), sent.options()).answer(repeatable)


def _holder(sent: GivingSent) -> str:
    return said_values.person(sent.to, "The name in to")


def _notes(said: str | None) -> str:
    return (said_values.text("The notes", said) or "") if said else ""


def _giving_options(sent: GivingSent) -> Options:
    due = said_values.date("The date", sent.due)
    return msgspec.structs.replace(sent.options(), due_on=due, new_holders=sent.new_holders)


def _named_place(sent: ReturnSent, count: int) -> Place:
    """Return the one slot into which one asset is to go.

    Raises:
        errors.ValueUnusable: half of it is missing, or it does not go together with the rest.
    """
    found = said_values.named_place(sent.case_name, sent.slot_position)
    if sent.unslotted or count > 1:
        raise errors.ValueUnusable("The slot", str(found), "it is for one asset, and not together with unslotted")
    return found
