"""The station's signing key: one Ed25519 private key in one file, and the check of signatures.

Owns where the key lies, who may read it, how it is made and how it is used. The file is PEM
with PKCS #8 (RFC 5958 and RFC 8410), without a passphrase, as openssl reads and writes it.
Must never replace or change a key that is there, and never show a private key.

``cryptography`` is imported only where a key is used: that costs about 25 ms of CPU, which
commands without a signature need not pay.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assettrack.domain.station_errors import FolderUnusable, KeyUnusable
from assettrack.lasting_files import is_no_place, sync_folder, written_beside

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER_MODE = 0o700
FILE_BYTES_MAX = 4096
"""The most bytes read of a key file; an Ed25519 key in PEM has about 120."""

_STATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class KeyExists(FileExistsError):
    """A key was to be made where one already is; it was left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There already is a signing key at {path}; it was left as it is.")


@dataclass(frozen=True, slots=True)
class StationSigner:
    """The station's key, ready to sign; fits the ``Signer`` of checkpoints. Its name is the station's."""

    name: str
    public_key: bytes
    _private_key: "Ed25519PrivateKey" = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of the message (RFC 8032)."""
        return self._private_key.sign(message)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The file ``<directory>/<station>.key`` that keeps one station's private key.

    Raises:
        ValueError: the station's name can't be a file name everywhere: 1 to 64 letters A-Z,
            digits, '.', '_' and '-' are allowed, beginning with a letter or digit.
    """

    directory: Path
    station: str

    def __post_init__(self) -> None:
        if not _STATION.fullmatch(self.station):
            raise ValueError(
                f"{self.station!r} can't name a station: 1 to 64 letters A-Z, digits, '.', '_' and '-' are allowed, "
                "beginning with a letter or digit"
            )

    @property
    def path(self) -> Path:
        """Where the key lies."""
        return self.directory / f"{self.station}.key"

    def create(self) -> bytes:
        """Make a new key and return its public half, 32 bytes; when this returns, it survives a power cut.

        The file can be read by its owner alone, and so can every folder that has to be made
        for it. Folders that exist are left as they are.

        Raises:
            KeyExists: there is a key already, perhaps made by another process just now.
            FolderUnusable: the folder can't be made or written.
            KeyUnusable: the folder can't keep such a file, or the disk failed.
        """
        from cryptography.hazmat.primitives import serialization as pem
        from cryptography.hazmat.primitives.asymmetric import ed25519

        private_key = ed25519.Ed25519PrivateKey.generate()
        content = private_key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
        with _said_as_unusable(self.path):
            try:
                _make_folder(self.directory)
                _write_new(self.path, content)
            except OSError as failure:
                if is_no_place(failure):
                    raise FolderUnusable(str(self.directory), failure.strerror or str(failure)) from failure
                raise
        return private_key.public_key().public_bytes_raw()

    def signer(self) -> StationSigner:
        """Read the key and return what signs with it.

        Raises:
            KeyUnusable: the file is not there, can't be read, can be read by others too
                (POSIX), or is not an Ed25519 private key without a passphrase.
        """
        private_key = _parse(self.path, self._read())
        return StationSigner(self.station, private_key.public_key().public_bytes_raw(), private_key)

    def _read(self) -> bytes:
        with _said_as_unusable(self.path), os.fdopen(_without_waiting(self.path), "rb") as file:
            found = os.fstat(file.fileno())  # of the open file: it can't be exchanged in between
            if not stat.S_ISREG(found.st_mode):
                raise KeyUnusable(str(self.path), "it is no file")
            if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
                raise KeyUnusable(
                    str(self.path),
                    f"others can read or write it (mode {stat.S_IMODE(found.st_mode):04o}); make it private with "
                    "chmod 600, or replace it if somebody may have copied it",
                )
            return file.read(FILE_BYTES_MAX)


def _without_waiting(path: Path) -> int:
    """Open a file for reading; a pipe that stands in its place must not keep us waiting for its other end."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def verify_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the Ed25519 key made this signature for the message; what is no key or signature did not."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):  # the second: a key of another length
        return False
    return True


def _parse(path: Path, content: bytes) -> "Ed25519PrivateKey":
    """Return the private key that a file's bytes hold."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        private_key = serialization.load_pem_private_key(content, password=None)
    except TypeError:
        raise KeyUnusable(str(path), "it is locked with a passphrase, which a station's key must not be") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(str(path), "it is not a private key in PEM, or is damaged") from None
    if not isinstance(private_key, ed25519.Ed25519PrivateKey):
        raise KeyUnusable(str(path), "it is a private key of another kind than Ed25519")
    return private_key


@contextmanager
def _said_as_unusable(path: Path) -> Iterator[None]:
    """Say what the operating system refuses as an unusable key."""
    try:
        yield
    except KeyExists:
        raise
    except FileNotFoundError:
        raise KeyUnusable(str(path), "there is no such file") from None
    except OSError as failure:
        raise KeyUnusable(str(path), f"the system says: {failure.strerror or failure}") from failure


def _make_folder(folder: Path) -> None:
    """Make a private folder and those above it, each lasting; leave those that exist."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(FOLDER_MODE, exist_ok=True)  # another process may have been quicker
    sync_folder(folder.parent)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read: whole and lasting, or not at all, and never over another."""
    with written_beside(path, [content]) as temporary:
        _give_name(temporary, path)


def _give_name(temporary: Path, path: Path) -> None:
    """Give a finished file its name, unless the name is taken; no moment in between."""
    try:
        if os.name == "nt":
            temporary.rename(path)  # on Windows this refuses a name that is taken
        else:
            path.hardlink_to(temporary)  # a rename would replace silently here; a link refuses
    except FileExistsError:
        raise KeyExists(path) from None
    except OSError as failure:
        if failure.errno in {errno.EPERM, errno.ENOTSUP}:  # FAT, say: neither links nor private files
            raise KeyUnusable(str(path), "the file system of its folder can't keep a private file") from failure
        raise
