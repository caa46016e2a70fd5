"""What the driver raises becomes errors of the catalogue here, with the words it has for them.

No exception of the driver leaves the store.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import apsw

from assettrack.domain import station_errors

_BROKEN_DISK = (
    apsw.IOError,
    apsw.FullError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.PermissionsError,
    apsw.ProtocolError,
)


_IN_WORDS: Mapping[type[apsw.Error], str] = MappingProxyType(
    {
        apsw.IOError: "disk I/O error",
        apsw.CantOpenError: "unable to open database file",
        apsw.ReadOnlyError: "attempt to write a readonly database",
        apsw.CorruptError: "database disk image is malformed",
    }
)
"""What SQLite says of such a failure wherever it finds words for it."""


@contextmanager
def driver_errors(path: Path, busy_seconds: float) -> Iterator[None]:
    """Turn the driver's exceptions into errors of the catalogue."""
    try:
        yield
    except (apsw.BusyError, apsw.LockedError) as error:
        raise station_errors.DatabaseBusy(busy_seconds) from error
    except apsw.NotADBError as error:
        raise station_errors.DatabaseForeign(str(path), "it is another kind of file") from error
    except apsw.CorruptError as error:
        raise station_errors.DatabaseDamaged(said_by_driver(error)) from error
    except (apsw.ConstraintError, apsw.AuthError, apsw.SchemaChangeError, apsw.MismatchError) as error:
        raise station_errors.StateImpossible(str(error)) from error
    except _BROKEN_DISK as error:
        raise station_errors.StorageFailed(said_by_driver(error), str(path)) from error
    except apsw.SQLError as error:
        raise station_errors.DatabaseDamaged(f"a table or column is not there ({error})") from error
    except UnicodeDecodeError as error:
        raise station_errors.DatabaseDamaged(f"a text in it is none ({error})") from error
    except apsw.Error as error:
        raise station_errors.StorageFailed(said_by_driver(error), str(path)) from error


def said_by_driver(error: apsw.Error) -> str:
    """Return what failed, as half a sentence. A copy that fails leaves no words with SQLite, and its code speaks."""
    if isinstance(error, apsw.FullError):
        return "the disk is full"
    said = str(error)
    return said if "not an error" not in said else _IN_WORDS.get(type(error), type(error).__name__)
