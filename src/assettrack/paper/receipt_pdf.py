"""The PDF of a receipt: made from the receipt's text and its payload alone, and read again.

Owns that the same text and payload give the same bytes on every machine, and that text and payload can be taken
out of the PDF as they were put in. Nothing in it is compressed, because compression differs between machines.
What is printed can't differ from what is hashed: the text is parsed, and nothing else is known here.
"""

from io import BytesIO

from assettrack.domain.receipt_proofs import decode_payload
from assettrack.domain.receipts import parse_text, text_sha256
from assettrack.paper.attachments import (
    ReceiptPdfDamaged,
    ReceiptPdfError,
    ReceiptPdfForeign,
    attach,
    read_receipt_pdf,
)

__all__ = [
    "ReceiptPdfDamaged",
    "ReceiptPdfError",
    "ReceiptPdfForeign",
    "is_as_printed",
    "read_receipt_pdf",
    "receipt_pdf",
]


def receipt_pdf(text: str, payload: str) -> bytes:
    """Return the PDF of the receipt whose text this is, with the payload as its QR code, and both attached.

    Raises:
        ReceiptTextInvalid: the text is not the text of a receipt.
        PayloadDamaged: the payload is none.
        ValueError: the payload is of another text.
    """
    from reportlab.pdfgen.canvas import Canvas

    from assettrack.paper.pages import PAGE_HEIGHT, PAGE_WIDTH, draw_pages, set_pages
    from assettrack.paper.qr_code import Symbol
    from assettrack.paper.receipt_layout import ReceiptLayout

    receipt, text_hash = parse_text(text), text_sha256(text)
    entry = decode_payload(payload).entry()
    if entry is None or entry.text_sha256 != text_hash:
        raise ValueError("the payload is of another receipt than the text")
    layout = ReceiptLayout(receipt, text_hash, Symbol(payload))
    file = BytesIO()
    canvas = Canvas(file, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=0, invariant=1, lang="en")
    canvas.setTitle(layout.foot())
    canvas.setCreator("AssetTrack")
    draw_pages(canvas, set_pages(layout.bands()), layout.foot())
    attach(canvas, text, payload)
    canvas.save()
    return file.getvalue()


def is_as_printed(data: bytes, text: str, payload: str) -> bool:
    """Tell whether a PDF is, byte for byte, what this version prints from the text and the payload.

    If not, its pages may say something else than its attachments do, and only these are proved: another version
    printed it, another program saved it anew, or somebody changed it.
    """
    try:
        return data == receipt_pdf(text, payload)
    except ValueError:
        return False
