"""Receipts that are checked, as a browser meets that: by their code, their text or their PDF."""

from html import unescape
from io import BytesIO

import apsw
import msgspec
import pytest
from reportlab.pdfgen.canvas import Canvas

from assettrack.paper.receipt_pdf import receipt_pdf
from assettrack.services import accounts, audit, corrections, holders, receipts
from assettrack.web.at_a_time import OneAtATime
from assettrack.web.audit.receipt_check_pages import FILE_BYTES_MAX
from tests.web.audited import JANE, auditor, hand_out, shown
from tests.web.visitors import OpenStation, open_station


@pytest.fixture
def busy(station: OpenStation) -> OpenStation:
    """Return a station with four assets, two of them issued to Jane, and a receipt."""
    return hand_out(station)


def test_the_code_of_a_receipt_is_scanned_and_judged(busy: OpenStation) -> None:
    """As a wedge types it; the station shows the text to be compared, to whoever may look."""
    ben = busy.visitor("vic", "viewer")
    ben.get("/audit/receipt")
    assert "data-scan-field" in ben.page
    found = receipts.printed(busy.workplace(), 1)
    for typed in (found.payload, f"]Q1{found.payload}\r\n", found.payload.lower()):
        assert ben.post("/audit/receipt", {"code": typed}).status_code == 200
        assert "Genuine, and the log agrees" in ben.words
        assert found.text in unescape(ben.page)
    size = audit.log_size(busy.workplace())
    ben.post("/audit/receipt", {"code": found.payload})
    assert audit.log_size(busy.workplace()) == size


def test_a_code_that_is_not_right_is_said_to_be_so(busy: OpenStation, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Misread, missing, made up, or another station's."""
    ben = busy.visitor("ben")
    payload = receipts.printed(busy.workplace(), 1).payload
    wrong = payload[:50] + ("0" if payload[50] != "0" else "1") + payload[51:]
    assert ben.post("/audit/receipt", {"code": wrong}).status_code == 200
    assert "can't be read, so nothing is known of it" in ben.words
    assert ben.post("/audit/receipt", {"code": "<script>"}).status_code == 200
    assert "can't be read, so nothing is known of it" in ben.words
    assert "<script>" not in ben.page.partition("<main")[2]
    assert ben.post("/audit/receipt", {"code": ""}).status_code == 422
    assert "scan the code of the receipt" in ben.words
    with open_station(tmp_path_factory.mktemp("elsewhere")) as elsewhere:
        holders.register(elsewhere.workplace(), JANE)
        receipts.issue_hand_receipt(elsewhere.workplace(), JANE)
        foreign = receipts.printed(elsewhere.workplace(), 1).payload
    ben.post("/audit/receipt", {"code": foreign})
    assert "NOT genuine Not of this station" in ben.words


def test_a_genuine_code_is_not_enough_where_the_log_lost_its_entry(busy: OpenStation) -> None:
    """The station signed for it, and does not have it any more: that is said, and nothing is called genuine."""
    ben = busy.visitor("ben")
    payload = receipts.printed(busy.workplace(), 1).payload
    with_tools = apsw.Connection(str(busy.folder / "station.db"))
    for (name,) in with_tools.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'receipt%'"
    ).fetchall():
        with_tools.execute(f"DROP TRIGGER {name}")
    with_tools.execute("UPDATE receipt_texts SET text = text || 'x'")
    with_tools.close()
    ben.post("/audit/receipt", {"code": payload})
    assert "NOT genuine The log does not agree" in ben.words
    assert "does not have this receipt any more" in ben.words


def foreign_pdf() -> bytes:
    """A PDF of another program."""
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(10, 10, "minutes of a meeting")
    canvas.save()
    return file.getvalue()


