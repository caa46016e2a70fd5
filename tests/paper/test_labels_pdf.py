"""Labels on paper, as another program sees them: every code is read, whole in its quiet zone, on its own label."""

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.domain.labels import (
    Label,
    Symbology,
    asset_label,
    begin_label,
    case_label,
    holder_label,
    slot_label,
    station_cards,
    tags_from,
)
from assettrack.domain.tags import Place
from assettrack.paper.label_sheets import SHEETS, Pair, Sheet, grid, single
from assettrack.paper.labels_pdf import labels_pdf
from tests.paper.printed import boxes_of, codes_on, pages_of, pictures_of, size_of

KINDS = {Symbology.CODE_128: "Code 128", Symbology.QR: "QR Code", Symbology.DATA_MATRIX: "Data Matrix"}
QUIET = {Symbology.CODE_128: 10, Symbology.QR: 4, Symbology.DATA_MATRIX: 1}
"""What the standards ask for: ISO/IEC 15417, 18004 and 16022."""

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)
TAGS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,29}", fullmatch=True)
LARGE = single(105, 50)


@dataclass(frozen=True)
class Found:
    """A code that was read: on which page and which label of the sheet, what it says, and its kind."""

    page: int
    place: int
    text: str
    kind: str


def found_on(data: bytes, sheet: Sheet, dpi: int) -> list[Found]:
    """Return every code that is read on a print, in the order of the labels; 203 dpi is printed without greys."""
    found = []
    for page, picture in enumerate(pictures_of(data, dpi, in_dots=dpi == 203)):
        for code in codes_on(picture):
            middle = ((code.left + code.right) / 2, (code.top + code.bottom) / 2)
            across, down = (pixels * 25.4 / dpi for pixels in middle)
            place = next(
                number
                for number in range(sheet.places)
                for corner in [sheet.corner(number)]
                if 0 < across - corner.across < sheet.label.across and 0 < down - corner.down < sheet.label.down
            )
            found.append(Found(page, place, code.text, code.kind))
    return sorted(found, key=lambda each: (each.page, each.place))


def wanted_of(labels: Sequence[Label], sheet: Sheet, skip: int = 0) -> list[Found]:
    """Return what must be read: each label in its place, row by row, page by page."""
    return [
        Found(*divmod(number, sheet.places), label.text, KINDS[label.symbology])
        for number, label in enumerate(labels, skip)
    ]


def every_kind() -> list[Label]:
    """500 labels and cards of every kind, some with the longest and strangest names."""
    squares = (Symbology.QR, Symbology.DATA_MATRIX)
    places = [Place(f"CASE-{number:02d}", number) for number in range(1, 61)]
    names = [
        "Jane Smith",
        "x^XA~JA",
        "محمد الأمين",
        "W" * 200,
        "Zoë  Petrović",
        "李小龙",
        "a\\b",
        "\u202eevil",
        "-",
        "Ω" * 90,
    ]
    labels = [
        *map(asset_label, tags_from("LT-0001", 100)),
        *map(asset_label, tags_from("7", 3)),
        *(asset_label(tag).in_code(code) for code in squares for tag in tags_from("0123456789-ABCDEF-0123456789", 50)),
        *map(slot_label, places),
        *(slot_label(place, code) for code in squares for place in places[:30]),
        *(case_label(place.case_name) for place in places),
        *(holder_label(Holder(number, names[number % len(names)]), "QXA") for number in range(1, 81)),
        *(begin_label(number, names[number % len(names)], "QXA") for number in range(1, 22)),
        *station_cards([], [5, 20, 9999, 1, 7, 8, 9]),
    ]
    return labels[:500]


def test_a_print_of_500_labels_is_read_back_whole() -> None:
    """Each code, on its own label, as what it was printed as, at 300 dpi; and nothing else is read."""
    labels, sheet = every_kind(), SHEETS["L7160"]
    assert len(labels) == 500
    printed = labels_pdf(labels, sheet, skip=4)
    assert printed.pages == 24
    assert found_on(printed.data, sheet, 300) == wanted_of(labels, sheet, 4)


@pytest.mark.parametrize("code", Symbology)
@pytest.mark.parametrize("name", SHEETS)
def test_a_full_sheet_is_read_at_both_resolutions(name: str, code: Symbology) -> None:
    """One made for 203 dpi at 203 dpi; one made for 300 dpi at 300, and at 203 where it says that it can be."""
    sheet = SHEETS[name]
    labels = [asset_label(tag).in_code(code) for tag in tags_from("LT-0001", sheet.places)]
    coarse, fine = labels_pdf(labels, sheet, 0, 203), labels_pdf(labels, sheet)
    assert found_on(coarse.data, sheet, 203) == wanted_of(labels, sheet)
    assert found_on(fine.data, sheet, 300) == wanted_of(labels, sheet)
    if fine.at_203_dpi:
        assert found_on(fine.data, sheet, 203) == wanted_of(labels, sheet)
    assert fine.at_203_dpi or (name, code) == ("L7651", Symbology.CODE_128)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", SHEETS)
