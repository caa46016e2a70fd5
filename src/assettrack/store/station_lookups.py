"""What is read from the log about the station itself: deeds of one kind, such as backups.

These are few and looked for seldom, so no index is kept for them: that would cost every entry that is written.
Must never be asked where an asset's or a batch's entries are meant; those have their index.
"""

from collections.abc import Iterator

from assettrack.store.connection import Connection

_DEEDS_OF_KIND = """
    SELECT CAST(body AS BLOB) FROM audit_log
    WHERE batch_id IS NULL AND asset_tag IS NULL AND instr(body, ?) ORDER BY seq DESC
"""


def deeds_of_kind(connection: Connection, event_type: str) -> Iterator[bytes]:
    """Yield the bodies of all typed deeds of a kind, newest first; reads the log from its end.

    Inside a text of JSON every quote is escaped, so what is searched for can stand nowhere else in a body.
    """
    for (body,) in connection.execute(_DEEDS_OF_KIND, (f'"event_type":"{event_type}"',)):
        yield body
