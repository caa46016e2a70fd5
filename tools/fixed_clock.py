"""The program with a clock that stands where a file says: `python tools/fixed_clock.py FILE serve --port 0`.

Owns that clock, for `screenshots.py`: what is shown must not depend on when it is shown. The name of a station that is
made here is by a chance that is seeded, for the same reason. Everything else is the program's, keys and salts too.
"""

import random
import secrets
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from assettrack import bootstrap
from assettrack.cli.main import main

STEP = timedelta(milliseconds=1)
"""Each time the clock is asked it has gone on by this since it was set, so that no two things are at once."""


def hold(path: Path) -> None:
    """Let the station's clock stand where the file says (ISO 8601, with its offset), whenever it is asked."""
    asked: Counter[str] = Counter()

    def now() -> datetime:
        moment = path.read_text("utf-8").strip()
        asked[moment] += 1
        return datetime.fromisoformat(moment) + STEP * asked[moment]

    bootstrap.now = now


if __name__ == "__main__":
    hold(Path(sys.argv.pop(1)))
    secrets.choice = random.Random(7).choice
    sys.exit(main())