def test_bars_are_whole_dots_on_every_place_of_a_sheet(name: str, dpi: int) -> None:
    """The same tag has the same bars in every column: nothing is stretched from one side of the page to the other."""
    sheet = SHEETS[name]
    (picture,) = pictures_of(labels_pdf([asset_label("A-1")] * sheet.places, sheet, 0, dpi).data, dpi, in_dots=True)
    bars = set()
    for place in range(sheet.places):
        corner = sheet.corner(place)
        down = round((corner.down + sheet.label.down / 3) * dpi / 25.4)
        edges = [round((corner.across + part) * dpi / 25.4) for part in (0, sheet.label.across)]
        grey = picture.crop((edges[0], down, edges[1], down + 1)).tobytes()
        dark = "".join("#" if each < 128 else " " for each in grey)
        bars.add(dark.strip())
    assert len(bars) == 1, bars


@settings(max_examples=40)
@given(TAGS, st.sampled_from(Symbology), st.sampled_from([203, 300, 600]))
def test_any_tag_is_read_back(tag: str, code: Symbology, dpi: int) -> None:
    """And its letters stand on the label whole."""
    printed = labels_pdf([asset_label(tag).in_code(code)], LARGE, 0, dpi)
    assert [each.text for each in found_on(printed.data, LARGE, dpi)] == [tag]
    assert "".join(pages_of(printed.data)[0].replace("\x02", "-").split()) == tag


@settings(max_examples=40)
@given(NAMES, st.sampled_from([LARGE, single(38.1, 21.2), single(44.45, 12.7), single(34, 50)]))
def test_any_name_is_on_its_badge_or_cut(name: str, sheet: Sheet) -> None:
    """Nothing runs off the label or into the code; the number and the code's letters are always whole."""
    label = holder_label(Holder(1234, name), "QXA")
    data = labels_pdf([label], sheet).data
    assert [each.text for each in found_on(data, sheet, 300)] == [label.text]
    (page,) = pages_of(data)
    assert label.text in page
    assert "Holder 1234" in page
    ((wide, high),) = size_of(data)
    for box in boxes_of(data)[0]:
        assert 0 < box.left <= box.right < wide
        assert 0 < box.bottom <= box.top < high


@pytest.mark.parametrize("name", ["محمد الأمين", "שרה כהן", "李小龙", "王小明 Li", "\u202eevil", "Дмитро\u0301"])
@pytest.mark.parametrize("sheet", [SHEETS["L7160"], SHEETS["L7651"], single(30, 50)])
def test_a_name_that_no_letters_are_there_for_is_named_by_its_number(name: str, sheet: Sheet) -> None:
    """Nothing of it is printed, no part of it and no numbers of letters: the number says whose it is."""
    (badge,) = pages_of(labels_pdf([holder_label(Holder(12, name), "QXA")], sheet).data)
    assert "Name in the list: holder 12" in " ".join(badge.split())
    (begin,) = pages_of(labels_pdf([begin_label(3, name, "QXA")], sheet).data)
    assert "Begin: account 3" in " ".join(begin.split())
    for page in (badge, begin):
        assert "\\" not in page
        assert "Li" not in page.replace("list", "").split()


def test_a_name_is_printed_with_its_own_letters() -> None:
    """Latin with its accents, Greek, Cyrillic, and a backslash, which is a letter like any other."""
    for name in ("Zoë Petrović", "Ωμέγα", "Дмитро", "a\\b"):
        (page,) = pages_of(labels_pdf([holder_label(Holder(12, name), "QXA")], SHEETS["L7160"]).data)
        assert page.splitlines()[0] == name


def test_a_title_is_never_the_text_of_a_card_alone() -> None:
    """A slot's label says the slot as people do; a long name of a case is broken into lines, and never cut."""
    (page,) = pages_of(labels_pdf([slot_label(Place("CASE-01", 7))], SHEETS["L7160"]).data)
    assert page.splitlines()[0] == "CASE-01 slot 7"
    place = Place("PELICAN CASE NUMBER-01 BLUE-X", 107)
    (page,) = pages_of(labels_pdf([slot_label(place, Symbology.QR)], single(38.1, 21.2)).data)
    assert "PELICANCASENUMBER-01BLUE-Xslot107" in "".join(page.replace("\x02", "-").split())


# Quiet zones, measured


OFF = 4
"""By so many pixels at 600 dpi a reader may be off when it says where a code is: a sixth of a millimetre."""


def ink(picture: Image, box: tuple[int, int, int, int]) -> bool:
    """Tell whether anything dark is in a part of a picture."""
    return picture.crop(box).getextrema()[0] < 128  # type: ignore[operator]  # a picture of greys has one pair


