"""Where things lie and who is at work: read once from the command line and the environment.

Owns the names of environment variables and the platform's folders. Nothing else reads them.
"""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from assettrack.domain import errors

DATABASE_VARIABLE = "ASSETTRACK_DB"
OPERATOR_VARIABLE = "ASSETTRACK_OPERATOR"
DATABASE_NAME = "assettrack.db"


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


def read_settings(
    database: str | None = None, operator: str | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: what is given, else the environment, else the platform's folders and the login name.

    Raises:
        errors.ValueUnusable: one of them is blank, or the database is named in a way that this version can't open.
    """
    for name, value in (("The database", database), ("The operator", operator)):
        if value is not None and not value.strip():
            raise errors.ValueUnusable(name, value, "it is blank; leave the option out, or say what is meant")
    variables = os.environ if environment is None else environment
    data = Path(platformdirs.user_data_dir("assettrack", appauthor=False))
    cache = Path(platformdirs.user_cache_dir("assettrack", appauthor=False))
    named = database or variables.get(DATABASE_VARIABLE)
    if named and not _is_text(named):
        raise errors.ValueUnusable("The database", ascii(named), "its name is no text in this system's encoding")
    if named and "://" in named:
        raise errors.ValueUnusable("The database", named, "this version keeps its database in a file; name a file")
    return Settings(
        database=Path(named).absolute() if named else data / DATABASE_NAME,
        keys=data / "keys",
        plans=cache / "plans",
        operator=operator or variables.get(OPERATOR_VARIABLE) or _login_name(),
    )


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
