"""Whether what somebody confirmed of a download is what became of its scans meanwhile.

Owns the last look before a confirmed commit is answered with "recorded already": scans that are settled may be settled
otherwise than they were shown and confirmed, by somebody else. It must never compare by rows alone, for a scan that was
left out has none.
"""

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Options, read_code
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.services.ports import Workplace


def require_as_confirmed(
    workplace: Workplace, batch: PulledBatch, own: BatchEntry | None, given: Options, *, confirm: str
) -> None:
    """Make sure that the settled scans of a download are settled as somebody confirmed.

    ``own`` is the batch that the download itself became, None where batches of other downloads settled its scans. What
    was shown with the code counts; of a code that is not known here, the options and answers that are ``given``.

    Raises:
        download_errors.ConfirmedOtherwise: they are settled otherwise.
    """
    shown = workplace.plans.find(read_code(confirm) or "")
    if shown is not None and shown.source_sha256 == batch.sha256 and shown.options.scanner is not None:
        if not shown.options.scanner.numbers or (own is not None and own.options == shown.options):
            return
        confirmed = shown.options
    else:
        confirmed = given
        if own is not None and _said(own.options) == _said(given):
            return
        if own is None and not _answered_otherwise(batch, _said(given)[1]):
            return
    raise download_errors.ConfirmedOtherwise(_differing(batch, own, confirmed), batch.settled.recorded_in)


def was_shown(workplace: Workplace, confirm: str) -> bool:
    """Tell whether a preview is known here that showed a code."""
    return workplace.plans.find(read_code(confirm) or "") is not None


def _said(options: Options) -> tuple[Options, Answers]:
    """Return what a person says of a batch; how its scans were read then follows from that."""
    reading = options.scanner
    return msgspec.structs.replace(options, scanner=None), Answers() if reading is None else reading.answers


def _answered_otherwise(batch: PulledBatch, answers: Answers) -> list[int]:
    """Return the scans about which something else is answered than what they were settled with."""
    then = batch.settled.answers
    return [number for number in sorted(then) if _about(then[number], number) != _about(answers, number)]


def _about(answers: Answers, number: int) -> tuple[object, ...]:
    """Return what answers make of a scan."""
    is_left_out = any(each.number == number for each in answers.left_out)
    for_all = answers.operator, answers.event_type, answers.holder, answers.reason
    return is_left_out, number in answers.taken, *for_all


def _differing(batch: PulledBatch, own: BatchEntry | None, confirmed: Options) -> list[int]:
    """Return the scans that became something else than was confirmed; all rows, where it is about the whole."""
    reading = confirmed.scanner
    assert reading is not None, "they are the options of scans"
    found = set(_answered_otherwise(batch, reading.answers))
    then = None if own is None else own.options.scanner
    if then is not None and reading.numbers:
        of_rows = set(then.numbers) ^ set(reading.numbers)
        found = of_rows or found
    return sorted(found or batch.settled.rows or batch.settled.batches)
