"""What a receipt's PDF carries beside its pages: the text and the payload, as standard embedded files.

Owns their names, how they are put into a PDF (ISO 32000-1, 7.11.4) so that any PDF program can take them out,
and how they are read again from a file that may be anything. Must never judge what it reads.
"""

import logging
import struct
import zlib
from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING

from assettrack.domain.receipts import TITLE

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TEXT_NAME = "receipt.txt"
PAYLOAD_NAME = "proof.txt"

FILE_BYTES_MAX = 64 * 1024 * 1024
"""The largest file read; a hand receipt of 10,000 lines has about a tenth of it."""

_BEGIN = b"%PDF-"
_END = b"startxref"


class ReceiptPdfError(ValueError):
    """A file can't be read as a receipt's PDF; ``reason`` says why in a sentence. Never raised itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReceiptPdfForeign(ReceiptPdfError):
    """The file is no PDF, or one that AssetTrack did not make."""


class ReceiptPdfDamaged(ReceiptPdfError):
    """The file is a PDF, but is cut off or was changed."""


def attach(canvas: "Canvas", text: str, payload: str) -> None:
    """Put the text and the payload of a receipt into a PDF that is being made."""
    from reportlab.pdfbase import pdfdoc

    class EmbeddedFile(pdfdoc.PDFObject):
        """A file in a PDF, as it is."""

        __RefOnly__ = 1

        def __init__(self, content: bytes) -> None:
            self._content = content

        def format(self, _document: pdfdoc.PDFDocument) -> bytes:
            size = len(self._content)
            facts = f"<< /Type /EmbeddedFile /Subtype /text#2Fplain /Length {size} /Params << /Size {size} >> >>"
            return facts.encode() + b"\nstream\n" + self._content + b"\nendstream\n"

    # ReportLab has no other way to embed a file than through the document behind a canvas.
    document = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001 - see the line above
    names: list[object] = []
    for name, content in sorted([(TEXT_NAME, text), (PAYLOAD_NAME, payload)]):
        stream = document.Reference(EmbeddedFile(content.encode()))
        facts = {"Type": "/Filespec", "F": pdfdoc.PDFString(name), "UF": pdfdoc.PDFString(name)}
        file = pdfdoc.PDFDictionary({**facts, "EF": pdfdoc.PDFDictionary({"F": stream})})
        names += [pdfdoc.PDFString(name), document.Reference(file)]
    tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})
    document.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": tree})


def read_receipt_pdf(data: bytes) -> tuple[str, str]:
    """Return the text and the payload which the PDF of a receipt carries, neither of them judged.

    Raises:
        ReceiptPdfForeign: the file is no PDF, or has nothing of ours in it.
        ReceiptPdfDamaged: it is a PDF that can't be read.
    """
    if not data.startswith(_BEGIN):
        raise ReceiptPdfForeign("This file is not a PDF.")
    if len(data) > FILE_BYTES_MAX:
        raise ReceiptPdfForeign(f"This file is larger than any receipt: {len(data)} bytes.")
    if _END not in data:
        raise ReceiptPdfDamaged("This PDF is cut off: its end is missing. Copy it again.")
    found = _embedded_files(data)
    if TEXT_NAME not in found or PAYLOAD_NAME not in found:
        if TITLE.encode() in data:
            raise ReceiptPdfDamaged("This PDF was a receipt, but its attachments can't be found any more.")
        raise ReceiptPdfForeign(
            f"This PDF is no receipt as AssetTrack makes them: {TEXT_NAME} and {PAYLOAD_NAME} are not attached to it. "
            "If another program printed or scanned it, use the text and the code instead."
        )
    return _content(found, TEXT_NAME), _content(found, PAYLOAD_NAME)


def _embedded_files(data: bytes) -> dict[str, list[bytes]]:
    """Return the contents of all files embedded in a PDF, by name."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # What a reader of PDFs can come to in a file of chance bytes, beside its own errors.
    broken = (
        PyPdfError, DependencyError, ArithmeticError, AssertionError, AttributeError, EOFError, LookupError,
        MemoryError, OSError, RuntimeError, TypeError, ValueError, struct.error, zlib.error,
    )  # fmt: skip
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends by itself is nobody's news, and slow to say
    found = defaultdict(list)
    try:
        reader = PdfReader(BytesIO(data))
        for file in () if reader.is_encrypted else reader.attachment_list:
            found[file.name].append(file.content)
    except broken as error:
        raise ReceiptPdfDamaged("This PDF is damaged: it can't be read. Copy it again.") from error
    if reader.is_encrypted:
        raise ReceiptPdfForeign("This PDF is protected with a password, and no receipt is. Have it printed anew.")
    return found


def _content(found: dict[str, list[bytes]], name: str) -> str:
    """Return the text of the one attachment of this name."""
    if len(found[name]) > 1:
        raise ReceiptPdfDamaged(f"This PDF was changed: it has more than one attachment {name}.")
    try:
        return found[name][0].decode()
    except UnicodeDecodeError as error:
        raise ReceiptPdfDamaged(f"This PDF is damaged: its attachment {name} is no text any more.") from error
