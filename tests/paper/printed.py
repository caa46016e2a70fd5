"""What others see of a PDF that we made: pages as text and as pictures, codes read from the pictures.

Owns nothing of ours: PDFium renders, takes out texts and attachments, and zxing reads the codes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import zxingcpp
from PIL.Image import Image


class Box(NamedTuple):
    """Where something stands on a page, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def pages_of(data: bytes) -> list[str]:
    """Return the text of each page; a line of it is a line on the page."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def boxes_of(data: bytes) -> list[list[Box]]:
    """Return, for each page, the boxes of the texts on it, each as long as letters follow one another in one style."""
    document = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage() for page in document]
    return [[Box(*text.get_rect(number)) for number in range(text.count_rects())] for text in texts]


def codes_of(data: bytes, dpi: int) -> list[str]:
    """Return what a reader of codes finds on the last page at this resolution."""
    document = pypdfium2.PdfDocument(data)
    picture = document[len(document) - 1].render(scale=dpi / 72, grayscale=True).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def attachments_of(data: bytes) -> dict[str, bytes]:
    """Return the files attached to a PDF, by name."""
    document = pypdfium2.PdfDocument(data)
    files = [document.get_attachment(number) for number in range(document.count_attachments())]
    return {file.get_name(): bytes(file.get_data()) for file in files}


def size_of(data: bytes) -> set[tuple[int, int]]:
    """Return the sizes of the pages in points, rounded."""
    return {(round(page.get_width()), round(page.get_height())) for page in pypdfium2.PdfDocument(data)}


def tag_of(data: bytes, name: str) -> str:
    """Return an entry of the document's information."""
    return str(pypdfium2.PdfDocument(data).get_metadata_value(name))


def pictures_of(data: bytes, dpi: int, *, in_dots: bool = False) -> Iterator[Image]:
    """Yield each page as a picture in shades of grey, or ``in_dots``: black and white only, as a label printer has."""
    for page in pypdfium2.PdfDocument(data):
        yield page.render(scale=dpi / 72, grayscale=True, no_smoothpath=in_dots, no_smoothtext=in_dots).to_pil()


class SeenCode(NamedTuple):
    """A code that a reader found: what it says, its kind by zxing's name, and where it is in pixels from top left."""

    text: str
    kind: str
    left: int
    top: int
    right: int
    bottom: int


def codes_on(picture: Image) -> list[SeenCode]:
    """Return every code that a reader finds on a picture."""
    return [SeenCode(code.text, str(code.format), *_box(code.position)) for code in zxingcpp.read_barcodes(picture)]


def _box(position: zxingcpp.Position) -> tuple[int, int, int, int]:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    across, down = sorted(corner.x for corner in corners), sorted(corner.y for corner in corners)
    return across[0], down[0], across[-1], down[-1]
