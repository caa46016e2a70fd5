"""Pictures of modules, and what a reader of codes that is not ours finds in them."""

from collections.abc import Sequence

import zxingcpp
from PIL import Image


def picture_of(rows: Sequence[bytes], quiet: int, pixels: int) -> Image.Image:
    """Return rows of modules as a picture, each module so many pixels wide, in a quiet zone of so many modules."""
    wide = len(rows[0])
    modules = Image.frombytes("L", (wide, len(rows)), bytes(0 if dark else 255 for row in rows for dark in row))
    picture = Image.new("L", ((wide + 2 * quiet) * pixels, (len(rows) + 2 * quiet) * pixels), 255)
    picture.paste(modules.resize((wide * pixels, len(rows) * pixels), Image.Resampling.NEAREST), (quiet * pixels,) * 2)
    return picture


def read_symbols(picture: Image.Image) -> list[str]:
    """Return what a reader finds."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]
