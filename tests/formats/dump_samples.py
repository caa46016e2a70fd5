"""Owns made-up files of each form that is known, written as the programs that they are named for write them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind

BEGIN = cards.written(Card(CardKind.BEGIN, "1"))
EVENT = cards.written(Card(CardKind.EVENT, "SCAN"))


class Line(NamedTuple):
    """One scan, as a file is made of it."""

    code: str
    at: datetime
    kind: str = "Code 128"
    quantity: int = 1


SERIAL = "697227"
LINES = (
    Line("LT-0101", datetime.fromisoformat("2026-03-17T08:15:02")),
    Line("LT-0102", datetime.fromisoformat("2026-03-17T08:15:09"), "Code 39"),
    Line("LT-0103", datetime.fromisoformat("2026-03-17T13:05:00")),
)


def _time(line: Line) -> str:
    return f"{line.at:%H:%M:%S}"


def _european(line: Line) -> str:
    return f"{line.at:%d/%m/%Y}"


def _american(line: Line) -> str:
    return f"{line.at:%m/%d/%y}"


def _half_day(line: Line) -> str:
    return f"{line.at:%I:%M:%S %p}"


def opn_batch(line: Line) -> str:
    """An OPN-2004 as a drive, with quantities."""
    return f"{line.code},{line.quantity},{SERIAL},{_time(line)},{_european(line)}"


def opn_batch_plain(line: Line) -> str:
    """An OPN-2006 as a drive."""
    return f"{line.code},{SERIAL},{_time(line)},{_european(line)}"


def opn2000(line: Line) -> str:
    """The application of the OPN-2000 series."""
    return f"{line.code:40},{line.quantity:6},{SERIAL},{_time(line)},{_european(line)}"


def oph_data(line: Line) -> str:
    """The demo of OPL and OPH, with the kind of code."""
    return f"{line.code:30},{line.kind:18},{_time(line)},{_european(line)}"


def oph_data_with_quantity(line: Line) -> str:
    """The demo of OPL and OPH, with a quantity."""
    return f"{line.code:50};{line.quantity:7};{_time(line)};{_european(line)}"


def opticon_pc_text(line: Line) -> str:
    """The PC program's text, with every column, American."""
    return f"{line.code}, {line.kind}, {_half_day(line)}, {_american(line)}, 03:00:00 PM, 03/18/26, {SERIAL}"


def opticon_pc_short(line: Line) -> str:
    """The PC program's text, parted by tabs, with times and dates only."""
    return f"{line.code}\t{_time(line)}\t20{line.at:%y-%m-%d}"


def opticon_pc_quoted(line: Line) -> str:
    """The PC program's CSV, in which nothing is escaped."""
    return f'"{line.code}";"{line.kind}";"{_time(line)}";"{line.at:%d/%m/%y}"'


def opticon_web(line: Line) -> str:
    """The web demo, which pads nothing."""
    at = line.at
    return f"{line.code},{line.kind},{at.hour}:{at:%M:%S},{at.day}/{at.month}/{at.year}"


def opticon_dotnet(line: Line) -> str:
    """The .NET demo."""
    return f"{line.code};{_time(line)};{line.at:%d-%m-%Y};{line.kind};17"


def abc(line: Line) -> str:
    """The CSV file of ABC."""
    return f"{_csv_cell(line.code)},{line.kind},{line.at},{SERIAL}"


def cs1504(line: Line) -> str:
    """What cs1504.py writes."""
    return f"{line.kind},{_csv_cell(line.code)},{line.at}"


def hcr(line: Line) -> str:
    """Time, kind and code."""
    return f"{line.at},{line.kind},{_csv_cell(line.code)}"


def cartscan(line: Line) -> str:
    """What cartscan writes: month first, nothing padded but the time."""
    return f'"{line.at.month}/{line.at.day}/{line.at.year} {_time(line)}","CASE-01 SLOT-07","{line.code}"'


def koha(line: Line) -> str:
    """Koha's file: something is lent to a card."""
    return f"{line.at}\tissue\tB-2201\t{line.code}"


def bare(line: Line) -> str:
    """A code alone."""
    return line.code


def _csv_cell(code: str) -> str:
    return '"' + code.replace('"', '""') + '"' if '"' in code or "," in code else code


class Form(NamedTuple):
    """A form and how a file of it is written: its head, and each line."""

    profile: str
    write: Callable[[Line], str]
    head: str = ""
    line_end: str = "\r\n"
    order: str | None = None


FORMS: Mapping[str, Form] = {
    "opn-batch": Form("opn-batch", opn_batch, order="dmy"),
    "opn-batch-plain": Form("opn-batch-plain", opn_batch_plain, order="dmy"),
    "opn2000": Form("opn2000", opn2000, order="dmy"),
    "oph-data": Form("oph-data", oph_data, order="dmy"),
    "oph-data, quantities": Form("oph-data", oph_data_with_quantity, order="dmy"),
    "opticon-pc, text": Form("opticon-pc", opticon_pc_text, order="mdy"),
    "opticon-pc, short": Form("opticon-pc", opticon_pc_short, order="ymd"),
    "opticon-pc, quoted": Form("opticon-pc", opticon_pc_quoted, order="dmy"),
    "opticon-web": Form("opticon-web", opticon_web, order="dmy"),
    "opticon-dotnet": Form("opticon-dotnet", opticon_dotnet, order="dmy"),
    "abc": Form("abc", abc, "Barcode,CodeType,Timestamp,ScannerID"),
    "bare": Form("bare", bare, line_end="\n"),
    "cs1504": Form("cs1504", cs1504, line_end="\n"),
    "hcr": Form("hcr", hcr, line_end="\n"),
    "cartscan": Form("cartscan", cartscan, order="mdy", line_end="\n"),
    "koha": Form("koha", koha, "Version=1.0\tGenerator=desk\tGeneratorVersion=2"),
}


def written(form: Form, lines: Sequence[Line] = LINES) -> bytes:
    """Return the file of a form that holds these scans."""
    texts = [form.head] if form.head else []
    texts += [form.write(line) for line in lines]
    return "".join(text + form.line_end for text in texts).encode()
