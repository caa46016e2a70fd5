"""QR codes on a page as a device reads them: the image is drawn from its SVG, and read by another program."""

import re
from html import unescape
from urllib.parse import unquote

import zxingcpp
from PIL import Image, ImageDraw


def read_qr(page: str) -> str:
    """Return what the page's one QR code says."""
    (address,) = re.findall(r'<img class="qr" src="([^"]+)"', page)
    kind, _, svg = unquote(unescape(address)).partition(",")
    assert kind.startswith("data:image/svg+xml")
    (width,) = re.findall(r"<svg [^>]*width='(\d+)'", svg)
    (scale,) = re.findall(r"scale\((\d+)\)", svg)
    (path,) = re.findall(r"stroke='#000' d='([^']+)'", svg)
    (found,) = zxingcpp.read_barcodes(
        _drawn(path, int(width), int(scale)), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return str(found.text)


def _drawn(path: str, width: int, scale: int) -> Image.Image:
    """Draw a path of horizontal strokes, one unit wide: absolute and relative moves, and relative lines."""
    picture = Image.new("L", (width, width), 255)
    draw = ImageDraw.Draw(picture)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", path):
        if command == "h":
            left, top = x * scale, (y - 0.5) * scale
            draw.rectangle((left, top, left + float(first) * scale - 1, top + scale - 1), fill=0)
            x += float(first)
        elif command == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return picture
