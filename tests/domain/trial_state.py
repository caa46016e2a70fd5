"""A history of typed deeds on one state, each decided again as the replay does.

Owns nothing but the order. Every deed is made by the real rules; that the entry leads to the same deed once more is
asserted each time.
"""

import msgspec

from assettrack.domain.audit_log import AnyEntry, decode_body, encode_body
from assettrack.domain.deeds import Deed, Record, Signoff
from assettrack.domain.inventory import Asset, Custody
from assettrack.domain.replay import AGAIN
from assettrack.domain.state import State

LAPTOP = Asset("STORAGE", None, None, None, "laptop")
NOW_TEXT = "2026-03-01T12:00:00.000000Z"
SIGNOFF = Signoff("gcurl", NOW_TEXT, "0.1.0")


class TrialState:
    """The state after some deeds."""

    def __init__(self) -> None:
        self.state = State()
        self.seq = 1

    def follow(self, deed: Deed | None) -> AnyEntry:
        """Do a deed of one entry as the replay does: decide it again from its entry, and take what it leads to."""
        assert deed is not None
        (record,) = deed.records
        made = self.replay(record)
        assert next(made.records) == record
        assert tuple(made.facts) == tuple(deed.facts)
        assert (made.holders, made.changed_holders) == (deed.holders, deed.changed_holders)
        for fact in deed.facts:
            self.state.put(fact)
        self.seq += 1
        return decode_body(record.body)

    def replay(self, record: Record) -> Deed:
        """Decide a deed again from its record."""
        entry = decode_body(record.body)
        assert entry.seq == self.seq
        return AGAIN[type(entry)](entry, self.state)  # type: ignore[index]  # a row's entry is never handed in here

    def forged(self, deed: Deed | None, **changes: object) -> Record:
        """The record of a deed with fields of its entry changed."""
        assert deed is not None
        (record,) = deed.records
        entry = msgspec.structs.replace(decode_body(record.body), **changes)
        return record._replace(body=encode_body(entry))

    def give(self, holder: str, *tags: str) -> None:
        """Let a holder have assets."""
        for tag in tags:
            asset = msgspec.structs.replace(LAPTOP, status="IN_CUSTODY", holder=holder)
            self.state.inventory.add_asset(tag, asset, NOW_TEXT)
            self.state.inventory.custody[tag] = Custody(1, None)
