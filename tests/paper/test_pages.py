"""Bands on pages: none is lost or cut, heads are repeated, what is taller than a page goes on."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assettrack.paper.lettering import regular
from assettrack.paper.pages import BODY_HEIGHT, BOTTOM, TOP, Band, Cell, Row, blank, row_bands, set_pages

HEAD = blank(15)
STYLE = regular(8)


def with_head(height: float, head: Band | None) -> Band:
    """Return an empty band under a head."""
    return blank(height)._replace(head=head)


@given(st.lists(st.tuples(st.floats(1, BODY_HEIGHT - 15), st.booleans())))
def test_every_band_stands_on_a_page(given_bands: list[tuple[float, bool]]) -> None:
    """Bands keep their order, lie one below the other within the page, and never without their head above them."""
    bands = [with_head(height, HEAD if headed else None) for height, headed in given_bands]

    pages = set_pages(bands)

    assert [band for page in pages for _top, band in page if band is not HEAD] == bands
    for page in pages:
        y = TOP
        for top, band in page:
            assert top == y
            y -= band.height
            assert y >= BOTTOM - 1e-6
        for before, (_top, band) in zip([None, *(band for _top, band in page)], page, strict=False):
            if band.head is HEAD:
                assert before is HEAD or (before is not None and before.head is HEAD)
            if before is HEAD:
                assert band.head is HEAD


@given(st.lists(st.tuples(st.floats(100, BODY_HEIGHT - 15), st.booleans())))
def test_no_page_is_begun_too_early(given_bands: list[tuple[float, bool]]) -> None:
    """What begins a page, with its head, would not have fitted on the page before."""
    pages = set_pages([with_head(height, HEAD if headed else None) for height, headed in given_bands])

    for before, after in pairwise(pages):
        last_top, last = before[-1]
        first = next(band for _top, band in after if band is not HEAD)
        head = 0 if first.head is None or last.head is HEAD else HEAD.height
        assert last_top - last.height - head - first.height < BOTTOM


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_tall_row_goes_on(left: int, right: int) -> None:
    """A row of any number of lines has bands that fit on a page, with all its lines in order."""
    cells = tuple(
        Cell(x, tuple((str(number), STYLE) for number in range(count))) for x, count in ((0, left), (9, right))
    )

    bands = row_bands(Row(cells, 9.6, 3), HEAD)

    assert all(band.height <= BODY_HEIGHT - HEAD.height for band in bands)
    drawn = [drawn_by(band) for band in bands]
    assert [text for band in drawn for x, text in band if x == 0] == [str(number) for number in range(left)]
    assert [text for band in drawn for x, text in band if x == 9] == [str(number) for number in range(right)]
    assert len(bands) == 1 or max(left, right) > 60


def drawn_by(band: Band) -> list[tuple[float, str]]:
    """Return what a band prints, and where from the left, in the order in which it does."""
    from reportlab.pdfgen.canvas import Canvas

    from assettrack.paper.pages import Pen

    printed: list[tuple[float, str]] = []

    class Watched(Pen):
        """A pen that tells what it writes."""

        def text(self, x: float, y: float, text: str, style: object) -> None:
            assert 0 <= y <= 1000
            assert style is STYLE
            printed.append((x, text))

    band.draw(Watched(Canvas("never saved")), 1000)
    return printed
