"""Accepted rows: the acceptances of a hand-over are found from the latest back to the first, or the log is damaged."""

import pytest
from msgspec.structs import asdict

from assettrack.domain.acceptance_corrections import superseded_by
from assettrack.domain.accepted_rows import chain_of, given_of
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, AcceptanceEntry

LOG = dict[int, AcceptanceEntry]

FIRST, ADDED = 5, 7
"""Entries: the acceptance of a hand-over, and that of what was added to it since."""


def acceptance(seq: int, besides: int | None = None) -> AcceptanceEntry:
    """An acceptance of all that was exchanged, or of what was added since the one it stands ``besides``."""
    return AcceptanceEntry(
        seq,
        batch_id=2,
        holder_id=1,
        name="Jane Smith",
        how="paper",
        accepted_by="Jane Smith",
        accepted_at="2026-07-01T10:30:00.000000Z",
        besides=besides,
        operator="gcurl",
        recorded_at="2026-07-01T10:31:00.000000Z",
        version="1",
    )


def correction(seq: int, corrects: int, besides: int | None = None) -> AcceptanceCorrectionEntry:
    """A correction of an acceptance: of the latest one, or of one that is not (``besides`` which it stands)."""
    said = asdict(acceptance(seq, besides))
    return AcceptanceCorrectionEntry(**said, corrects=corrects, changed={}, reason="mistyped")


def log(*entries: AcceptanceEntry) -> LOG:
    """These entries, by their numbers."""
    return {entry.seq: entry for entry in entries}


GOOD = (acceptance(FIRST), acceptance(ADDED, besides=FIRST))


def test_a_corrected_acceptance_is_of_what_it_was_of() -> None:
    """Whichever of two is corrected, and however often: each counts once, in the order in which they were given."""
    both = log(*GOOD, correction(8, FIRST, besides=ADDED), correction(9, ADDED, besides=8), correction(11, 9))
    by_latest = {ADDED: [(FIRST, FIRST), (ADDED, ADDED)], 8: [(8, FIRST), (ADDED, ADDED)]}
    by_latest |= {9: [(8, FIRST), (9, ADDED)], 11: [(8, FIRST), (11, ADDED)]}
    found = {seq: [(given.entry.seq, given.as_of) for given in given_of(both.__getitem__, seq)] for seq in by_latest}
    assert found == by_latest
    assert [superseded_by(both.__getitem__, seq, 11) for seq in (FIRST, ADDED, 8, 9, 11)] == [8, 9, None, 11, None]


def test_an_open_handover_has_no_acceptance() -> None:
    """No entry is asked for then."""
    assert given_of(log().__getitem__, None) == []


@pytest.mark.parametrize("besides", [8, 9])
def test_an_acceptance_rests_on_an_earlier_one(besides: int) -> None:
    """One that rests on itself or on a later one would lead round and round, and is damage."""
    entries = log(*GOOD, acceptance(8, besides=besides), acceptance(9, besides=8))
    with pytest.raises(NotAnEntry, match="entry 8 rests on an acceptance that is not before it"):
        chain_of(entries.pop, 8)  # no entry is read twice


def test_only_an_acceptance_that_counts_is_corrected() -> None:
    """Not one that was corrected before, nor one of another hand-over: there is none in whose place it could be."""
    for wrong in (FIRST, 6):
        entries = log(*GOOD, correction(8, FIRST, besides=ADDED), correction(9, wrong, besides=8))
        assert given_of(entries.__getitem__, 8)
        with pytest.raises(NotAnEntry, match="entry 9 corrects no acceptance that counts"):
            given_of(entries.__getitem__, 9)


def test_what_is_no_acceptance_accepts_nothing() -> None:
    """Any other entry in the place of one is damage."""
    with pytest.raises(NotAnEntry, match="entry 5 accepts nothing"):
        chain_of({FIRST: object()}.__getitem__, FIRST)


def test_the_chain_leads_back_to_what_is_asked_about() -> None:
    """Nobody is told that an acceptance stands which is none of those of the hand-over."""
    with pytest.raises(NotAnEntry, match="entry 7 corrects no acceptance that leads to entry 6"):
        superseded_by(log(*GOOD).__getitem__, 6, ADDED)
