"""What the desk forgets: sessions, drafts and answers of long ago, and files that were sent and never committed.

Owns for how long they are kept at the desk. It is done when the server starts and whenever somebody signs in: a server
runs for months. Must never touch the log.
"""

from datetime import timedelta

from assettrack.domain.timestamps import utc_text
from assettrack.services.desk_ports import Desk, UploadShelf
from assettrack.services.ports import Workplace

DESK_DAYS = 30
"""What the desk remembers of sessions, drafts and answers is forgotten after so long."""


def tidy(workplace: Workplace, desk: Desk, uploads: UploadShelf) -> None:
    """Forget what is kept for too long.

    Raises:
        desk_errors.DeskNotKept: the desk's file can't be written.
    """
    desk.sweep(utc_text(workplace.now() - timedelta(days=DESK_DAYS)))
    uploads.sweep()
