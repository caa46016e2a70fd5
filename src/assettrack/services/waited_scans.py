"""Scans that waited in a browser while the station was away: when they were scanned, by the station's own clock.

Owns how long a scan can have waited. A browser's clock is never believed: it only says how long it waited.
"""

import math
from datetime import datetime, timedelta

import msgspec

from assettrack.services.ports import Workplace
from assettrack.services.queues import Queue

LONGEST = timedelta(hours=12)
"""More than a shift nothing waits: a browser that says so is wrong about it."""

ON_THE_WAY = timedelta(seconds=30)
"""By so much two scans sent one after another may seem turned round; they are in the order in which they came."""


def waited(said: str) -> timedelta:
    """Return how long a scan waited, said in milliseconds; not at all where it can't be read, and never too long."""
    try:
        milliseconds = float(said)
    except ValueError:
        return timedelta()
    if not math.isfinite(milliseconds) or milliseconds <= 0:
        return timedelta()
    return min(LONGEST, timedelta(milliseconds=min(milliseconds, LONGEST.total_seconds() * 1000)))


def at_the_scan(workplace: Workplace, queue: Queue, said: str) -> Workplace:
    """Return the station as it was when something was scanned that waited so long (milliseconds) for this queue."""
    before = waited(said)
    if not before:
        return workplace
    moment = workplace.now() - before
    latest = datetime.fromisoformat(queue.scans[-1].scanned_at) if queue.scans else moment
    if latest - ON_THE_WAY < moment < latest:
        moment = latest
    return msgspec.structs.replace(workplace, now=lambda: moment)
