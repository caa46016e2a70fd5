"""Answers about scans that a batch dealt with meanwhile: found, shown beside that batch, and forgotten on being asked.

Owns that no page and no deed dies of an answer that comes too late. What is settled is `domain.settled_scans`. It must
never forget an answer by itself: whoever gave it is told first.
"""

from typing import NamedTuple

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.scan_answers import Answers
from assettrack.domain.settled_scans import Settled
from assettrack.services.kept_downloads import Kept
from assettrack.web.station import Visit


class Overtaken(NamedTuple):
    """An answer that came too late: about which scan, why it was left out (blank: it was taken), and in which batch.

    ``was_left_out`` says that the batch left it out, so that it is not recorded there.
    """

    number: int
    reason: str
    batch_id: int
    was_left_out: bool


def settled_of(visit: Visit, kept: Kept, answers: Answers) -> Settled:
    """Return which scans of a download are settled, with what is answered for all of its scans."""
    downloads = visit.station.scanners.downloads(visit.workplace)
    return downloads.batch(kept.download, msgspec.structs.replace(answers, left_out=(), taken=())).settled


def overtaken(visit: Visit, kept: Kept, answers: Answers) -> list[Overtaken]:
    """Return the answers that contradict how a batch dealt with their scans, in the order of the scans.

    What a download was committed with came in time, whatever became known of its scans since.
    """
    if kept.batch is not None:
        return []
    settled = settled_of(visit, kept, answers)
    reasons = {each.number: each.reason for each in answers.left_out}
    late = settled.contradicted(answers)
    out = {number for number, _ in settled.left_out(late)}
    return [Overtaken(number, reasons.get(number, ""), settled.batches[number], number in out) for number in late]


def require_open(settled: Settled, answers: Answers, before: Answers) -> None:
    """Make sure that nothing new is answered about a scan that is settled, not even the same once more.

    Raises:
        download_errors.AnswersTooLate: something is.
    """
    left_out = {each.number for each in set(answers.left_out) - set(before.left_out)}
    numbers = left_out | (set(answers.taken) - set(before.taken))
    late = sorted(number for number in numbers if number in settled.batches)
    if late:
        raise download_errors.AnswersTooLate(late, settled.batches[late[0]], settled.left_out(late))
