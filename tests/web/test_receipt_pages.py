"""Receipts of a batch and of all that a holder has, as a browser meets them."""

import httpx2 as httpx

from tests.web.handing_over import JANE, OKRI, at_the_desk, checked, issued, listed, size, stocked
from tests.web.visitors import OpenStation, Visitor


def test_receipts_are_issued_shown_and_printed_the_same_each_time(station: OpenStation) -> None:
    """One for each holder of a batch; the PDF is byte-identical, and nothing is issued twice."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    page = ben.post("/issue/commit", checked(ben, "issue", {"how": "paper"})).headers["location"]
    ben.get(page)
    ben.follow(ben.post(f"{page}/receipts", {"holder": JANE}))
    assert "Receipt 1" in ben.words
    after = size(station)
    ben.follow(ben.post(f"{page}/receipts", {"holder": JANE}))
    assert size(station) == after
    ben.follow(ben.post(f"{page}/receipts"))
    assert "Receipt 2" in ben.words
    ben.get("/receipts/1")
    assert "asset tag: LT-1" in ben.words
    printed, again = ben.get("/receipts/1.pdf"), ben.get("/receipts/1.pdf?shown=1")
    assert printed.content.startswith(b"%PDF")
    assert printed.content == again.content
    assert printed.headers["content-disposition"] == 'attachment; filename="receipt-1.pdf"'
    assert again.headers["content-disposition"].startswith("inline")
    assert ben.get("/receipts/9").status_code == ben.get("/receipts/9.pdf").status_code == 404


def test_a_hand_receipt_says_all_that_somebody_has(station: OpenStation) -> None:
    """It is issued by its own form, and shown; what it is stands in words above its text."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station)
    ben.follow(ben.post("/holders/jane%20smith/hand-receipt"))
    assert all(f"asset tag: {tag}" in ben.words for tag in ("LT-1", "LT-2"))
    assert "Hand receipt: all that this holder has in custody" in ben.words
    assert ben.post("/holders/Nobody/hand-receipt").status_code == 404


def test_a_name_with_a_slash_has_a_hand_receipt(station: OpenStation) -> None:
    """Whatever can be a name can stand in the address."""
    stocked(station, "R/D Desk")
    issued(station, "LT-1", to="R/D Desk")
    ben = at_the_desk(station)
    ben.follow(ben.post("/holders/R%2FD%20Desk/hand-receipt"))
    assert "R/D Desk" in ben.words


def test_a_viewer_looks_and_does_nothing(station: OpenStation) -> None:
    """Batches and receipts can be looked at; nothing is handed over."""
    stocked(station)
    issued(station, "LT-1")
    at_the_desk(station).post("/holders/Jane%20Smith/hand-receipt")
    vic = station.visitor("vic", "viewer")
    assert looked(vic, "/batches/2") == looked(vic, "/receipts/1") == looked(vic, "/receipts/1.pdf") == 200
    assert "Record that it was accepted" not in (vic.get("/batches/2"), vic.words)[1]
    assert [looked(vic, path) for path in ("/issue", "/return", "/transfer/check")] == [403] * 3
    assert vic.post("/issue/commit", {"draft": "x", "confirm": "x"}).status_code == 403


def looked(visitor: Visitor, path: str) -> int:
    """Look at a page, and return the status of the answer."""
    answer: httpx.Response = visitor.get(path)
    return answer.status_code
