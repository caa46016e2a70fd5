"""QR codes on a page: one image, black on white whatever the page's colours are, with its quiet zone."""

import segno

MODULE = 4
"""Side of a module in pixels of the page: three at least are needed by phones at arm's length."""

QUIET = 4
"""Light modules around the symbol (ISO/IEC 18004)."""


def qr_image(text: str) -> str:
    """Return the QR code of a text as the address of an image (``data:``), an SVG.

    It can lose 15 % and still be read (level M), or 7 % (L) where more would not fit.

    Raises:
        ValueError: the text fits into no QR code.
    """
    for level in ("m", "l"):
        try:
            code = segno.make_qr(text, error=level, boost_error=False)
        except segno.DataOverflowError:
            continue
        return code.svg_data_uri(scale=MODULE, border=QUIET, dark="#000", light="#fff")
    raise ValueError(f"{len(text)} characters fit into no QR code")
