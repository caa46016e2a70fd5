"""Reading what may be the PDF of a receipt: the real one, saved anew, damaged in every way, and anything else."""

import random
import zipfile
from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from assettrack.paper.attachments import (
    FILE_BYTES_MAX,
    ReceiptPdfDamaged,
    ReceiptPdfError,
    ReceiptPdfForeign,
    read_receipt_pdf,
)
from assettrack.paper.receipt_pdf import receipt_pdf
from tests.conftest import Tally
from tests.domain.trial_receipts import TEXT, judge, payload

DATA = receipt_pdf(TEXT, payload())


def outcome(data: bytes) -> str:
    """Read a file: how it was refused, the verdict on what was read, or ``as it was``. Nothing else may happen."""
    try:
        text, code = read_receipt_pdf(data)
    except ReceiptPdfError as refusal:
        return type(refusal).__name__
    if (text, code) == (TEXT, payload()):
        return "as it was"
    verdict = judge(text, code)
    assert not verdict.genuine
    return verdict.code


def test_text_and_payload_come_back() -> None:
    """The PDF of a receipt gives back what it was made of."""
    assert read_receipt_pdf(DATA) == (TEXT, payload())


@pytest.mark.parametrize("compress", [False, True])
def test_a_pdf_saved_anew(compress: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    """A receipt that another program saved anew, compressed too, gives back what it was made of."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(DATA))
    if compress:
        for page in writer.pages:
            page.compress_content_streams()
        writer.compress_identical_objects()
    file = BytesIO()
    writer.write(file)

    assert file.getvalue() != DATA
    assert read_receipt_pdf(file.getvalue()) == (TEXT, payload())


# -- what is none ------------------------------------------------------------------------------------------------------


def zipped() -> bytes:
    """Return the receipt in a zip file."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("receipt.pdf", DATA)
    return file.getvalue()


def of_another_program() -> bytes:
    """Return a PDF with nothing attached."""
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(100, 100, "receipt.txt")
    canvas.save()
    return file.getvalue()


def with_attachments(*names: str, password: str = "") -> bytes:
    """Return a PDF with files of these names attached to it."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    for name in names:
        writer.add_attachment(name, b"not what it was")
    if password:
        writer.encrypt(password)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def printed_again() -> bytes:
    """Return the pages of the receipt alone, as a program that prints to a file makes them."""
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(BytesIO(DATA)).pages:
        writer.add_page(page)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: b"", ReceiptPdfForeign),
        (lambda: b"%PDF", ReceiptPdfForeign),
        (TEXT.encode, ReceiptPdfForeign),
        (zipped, ReceiptPdfForeign),
        (lambda: bytes(50 * 2**20), ReceiptPdfForeign),
        (lambda: b"%PDF-1.4\n" + bytes(FILE_BYTES_MAX), ReceiptPdfForeign),
        (of_another_program, ReceiptPdfForeign),
        (with_attachments, ReceiptPdfForeign),
        (lambda: with_attachments("receipt.txt"), ReceiptPdfForeign),
        (lambda: with_attachments("proof.txt", "invoice.xml"), ReceiptPdfForeign),
        (printed_again, ReceiptPdfForeign),
        (lambda: with_attachments("receipt.txt", "proof.txt", password="hush"), ReceiptPdfForeign),
        (lambda: with_attachments("receipt.txt", "receipt.txt", "proof.txt"), ReceiptPdfDamaged),
        (lambda: b"%PDF-1.4\n" + bytes(50 * 2**20), ReceiptPdfDamaged),
        (lambda: b"%PDF-1.4\n" + bytes(10 * 2**20) + b"startxref\n0\n%%EOF", ReceiptPdfDamaged),
        (lambda: b"%PDF-1.4\n" + b"[" * 2**20 + b"startxref\n9\n%%EOF", ReceiptPdfDamaged),
        (lambda: b"%PDF-1.4\n1 0 obj " + b"<</A " * 2**18 + b"startxref\n9\n%%EOF", ReceiptPdfDamaged),
        (lambda: DATA[: len(DATA) // 2], ReceiptPdfDamaged),
        (lambda: DATA[: len(DATA) // 2] + b"startxref\n9\n%%EOF", ReceiptPdfDamaged),
        (lambda: DATA.replace(b"/EmbeddedFiles", b"/EmbeddedFilez"), ReceiptPdfDamaged),
        (lambda: DATA.replace(b"asset tag", b"asset\xfftag"), ReceiptPdfDamaged),
    ],
)
def test_what_is_refused(made: Callable[[], bytes], expected: type[ReceiptPdfError]) -> None:
    """What is not the PDF of a receipt is foreign, what was one and can't be read is damaged; a sentence says it."""
    with pytest.raises(expected) as refusal:
        read_receipt_pdf(made())
    assert refusal.value.reason.endswith(".")


def test_a_changed_attachment_is_read_and_judged() -> None:
    """A text or payload that was changed in the PDF is read as it now is, and found out."""
    assert outcome(DATA.replace(b"asset tag: LAP-00002", b"asset tag: LAP-00003")) == "text_changed"
    assert outcome(DATA.replace(payload()[40:44].encode(), b"0000")) == "damaged"


# -- chance ------------------------------------------------------------------------------------------------------------


def test_chance_bytes(tally: Tally) -> None:
    """Of 400 receipts with bytes changed by chance, cut, or with a piece taken out, none is mistaken for another."""
    chance = random.Random(7)
    for trial in range(400):
        data = bytearray(DATA)
        first = 0 if trial % 2 else DATA.index(b"AssetTrack custody receipt")  # attachments and what leads to them
        if trial % 10 == 0:
            data = data[: chance.randrange(len(data))]
        elif trial % 10 == 1:
            start = chance.randrange(len(data))
            del data[start : start + chance.randrange(5000)]
        else:
            for _change in range(chance.choice([1, 2, 20])):
                data[chance.randrange(first, len(data))] = chance.randrange(256)
        tally(f"receipts read that chance changed: {outcome(bytes(data))}", 1)


@given(st.binary(max_size=300))
def test_anything_that_begins_like_a_pdf(rest: bytes) -> None:
    """Any bytes that begin and end like a PDF are refused, and nothing else happens."""
    assert outcome(b"%PDF-1.7\n" + rest + b"\nstartxref\n9\n%%EOF\n").startswith("ReceiptPdf")
