"""The header line of a batch: which separator the file uses, where each column stands, and what is wrong with it.

Owns how columns are found (DESIGN §4). The separator is the one that makes most of the contract's names appear in
the header line; it is never judged by how often a mark occurs. Rows are `scan_csv`.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import COLUMNS, REQUIRED_COLUMNS
from assettrack.domain.tags import ascii_upper
from assettrack.domain.validation import Cells
from assettrack.domain.wording import counted, quoted

SEPARATORS = (",", ";", "\t")
"""The separators a file may use; of two that fit equally well, the earlier is taken."""

_HEADER_LINES_MAX = 20
"""Most lines that quoted line breaks can spread a header over; a quote left open is not followed through the file."""

_NAMES_SHOWN_MAX = 12
_NAME_WIDTH_MAX = 40
_NAMES_JUDGED_MAX = 200
_LIST_WORDS_MIN = 2

_INDEX_OF = {ascii_upper(name): index for index, name in enumerate(COLUMNS)}
_NOT_IN_A_LIST = ("timestamp", "event_type", "operator_id")

# Columns by which lists of assets are known, as Snipe-IT, Homebox and Shelf write them, among others.
# fmt: off
_LIST_WORDS = frozenset((
    "asset id", "asset model", "asset name", "asset tag", "barcode", "brand", "category", "company", "custodian",
    "description", "item", "kit", "location", "manufacturer", "model", "model name", "model number", "name",
    "order number", "purchase cost", "purchase date", "quantity", "serial", "serial number", "status", "supplier",
    "tags", "title", "valuation", "warranty",
))
# fmt: on
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_DATE_OR_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")
_DIGIT = re.compile(r"[0-9]")
_PLAIN_NAME = re.compile(r"\w(?:[\w .:#/()+-]*[\w#)])?")

_HINT_BLANK = "The first line is blank; the header line must be the first."
_HINT_SEP = (
    "The first line is an instruction that only Excel understands. Delete it: the separator is found without it."
)
_HINT_PAGE = "This looks like a web page or program data, not like a table."
_HINT_DUMP = (
    "The first line looks like scanned data: this seems to be a scanner's raw file, without a header line. "
    "A batch begins with a line such as asset_tag,timestamp,event_type,operator_id and says these four in each row."
)
_HINT_LIST = (
    "This looks like a list of assets from another program, which is read by a column mapping. A batch is a list of "
    "scans: each row says what happened to one asset, when, and who scanned it, under a header line such as "
    "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,serial_number,notes."
)
_HINT_SEPARATOR = "The columns must be separated by commas, semicolons or tabs."


class Layout(NamedTuple):
    """How the rows of one file are read.

    ``pick`` takes the cells of a row, with one empty text put after them, to the contract's 14.
    ``tag_column`` is where the asset_tag stands in the file.
    """

    separator: str
    width: int
    tag_column: int
    pick: Callable[[list[str]], Cells]


class ScanHeader(NamedTuple):
    """What the header line says; ``layout`` is None when there are problems.

    ``is_list`` says that it is the line of headings of a list of assets, which a mapping reads.
    """

    layout: Layout | None
    problems: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    is_list: bool = False


class _Hint(NamedTuple):
    """What a file may be instead of a batch, and what to do, in a sentence; empty if nothing is known."""

    sentence: str = ""
    is_list: bool = False


def read_header(lines: Iterator[str]) -> ScanHeader:
    """Read the header line, the first of the lines, and find the contract's columns by their names."""
    first = list(islice(lines, _HEADER_LINES_MAX))
    failures: list[Finding] = []
    readings: dict[str, list[str]] = {}
    for separator in SEPARATORS:
        try:
            cells = next(csv.reader(first, delimiter=separator, strict=True), [])
        except csv.Error as error:
            failures.append(finding("csv_broken", line=1, reason=error))
        else:
            readings[separator] = [cell.strip() for cell in cells]
    separator = max(readings, key=lambda mark: _fit(readings[mark]), default="")
    if failures and (not separator or len(readings[separator]) == 1):  # no separator, as far as it can be read
        return ScanHeader(None, (failures[0],), ())
    return _judge(separator, readings[separator])


def is_page(first: str) -> bool:
    """Return whether a first line is one of a web page or of program data."""
    return first.startswith(("<", "{", "["))


def missing_columns(names: Sequence[str]) -> list[str]:
    """Return the columns that a batch needs and these headings are not; none where they are those of a batch."""
    keys = {ascii_upper(name.strip()) for name in names}
    return [name for name in REQUIRED_COLUMNS if ascii_upper(name) not in keys]


