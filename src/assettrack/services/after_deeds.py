"""What follows a deed that is in the log: the desk's note of it, which spares looking it up again.

Owns that a failure there is no failure of the deed: it is kept in the server's own log, and what was not noted is found
out at the next use. Must never be put around the deed itself.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from assettrack.domain import errors

_log = logging.getLogger("assettrack.desk")


@contextmanager
def after_deed(what: str) -> Iterator[None]:
    """Do what follows a deed; where it can't be done, ``what`` it was stands in the server's log, and it goes on."""
    try:
        yield
    except errors.AssetTrackError:
        _log.exception("after a deed that was done: %s", what)
