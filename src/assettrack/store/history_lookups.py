"""What is read from the log about single histories: entries found again for corrections, and what was corrected.

Owns the SELECTs for it. All but `StoredHistories.assets_put_in` go by an index. Must never write.
"""

from collections.abc import Iterable, Sequence

from assettrack.domain.facts import Correction
from assettrack.domain.inventory import SlotKey
from assettrack.store.connection import Connection

_BODY = "SELECT CAST(body AS BLOB) FROM audit_log WHERE seq = ?"
_BODIES_ABOUT = "SELECT CAST(body AS BLOB) FROM audit_log WHERE asset_tag = ? AND seq < ? ORDER BY seq"

# One pass over the bodies. Most are passed over by their text alone, before any JSON is read: a body is in its one
# canonical form, so a position stands in it just so. Seven is found in seventy too, and the place before an entry as
# well as the one after it: those the JSON tells apart. Only a correction has a slot as a text.
_ASSETS_PUT_IN = """
    SELECT DISTINCT asset_tag FROM audit_log
    WHERE seq < ?1 AND asset_tag IS NOT NULL AND (
        (instr(body, '"slot_position":' || ?3) AND instr(body, '"case_name":"' || ?2 || '"')
            AND json_extract(body, '$.after.case_name') = ?2 AND json_extract(body, '$.after.slot_position') = ?3)
        OR (instr(body, '"slot_number":"' || ?3 || '"') AND instr(body, '"case_number":"' || ?2 || '"'))
    )
"""
_CORRECTIONS_OF = """
    SELECT c.corrected_seq, c.seq, c.asset_tag
    FROM audit_log AS a CROSS JOIN corrections AS c ON c.corrected_seq = a.seq WHERE a.asset_tag = ? ORDER BY a.seq
"""
_SUPERSEDED = "SELECT corrected_seq, seq FROM corrections WHERE corrected_seq = ?"


class StoredHistories:
    """The stored log, as whoever looks into single histories asks for it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def body_of(self, seq: int) -> bytes | None:
        """Return the body of an entry, or None."""
        rows = self._connection.rows(_BODY, (seq,))
        return rows[0][0] if rows else None

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the bodies of the entries about an asset before an entry, in the order of the log."""
        return [body for (body,) in self._connection.rows(_BODIES_ABOUT, (asset_tag, before_seq))]

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """Return the assets that an entry before this one put into a slot, or a correction says should have been.

        Reads the whole log up to there once: there is no index for it, because corrections of places are rare.
        """
        case_name, slot_position = place
        return [tag for (tag,) in self._connection.rows(_ASSETS_PUT_IN, (before_seq, case_name, slot_position))]

    def corrections_of(self, asset_tag: str) -> Sequence[Correction]:
        """Return what was corrected in the history of an asset, in the order of the corrected entries."""
        return [Correction(*row) for row in self._connection.rows(_CORRECTIONS_OF, (asset_tag,))]

    def superseded(self, seqs: Iterable[int]) -> dict[int, int]:
        """Return those of the entries that were corrected, each with the entry that corrects it."""
        return dict(self._connection.each(_SUPERSEDED, ((seq,) for seq in seqs)))
