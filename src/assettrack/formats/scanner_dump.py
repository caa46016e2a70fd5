"""Files of scanners and of other programs around them: which form a file has, and the scans in it, in its order.

Owns the choice of the form, by the whole file's content and never by its name, and the way from its lines to scans.
Exactly one form fits, or somebody says which it is. Corrects no time, drops no line, and answers any bytes whatever.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice

import msgspec

from assettrack.domain.dumped_scans import DateOrder, Dump, DumpedScan
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import UNTOLD, RawScan
from assettrack.domain.scans import FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.wording import quoted
from assettrack.formats.code_names import number_of
from assettrack.formats.dump_dates import YEAR_MIN, date_in, judge, time_in
from assettrack.formats.dump_profiles import PROFILES, Profile
from assettrack.formats.encodings import Text, read_text
from assettrack.formats.scan_header import is_page
from assettrack.formats.shapes import Shape, fits, numbered

_FIRST_LINES = 1000
"""So many lines are looked at for one that tells where the columns are."""

_LINES_OF_A_FORM = 2
"""So many lines at least show of which form a file is, where one after them is not."""

_TEXT_SHOWN = 60

_NO_SERIAL = re.compile("0*")


class Asked(msgspec.Struct, frozen=True):
    """What somebody said of a file: its form by name, and in which order its dates stand; blank or None if nothing."""

    profile: str = ""
    order: DateOrder | None = None


def read(data: bytes, asked: Asked | None = None) -> Dump | Sequence[Finding]:
    """Return the scans of a file, or what is wrong with it; nothing is said where it is just no such file.

    A form that was asked for and does not fit is said with the line that is not of it. Raises nothing.
    """
    said = asked or Asked()
    if len(data) > FILE_BYTES_MAX:
        return [finding("file_too_large", size=f"{len(data):,}", limit=f"{FILE_BYTES_MAX:,}")]
    text = read_text(data)
    if isinstance(text, Finding):
        return [text] if said.profile else []
    found, broken = _fitting(text, said.profile)
    if len(found) == 1:
        return _dump(sha256(data).hexdigest(), text, found[0], said)
    if found:
        return [finding("dump_several", ways="; ".join(f"{each.name}, {each.says}" for each, _ in found))]
    return [_unfit(said.profile, max((line for line, *_ in broken), default=0))] if said.profile else []


def nearly(data: bytes) -> Sequence[Finding]:
    """Return which line keeps a file, of which no form fits, from which one; nothing where that can't be told.

    What stands before that line is a file of that form. A table under a line of headings is of no form, however well
    what stands below it fits, and neither is a web page or program data.
    """
    text = read_text(data)
    if isinstance(text, Finding):
        return []
    first = next((line for _, line in numbered(text.lines())), "")
    if is_page(first):
        return []
    broken = [
        (line, profile)
        for line, profile, shape in _fitting(text, "")[1]
        if shape.is_told_by(first) and fits(shape, islice(text.lines(), max(0, line - 1))) is None
    ]
    last = max((line for line, _ in broken), default=0)
    until = [line for number, line in islice(numbered(text.lines()), last) if number <= last]
    if len(until) <= _LINES_OF_A_FORM:
        return []
    ways = dict.fromkeys(f"{each.name}, {each.says}" for line, each in broken if line == last)
    return [finding("dump_nearly", line=last, ways="; ".join(ways), text=quoted(until[-1], _TEXT_SHOWN))]


def _fitting(text: Text, name: str) -> tuple[list[tuple[Profile, Shape]], list[tuple[int, Profile, Shape]]]:
    """Return the forms that fit, only that of a name where it is given; and the first lines that others don't fit."""
    first = [line for _, line in islice(numbered(text.lines()), _FIRST_LINES)]
    found: list[tuple[Profile, Shape]] = []
    broken: list[tuple[int, Profile, Shape]] = []
    for profile in PROFILES:
        if name in {"", profile.name} and first:
            for shape in profile.shapes(first):
                line = fits(shape, text.lines())
                if line is None:
                    found.append((profile, shape))
                    break
                broken.append((line, profile, shape))
    return found, broken


