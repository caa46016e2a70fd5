"""Checking a receipt: its code is scanned, or its file handed in, and the page says whether it is still history."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.paper.receipt_pdf import ReceiptPdfDamaged, ReceiptPdfForeign, is_as_printed, read_receipt_pdf
from assettrack.services import receipt_checks, receipt_scans
from assettrack.services.receipt_checks import Judgement
from assettrack.services.receipt_scans import Scanned
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

FILE_BYTES_MAX = 8 * 1024 * 1024
"""A receipt's file is a small part of that; a PDF takes a second of work for each of its megabytes."""

_PDF = b"%PDF-"


async def _sent_file(request: Request) -> bytes:
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        return b""
    try:
        return await file.read(FILE_BYTES_MAX + 1)
    finally:
        await file.close()


SentFile = Annotated[bytes, Depends(_sent_file)]
"""What the file holds that was sent with a form, nothing where there was none."""


@routes.page("/audit/receipt", Permission.VIEW)
def receipt(visit: CurrentVisit, code: str = "") -> Response:
    """Show the field into which a receipt's code is scanned; one that was scanned elsewhere is in it already."""
    return render(visit, "audit/receipt.html", {"area": "audit", "scanned": None, "failed": "", "code": code})


@routes.deed("/audit/receipt", Permission.VIEW)
def check(visit: CurrentVisit, said: FormFields, file: SentFile) -> Response:
    """Say whether a receipt is genuine, and whether the log still agrees with it. Nothing is saved."""
    scanned, failed, status = None, "", 200
    try:
        scanned = _judge(visit, said["code"], file)
    except errors.AssetTrackError as error:
        failed, status = str(error), status_of(error)
    facts = {"area": "audit", "scanned": scanned, "with_file": bool(file), "failed": failed, "code": ""}
    return render(visit, "audit/receipt.html", facts, status=status)


def _judge(visit: Visit, code: str, file: bytes) -> Scanned:
    """Judge a receipt by whatever was handed in of it.

    Raises:
        errors.ValueUnusable: nothing was, or not what belongs together.
        errors.FileUnreadable: the file is no receipt's.
        desk_errors.StationBusyChecking: another PDF is being checked.
    """
    texts = visit.station.texts
    payload = receipt_scans.payload_of(code)
    if len(file) > FILE_BYTES_MAX:
        raise errors.FileUnreadable(texts["receipt_check.file"], texts["receipt_check.too_large"])
    if file.startswith(_PDF):
        with visit.station.memory.receipt_checks.turn(visit.who.account_id):
            return _judge_pdf(visit, file, payload)
    if not payload:
        raise errors.ValueUnusable("The code", "", texts["receipt_check.code_missing"])
    if not file:
        return receipt_scans.judge_code(visit.workplace, payload)
    try:
        text = file.decode()
    except UnicodeDecodeError as error:
        raise errors.FileUnreadable(texts["receipt_check.file"], texts["receipt_check.neither"]) from error
    judged = receipt_checks.judge(visit.workplace, text, payload)
    return Scanned(judged, text if judged.ok else None)


def _judge_pdf(visit: Visit, file: bytes, payload: str) -> Scanned:
    """Judge a receipt by its PDF: what is attached, and whether the pages are what is printed from that.

    Raises:
        errors.FileUnreadable: it is no receipt's PDF.
        errors.ValueUnusable: a code was scanned too, and is another's.
    """
    texts = visit.station.texts
    try:
        text, attached = read_receipt_pdf(file)
    except ReceiptPdfDamaged as error:
        return Scanned(Judgement(ok=False, code="damaged", message=str(error)), None)
    except ReceiptPdfForeign as error:
        raise errors.FileUnreadable(texts["receipt_check.file"], str(error).rstrip(".")) from error
    if payload and payload != attached:
        raise errors.ValueUnusable("The code", payload[:20], texts["receipt_check.another"])
    judged = receipt_checks.judge(visit.workplace, text, attached)
    if judged.ok and not is_as_printed(file, text, attached):
        judged = receipt_checks.not_as_printed(judged)
    return Scanned(judged, text if judged.ok else None)
