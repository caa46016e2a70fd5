"""What is read from the log about the station itself: deeds of one kind, such as backups.

They are found among the deeds that are of no batch and about no asset, which have an index of their own. Must never be
asked where an asset's or a batch's entries are meant.
"""

from collections.abc import Iterator

from assettrack.store.connection import Connection

_DEEDS_OF_KIND = """
    SELECT CAST(body AS BLOB) FROM audit_log INDEXED BY audit_log_of_typed_deeds
    WHERE batch_id IS NULL AND asset_tag IS NULL AND instr(body, ?) ORDER BY seq DESC
"""


def deeds_of_kind(connection: Connection, event_type: str) -> Iterator[bytes]:
    """Yield the bodies of all typed deeds of a kind, newest first.

    Inside a text of JSON every quote is escaped, so what is searched for can stand nowhere else in a body.
    """
    for (body,) in connection.execute(_DEEDS_OF_KIND, (f'"event_type":"{event_type}"',)):
        yield body
