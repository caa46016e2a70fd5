"""Previewed plans, kept in files outside the database, so that a stale commit can name the rows that moved.

Owns ``<cache>/plans/CODE``: private to the user, one file a plan, old ones swept; those of an account at the
station in the browser lie in ``<cache>/plans/of-NUMBER/CODE``, so that nobody pushes out what another was shown.
Losing a plan costs only that explanation, so a shelf that can't be written is silent. Must never be trusted: what is
committed is always decided anew.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from assettrack.domain.plans import Options, ShownPlan

PLANS_MAX = 50
"""Most plans kept of each account, and of the command line; the oldest are swept."""


class _Facts(msgspec.Struct):
    """The last line of a file: where it is missing, the file was cut off."""

    source_sha256: str
    options: Options


class _Line(msgspec.Struct):
    row_number: int


class PlanFiles:
    """The shelf of plans in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, account_id: int) -> "PlanFiles":
        """Return the shelf of an account: with what it was shown, and nothing that anybody else was."""
        return PlanFiles(self._folder / f"of-{account_id}")

    def keep(self, code: str, source_sha256: str, options: Options, blocks: Iterable[bytes]) -> None:
        """Keep a plan under its confirm code: its change lines, then one line for its file and options."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            handle, name = tempfile.mkstemp(dir=self._folder)  # made with mode 0600
            with os.fdopen(handle, "wb") as file:
                file.writelines(blocks)
                file.write(msgspec.json.encode(_Facts(source_sha256, options)))
            Path(name).replace(self._path(code))

    def find(self, code: str) -> ShownPlan | None:
        """Return the plan that was shown with this code, or None where it isn't known or can't be read."""
        try:
            *lines, last = self._path(code).read_bytes().split(b"\n")
            known = msgspec.json.decode(last, type=_Facts)
            for line in lines:
                msgspec.json.decode(line, type=_Line)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return ShownPlan(known.source_sha256, known.options, lines)

    def _path(self, code: str) -> Path:
        return self._folder / code.replace("-", "")

    def _sweep(self) -> None:
        plans: Iterator[Path] = (each for each in self._folder.iterdir() if not each.is_dir())
        newest_first = sorted(plans, key=lambda plan: plan.stat().st_mtime, reverse=True)
        for plan in newest_first[PLANS_MAX - 1 :]:
            plan.unlink(missing_ok=True)
