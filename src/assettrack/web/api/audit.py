"""The programming interface, the audit log: its entries and their proofs, its checkpoint, the station's key."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from assettrack.services import audit
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import answered
from assettrack.web.api.reading import stored
from assettrack.web.api.requests import EntriesAsked, PathNumber
from assettrack.web.idempotency import json_answer
from assettrack.web.permissions import Permission

routes = Routes()


@routes.data("audit/checkpoint", Permission.AUDIT, **answered("A checkpoint", answers.CheckpointAnswer))
def checkpoint(visit: CurrentVisit) -> Response:
    """Answer the signed checkpoint of the whole log, to be kept elsewhere."""
    note = audit.latest_checkpoint(visit.workplace)
    origin, size, root = note.split("\n")[:3]
    return json_answer({"origin": origin, "size": int(size), "root": root, "note": note})


@routes.data("audit/entries", Permission.VIEW, **answered("Entries of the log", answers.EntriesAnswer))
def entries(visit: CurrentVisit, asked: Annotated[EntriesAsked, Query()]) -> Response:
    """Answer entries of the log in their order, a page at a time. For bytes to be hashed take an entry's proof."""
    last = asked.first + asked.limit - 1
    found = list(audit.entries(visit.workplace, asked.first, last))
    more = last + 1 if audit.log_size(visit.workplace) > last else None
    return json_answer({"entries": list(map(stored, found)), "next_first": more})


@routes.data("audit/entries/{seq}/proof", Permission.VIEW, **answered("An entry's proof", answers.ProofAnswer, 404))
def proof(visit: CurrentVisit, seq: PathNumber) -> Response:
    """Prove that an entry is in the log, to somebody who has only the station's public key."""
    return json_answer(audit.prove(visit.workplace, seq))


@routes.data("audit/key", Permission.VIEW, **answered("The station's public key", answers.KeyAnswer))
def key(visit: CurrentVisit) -> Response:
    """Answer the key by which checkpoints, receipts and proofs are checked elsewhere."""
    return json_answer({"key": audit.verifier_key(visit.workplace)})
