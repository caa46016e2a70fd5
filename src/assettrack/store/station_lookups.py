"""What is read from the log about the station itself: deeds of one kind, such as backups, and who registered holders.

Deeds are found among those that are of no batch and about no asset, which have an index of their own, and batches by
their first entries. Must never be asked where an asset's or a batch's entries are meant.
"""

from collections.abc import Iterator

from assettrack.store.connection import Connection

_DEEDS_OF_KIND = """
    SELECT CAST(body AS BLOB) FROM audit_log INDEXED BY audit_log_of_typed_deeds
    WHERE batch_id IS NULL AND asset_tag IS NULL AND instr(body, ?) ORDER BY seq DESC
"""
_BATCHES_WITH_HOLDERS = """
    SELECT b.first_seq FROM batches AS b CROSS JOIN audit_log AS l ON l.seq = b.first_seq
    WHERE instr(l.body, '"new_holders":') ORDER BY b.first_seq DESC
"""


def deeds_of_kind(connection: Connection, event_type: str) -> Iterator[bytes]:
    """Yield the bodies of all typed deeds of a kind, newest first.

    Inside a text of JSON every quote is escaped, so what is searched for can stand nowhere else in a body.
    """
    for (body,) in connection.execute(_DEEDS_OF_KIND, (f'"event_type":"{event_type}"',)):
        yield body


def batches_with_holders(connection: Connection) -> list[int]:
    """Return the first entries of the batches that registered holders, newest first: only those state their number."""
    return [first_seq for (first_seq,) in connection.rows(_BATCHES_WITH_HOLDERS)]
