"""A look at the station's key, folders and disk for `doctor`.

Returns plain values and judges nothing. Must never make or change a key, nor show one.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from assettrack.domain.station_errors import KeyUnusable
from assettrack.station.keys import FOLDER_MODE, KeyFile


class KeyFacts(msgspec.Struct, frozen=True):
    """Where a station's key lies, and why it can't be used, or None where it can."""

    path: str
    reason: str | None


def key_facts(directory: Path, station: str, public_key: str) -> KeyFacts:
    """Look for the key of a station whose public key (hex) is known."""
    file = KeyFile(directory, station)
    try:
        signer = file.signer()
    except KeyUnusable as error:
        return KeyFacts(str(file.path), str(error))
    if signer.public_key.hex() != public_key:
        stranger = KeyUnusable(str(file.path), "it is not the key this database was set up with")
        return KeyFacts(str(file.path), str(stranger))
    return KeyFacts(str(file.path), None)


def free_space(folder: Path) -> int:
    """Return how many bytes are free where ``folder`` lies, or would lie; 0 where the system does not say."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return 0


def unwritable_because(folder: Path) -> str | None:
    """Return why no file can be written to a folder, or None where one can; makes the folder if need be."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"1")
    except OSError as error:
        return error.strerror or str(error)
    return None
