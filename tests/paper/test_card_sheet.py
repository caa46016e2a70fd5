"""The card sheet: every card of a round on one page, large, with what it does and how the cards are used."""

import pytest

from assettrack.domain import errors
from assettrack.domain.labels import begin_label, station_cards
from assettrack.paper.card_sheet import HOW_TO, card_sheet_pdf
from tests.paper.printed import boxes_of, codes_on, pages_of, pictures_of, size_of

ROUND = station_cards([begin_label(3, "Mara Okri", "QXA")])
SIZES = {"A4": {(595, 842)}, "Letter": {(612, 792)}}
"""In points."""


@pytest.mark.parametrize("page", SIZES)
@pytest.mark.parametrize("dpi", [203, 300])
def test_all_cards_are_on_one_page_and_read_back(page: str, dpi: int) -> None:
    """By an independent reader, at the resolution of label printers too."""
    printed = card_sheet_pdf([ROUND], "station", page)
    (picture,) = pictures_of(printed.data, dpi, in_dots=dpi == 203)
    assert sorted(code.text for code in codes_on(picture)) == sorted(card.text for card in ROUND)
    assert (printed.pages, size_of(printed.data), printed.at_203_dpi) == (1, SIZES[page], True)


def test_cards_are_large_enough_for_gloves() -> None:
    """Bars are as high as a thumb is wide, 18 mm, and no module is narrower than a third of a millimetre."""
    (picture,) = pictures_of(card_sheet_pdf([ROUND], "station").data, 300)
    for code in codes_on(picture):
        middle = (code.left + code.right) // 2
        column = picture.crop((code.left, 0, middle, picture.height)).point(
            [255 if grey < 128 else 0 for grey in range(256)]
        )
        high = 0
        while column.crop((0, code.top + high, column.width, code.top + high + 1)).getbbox():
            high += 1
        above = 0
        while column.crop((0, code.top - above - 1, column.width, code.top - above)).getbbox():
            above += 1
        assert (high + above) * 25.4 / 300 >= 17.5
    assert card_sheet_pdf([ROUND], "station").module_mm >= 0.33


def test_the_sheet_says_what_cards_do_and_how_they_are_used() -> None:
    """Three sentences, the meaning of each card, and of which station it is; nothing runs off the page."""
    data = card_sheet_pdf([ROUND], "assettrack-3k7m2x9p", "Letter").data
    words = " ".join(pages_of(data)[0].split())
    for sentence in (
        *HOW_TO,
        *(card.meaning for card in ROUND),
        *(card.title for card in ROUND),
        "assettrack-3k7m2x9p",
    ):
        assert sentence in words
    assert len(HOW_TO) == 3
    assert all(30 < box.left < box.right < 612 - 30 for box in boxes_of(data)[0])


def test_each_person_has_a_page_and_more_cards_go_on() -> None:
    """Two rounds are two pages; an eleventh card stands on the next one."""
    other = station_cards([begin_label(4, "W" * 200, "QXA")], [20])
    assert card_sheet_pdf([ROUND, ROUND], "station").pages == 2
    printed = card_sheet_pdf([other], "station")
    found = [code.text for picture in pictures_of(printed.data, 300) for code in codes_on(picture)]
    assert (printed.pages, sorted(found)) == (2, sorted(card.text for card in other))
    with pytest.raises(errors.ValueUnusable):
        card_sheet_pdf([], "station")


def test_the_same_cards_give_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in it."""
    assert card_sheet_pdf([ROUND], "station") == card_sheet_pdf([ROUND], "station")
    assert b"FlateDecode" not in card_sheet_pdf([ROUND], "station").data
