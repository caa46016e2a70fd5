"""Drafts, answers to repeated requests and preferences in the desk's file, and the sweeping of what is old."""

from assettrack.domain.desk_rows import Draft, KeptAnswer
from assettrack.store.desk_file import DeskFile

_KEEP_DRAFT = """
    INSERT INTO desk_drafts(draft, account_id, made_at, kind, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT(draft) DO UPDATE SET made_at = excluded.made_at, kind = excluded.kind, body = excluded.body
    WHERE answer IS NULL AND account_id = excluded.account_id
"""
_DRAFT = """
    SELECT draft, account_id, made_at, kind, body, answer FROM desk_drafts WHERE draft = ? AND account_id = ?
"""
_KINDS_ANSWERED = "SELECT DISTINCT kind FROM desk_drafts WHERE answer = ?"
_ANSWER = "SELECT request_sha256, log_size, status, answer FROM desk_answers WHERE account_id = ? AND key = ?"
_BEGIN_ANSWER = """
    INSERT INTO desk_answers(account_id, key, request_sha256, begun_at, log_size) VALUES (?, ?, ?, ?, ?)
"""
_KEEP_PREFERENCE = """
    INSERT INTO desk_preferences(account_id, name, value) VALUES (?, ?, ?)
    ON CONFLICT(account_id, name) DO UPDATE SET value = excluded.value
"""


class DeskDrafts:
    """Fulfils ``DraftShelf``."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def keep_draft(self, draft: Draft) -> bool:
        """Keep a draft; return False where one of the same name has an answer, or is somebody else's: that stays."""
        values = (draft.draft, draft.account_id, draft.made_at, draft.kind, draft.body)
        with self._file.changing() as connection:
            return connection.executemany(_KEEP_DRAFT, [values]) > 0

    def draft(self, draft: str, account_id: int) -> Draft | None:
        """Return a draft of an account, or None."""
        with self._file.reading() as connection:
            found = connection.rows(_DRAFT, (draft, account_id))
        return Draft(*found[0]) if found else None

    def answer_draft(self, draft: str, answer: str) -> None:
        """Keep where the answer to a draft is; the first answer stays."""
        with self._file.changing() as connection:
            connection.rows("UPDATE desk_drafts SET answer = ? WHERE draft = ? AND answer IS NULL", (answer, draft))

    def kinds_answered(self, answer: str) -> list[str]:
        """Return of which kinds drafts are whose answer is this one, as far as they are kept."""
        with self._file.reading() as connection:
            return [str(kind) for (kind,) in connection.rows(_KINDS_ANSWERED, (answer,))]

    def begin_answer(
        self, account_id: int, key: str, request_sha256: bytes, now: str, log_size: int
    ) -> KeptAnswer | None:
        """Return what is kept under an idempotency key; where that is nothing, keep that the work begins now."""
        with self._file.changing() as connection:
            found = connection.rows(_ANSWER, (account_id, key))
            if found:
                return KeptAnswer(*found[0])
            connection.rows(_BEGIN_ANSWER, (account_id, key, request_sha256, now, log_size))
            return None

    def keep_answer(self, account_id: int, key: str, status: int, answer: str) -> None:
        """Keep the answer to a request."""
        sql = "UPDATE desk_answers SET status = ?, answer = ? WHERE account_id = ? AND key = ?"
        with self._file.changing() as connection:
            connection.rows(sql, (status, answer, account_id, key))

    def forget_answer(self, account_id: int, key: str) -> None:
        """Forget a request that did nothing, so that it can be tried again."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_answers WHERE account_id = ? AND key = ?", (account_id, key))

    def preference(self, account_id: int, name: str) -> str | None:
        """Return what somebody prefers, or None."""
        with self._file.reading() as connection:
            found = connection.rows(
                "SELECT value FROM desk_preferences WHERE account_id = ? AND name = ?", (account_id, name)
            )
        return str(found[0][0]) if found else None

    def keep_preference(self, account_id: int, name: str, value: str) -> None:
        """Keep what somebody prefers."""
        with self._file.changing() as connection:
            connection.rows(_KEEP_PREFERENCE, (account_id, name, value))

    def sweep(self, before: str) -> None:
        """Forget sessions last seen, and drafts and answers made, before a moment."""
        with self._file.changing() as connection:
            connection.rows("DELETE FROM desk_sessions WHERE seen_at < ?", (before,))
            connection.rows("DELETE FROM desk_drafts WHERE made_at < ?", (before,))
            connection.rows("DELETE FROM desk_answers WHERE begun_at < ?", (before,))
