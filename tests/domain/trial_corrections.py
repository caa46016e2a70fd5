"""A log without a database in which entries are found again and corrected.

Owns the list-backed source of histories, the short way to correct, and a small history to begin with. Everything is
decided and made by the real deeds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from assettrack.domain.correction_deeds import Asked, Proposal, correct, propose
from assettrack.domain.corrections import moment
from assettrack.domain.deeds import BatchRow, Deed, Record
from assettrack.domain.inventory import SlotKey
from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.replay import Replay
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_log import TrialLog
from tests.domain.trial_room import scan

C1, C2, C3, C4 = (Place("CASE-01", position) for position in (1, 2, 3, 4))
HELD, ISSUED, OTHER, BACK = 6, 7, 8, 10
"""Entries: the SCAN and the ISSUE of A1, the SCAN of A2, and the RETURN of A1 in the second batch."""


@dataclass
class Listed:
    """The entries of a log in a list."""

    records: Sequence[Record]

    def body_of(self, seq: int) -> bytes | None:
        """The body of an entry."""
        return next((record.body for record in self.records if record.seq == seq), None)

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """The bodies of the entries about an asset before an entry."""
        return [record.body for record in self.records if record.asset_tag == asset_tag and record.seq < before_seq]

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """The assets of which an entry names a slot, in whatever way."""
        case, position = place
        found = []
        for record in self.records[: before_seq - 1]:
            entry = json.loads(record.body)
            places = [entry.get("after") or {}, entry.get("changed") or {}]
            named = [(each.get("case_name"), each.get("slot_position")) for each in places]
            named += [(each.get("case_number"), int(each.get("slot_number", "0"))) for each in places[1:]]
            if record.asset_tag is not None and (case, position) in named:
                found.append(record.asset_tag)
        return found

    def rows_with(self, batch: BatchRow, holder_id: int) -> Sequence[int]:
        """The rows of a batch that were recorded as giving to a holder or taking from one."""
        rows = (json.loads(record.body) for record in self.records[batch.first_seq - 1 : batch.last_seq])
        moving = [row for row in rows if row["event_type"] in {"ISSUE", "TRANSFER", "RETURN", "RETIRE"}]
        return [row["seq"] for row in moving if holder_id in {row.get("holder_id"), row.get("from_holder_id")}]

    def corrected_in(self, batch: BatchRow) -> Sequence[str]:
        """The assets of a batch in whose histories something was corrected."""
        of_batch = {record.asset_tag for record in self.records if record.batch_id == batch.batch_id}
        corrected = {record.asset_tag for record in self.records if b'"CORRECTION"' in record.body}
        return sorted(tag for tag in of_batch & corrected if tag is not None)


class CorrectedLog(TrialLog):
    """A log whose rows can be corrected."""

    def replayed(self) -> Replay:
        """What the log leads to."""
        replay = Replay(Listed(self.records))
        replay.run(iter(self.records))
        return replay

    def propose(self, seq: int, **values: str) -> Proposal:
        """What a correction would do, made now."""
        asked = Asked(seq, values, UTC, moment(self.signoff.recorded_at))
        return propose(self.replayed().state, Listed(self.records), asked, self.seq)

    def correct(self, seq: int, reason: str = "as it was", /, **values: str) -> Deed:
        """Correct a row, or an earlier correction of one."""
        proposal = self.propose(seq, **values)
        assert not proposal.illegal, proposal.illegal
        deed = correct(proposal, self.replayed().inventory, reason, self.seq, self.signoff)
        records = list(deed.records)
        self.records += records
        self.inventory = self.replayed().inventory
        return deed

    def body(self, seq: int) -> Mapping[str, object]:
        """An entry, as it stands in the log."""
        found: dict[str, object] = json.loads(self.records[seq - 1].body)
        return found


def lived() -> CorrectedLog:
    """A1 was in slot 1, went to Jane Smith and came back to slot 3; A2 is in slot 2. Bob Lee is known too."""
    log = CorrectedLog()
    log.station()
    log.case("CASE-01", 4)
    log.holder("Jane Smith")
    log.holder("Bob Lee")
    log.batch(
        [
            scan("SCAN", "A1", C1, at="2026-02-01T08:00Z", equipment_type="laptop"),
            scan("ISSUE", "A1", OUT, at="2026-02-01T09:00Z", issued_to_name="Jane Smith"),
            scan("SCAN", "A2", C2, at="2026-02-01T09:30Z", equipment_type="laptop"),
        ],
        Options(accepted=Acceptance("paper")),
    )
    log.batch([scan("RETURN", "A1", C3, at="2026-02-01T10:00Z")])
    return log


def held() -> CorrectedLog:
    """The same, but A1 is still with Jane Smith."""
    log = lived()
    del log.records[8:]
    log.inventory = log.replayed().inventory
    log.batches = 1
    return log