def test_a_receipt_is_checked_by_its_files(busy: OpenStation) -> None:
    """Its PDF alone, or its text with the code; whatever else is sent is no receipt."""
    ben = busy.visitor("ben")
    ben.get("/audit/receipt")
    found = receipts.printed(busy.workplace(), 1)
    pdf = receipt_pdf(found.text, found.payload)
    assert ben.upload("/audit/receipt", "receipt-1.pdf", pdf, {"code": ""}).status_code == 200
    assert "Genuine, and the log agrees" in ben.words
    ben.upload("/audit/receipt", "receipt-1.pdf", pdf.replace(b"LT-1", b"LT-3"), {"code": ""})
    assert "NOT genuine The text was changed" in ben.words
    drawn = pdf.replace(b"/Creator (AssetTrack)", b"/Creator (AssetTrick)")
    assert drawn != pdf
    ben.upload("/audit/receipt", "receipt-1.pdf", drawn)
    assert "NOT genuine The pages may say something else" in ben.words
    ben.upload("/audit/receipt", "receipt-1.txt", found.text.encode(), {"code": found.payload})
    assert "Genuine, and the log agrees" in ben.words
    ben.upload("/audit/receipt", "receipt-1.txt", found.text.replace("LT-1", "LT-3").encode(), {"code": found.payload})
    assert "NOT genuine The text was changed" in ben.words
    assert "LT-3" not in ben.words
    ben.upload("/audit/receipt", "cut.pdf", pdf[:2000])
    assert "can't be read, so nothing is known of it" in ben.words
    for content, code in ((b"\xff\xfe", found.payload), (foreign_pdf(), ""), (pdf, f"{found.payload[:-2]}.")):
        assert ben.upload("/audit/receipt", "x", content, {"code": code}).status_code == 422
        assert "Genuine" not in ben.words


def test_what_was_corrected_since_a_receipt_is_told(busy: OpenStation) -> None:
    """The receipt is genuine all the same: it says what was known then."""
    olu = auditor(busy)
    (seq,) = shown((olu.get("/audit?kind=ISSUE&asset=LT-1"), olu)[1])
    values = {"notes": "with its charger"}
    proposal = corrections.preview(busy.workplace(), seq, values)
    corrections.correct(busy.workplace(), seq, values, "left out", confirm=proposal.confirm_code)
    olu.post("/audit/receipt", {"code": receipts.printed(busy.workplace(), 1).payload})
    assert "Genuine, and the log agrees" in olu.words
    assert f"Since then entry {seq} (LT-1, item 1) was corrected by entry" in olu.words


def test_one_pdf_is_checked_at_a_time(busy: OpenStation) -> None:
    """Whoever has one checked is told to wait for it, and whoever comes meanwhile is after a while; then it goes on."""
    found = receipts.printed(busy.workplace(), 1)
    pdf = receipt_pdf(found.text, found.payload)
    memory = msgspec.structs.replace(busy.web.memory, receipt_checks=OneAtATime(0.01))
    impatient = OpenStation(
        busy.web.workplace, msgspec.structs.replace(busy.web, memory=memory), busy.folder, busy.loop
    )
    vic, ben = impatient.visitor("vic", "viewer"), impatient.visitor("ben")
    for browser in (vic, ben):
        browser.get("/audit/receipt")
    with memory.receipt_checks.turn(accounts.require(busy.workplace(), "vic").account_id):
        assert vic.upload("/audit/receipt", "r.pdf", pdf, {"code": ""}).status_code == 409
        assert "Another receipt of yours is being checked" in vic.words
        assert ben.upload("/audit/receipt", "r.pdf", pdf, {"code": ""}).status_code == 409
        assert "Somebody else's receipt is being checked" in ben.words
        assert ben.post("/audit/receipt", {"code": found.payload}).status_code == 200
    for browser in (vic, ben):
        assert browser.upload("/audit/receipt", "r.pdf", pdf, {"code": ""}).status_code == 200
        assert "Genuine, and the log agrees" in browser.words


def test_a_file_that_is_larger_than_any_receipt_is_not_read(busy: OpenStation) -> None:
    """Whatever it is: it costs no work, and the limit is told."""
    vic = busy.visitor("vic", "viewer")
    for begin in (b"%PDF-1.4\n", b""):
        vic.get("/audit/receipt")
        content = begin + b" " * (FILE_BYTES_MAX + 1 - len(begin))
        with busy.web.memory.receipt_checks.turn(accounts.require(busy.workplace(), "vic").account_id):
            vic.upload("/audit/receipt", "r.pdf", content, {"code": ""})
        assert "it has more than 8 MiB, and no receipt of a station does" in vic.words