def _unfit(name: str, line: int) -> Finding:
    profile = next(each for each in PROFILES if each.name == name)
    if line:
        return finding("dump_unfit_at", profile=profile.name, says=profile.says, line=line)
    return finding("dump_unfit", profile=profile.name, says=profile.says)


def _dump(digest: str, text: Text, found: tuple[Profile, Shape], said: Asked) -> Dump | Sequence[Finding]:
    profile, shape = found
    dates: dict[str, int] = {}
    count = 0
    for line, match in _matches(text, shape):
        count += 1
        if count > ROWS_MAX:
            return [finding("too_many_rows", limit=f"{ROWS_MAX:,}")]
        for name in ("date", "date_now"):
            if date := _of(match, name):
                dates.setdefault(date, line)
    if not count:
        return [finding("file_without_rows")]
    judged = judge(((line, date) for date, line in dates.items()), profile.orders, said.order)
    if judged.problem is not None:
        return [judged.problem]
    scans: list[DumpedScan] = []
    shown = ""
    for line, match in _matches(text, shape):
        scans.append(_scan(len(scans) + 1, line, match, shape, judged.order))
        shown = _clock(match, judged.order) or shown
    return Dump(digest, profile.name, profile.says, profile.keeps_order, scans, shown, judged.order if dates else None)


def _matches(text: Text, shape: Shape) -> Iterator[tuple[int, re.Match[str]]]:
    for number, line in numbered(text.lines()):
        match = None if shape.is_head(line) else shape.loose.fullmatch(line)
        if match is not None:
            yield number, match


def _of(match: re.Match[str], name: str) -> str:
    """Return what a line has in a column, blank where the file has none such."""
    return (match[name] or "") if name in match.re.groupindex else ""


def _scan(number: int, line: int, match: re.Match[str], shape: Shape, order: DateOrder | None) -> DumpedScan:
    kind = _of(match, "kind").strip()
    symbology = number_of(kind) if kind else UNTOLD
    stamp, fault = _stamp(match, order)
    code = match["code"].strip()
    if shape.is_csv and len(code) > 1 and code[0] == code[-1] == '"':
        code = code[1:-1].replace('""', '"')
    serial = _of(match, "serial")
    return DumpedScan(
        RawScan(number, code, UNTOLD if symbology is None else symbology, stamp, stamp_fault=fault),
        line,
        match.string,
        quantity=int(_of(match, "quantity").replace(" ", "") or 1),
        serial="" if _NO_SERIAL.fullmatch(serial) else serial,
        event_type="ISSUE" if _of(match, "issue") else "RETURN" if _of(match, "return_") else None,
        card=_of(match, "card").strip(),
        location=_of(match, "location").strip(),
        kind_unknown=kind if symbology is None else "",
        told_at=_told_at(match),
    )


def _told_at(match: re.Match[str]) -> str:
    """Return the time of a scan in the file's own letters, blank where date and time don't both stand there."""
    date, time = _of(match, "date").strip(), _of(match, "time").strip()
    return _of(match, "stamp").strip() or (f"{date} {time}" if date and time else "")


def _stamp(match: re.Match[str], order: DateOrder | None) -> tuple[str, str]:
    """Return the time of a scan as text to the second, and why there is none although something stands there."""
    whole = _of(match, "stamp")
    date, time = (whole[:10], whole[11:19]) if whole else (_of(match, "date"), _of(match, "time"))
    if not date or not time:
        return "", ""
    day = date_in(date, "ymd" if whole or order is None else order)
    clock = time_in(time)
    if not day or not clock:
        return "", f"{date} {time} is none that can be since {YEAR_MIN}"
    return f"{day}T{clock}", ""


def _clock(match: re.Match[str], order: DateOrder | None) -> str:
    """Return what the scanner's clock showed when the line was written, blank where it is not told whole."""
    date, time = _of(match, "date_now"), _of(match, "time_now")
    if not date or not time:
        return ""
    day, clock = date_in(date, order or "ymd"), time_in(time)
    return f"{day}T{clock}" if day and clock else ""
