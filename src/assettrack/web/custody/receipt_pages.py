"""Receipts: issued for a batch or for all that a holder has, shown as text, and printed the same each time."""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.domain.receipts import parse_text
from assettrack.paper.receipt_pdf import receipt_pdf
from assettrack.services import receipts
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.paths import papers_path
from assettrack.web.forms import Number
from assettrack.web.holders.paths import name_in
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render

routes = Routes()

TextField = Annotated[str, Form()]


@routes.deed("/batches/{batch_id}/receipts", Permission.OPERATE)
def issue_for_batch(visit: CurrentVisit, batch_id: Number, holder: TextField = "", number: TextField = "") -> Response:
    """Issue the receipts of a batch, or the one of a holder; what says the same as before is not issued anew.

    The holder is whom the page showed, by ``number``: the name may be another's since.
    """
    chosen = said_values.number_beside(number)
    issued = receipts.issue_for_batch(visit.workplace, batch_id, holder or None, chosen)
    return RedirectResponse(papers_path(batch_id, issued.receipts[0].holder if holder else ""), 303)


@routes.deed("/holders/{name:path}/hand-receipt", Permission.OPERATE)
def issue_hand_receipt(visit: CurrentVisit, name: str, number: TextField = "") -> Response:
    """Issue the hand receipt of a holder, of all the holder has now, and show it.

    The holder is whom the page showed, by ``number``: the name may be another's since.
    """
    issued = receipts.issue_hand_receipt(visit.workplace, name_in(name), said_values.number_beside(number))
    return RedirectResponse(f"/receipts/{issued.receipts[0].receipt_id}", 303)


@routes.page("/receipts/{receipt_id}.pdf", Permission.VIEW)
def pdf(visit: CurrentVisit, receipt_id: Number, shown: str = "") -> Response:
    """Print a receipt: the same bytes each time; ``shown`` in the browser, else as a file."""
    found = receipts.printed(visit.workplace, receipt_id)
    how = "inline" if shown else "attachment"
    headers = {"content-disposition": f'{how}; filename="receipt-{receipt_id}.pdf"'}
    return Response(receipt_pdf(found.text, found.payload), 200, headers, "application/pdf")


@routes.page("/receipts/{receipt_id}", Permission.VIEW)
def receipt(visit: CurrentVisit, receipt_id: Number) -> Response:
    """Show a receipt's text."""
    found = receipts.printed(visit.workplace, receipt_id)
    facts = {"area": "holders", "receipt_id": receipt_id, "text": found.text, "receipt": parse_text(found.text)}
    return render(visit, "receipts/receipt.html", facts)
