"""Addresses of the pages of batches."""

from urllib.parse import urlencode


def papers_path(batch_id: int, holder: str = "") -> str:
    """Return where it is told what a batch exchanged, with a holder among those who are shown."""
    query = f"?{urlencode({'holder': holder})}" if holder else ""
    return f"/batches/{batch_id}{query}#papers"
