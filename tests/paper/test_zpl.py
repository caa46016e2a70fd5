"""Labels in ZPL II, read back as a printer does: nothing in a name is ever a command, and codes keep on the label."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.domain.labels import Symbology, asset_label, case_label, holder_label, slot_label, tags_from
from assettrack.domain.tags import Place
from assettrack.paper.code_128 import encoded
from assettrack.paper.data_matrix import matrix
from assettrack.paper.label_sheets import Pair
from assettrack.paper.zpl import labels_zpl
from tests.paper.zpl_reading import Format, read_zpl

SIZE = Pair(100, 50)
COMMANDS = {Symbology.CODE_128: "BC", Symbology.QR: "BQ", Symbology.DATA_MATRIX: "BX"}
DOTS_PER_MM = {203: 8, 300: 11.8, 600: 23.6}
TAGS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,29}", fullmatch=True)
CASES = st.from_regex(r"[A-Z0-9][A-Z0-9_-]{0,9}", fullmatch=True)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100) | st.text("^~_\\XA,>&", min_size=1)


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("code", Symbology)
def test_a_label_is_a_format_with_its_code_and_its_words(code: Symbology, dpi: int) -> None:
    """One ^XA to ^XZ each, as large as the label; the code by its command, and the tag in letters."""
    labels = [asset_label(tag).in_code(code) for tag in tags_from("LT-0042", 3)]
    formats = read_zpl(labels_zpl(labels, SIZE, dpi).data)
    assert [[each.text for each in label.fields] for label in formats] == [
        [tag, tag] for tag in tags_from("LT-0042", 3)
    ]
    for label in formats:
        assert [each.kind for each in label.fields] == [COMMANDS[code], "A0"]
        assert (label.wide, label.high) == pytest.approx([100 * DOTS_PER_MM[dpi], 50 * DOTS_PER_MM[dpi]], rel=0.005)


def code_of(label: Format, dpi: int) -> tuple[float, float, int, int]:
    """Return a label's code: module and height in millimetres, modules, and quiet modules that its standard wants."""
    found = label.fields[0]
    if found.kind == "BC":
        orientation, high, *rest = found.said["BC"].split(",")
        assert (orientation, rest) == ("N", ["N"] * 4)
        module = int(found.said["BY"])
        return module * 25.4 / dpi, int(high) * 25.4 / dpi, encoded(found.text).modules, 10
    if found.kind == "BX":
        orientation, dots, quality, columns, rows, _, escape = found.said["BX"].split(",")
        assert (orientation, quality, columns == rows, escape) == ("N", "200", True, "!")
        return int(dots) * 25.4 / dpi, 99, int(columns), 1
    orientation, model, dots = found.said["BQ"].split(",")
    assert (orientation, model) == ("N", "2")
    assert 1 <= int(dots) <= 10
    return int(dots) * 25.4 / dpi, 99, 25, 4


@settings(max_examples=60)
@given(TAGS, st.sampled_from(Symbology), st.sampled_from([203, 300, 600]))
def test_codes_of_any_tag_keep_their_quiet_zones_on_the_label(tag: str, code: Symbology, dpi: int) -> None:
    """Modules are at least as wide as may be, bars high enough to aim at, and letters stand below or beside."""
    (label,) = read_zpl(labels_zpl([asset_label(tag).in_code(code)], SIZE, dpi).data)
    module, high, modules, quiet = code_of(label, dpi)
    assert module >= (0.165 if code.is_linear else 0.25)
    assert high >= 5
    dot = 25.4 / dpi
    left, top = (length * dot for length in label.fields[0].place)
    assert left >= quiet * module
    assert left + (modules + quiet) * module <= SIZE.across + dot
    assert 0 <= top < SIZE.down
    assert "".join(each.text for each in label.fields[1:]) == tag
    if code is Symbology.DATA_MATRIX:
        assert modules == len(matrix(tag))


@given(CASES, st.sampled_from(Symbology))
def test_a_mark_of_the_printer_in_a_code_is_only_a_letter(case: str, code: Symbology) -> None:
    """An underscore begins a number there; in the code it is an underscore all the same."""
    for label in (case_label(case, code), slot_label(Place(case, 7), code)):
        (found,) = read_zpl(labels_zpl([label], SIZE, 300).data)
        assert found.fields[0].text == label.text
        assert "".join(each.text for each in found.fields[1:]).replace(" ", "").startswith(label.title.replace(" ", ""))


@given(NAMES)
def test_no_name_is_a_command(name: str) -> None:
    """Carets, tildes, underscores, backslashes and line breaks are letters: the reader fails on any other command."""
    label = holder_label(Holder(12, name), "QXA")
    (found,) = read_zpl(labels_zpl([label], SIZE, 203).data)
    assert [each.kind for each in found.fields][:2] == ["BC", "A0"]
    assert found.fields[0].text == label.text
    assert found.fields[-1].text.endswith(label.text)
    for each in found.fields[1:]:
        assert each.text.isprintable()
        assert "\\" not in each.text or "FB" not in each.said  # in a block it would end a line


def test_what_the_printer_can_not_do() -> None:
    """A resolution that no printer has, and a label that is too small: what would fit is said."""
    with pytest.raises(errors.ValueUnusable, match="203, 300, 600 dpi"):
        labels_zpl([asset_label("LT-1")], SIZE, 72)
    with pytest.raises(errors.ValueUnusable, match="QR or Data Matrix would fit"):
        labels_zpl([asset_label("ABCDEFGHIJKLMNOPQRST")], Pair(50, 25), 203)


def test_the_same_labels_give_the_same_bytes() -> None:
    """And more labels are more of the same."""
    labels = [asset_label("LT-1"), holder_label(Holder(12, "Zoë"), "QXA")]
    data = labels_zpl(labels, SIZE, 203).data
    assert data == b"".join(labels_zpl([label], SIZE, 203).data for label in labels)
    assert data.count(b"^XA") == data.count(b"^XZ") == 2