def code_around(picture: Image, text: str, corner: Pair, label: Pair, dpi: int) -> tuple[int, int, int, int]:
    """Return where on the page a code is: left, top, right, bottom. Only its label is looked at, and 2 mm around it."""
    across, down = (max(0, round((each - 2) * dpi / 25.4)) for each in corner)
    right, bottom = (round((each + more + 2) * dpi / 25.4) for each, more in zip(corner, label, strict=True))
    part = picture.crop((across, down, min(right, picture.width), min(bottom, picture.height)))
    (seen,) = (each for each in codes_on(part) if each.text == text)
    return seen.left + across, seen.top + down, seen.right + across, seen.bottom + down


@pytest.mark.parametrize("name", ["L7160", "L7651", "5167"])
@pytest.mark.parametrize("code", Symbology)
def test_quiet_zones_are_kept(name: str, code: Symbology) -> None:
    """Around each code so many modules are white as the standard asks for, and they are on the label."""
    sheet, dpi = SHEETS[name], 600
    labels = [asset_label(tag).in_code(code) for tag in tags_from("LT-0001", sheet.places)]
    printed = labels_pdf(labels, sheet)
    (picture,) = pictures_of(printed.data, dpi)
    module = printed.module_mm * dpi / 25.4
    quiet = int(QUIET[code] * module)
    for number in (0, sheet.columns - 1, sheet.places - 1):
        corner = sheet.corner(number)
        left, top, right, bottom = code_around(picture, labels[number].text, corner, sheet.label, dpi)
        edges = (corner.across * dpi / 25.4, (corner.across + sheet.label.across) * dpi / 25.4)
        assert left - quiet >= edges[0] - OFF
        assert right + quiet <= edges[1] + OFF
        assert ink(picture, (left - OFF, top, left + OFF, bottom))
        assert not ink(picture, (left - quiet, top, left - OFF, bottom))
        assert not ink(picture, (right + OFF, top, right + quiet, bottom))
        if not code.is_linear:
            assert not ink(picture, (left, top - quiet, right, top - OFF))
            assert not ink(picture, (left, bottom + OFF, right, bottom + quiet))


# What is refused, and what is the same


def test_a_code_that_would_be_too_fine_is_refused_with_what_fits() -> None:
    """20 letters make 275 modules with their quiet zones: at two dots of 300 dpi 46.6 mm, and the label has 36.1."""
    with pytest.raises(errors.ValueUnusable) as caught:
        labels_pdf([asset_label("ABCDEFGHIJKLMNOPQRST")], SHEETS["L7651"])
    assert "in Code 128 it needs 46.6 mm, and the label has 36.1 mm" in str(caught.value)
    assert "QR or Data Matrix would fit, or a larger label would, such as 66.7 x 25.4 mm (sheet 5160)" in str(
        caught.value
    )
    with pytest.raises(errors.ValueUnusable, match="higher than the label"):
        labels_pdf([holder_label(Holder(1, "Jane"), "QXA")], single(60, 8))
    with pytest.raises(errors.ValueUnusable) as caught:
        labels_pdf([holder_label(Holder(1, "Jane"), "QXA")], single(20, 20))
    assert "QR" not in str(caught.value)


@pytest.mark.parametrize(("code", "wide"), [(Symbology.QR, 9.3), (Symbology.DATA_MATRIX, 6)])
def test_squares_are_never_finer_than_a_quarter_of_a_millimetre(code: Symbology, wide: float) -> None:
    """21 modules and 8 quiet ones, or 12 and 4: with 1 mm free on either side they are just too wide."""
    label = asset_label("LT-0042").in_code(code)
    with pytest.raises(errors.ValueUnusable, match="between its edges"):
        labels_pdf([label], single(wide, 30))
    assert labels_pdf([label], single(wide + 0.1, 30)).module_mm == pytest.approx(0.254)


@pytest.mark.parametrize(("labels", "skip"), [(0, 0), (1, 65), (1, -1)])
def test_a_print_needs_labels_and_a_place(labels: int, skip: int) -> None:
    """None, or more used labels than the sheet has."""
    with pytest.raises(errors.ValueUnusable):
        labels_pdf([asset_label("LT-1")] * labels, SHEETS["L7651"], skip)


def test_the_same_labels_give_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in it; and nothing is compressed."""
    data = labels_pdf(every_kind()[::25], SHEETS["L7160"]).data
    assert labels_pdf(every_kind()[::25], SHEETS["L7160"]).data == data
    assert b"FlateDecode" not in data


def test_only_a_plain_sheet_has_lines_to_cut_along() -> None:
    """A sheet that is cut already has none; single labels are as large as their page."""
    for sheet, has_lines in ((grid(3, 8), True), (SHEETS["L7160"], False)):
        (page,) = pypdfium2.PdfDocument(labels_pdf([asset_label("LT-1")], sheet).data)
        picture = page.render(scale=2, grayscale=True).to_pil()
        corner = sheet.corner(sheet.places - 1)
        box = [round((length - 1) * 2 * 72 / 25.4) for length in corner]
        assert (picture.crop((*box, box[0] + 12, box[1] + 12)).getextrema()[0] < 255) == has_lines
    assert size_of(labels_pdf([asset_label("LT-1")], single(50, 25)).data) == {(142, 71)}