def _judge(separator: str, names: list[str]) -> ScanHeader:
    keys = [ascii_upper(name) for name in names]
    missing = missing_columns(names)
    problems = []
    hint = _hint(names, missing) if missing else _Hint()
    if missing:
        words = f" {hint.sentence}" if hint.sentence else ""
        problems.append(finding("header_missing", missing=", ".join(missing), present=_shown(names), hint=words))
    written = dict(zip(reversed(keys), reversed(names), strict=True))  # of each name the first spelling
    repeated = [written[key] for key, count in Counter(keys).items() if count > 1 and key]
    if repeated:
        problems.append(finding("header_duplicate", names=_shown(repeated)))
    if problems:
        return ScanHeader(None, tuple(problems), (), hint.is_list)
    width = len(names)
    at = {key: column for column, key in enumerate(keys)}
    columns = [at.get(ascii_upper(name), width) for name in COLUMNS]  # at `width` stands the empty text put after
    layout = Layout(separator, width, columns[0], itemgetter(*columns))
    unknown = [name for name, key in zip(names, keys, strict=True) if key not in _INDEX_OF]
    if not unknown:
        return ScanHeader(layout, (), ())
    said = finding("unknown_columns", columns=counted(len(unknown), "unknown column"), names=_shown(unknown))
    return ScanHeader(layout, (), (said,))


def _contract_columns(names: Sequence[str]) -> set[str]:
    return _INDEX_OF.keys() & {ascii_upper(name) for name in names}


def _fit(names: Sequence[str]) -> tuple[int, int, bool]:
    """Rate a reading of the header line by the contract's names.

    What comes after them decides only how a file is shown that is no batch: words of other lists, then that the
    separator occurs at all.
    """
    return len(_contract_columns(names)), _list_words(names), len(names) > 1


def _list_words(names: Sequence[str]) -> int:
    """Count the columns that lists of assets have; `HB.asset_id`, `assetModel` and `cf:brand, type:text` are such."""
    found = 0
    for name in names[:_NAMES_JUDGED_MAX]:
        core = name[:_NAME_WIDTH_MAX].split(",", 1)[0].rpartition(".")[2].rpartition(":")[2]
        words = _NOT_ALPHANUMERIC.sub(" ", _CAMEL_HUMP.sub(" ", core).lower()).strip()
        found += words in _LIST_WORDS
    return found


def _hint(names: Sequence[str], missing: Sequence[str]) -> _Hint:
    written = [name for name in names[:_NAMES_JUDGED_MAX] if name]
    if not written:
        return _Hint(_HINT_BLANK)
    contract = _contract_columns(names)
    if at_line := _hint_at_line(written, contract):
        return _Hint(at_line)
    return _hint_at_names(written, contract, missing)


def _hint_at_line(written: Sequence[str], contract: set[str]) -> str:
    """Say what the first line is if it is no header line at all."""
    first = written[0].lower()
    if first.startswith("sep="):
        return _HINT_SEP
    if is_page(first):
        return _HINT_PAGE
    if not contract and _looks_like_data(written):
        return _HINT_DUMP
    if len(written) == 1 and sum(name in first for name in REQUIRED_COLUMNS) > 1:
        return _HINT_SEPARATOR
    return ""


def _hint_at_names(written: Sequence[str], contract: set[str], missing: Sequence[str]) -> _Hint:
    """Say what the names of the columns tell: names that are nearly right, or those of a list of assets."""
    renamed = _renamed(written, missing)
    no_scans = contract.isdisjoint(map(ascii_upper, _NOT_IN_A_LIST))
    if len(renamed) < len(missing) and no_scans and _list_words(written) >= _LIST_WORDS_MIN:
        return _Hint(_HINT_LIST, is_list=True)
    return _Hint(f"Write {', '.join(renamed)}." if renamed else "")


def _looks_like_data(written: Sequence[str]) -> bool:
    """Tell whether a first line holds what a scanner writes: a date or time, or a digit in each cell."""
    return any(map(_DATE_OR_TIME.match, written)) or all(map(_DIGIT.search, written))


def _renamed(written: Sequence[str], missing: Sequence[str]) -> list[str]:
    """Return advice for each missing column that is there but for its spaces, hyphens or underscores."""
    by_letters = {_NOT_ALPHANUMERIC.sub("", name[:_NAME_WIDTH_MAX].lower()): name for name in written}
    pairs = ((name, by_letters.get(name.replace("_", ""))) for name in missing)
    return [f"{name} instead of {_shown([found])}" for name, found in pairs if found]


def _shown(names: Sequence[str]) -> str:
    """List column names as they can be shown: odd ones quoted, long ones cut, few of many."""
    shown = []
    for name in names[:_NAMES_SHOWN_MAX]:
        short = name if len(name) <= _NAME_WIDTH_MAX else f"{name[: _NAME_WIDTH_MAX - 1]}…"
        shown.append(name if short is name and _PLAIN_NAME.fullmatch(name) else quoted(short) if name else "(no name)")
    more = len(names) - len(shown)
    return (", ".join(shown) or "nothing") + (f" and {more:,} more" if more else "")
