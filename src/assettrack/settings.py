"""Where things lie and who is at work: read once from the command line and the environment.

Owns the names of environment variables and the platform's folders. Nothing else reads them.
"""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from assettrack.domain import errors, station_errors

DATABASE_VARIABLE = "ASSETTRACK_DB"
OPERATOR_VARIABLE = "ASSETTRACK_OPERATOR"
DATABASE_NAME = "assettrack.db"


_BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")
_KEPT_OF_A_DATABASE = (".replaced-", ".before-schema-")
"""What follows a database's name in the names of files that belong to it."""


class Settings(msgspec.Struct, frozen=True):
    """One station's paths, and the operator (None where nobody is named)."""

    database: Path
    keys: Path
    plans: Path
    operator: str | None

    @property
    def checkpoints(self) -> Path:
        """The folder of the newest checkpoints known on this machine, beside that of the keys."""
        return self.keys.with_name("checkpoints")

    @property
    def spool(self) -> Path:
        """The folder of what was pulled from scanners, beside the database."""
        return self.database.with_name(f"{self.database.name}.scans")

    @property
    def mappings(self) -> Path:
        """The file of the column mappings, beside the database."""
        return self.database.with_name(f"{self.database.name}.mappings.toml")

    def owns(self, path: Path) -> bool:
        """Tell whether a path is, would be, or is a link to one of the files that make this the station it is.

        These are the database with what lies beside it and the copies kept of it, the keys, the known checkpoints, and
        the scans that were pulled.
        """
        path, database = path.resolve(), self.database.resolve()
        folders = [self.keys.resolve(), self.checkpoints.resolve(), self.spool.resolve()]
        files = [database.with_name(f"{database.name}{end}") for end in _BESIDE_A_DATABASE]
        if path in [*files, self.mappings.resolve()] or path.parent in folders:
            return True
        copies = tuple(f"{database.name}{end}" for end in _KEPT_OF_A_DATABASE)
        files += [each for each in _in_folder(database.parent) if each.name.startswith(copies)]
        files += [each for folder in folders for each in _in_folder(folder)]
        return any(_are_one(path, each) for each in files)


def read_settings(
    database: str | None = None, operator: str | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: what is given, else the environment, else the platform's folders and the login name.

    Raises:
        errors.ValueUnusable: one of them is blank, or the database is named in a way that this version can't open.
        station_errors.HomeFolderUnknown: the platform's folders are not known.
    """
    for name, value in (("The database", database), ("The operator", operator)):
        if value is not None and not value.strip():
            raise errors.ValueUnusable(name, value, "it is blank; leave the option out, or say what is meant")
    variables = os.environ if environment is None else environment
    named = database or variables.get(DATABASE_VARIABLE)
    if named and not _is_text(named):
        raise errors.ValueUnusable("The database", named, "its name is no text in this system's encoding")
    if named and "://" in named:
        raise errors.ValueUnusable("The database", named, "this version keeps its database in a file; name a file")
    data, cache = _folders()
    return Settings(
        database=Path(named).absolute() if named else data / DATABASE_NAME,
        keys=data / "keys",
        plans=cache / "plans",
        operator=operator or variables.get(OPERATOR_VARIABLE) or _login_name(),
    )


def _in_folder(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _are_one(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to the same file, by a hard link, say."""
    try:
        return path.samefile(other)
    except OSError:  # one of them is not there
        return False


def _folders() -> tuple[Path, Path]:
    """Return the platform's folders for this user's data and for what may be deleted at any time."""
    try:
        data = Path(platformdirs.user_data_dir("assettrack", appauthor=False))
        cache = Path(platformdirs.user_cache_dir("assettrack", appauthor=False))
    except RuntimeError as error:  # neither HOME nor the system says where this user's home is
        raise station_errors.HomeFolderUnknown from error
    if not data.is_absolute() or not cache.is_absolute():  # how earlier versions of platformdirs say the same
        raise station_errors.HomeFolderUnknown
    return data, cache


def _is_text(name: str) -> bool:
    """Tell whether a file's name can be handed to the database engine, which takes UTF-8 only."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _login_name() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no variable says it and the system has no name for this user
        return None
