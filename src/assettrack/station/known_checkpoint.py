"""The newest checkpoint that each station signed on this machine, known outside its database.

Owns ``<user data>/assettrack/checkpoints/<station>.note``: the signed note of the last transaction, put in the place of
the one before. With it an older copy of the database is noticed, whoever put it there. It is not brought to the disk
with care: after a power cut an older note, or none, may be known, and then less is noticed. Must never stop a deed.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from assettrack.domain.checkpoints import Checkpoint, read_note
from assettrack.domain.deeds import Station
from assettrack.domain.signed_notes import NOTE_CHARACTERS_MAX, NoteInvalid
from assettrack.lasting_files import said_by_system
from assettrack.station.keys import FOLDER_MODE, KeyFile, verify_signature

_NO_FILE = "it is a folder, a pipe or another thing that is no file"


class KnownCheckpoints:
    """The notes in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self, station: Station) -> Checkpoint | None:
        """Return the newest checkpoint that this station signed, or None where none is known or it was not its key."""
        try:
            return self._read(station)
        except (OSError, NoteInvalid, ValueError):  # the last: no text, or no key
            return None

    def unreadable_because(self, station: Station) -> str | None:
        """Return why what lies in the note's place is none of this station's, or None where it is, or nothing is there.

        While that is so, nothing is known, and an older copy of the database would not be noticed.
        """
        try:
            self._read(station)
        except FileNotFoundError:
            return None
        except OSError as error:
            return said_by_system(error)
        except (NoteInvalid, ValueError) as error:
            return str(error).rstrip(".")
        return None

    def keep(self, station: str, note: str) -> None:
        """Put the note of a station's last transaction in the place of the one before, if that can be done."""
        path = self.path(station)
        if path is None:
            return
        with suppress(OSError):
            try:
                _put(path, note)
            except FileNotFoundError:
                self._folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
                _put(path, note)

    def _read(self, station: Station) -> Checkpoint | None:
        path = self.path(station.station)
        if path is None:
            return None
        text = _read_regular(path, NOTE_CHARACTERS_MAX).decode()
        key = bytes.fromhex(station.public_key)
        return read_note(text, origin=station.station, public_key=key, verify=verify_signature)

    def path(self, station: str) -> Path | None:
        """Return where a station's note lies; None for a name that can't be a file's."""
        try:
            return KeyFile(self._folder, station).path.with_suffix(".note")
        except ValueError:
            return None


def _read_regular(path: Path, size: int) -> bytes:
    """Return how a plain file begins. Anything else is not even opened: who opens a pipe waits for its other end.

    Raises:
        OSError: the system does not let us, or nothing is there.
        ValueError: it is no plain file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(_NO_FILE)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # put there since
            raise ValueError(_NO_FILE)
        return file.read(size)


def _put(path: Path, note: str) -> None:
    """Write a note under a name of this process's own, then put it in the place of the one before."""
    temporary = f"{path}.{os.getpid()}"
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, note.encode())
        finally:
            os.close(handle)
        os.replace(temporary, path)  # noqa: PTH105 - texts, not paths: this is done at every commit
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - as above
        raise
