"""Labels and cards, as a browser meets them: a form, and the PDF that it asks for."""

import re
from urllib.parse import quote, urlencode

import pytest

from assettrack.services import holders
from tests.paper.printed import codes_on, pictures_of
from tests.services.printed import badge
from tests.web.handing_over import JANE, stocked
from tests.web.visitors import OpenStation, Visitor


def asked(visitor: Visitor, **said: str) -> list[str]:
    """Ask for a PDF, and return what is read from it."""
    answer = visitor.get(f"/labels?{urlencode({**said, 'make': '1'})}")
    assert answer.status_code == 200, visitor.words
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{said["what"].replace("_", "-")}.pdf"'
    return sorted(code.text for picture in pictures_of(answer.content, 300) for code in codes_on(picture))


def refused(visitor: Visitor, **said: str) -> str:
    """Ask for a PDF that can't be made, and return what the page says."""
    answer = visitor.get(f"/labels?{urlencode({**said, 'make': '1'})}")
    assert answer.status_code in {404, 422}
    assert "There is a problem" in visitor.words
    assert "Nothing was saved" not in visitor.words
    assert " --" not in visitor.words
    return visitor.words


def test_every_kind_can_be_printed(station: OpenStation) -> None:
    """Assets known and new, what is in a case, slots, cases, badges, cards small and large."""
    stocked(station)
    ben = station.visitor("ben")
    assert asked(ben, what="assets", which="LT-1, lt-2", sheet="L7160") == ["LT-1", "LT-2"]
    assert asked(ben, what="new_assets", which="N-09", count="2", sheet="5160", skip="29") == ["N-09", "N-10"]
    assert "LT-1" in asked(ben, what="assets_in", which="case-01", sheet="L7160")
    slots = asked(ben, what="slots", which="CASE-01", sheet="L7651", code="datamatrix")
    assert slots[0] == "CASE-01 SLOT-01"
    assert asked(ben, what="cases", sheet="grid", columns="3", rows="8", code="qr")[0] == "CASE-01"
    holder = holders.all_holders(station.workplace())[0]
    assert holder.name == JANE
    assert asked(ben, what="holders", which=JANE, sheet="single", width="60", height="30") == [
        badge(station.workplace(), JANE)
    ]
    assert len(asked(ben, what="cards", which="ben", sheet="cards-letter")) == 10
    assert len(asked(ben, what="cards", which="ben", sheet="L7163", dpi="203")) == 10


def test_tags_that_are_not_new_are_printed_only_once_that_is_seen(station: OpenStation) -> None:
    """The page says which of them exist already, and prints them all the same where that is meant."""
    stocked(station)
    ben = station.visitor("ben")
    wish = {"what": "new_assets", "which": "LT-2", "count": "5", "sheet": "5160"}
    assert ben.get(f"/labels?{urlencode({**wish, 'make': '1'})}").status_code == 200
    assert "of 5 tags exist already: LT-2" in ben.words
    found = re.search(r'href="(/labels\?[^"]*make=existing)"', ben.page)
    assert found is not None
    answer = ben.get(found[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "application/pdf"
    assert asked(ben, what="new_assets", which="N-09", sheet="5160") == ["N-09"]


def test_the_form_keeps_what_was_said(station: OpenStation) -> None:
    """Where it can't be made, the reason stands above the form, in the page's own words."""
    stocked(station)
    ben = station.visitor("ben")
    assert "There is no asset LT-404" in refused(ben, what="assets", which="LT-404", sheet="L7160")
    assert ">LT-404</textarea>" in ben.page
    assert "name at least one" in refused(ben, what="slots", sheet="L7160")
    large = refused(ben, what="assets", sheet="cards-a4")
    assert "'Large cards with instructions, A4' can't be used: only scan cards" in large
    assert "Code 128 only" in refused(ben, what="holders", sheet="L7160", code="qr")
    assert "QR or Data Matrix would fit" in refused(ben, what="slots", which="CASE-01", sheet="L7651")


@pytest.mark.parametrize(
    "said",
    [
        {"sheet": "L1"},
        {"sheet": "L7160", "what": "everything"},
        {"sheet": "L7160", "code": "ean"},
        {"sheet": "L7160", "skip": "-1"},
        {"sheet": "L7160", "skip": "21"},
        {"sheet": "L7160", "dpi": "72"},
        {"sheet": "grid", "columns": "3"},
        {"sheet": "grid", "columns": "3", "rows": "8", "page": "A3"},
        {"sheet": "single"},
        {"sheet": "single", "width": "9" * 400, "height": "1"},
        {"sheet": "L7160", "which": "<script>"},
        {"sheet": "L7160", "what": "new_assets", "which": "LT-1 LT-1"},
        {"sheet": "L7160", "what": "new_assets", "which": "LT-00001 LT-20001", "count": "9999"},
    ],
)
def test_whatever_an_address_says_is_answered(station: OpenStation, said: dict[str, str]) -> None:
    """By the form with a sentence, and never by a failure."""
    stocked(station)
    ben = station.visitor("ben")
    assert refused(ben, **{"what": "assets", "which": "LT-1", **said})
    assert "<script>alert" not in ben.page


def test_pages_lead_to_the_form_already_filled_in(station: OpenStation) -> None:
    """From a case to its slots, from an asset to its label; a viewer prints nothing."""
    stocked(station)
    ben = station.visitor("ben")
    ben.get("/cases/CASE-01")
    assert "/labels?what=slots&amp;which=CASE-01" in ben.page
    ben.get("/assets/LT-1")
    assert "/labels?what=assets&amp;which=LT-1" in ben.page
    ben.get(f"/holders/{quote(JANE)}")
    assert "/labels?what=holders&amp;which=Jane+Smith" in ben.page
    assert '<a href="/labels">Labels</a>' in ben.page
    ben.get("/labels?what=slots&which=CASE-01")
    assert '<a href="/labels" aria-current="page">Labels</a>' in ben.page
    assert 'value="slots" checked' in ben.page
    assert ">CASE-01</textarea>" in ben.page
    vic = station.visitor("vic", "viewer")
    vic.get(f"/holders/{quote(JANE)}")
    assert "/labels" not in vic.page
    vic.get("/cases/CASE-01")
    assert "/labels" not in vic.page
    assert vic.get("/labels").status_code == 403
