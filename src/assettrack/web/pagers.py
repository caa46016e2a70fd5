"""Lists that are too long for one page: which of them it shows, and where the others are."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Pager(NamedTuple):
    """What a page shows of a list: from the ``first`` to the ``last``, out of how many; and links to the others."""

    first: int
    last: int
    total: int
    links: Sequence[tuple[str, str]]


def pager(skipped: int, shown: int, total: int, page_length: int, path_of: Callable[[int], str]) -> Pager | None:
    """Return where the others of a list are, by the number of their page from 1; None where one page has all."""
    page, pages = skipped // page_length + 1, -(-total // page_length)
    if pages <= 1:
        return None
    targets = (("first", 1), ("previous", page - 1), ("next", page + 1), ("last", pages))
    links = [(key, path_of(target)) for key, target in targets if target != page and 1 <= target <= pages]
    return Pager(skipped + 1, skipped + shown, total, links)
