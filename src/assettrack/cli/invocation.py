"""One call of the program: what it was told for every command, the station it works on, and what it has saved.

Opens the station when a command first asks for it, and closes it at the end. Nothing heavy is
imported before that.
"""

import gc
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from assettrack.services.ports import Workplace
    from assettrack.settings import Settings

Item = TypeVar("Item")


class Invocation:
    """What `--json`, `--db` and `--operator` said, wherever they stood on the command line."""

    def __init__(self) -> None:
        self.json = False
        self.database: str | None = None
        self.operator: str | None = None
        self._saved = False
        self._reached = ""
        self._size_before: int | None = None
        self._workplace: Workplace | None = None
        self._open = ExitStack()
        self._done_with: list[object] = []

    def settings(self) -> "Settings":
        """Return where the station's files lie and who is at work."""
        from assettrack.settings import read_settings

        return read_settings(self.database, self.operator)

    def workplace(self) -> "Workplace":
        """Return the station; opened at the first call."""
        if self._workplace is None:
            import msgspec

            from assettrack import bootstrap

            settings = self.settings()
            store = bootstrap.open_store(settings)
            self._open.callback(store.close)
            workplace = bootstrap.open_workplace(settings, store)
            self._workplace = msgspec.structs.replace(workplace, done_with=self._done_with.append)
        return self._workplace

    def let_go(self) -> None:
        """Free what the services are done with, because the call goes on and needs the memory."""
        self._done_with.clear()

    def leave(self) -> None:
        """Let the process end without freeing what the services are done with, and without looking for garbage.

        The values are in a cycle then, which only the garbage collector could free, and it passes over all
        that is there now. The system takes the memory back at once.
        """
        self._done_with.append(self._done_with)
        gc.freeze()

    def made(self) -> None:
        """Remember that this call has saved what it was for, in another way than by a deed at an open station."""
        self._saved = True

    def reached(self, sentence: str) -> None:
        """Say how far a call of several steps has come, and what to do next, for whoever interrupts what follows."""
        self._reached = sentence

    @contextmanager
    def deed(self) -> Iterator["Workplace"]:
        """Lend the station for one deed that saves, and remember whether it was done.

        Whoever interrupts it can then be told the truth: a signal may arrive when the database has
        just committed and nothing here knows of it yet.
        """
        from assettrack.services import audit

        workplace = self.workplace()
        self._size_before = audit.log_size(workplace)
        yield workplace
        self._saved = True

    @property
    def is_done(self) -> bool:
        """Whether the deed that this call was for is done and saved."""
        return self._saved

    def reading(self, found: Generator[Item, None, None]) -> Iterator[Item]:
        """Hand on what a service yields, and see to it that its snapshot ends before the station is closed."""
        return self._open.enter_context(closing(found))

    def what_was_saved(self) -> tuple[bool | None, str]:
        """Return whether this call saved anything (None: not known for sure), and a sentence that says so."""
        from assettrack.domain import errors
        from assettrack.services import audit

        reached = f" {self._reached}" if self._reached else ""
        if self._saved:
            return True, self._reached or "What was asked for is done and saved; only the answer is missing."
        if self._size_before is None or self._workplace is None:
            return False, f"Nothing was saved.{reached}"
        try:
            grown = audit.log_size(self._workplace) - self._size_before
        except errors.AssetTrackError:
            return None, "Look with audit show whether anything was saved."
        if not grown:
            return False, f"Nothing was saved.{reached}"
        first = self._size_before + 1
        return None, f"The log has grown meanwhile; see what was saved with: assettrack audit show --from {first}"

    def close(self) -> None:
        """Close the station; whatever was saved is saved already."""
        self._open.close()
