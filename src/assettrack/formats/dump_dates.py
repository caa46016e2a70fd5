"""Dates and times as scanners' files write them, and in which order day, month and year stand in a whole file.

Owns the decision about the order: one for the whole file, by its dates together, never one for a row. A date that is
none in any order is a scanner's clock that was reset, and decides nothing.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
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


def date_in(text: str, order: DateOrder) -> str:
    """Return a date as ``YYYY-MM-DD``, blank where it is none in this order."""
    first, second, third = _PARTS.split(text)
    by_place = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}
    year_text, month_text, day_text = by_place[order]
    if len(year_text) not in {2, _YEAR_DIGITS} or len(day_text) > 2 or len(month_text) > 2:  # noqa: PLR2004 - day and month have two digits
        return ""
    year, month, day = int(year_text), int(month_text), int(day_text)
    year += _CENTURY if len(year_text) < _YEAR_DIGITS else 0
    if year < YEAR_MIN or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:  # noqa: PLR2004 - a year has twelve months
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
    ``asked`` is the one that somebody said.
    """
    orders: set[DateOrder] = {*DATE_ORDERS} if asked is None else {asked}
    can_be: list[tuple[int, str, set[DateOrder]]] = []
    for line, text in dates:
        possible = _possible(text, allowed)
        if possible:
            can_be.append((line, text, possible))
    for line, text, possible in can_be:
        if not orders & possible:
            return Judged(None, _contradiction(can_be, (line, text, possible), asked))
        orders &= possible
    if not can_be:
        return Judged(asked)
    if len(orders) > 1:
        different = [text for _, text, _ in can_be if len({date_in(text, order) for order in orders}) > 1]
        if different:
            ways = " or ".join(ORDER_WORDS[order] for order in DATE_ORDERS if order in orders)
            return Judged(None, finding("dump_dates_unclear", date=different[0], ways=ways))
    return Judged(next(order for order in DATE_ORDERS if order in orders))


def _possible(text: str, allowed: tuple[DateOrder, ...]) -> set[DateOrder]:
    own: tuple[DateOrder, ...] = ("ymd",) if text[:_YEAR_DIGITS].isdigit() else allowed
    return {order for order in own if date_in(text, order)}


def _contradiction(
    dates: list[tuple[int, str, set[DateOrder]]], broken: tuple[int, str, set[DateOrder]], asked: DateOrder | None
) -> Finding:
    line, text, possible = broken
    ways = " or ".join(ORDER_WORDS[order] for order in DATE_ORDERS if order in possible)
    if asked is not None:
        return finding("dump_dates_other", line=line, date=text, ways=ways, asked=ORDER_WORDS[asked])
    other = next(((number, date) for number, date, orders in dates if not orders & possible), dates[0][:2])
    return finding("dump_dates_contradict", line=line, date=text, ways=ways, other_line=other[0], other_date=other[1])
