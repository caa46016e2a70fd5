"""Addresses of the pages of batches."""

from urllib.parse import urlencode

LEFT = "left=1"
"""The query of a page on which something was said of many scans, and some were left as they are."""


def papers_path(batch_id: int, holder: str = "") -> str:
    """Return where it is told what a batch exchanged, with a holder among those who are shown."""
    query = f"?{urlencode({'holder': holder})}" if holder else ""
    return f"/batches/{batch_id}{query}#papers"


def page_of(back: str) -> str:
    """Return the page that a link came from: the check page where it says so, else that of the queue."""
    return "/intake/check" if back.partition("#")[0] == "/intake/check" else "/intake"


def where_one_goes_on(back: str, query: str = "") -> str:
    """Return where one goes on after something was done to many scans: at the check page, or where one scans."""
    page = page_of(back)
    asked = f"{page}?{query}" if query else page
    return asked if page == "/intake/check" else f"{asked}#typed"
