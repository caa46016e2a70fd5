"""Dates and times as scanners' files write them, and in which order day, month and year stand in a whole file.

Owns the decision about the order: one for the whole file, by its dates together, never one for a row. A clock that was
reset decides nothing: neither a date that is none in any order, nor that a year would be too early in one. Where a year
of two digits stands is told by no date at all.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assettrack.domain.dumped_scans import DATE_ORDERS, ORDER_WORDS, DateOrder
from assettrack.domain.findings import Finding, finding

DATE = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?"
STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"

YEAR_MIN = 2006
"""The first scanners of the family are of 2006: an earlier year is that of a clock which was reset."""

_CENTURY = 2000
_YEAR_DIGITS = 4
_NOON = 12
_PARTS = re.compile(r"[-/.]")
_TIME_PARTS = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?([AaPp])[Mm])?")


class Judged(NamedTuple):
    """How a file's dates are read: their order (None where no date asks for one), or the problem with them."""

    order: DateOrder | None
    problem: Finding | None = None


class _Date(NamedTuple):
    """A date of a file: in which orders it can be, and which day it is in each, also before there were such scanners.

    ``tells_year`` says that it may rule out where the year stands.
    """

    line: int
    text: str
    possible: set[DateOrder]
    days: Mapping[DateOrder, str]
    tells_year: bool


def date_in(text: str, order: DateOrder) -> str:
    """Return a date as ``YYYY-MM-DD``, blank where it is none in this order, or before there were such scanners."""
    day = _day_in(text, order)
    return day if day >= f"{YEAR_MIN}" else ""


def _day_in(text: str, order: DateOrder) -> str:
    """Return a date as ``YYYY-MM-DD``, blank where it is no day of the calendar in this order."""
    first, second, third = _PARTS.split(text)
    by_place = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}
    year_text, month_text, day_text = by_place[order]
    if len(year_text) not in {2, _YEAR_DIGITS} or len(day_text) > 2 or len(month_text) > 2:  # noqa: PLR2004 - day and month have two digits
        return ""
    year, month, day = int(year_text), int(month_text), int(day_text)
    year += _CENTURY if len(year_text) < _YEAR_DIGITS else 0
    if not year or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:  # noqa: PLR2004 - a year has twelve months
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}"


def time_in(text: str) -> str:
    """Return a time as ``hh:mm:ss``, blank where it is none; twelve-hour times have AM or PM behind them."""
    match = _TIME_PARTS.fullmatch(text)
    if match is None:
        return ""
    hour, minute, second, half = int(match[1]), int(match[2]), int(match[3] or 0), (match[4] or "").upper()
    if half and not 1 <= hour <= _NOON:
        return ""
    if half:
        hour = hour % _NOON + (_NOON if half == "P" else 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the clock's own limits
        return ""
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def judge(dates: Iterable[tuple[int, str]], allowed: tuple[DateOrder, ...], asked: DateOrder | None) -> Judged:
    """Return in which order the dates of a file stand; they come with their lines, each text once.

    ``allowed`` are the orders that the file's form can have; a year of four digits at the beginning tells its own.
    ``asked`` is the one that somebody said; a date that is too early in it is that of a clock which was reset.
    """
    orders: set[DateOrder] = {*DATE_ORDERS} if asked is None else {asked}
    can_be = [each for line, text in dates if (each := _date(line, text, allowed, asked)).possible]
    for each in can_be:
        if not orders & each.possible:
            anyhow = {*DATE_ORDERS}.intersection(*(one.days for one in can_be))  # only by a year they contradict
            is_asked = asked is None and anyhow
            return Judged(None, _asked_which(each, anyhow) if is_asked else _contradiction(can_be, each, asked))
        orders &= each.possible
    if not can_be:
        return Judged(asked)
    unclear = _unclear(can_be, orders) if asked is None else None
    return Judged(None, unclear) if unclear else Judged(next(order for order in DATE_ORDERS if order in orders))


def _date(line: int, text: str, allowed: tuple[DateOrder, ...], asked: DateOrder | None) -> _Date:
    own: tuple[DateOrder, ...] = ("ymd",) if text[:_YEAR_DIGITS].isdigit() else allowed
    days = {order: day for order in own if (day := _day_in(text, order))}
    possible = {order for order in days if order == asked or date_in(text, order)}
    has_four = any(len(part) == _YEAR_DIGITS for part in _PARTS.split(text))
    may_stand_anywhere = "ymd" in own and len(own) > 1 and not has_four
    return _Date(line, text, possible, days, not may_stand_anywhere)


def _unclear(dates: list[_Date], orders: set[DateOrder]) -> Finding | None:
    """Return the question in which order the dates stand, None where it makes no difference; ``orders`` suit all."""
    for each in dates:
        if len({each.days[order] for order in orders}) > 1:
            return _asked_which(each, orders)
    left: set[DateOrder] = {*DATE_ORDERS}
    for each in dates:
        if each.tells_year or len({order == "ymd" for order in each.days}) > 1:
            left &= each.days.keys()
    differing = [each for each in dates if len({each.days[order] for order in left & each.days.keys()}) > 1]
    if not differing:
        return None
    shown = max(differing, key=lambda each: min(each.days.values()))  # not one of those of the clock that was reset
    return _asked_which(shown, left & shown.days.keys())


def _asked_which(date: _Date, orders: set[DateOrder]) -> Finding:
    in_order = [order for order in DATE_ORDERS if order in orders]
    ways, days = ([words[order] for order in in_order] for words in (ORDER_WORDS, date.days))
    return finding("dump_dates_unclear", date=date.text, ways=" or ".join(ways), days=" or ".join(days))


def _contradiction(dates: list[_Date], broken: _Date, asked: DateOrder | None) -> Finding:
    line, text, possible = broken[:3]
    ways = " or ".join(ORDER_WORDS[order] for order in DATE_ORDERS if order in possible)
    if asked is not None:
        return finding("dump_dates_other", line=line, date=text, ways=ways, asked=ORDER_WORDS[asked])
    line_of, date_of = next((each for each in dates if not each.possible & possible), dates[0])[:2]
    return finding("dump_dates_contradict", line=line, date=text, ways=ways, other_line=line_of, other_date=date_of)
