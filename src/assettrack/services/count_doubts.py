"""What counts say of assets, as pages and reports say it alike: what is in doubt, and when one was seen last.

Owns which of that concerns somebody who looks at one asset. Which doubts stand is `accountability`'s. Writes nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from assettrack.domain.entries.counts import CountAbandonEntry, CountCloseEntry, CountScansEntry
from assettrack.domain.facts import Count
from assettrack.domain.inventory import Asset
from assettrack.domain.standings import WORDS, Doubt
from assettrack.services.accountability import CountsSaid, gathered
from assettrack.services.count_reading import end_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.reports import Basis, basis_of
from assettrack.services.stored_entries import decoded_body, not_what_it_should_be


class StandingDoubt(NamedTuple):
    """What a count says against the record, in words; ``signed_off_at`` (UTC text) is when the count was."""

    words: str
    count_id: int
    signed_off_at: str


class SeenInCount(NamedTuple):
    """When a count saw an asset (UTC text), by which entry of the log."""

    count_id: int
    seen_at: str
    seq: int


class CountedAsset(NamedTuple):
    """What counts say of one asset: the doubt that stands, and when one saw it last; None where there is none."""

    doubt: StandingDoubt | None
    seen: SeenInCount | None


def standing_doubts(basis: Basis, counts_said: CountsSaid | None = None) -> Iterator[tuple[str, Doubt, Asset]]:
    """Yield, by tag, the assets that are not retired of which a count says something that nothing has settled."""
    doubts = gathered(basis, counts_said).doubts
    assets = basis.snapshot.inventory_of(sorted(doubts), []).assets
    for tag, doubt in sorted(doubts.items()):
        asset = assets.get(tag)
        if asset is not None and asset.status != "RETIRED":
            yield tag, doubt, asset


def of_asset(workplace: Workplace, asset_tag: str, counts_said: CountsSaid | None = None) -> CountedAsset:
    """Return what counts say of an asset; one that was abandoned says nothing."""
    with basis_of(workplace) as basis:
        found = next((doubt for tag, doubt, _ in standing_doubts(basis, counts_said) if tag == asset_tag), None)
        doubt = None if found is None else _in_words(basis.snapshot, found)
        return CountedAsset(doubt, max(_sightings(basis.snapshot, asset_tag), key=_moment, default=None))


def _in_words(snapshot: Snapshot, doubt: Doubt) -> StandingDoubt:
    count = snapshot.fact(Count, doubt.count_id)
    ended = None if count is None else end_of(snapshot, count)
    if not isinstance(ended, CountCloseEntry):
        raise not_what_it_should_be(doubt.look.seq)
    return StandingDoubt(WORDS[doubt.reason].format(count_id=doubt.count_id), doubt.count_id, ended.recorded_at)


def _sightings(snapshot: Snapshot, asset_tag: str) -> Iterator[SeenInCount]:
    """Yield when counts saw an asset. Only entries in which its tag stands are decoded: a count may have thousands."""
    needle = f'"{asset_tag}"'.encode()
    for count in list(snapshot.facts(Count)):
        if isinstance(end_of(snapshot, count), CountAbandonEntry):
            continue
        for seq, body in snapshot.reports.count_scans(count.count_id, 0):
            if body is None:
                raise not_what_it_should_be(seq)
            entry = decoded_body(body, f"entry {seq}") if needle in body else None
            if isinstance(entry, CountScansEntry):
                own = (sighting for sighting in entry.scans if sighting.asset_tag == asset_tag)
                yield from (SeenInCount(count.count_id, sighting.seen_at, seq) for sighting in own)


def _moment(seen: SeenInCount) -> tuple[str, int]:
    return seen.seen_at, seen.seq
