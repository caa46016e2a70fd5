"""Scans of a download that was left out whole, told once more by a scanner that was not cleared since: asked about.

Owns which scans these are, and that they stay left out, for the reason of then, once they are said to be the same ones.
The download itself is none of it: who names it commits it all the same.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.downloads import Download
from assettrack.domain.left_out_scans import asked_of_left_out, left_out_then
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.same_scans import are_timed, known_again
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_context import says_card
from assettrack.domain.settled_scans import Settled
from assettrack.services.left_out_downloads import left_out_whole
from assettrack.services.ports import Snapshot
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans


class ToldLeftOut(NamedTuple):
    """The open scans of a download that were left out with the whole of another one: why, and with which."""

    reasons: Mapping[int, str]
    downloads: Mapping[int, str]

    def judged(self, scans: PulledScans, batch: PulledBatch, answers: Answers) -> tuple[PulledScans, Answers]:
        """Return the scans with the question about these, and the answers, which leave them out if they are the same.

        ``batch`` is what the scans make while nobody asked. A card still gives its context on; only slots' labels and
        end cards are left out as well, for no asset is in that slot by now, and their number is not the one they say.
        """
        then = {number: Answers(left_out=(LeftOut(number, reason),)) for number, reason in self.reasons.items()}
        found = left_out_then(batch, Settled(answers=then), self.downloads)
        asked = asked_of_left_out(found, answers)
        if asked:
            scans = msgspec.structs.replace(scans, findings=[*scans.findings, *asked])
        if not found or not answers.same_scans:
            return scans, answers
        spent = {each.number for each in scans.scans if _is_of_assets(each)}
        said = {*answers.taken, *(each.number for each in answers.left_out)}
        numbers = ({each.number for each in found} | (spent & self.reasons.keys())) - said
        left_out = sorted([*answers.left_out, *(LeftOut(number, self.reasons[number]) for number in numbers)])
        return scans, msgspec.structs.replace(answers, left_out=tuple(left_out))


def _is_of_assets(scan: RawScan) -> bool:
    """Tell whether a scan is a slot's label or an end card: both say something of the assets beside them alone."""
    return says_card(scan, CardKind.SLOT, CardKind.END) or cards.read_slot_label(scan.text) is not None


def told_left_out(
    snapshot: Snapshot, of: tuple[Download, Sequence[RawScan]], fill: Fill, settled: Settled, read_scans: ReadScans
) -> ToldLeftOut:
    """Return which scans of a download, of which nothing is settled, are of others of its fill, left out whole."""
    download = of[0]
    out = left_out_whole(snapshot)
    reasons, downloads = dict[int, str](), dict[int, str]()
    for other in fill.downloads:
        entry = None if download.name in out or fill.batch_of(other) is not None else out.get(other.name)
        if entry is None:
            continue
        then = other, read_scans(other.reply, with_stamps=other.with_stamps)
        for number in known_again(then, of, timed=are_timed(then, of)).values():
            if number not in settled.batches:
                reasons.setdefault(number, entry.reason)
                downloads.setdefault(number, other.name)
    return ToldLeftOut(reasons, downloads)
