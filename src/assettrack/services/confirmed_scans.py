"""Whether what somebody confirmed of a download is what became of its scans meanwhile.

Owns the last look before a confirmed commit is answered with "recorded already": scans that are settled may be settled
otherwise than they were shown and confirmed, by somebody else. It must never compare by rows alone, for a scan that was
left out has none; and it must never take for proven what is not known any more. Nor may answers that would take a scan
which was left out be ignored.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.left_out_scans import left_out_said, taken_now
from assettrack.domain.option_wording import differing
from assettrack.domain.plans import Options, Plan, read_code
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.services.committed_codes import is_committed_with
from assettrack.services.intake import preview
from assettrack.services.no_shelf import NoShelf
from assettrack.services.ports import Workplace


class Settling(NamedTuple):
    """What became of a download of which all scans are settled.

    ``own`` is the batch that the download itself became, None where batches of other downloads settled its scans;
    these are ``others``. ``unsettled`` makes the batch that it would be if nothing of it was settled.
    """

    batch: PulledBatch
    own: BatchEntry | None
    others: Sequence[BatchEntry]
    unsettled: Callable[[Answers], PulledBatch]


def require_as_confirmed(workplace: Workplace, became: Settling, given: Options | None, *, confirm: str) -> None:
    """Make sure that the settled scans of a download are settled as somebody confirmed.

    The code alone proves it, where the log has it. Else what was shown with the code counts; where that is not known
    any more, the options and answers that were said beside the code, and nothing where none were (``given`` is None).

    Raises:
        download_errors.ConfirmedOtherwise: they are settled otherwise.
        download_errors.ConfirmedUnknown: nobody can tell.
    """
    own, recorded_in = became.own, became.batch.settled.recorded_in
    if own is not None and is_committed_with(workplace, own.batch_id, confirm):
        return
    code = read_code(confirm) or ""
    if given is not None and _nothing_to_do(given, became.batch) == code:
        return
    shown = _shown(workplace, became.batch, code)
    confirmed = given if shown is None else shown
    if confirmed is None:
        raise download_errors.ConfirmedUnknown(confirm, recorded_in)
    if own is not None:
        is_so = own.options == shown if shown is not None else _said(own.options) == _said(confirmed)
    else:
        is_so = _is_so(workplace, became, confirmed)
    if not is_so:
        options = [words for other in became.others for words in differing(other.options, confirmed)]
        numbers = _differing(became, confirmed, also_rows=not options)
        raise download_errors.ConfirmedOtherwise(numbers, recorded_in, list(dict.fromkeys(options)))


def is_said_of(own: BatchEntry, answers: Answers, options: Options) -> bool:
    """Tell whether a download became its batch with just these answers and options."""
    return _said(own.options) == (msgspec.structs.replace(options, scanner=None), answers.recorded)


def require_none_taken(batch: PulledBatch, answers: Answers) -> None:
    """Make sure, where nothing of a download is open, that no answers are ignored which would take what was left out.

    Raises:
        download_errors.LeftOutBefore: they would.
    """
    taken = taken_now(batch, answers)
    if taken:
        raise download_errors.LeftOutBefore(left_out_said(taken))


def _shown(workplace: Workplace, batch: PulledBatch, code: str) -> Options | None:
    """Return the options, answers included, that were shown with a code; None where that is not known any more."""
    shown = workplace.plans.find(code)
    is_of_these = shown is not None and shown.source_sha256 == batch.sha256 and shown.options.scanner is not None
    return shown.options if shown is not None and is_of_these else None


def _nothing_to_do(given: Options, batch: PulledBatch) -> str | None:
    """Return the code of the plan that says that all is recorded: it confirms just that."""
    return Plan(msgspec.structs.replace(given, scanner=batch.reading)).confirm_code


def _is_so(workplace: Workplace, became: Settling, confirmed: Options) -> bool:
    """Tell whether batches of other downloads have just the rows of a download that were confirmed, cell by cell."""
    settled, answers = became.batch.settled, _said(confirmed)[1]
    if any(_of_each_row(other.options) != _of_each_row(confirmed) for other in became.others):
        return False
    alone = became.unsettled(answers)
    plan = preview(msgspec.structs.replace(workplace, plans=NoShelf()), alone, confirmed)
    is_known = plan.already_committed and set(plan.recorded_in) <= set(settled.recorded_in)
    return set(alone.numbers) == settled.rows and (is_known or not alone.numbers)


def _of_each_row(options: Options) -> Options:
    """Return the options by which a row becomes what it does; which rows are taken at all is none of them."""
    return msgspec.structs.replace(options, scanner=None, only_new=False)


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


def _differing(became: Settling, confirmed: Options, *, also_rows: bool) -> list[int]:
    """Return the scans that became something else than was confirmed; all (``also_rows``) where no other is known."""
    reading, batch = confirmed.scanner, became.batch
    assert reading is not None, "they are the options of scans"
    found = set(_answered_otherwise(batch, reading.answers))
    then = None if became.own is None else became.own.options.scanner
    if then is not None and reading.numbers:
        found = set(then.numbers) ^ set(reading.numbers) or found
    rest = batch.settled.rows or batch.settled.batches
    return sorted(found or (rest if also_rows else ()))
