"""Sessions, failed sign-ins and one-time links in the desk's file."""

from collections.abc import Sequence

from assettrack.domain.desk_rows import Failures, Look, SessionRow
from assettrack.store.connection import Connection
from assettrack.store.desk_file import DeskFile

_SESSION = "SELECT session_sha256, account_id, name, began_at, seen_at, locked, address FROM desk_sessions"
_KEEP_SESSION = """
    INSERT INTO desk_sessions(session_sha256, account_id, name, began_at, seen_at, locked, address)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_SEE_SESSION = "UPDATE desk_sessions SET seen_at = ?2 WHERE session_sha256 = ?1 AND locked = 0 AND seen_at < ?2"
_LOCK_SESSION = """
    UPDATE desk_sessions SET locked = 1 WHERE session_sha256 = ?1 AND locked = 0 AND seen_at = ifnull(?2, seen_at)
"""
_UNLOCK_SESSION = "UPDATE desk_sessions SET locked = 0, seen_at = ?2 WHERE session_sha256 = ?1 AND locked = 1"
_END_SESSION = "DELETE FROM desk_sessions WHERE session_sha256 = ?"
_KEEP_FAILURES = """
    INSERT INTO desk_failures(subject, failures, last_at) VALUES (?, ?, ?)
    ON CONFLICT(subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
"""
_KEEP_CODE = """
    INSERT INTO desk_codes(account_id, step) VALUES (?, ?)
    ON CONFLICT(account_id) DO UPDATE SET step = excluded.step WHERE excluded.step > step
"""


class DeskSessions:
    """Fulfils ``SessionShelf``."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def secret(self) -> bytes:
        """Return the desk's own secret (32 bytes)."""
        with self._file.reading() as connection:
            return bytes(connection.rows("SELECT secret FROM desk_station")[0][0])

    def keep_session(self, session: SessionRow) -> None:
        """Keep a new session. Nothing else brings one into being, so one that was ended never comes back."""
        values = (
            session.session_sha256, session.account_id, session.name, session.began_at, session.seen_at,
            int(session.locked), session.address,
        )  # fmt: skip
        with self._file.changing() as connection:
            connection.rows(_KEEP_SESSION, values)

    def see_session(self, session_sha256: bytes, seen_at: str) -> bool:
        """Keep when somebody was seen at a session; False where it ended, is locked, or was seen later than that."""
        return self._changes(_SEE_SESSION, session_sha256, seen_at)

    def lock_session(self, session_sha256: bytes, seen_at: str | None = None) -> bool:
        """Lock a session, with ``seen_at`` only while it was seen last then; tell whether it was open until now."""
        return self._changes(_LOCK_SESSION, session_sha256, seen_at)

    def unlock_session(self, session_sha256: bytes, seen_at: str) -> bool:
        """Open a locked session, in which somebody is seen; tell whether it was locked until now.

        Both in one statement: seen long ago, it would be locked again by whoever comes between two.
        """
        return self._changes(_UNLOCK_SESSION, session_sha256, seen_at)

    def session(self, session_sha256: bytes) -> SessionRow | None:
        """Return a session, or None."""
        with self._file.reading() as connection:
            found = connection.rows(f"{_SESSION} WHERE session_sha256 = ?", (session_sha256,))
        return _session(*found[0]) if found else None

    def sessions_of(self, account_id: int) -> Sequence[SessionRow]:
        """Return the sessions of an account, the one seen last first."""
        with self._file.reading() as connection:
            found = connection.rows(f"{_SESSION} WHERE account_id = ? ORDER BY seen_at DESC", (account_id,))
        return [_session(*values) for values in found]

    def end_session(self, session_sha256: bytes) -> bool:
        """Forget a session; tell whether there was one such."""
        return self._changes(_END_SESSION, session_sha256)

    def end_sessions_of(self, account_id: int, but: bytes | None = None) -> int:
        """Forget the sessions of an account, but one; return how many there were."""
        sql = "DELETE FROM desk_sessions WHERE account_id = ? AND session_sha256 IS NOT ?"
        with self._file.changing() as connection:
            return connection.executemany(sql, [(account_id, but)])

    def begin_try(self, subjects: Sequence[str], now: str, look: Look) -> tuple[int, Sequence[Failures]]:
        """Count a try before it is checked, unless seconds are left to wait; return those, and what is counted then.

        All in one transaction that holds the write lock from its beginning: two tries never see the same count.
        """
        with self._file.changing() as connection:
            known = [_failures(connection, subject) or Failures(0, now) for subject in subjects]
            looked = [look(subject, failed) for subject, failed in zip(subjects, known, strict=True)]
            seconds = max(0, *(left for _, left in looked))
            counted = [Failures(failed.failures + 1, now) for failed, _ in looked]
            kept = [Failures(each.failures, min(each.last_at, now)) for each in known] if seconds else counted
            for subject, before, after in zip(subjects, known, kept, strict=True):
                if after != before:
                    connection.rows(_KEEP_FAILURES, (subject, after.failures, after.last_at))
        return seconds, counted

    def end_try(self, name: str, address: str) -> None:
        """Forget all failures of a name, and one of an address, because a try was none."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_failures WHERE subject = ?", (name,))
            connection.rows("DELETE FROM desk_failures WHERE subject = ? AND failures = 1", (address,))
            connection.rows("UPDATE desk_failures SET failures = failures - 1 WHERE subject = ?", (address,))

    def failures(self, subject: str) -> Failures | None:
        """Return how often in a row signing in failed for a name or an address, or None."""
        with self._file.reading() as connection:
            return _failures(connection, subject)

    def forget_failures(self, subject: str) -> None:
        """Forget how often it failed."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_failures WHERE subject = ?", (subject,))

    def sweep_failures(self, before: str, now: str) -> None:
        """Forget failures of which the last was before a moment; those ahead of now are kept as of now."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_failures WHERE last_at < ?", (before,))
            connection.rows("UPDATE desk_failures SET last_at = ? WHERE last_at > ?", (now, now))

    def last_code(self, account_id: int) -> int:
        """Return the step of the last second-factor code that was accepted, 0 before the first."""
        with self._file.reading() as connection:
            found = connection.rows("SELECT step FROM desk_codes WHERE account_id = ?", (account_id,))
        return int(found[0][0]) if found else 0

    def keep_code(self, account_id: int, step: int) -> bool:
        """Keep the step of an accepted code; return False where that one or a later one was accepted before."""
        with self._file.changing() as connection:
            return connection.executemany(_KEEP_CODE, [(account_id, step)]) > 0

    def keep_setup_link(self, link_sha256: bytes, made_at: str) -> None:
        """Keep a one-time link in the place of all earlier ones."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_setup_links")
            connection.rows("INSERT INTO desk_setup_links VALUES (?, ?)", (link_sha256, made_at))

    def setup_link_made_at(self, link_sha256: bytes) -> str | None:
        """Return when a one-time link was made, or None where there is none such."""
        with self._file.reading() as connection:
            found = connection.rows("SELECT made_at FROM desk_setup_links WHERE link_sha256 = ?", (link_sha256,))
        return str(found[0][0]) if found else None

    def end_setup_links(self) -> None:
        """Forget all one-time links."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_setup_links")

    def _changes(self, sql: str, *values: bytes | str | None) -> bool:
        """Change a session by what is kept of it now, never by what somebody read before; tell whether it was so."""
        with self._file.changing() as connection:
            return connection.executemany(sql, [values]) > 0


def _failures(connection: Connection, subject: str) -> Failures | None:
    found = connection.rows("SELECT failures, last_at FROM desk_failures WHERE subject = ?", (subject,))
    return Failures(*found[0]) if found else None


def _session(session_sha256: bytes, account_id: int, name: str, *rest: object) -> SessionRow:
    began_at, seen_at, locked, address = rest
    return SessionRow(session_sha256, account_id, name, str(began_at), str(seen_at), locked == 1, str(address))
