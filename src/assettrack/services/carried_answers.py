"""Answers about a download that go for a later one, which goes on with it: the scanner was read once more meanwhile.

Owns which of them do: those about one and the same scan. What was said for all scans was said of fewer scans, and is
asked again. It must never carry an answer to a scan that may be another one.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.same_scans import are_timed, known_again
from assettrack.domain.scan_answers import Answers
from assettrack.domain.settled_scans import in_numbers
from assettrack.services.downloads import Downloads
from assettrack.services.ports import Workplace


class CarriedAnswers(msgspec.Struct, frozen=True):
    """Answers about a later download that an earlier one was given, and the scans of that whose answers are not."""

    answers: Answers
    gone: Sequence[int]


def earlier_downloads(workplace: Workplace, downloads: Downloads, download: Download) -> list[Download]:
    """Return what was pulled before a download, of the same fill of its scanner, the latest first."""
    with workplace.store.read() as snapshot:
        return downloads.fill_of(snapshot, download).before(download)[::-1]


def carried(
    workplace: Workplace, downloads: Downloads, said: tuple[Download, Answers], download: Download
) -> CarriedAnswers:
    """Return which answers about an earlier download go for a later one of the same fill; ``said`` are both.

    A scan is known by its time; without times nobody can tell. That a scan is meant as it is was said beside all
    others, so it goes on only if all of these are still told. What batches dealt with takes no answer.
    """
    earlier, answers = said
    then, now = (earlier, downloads.scans(earlier)), (download, downloads.scans(download))
    there = known_again(then, now, timed=True) if are_timed(then, now) else {}
    with workplace.store.read() as snapshot:
        settled = downloads.settled_of(snapshot, download).batches
    still_open = {number: here for number, here in there.items() if here not in settled}
    found = in_numbers(answers, still_open)
    taken = found.taken if len(there) == len(then[1]) else ()
    kept = {each.number for each in found.left_out} | set(taken)
    given = {each.number for each in answers.left_out} | set(answers.taken)
    gone = sorted(number for number in given if still_open.get(number) not in kept)
    return CarriedAnswers(Answers(left_out=found.left_out, taken=taken), gone)
