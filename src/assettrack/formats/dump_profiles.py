r"""Named profiles of files that scanners and other programs write: of which shape each line is, and what stands where.

Owns the shapes. Sources: Opticon's manuals for the OPN-2004/2006 and the OPN-2000 series, OPL and OPH (``SCANNED.TXT``,
``DATA.TXT``); the sources of its PC program OPN200x and of its web and .NET demos; those of the programs ABC, cs1504.py
and cartscan; and the description of Koha's offline circulation file.

A shape is a regular expression for a whole line: a strict one, where no code holds a separator, and a loose one. A file
fits if every line fits loosely and at least one strictly, which tells where the columns are. Must never judge a line
alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from assettrack.domain.dumped_scans import DateOrder
from assettrack.formats.dump_dates import DATE, STAMP, TIME
from assettrack.formats.pc_columns import pc_shapes
from assettrack.formats.shapes import BARE, CODE, Shape, shape

_SERIAL = "(?P<serial>[0-9]{6,8})"
_QUANTITY = "(?P<quantity>[+-]?[0-9]{1,7})"
_TIME, _DATE, _STAMP = f"(?P<time>{TIME})", f"(?P<date>{DATE})", f"(?P<stamp>{STAMP})"
_KIND = r"(?P<kind>(?=[^,;\t]*[A-Za-z])[^,;\t\"]{1,40})"
_SEPARATORS = (",", ";", "\t")
_DAY_MONTH: tuple[DateOrder, ...] = ("dmy", "mdy")


class Profile(msgspec.Struct, frozen=True):
    """A form that files have: its name, what it is in a few words, and the shapes that such a file may have.

    ``shapes`` is asked with the first lines of a file. ``orders`` are the orders in which its dates may stand.
    ``keeps_order`` says that lines stand in the order of scanning, each scan its own.
    """

    name: str
    says: str
    shapes: Callable[[Sequence[str]], Iterable[Shape]]
    orders: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
    keeps_order: bool = True


def _fixed(*shapes: Shape) -> Callable[[Sequence[str]], Iterable[Shape]]:
    return lambda _: shapes


def _separated(*cells: str, constant_serial: bool = False) -> Callable[[Sequence[str]], Iterable[Shape]]:
    """Return the shapes of the same cells with each of the separators."""
    made = (shape(separator, *cells) for separator in _SEPARATORS)
    return _fixed(*(msgspec.structs.replace(each, constant_serial=constant_serial) for each in made))


def _padded(widths: Sequence[int], *cells: str) -> Callable[[Sequence[str]], Iterable[Shape]]:
    """Return shapes with a code that is padded to a width; strict where it is shorter than that."""
    return _fixed(
        *(
            Shape(
                re.compile(f"(?P<code>.{{{width - 1}}} ){separator}{separator.join(cells)}"),
                re.compile(f"(?P<code>.{{{width}}}){separator}{separator.join(cells)}"),
            )
            for separator in _SEPARATORS
            for width in widths
        )
    )


def _quantity(width: int) -> str:
    """Return the expression of a number that is padded with blanks to a width."""
    return f"(?P<quantity>(?= *[+-]?[0-9]+ *(?![ 0-9+-]))[ 0-9+-]{{{width}}})"


def _csv(*cells: str, head: str = "") -> Callable[[Sequence[str]], Iterable[Shape]]:
    """Return the shape of a file that quotes codes which hold a separator, maybe under a line of headings."""
    heads = re.compile(head, re.IGNORECASE) if head else None
    return _fixed(msgspec.structs.replace(shape(",", *cells), is_csv=True, heads=heads))


_BARE = re.compile(f"(?P<code>{BARE})")
_KOHA = re.compile(
    rf"{_STAMP}\t(?:(?P<issue>issue)\t(?P<card>[^\t]{{1,64}})|(?P<return_>return))\t(?P<code>[^\t]{{1,64}})"
)
_KOHA_HEAD = re.compile(r"Version=[0-9.]+\tGenerator=[^\t]*\tGeneratorVersion=[^\t]*")
_CARTSCAN = re.compile(rf'"{_DATE} {_TIME}","(?P<location>[^"]{{0,100}})","(?P<code>[^"]{{1,100}})"')

PROFILES: tuple[Profile, ...] = (
    Profile(
        "opn-batch",
        "an OPN-200x scanner's SCANNED.TXT with quantities",
        _separated(CODE, _QUANTITY, _SERIAL, _TIME, _DATE),
        keeps_order=False,
    ),
    Profile(
        "opn-batch-plain",
        "an OPN-200x scanner's SCANNED.TXT without quantities",
        _separated(f"{CODE} *", _SERIAL, _TIME, _DATE, constant_serial=True),
    ),
    Profile(
        "opn2000",
        "an OPN-2000 scanner's SCANNED.TXT with padded codes and quantities",
        _padded([40], _quantity(6), _SERIAL, _TIME, _DATE),
        keeps_order=False,
    ),
    Profile(
        "oph-data",
        "an OPL or OPH scanner's DATA.TXT",
        _padded(
            [30, 50],
            rf"(?:{_quantity(7)}|(?P<kind>(?=[^,;\t]*[^,;\t ])[^,;\t]{{18}}))",
            _TIME,
            _DATE,
        ),
    ),
    Profile("opticon-pc", "the Barcodes file of Opticon's program for the PC (OPN200x)", pc_shapes, orders=_DAY_MONTH),
    Profile(
        "opticon-web",
        "the data.txt of Opticon's web demo",
        _fixed(shape(",", CODE, _KIND, _TIME, _DATE)),
        orders=("dmy",),
    ),
    Profile(
        "opticon-dotnet",
        "the Barcodes file of Opticon's .NET demo",
        _fixed(shape(";", CODE, _TIME, _DATE, _KIND, "(?P<serial>[0-9A-Za-z]{1,16})")),
        orders=("dmy",),
    ),
    Profile(
        "abc",
        "the CSV file of the program ABC",
        _csv(CODE, _KIND, _STAMP, '(?P<serial>[^,"]{0,40})', head="Barcode,CodeType,Timestamp,ScannerID"),
    ),
    Profile("bare", "a list of bare codes, one a line", _fixed(Shape(_BARE, _BARE))),
    Profile("cs1504", "the file of cs1504.py", _csv(_KIND, CODE, _STAMP)),
    Profile("hcr", "a file of times, kinds of codes, and codes", _csv(_STAMP, _KIND, CODE)),
    Profile("cartscan", "the file of cartscan", _fixed(Shape(_CARTSCAN, _CARTSCAN))),
    Profile("koha", "Koha's offline circulation file", _fixed(Shape(_KOHA, _KOHA, heads=_KOHA_HEAD))),
)
"""Every profile, each with its own name."""
