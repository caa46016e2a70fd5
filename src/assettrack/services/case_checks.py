"""The case return check: a case comes back, what is in it is scanned, and the count of it is one deed.

Beginning, scans and signing off are entries of one transaction, saved exactly as they were previewed. What names no
case itself was seen in this one. A check that was confirmed is done once: its code tells after which count of the case
it comes, so that the same scans in another week are another check. A scanner's file has its times: it is checked once,
and it is pointed out where they are old.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from assettrack.domain import count_deeds, counts, errors
from assettrack.domain.count_deeds import Closing, Opening
from assettrack.domain.counts import Result, Seen
from assettrack.domain.entries.counts import CountCloseEntry, CountScansEntry, CountScope, CountStartEntry, Sighting
from assettrack.domain.facts import Count, CountScans, Expected
from assettrack.domain.findings import Finding, finding
from assettrack.domain.timestamps import utc_text
from assettrack.services import count_conclusions, count_reading
from assettrack.services.confirm_codes import require_code
from assettrack.services.count_conclusions import Conclusion
from assettrack.services.count_reading import Reading, Scans
from assettrack.services.counts import AskedScope, Line, lines, opening_of, results_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import DeedReceipt, refusal_raised, signoff

FRESH = timedelta(days=1)
"""Scans older than that are pointed out: a case is scanned when it comes."""


class StillOut(msgspec.Struct, frozen=True):
    """An asset that was issued from the case, was not seen in it, and is with a holder."""

    asset_tag: str
    slot_position: int
    holder: str


class CaseCheck(msgspec.Struct, frozen=True):
    """What a check would say of a case; ``confirm`` is the code that confirms exactly this.

    ``seen_from`` and ``seen_until`` are when a scanner's rows were made (UTC texts), None where all is seen just now.
    """

    case_name: str
    expected: int
    scans: int
    totals: dict[str, int]
    lines: Sequence[Line]
    still_out: Sequence[StillOut]
    notices: Sequence[Finding]
    seen_from: str | None
    seen_until: str | None
    timezone: str
    confirm: str

    @property
    def is_checked_before(self) -> bool:
        """Whether its file was checked before, so that nothing is left to do."""
        return any(notice.code == "count_file_checked_before" for notice in self.notices)


class CaseChecked(DeedReceipt, frozen=True, kw_only=True):
    """A case that was checked: the count, how many ended in each result, and what is to be said of the scans."""

    count_id: int
    case_name: str
    totals: dict[str, int]
    notices: Sequence[Finding]


class _Decided(msgspec.Struct, frozen=True):
    """A check decided by the present state, and not saved yet; ``repeated`` is the one made of just this file."""

    opening: Opening
    sightings: Sequence[Sighting]
    seen: dict[str, Seen]
    results: dict[str, Result]
    notices: Sequence[Finding]
    conclusion: Conclusion
    repeated: "_Earlier | None"


class _Earlier(NamedTuple):
    """A count that was signed off: its fact, and the entry by which it was."""

    fact: Count
    ended: CountCloseEntry


def preview(workplace: Workplace, case_name: str, scans: Scans) -> CaseCheck:
    """Return what the check of a case would say now. Nothing is saved.

    Raises:
        errors.DeedRefused: there is no such case, or a typed place does not exist.
        errors.BatchHasProblems, errors.ListFileWrong: the file does not look right, or has no scan of ours.
    """
    signed = signoff(workplace)
    reading = count_reading.read(workplace, scans, signed)
    with workplace.store.read() as snapshot, refusal_raised():
        decided = _decide(snapshot, case_name, scans, reading, signed.recorded_at)
        frozen = decided.opening.frozen
        found = lines(snapshot, frozen, decided.seen, decided.results, with_found=False)
        out = _still_out(snapshot, case_name, decided.seen)
        timezone = snapshot.station().timezone
    moments = [each.seen_at for each in decided.sightings] if scans.batch is not None else []
    code = count_conclusions.keep(workplace, decided.conclusion)
    return CaseCheck(
        case_name, len(frozen), len(decided.sightings), counts.totals(decided.results), found, out, decided.notices,
        min(moments, default=None), max(moments, default=None), timezone, code,
    )  # fmt: skip


def check(workplace: Workplace, case_name: str, scans: Scans, remark: str = "", *, confirm: str | None) -> CaseChecked:
    """Count a case in one deed: begin, add the scans, sign off. ``confirm`` is the code of a preview, or None.

    If what was confirmed by this code is done already, or a scanner's file was checked before, nothing happens;
    otherwise each without a code is a check of its own.

    Raises:
        errors.DeedRefused: also where a file was checked before, with another remark.
        errors.CountStale: some would end otherwise than was shown.
        errors.ConfirmCodeWrong: the code belongs to no preview of this case with these scans, or was used already for
            others, or with another remark.
        errors.AssetTrackError: as `preview`.
    """
    signed = signoff(workplace)
    reading = count_reading.read(workplace, scans, signed)
    code = None if confirm is None else require_code(confirm)
    with refusal_raised(), workplace.store.write() as transaction:
        decided = _decide(transaction, case_name, scans, reading, signed.recorded_at)
        earlier = None if code in {None, decided.conclusion.code} else _confirmed_by(transaction, decided, code, remark)
        if earlier is not None:
            return _checked_before(transaction, case_name, earlier, [])
        count_conclusions.require_confirmed(workplace, decided.conclusion, code)
        if decided.repeated is not None:
            if remark not in {"", decided.repeated.ended.remark}:
                raise count_reading.has_ended(decided.repeated.ended)
            return _checked_before(transaction, case_name, decided.repeated, decided.notices)
        first_seq = transaction.log_size + 1
        count_id = decided.opening.count_id
        transaction.save(count_deeds.start_count(decided.opening, first_seq, signed))
        for deed in count_reading.scan_deeds(transaction, count_id, (decided.sightings, scans), signed):
            transaction.save(deed)
        closing = Closing(count_id, decided.results, remark)
        transaction.save(count_deeds.close_count(transaction, closing, transaction.log_size + 1, signed))
        last_seq = transaction.log_size
    return CaseChecked(
        count_id=count_id, case_name=case_name, totals=counts.totals(decided.results), notices=decided.notices,
        first_seq=first_seq, last_seq=last_seq, checkpoint=transaction.checkpoint,
    )  # fmt: skip


def _decide(snapshot: Snapshot, case_name: str, scans: Scans, reading: Reading, now: str) -> _Decided:
    opening = opening_of(snapshot, AskedScope((case_name,)))
    scans = msgspec.structs.replace(scans, case_name=case_name)
    sightings = count_reading.placed(snapshot, reading.sightings, scans, (case_name,))
    notices = [*reading.notices, *count_reading.judged(snapshot, sightings, scans)]
    seen = counts.gather(sightings)
    inside = counts.within(opening.scope, None)
    inventory = count_reading.slice_of_result(snapshot, opening.frozen, seen)
    results = counts.settle(opening.frozen, seen, inside, inventory)
    latest = next(_counts_of(snapshot, opening.scope.__eq__), None)
    after = None if latest is None else latest.fact.count_id
    conclusion = _conclusion(opening.scope, (scans.sha256, sightings), (opening.frozen, results), after)
    same = _of_same_file(snapshot, opening.scope, scans)
    if scans.batch is not None:
        deed_at = max((inventory.latest[each.asset_tag] for each in opening.frozen), default="")
        notices += _old_scans(snapshot, case_name, sightings, (now, deed_at))
    if same is not None:
        count_id, seq = same.fact.count_id, same.ended.seq
        notices.append(
            finding("count_list_checked_before", count_id=count_id, seq=seq)
            if scans.batch is None
            else finding("count_file_checked_before", count_id=count_id, seq=seq)
        )
    repeated = None if scans.batch is None else same
    return _Decided(opening, sightings, seen, results, notices, conclusion, repeated)


def _old_scans(
    snapshot: Snapshot, case_name: str, sightings: Sequence[Sighting], moments: tuple[str, str]
) -> list[Finding]:
    """Return a notice where scans are old; ``moments`` are now and the last deed about what is in the case (UTC texts).

    From before the last count of the case, or a day ago: each. From before that deed: if all of them are, because
    something may well be put back between one scan and another.
    """
    now, deed_at = moments
    yesterday = utc_text(datetime.fromisoformat(now) - FRESH)
    whole = CountScope()
    counted = next(_counts_of(snapshot, lambda scope: case_name in scope.cases or scope == whole), None)
    began, what = yesterday, "this time yesterday"
    if counted is not None and counted.ended.recorded_at > yesterday:
        began, what = counted.ended.recorded_at, "the case was counted last"
    notices = count_reading.made_before(sightings, what, began)
    if not notices and all(each.seen_at < deed_at for each in sightings):
        return count_reading.made_before(sightings, "the last deed about what is in the case", deed_at)
    return notices


def _of_same_file(snapshot: Snapshot, scope: CountScope, scans: Scans) -> _Earlier | None:
    """Return the last count of just this case that has scans of the same file, if there is one."""
    for each in _counts_of(snapshot, scope.__eq__) if scans.sha256 else ():
        if count_reading.added_before(snapshot, each.fact.count_id, scans.sha256):
            return each
    return None


def _conclusion(
    scope: CountScope,
    scans: tuple[str, Iterable[Sighting]],
    ended: tuple[Iterable[Expected], Mapping[str, Result]],
    after: int | None,
) -> Conclusion:
    """Return what is confirmed: what was scanned, what was expected, and how it ended, but no time by the clock."""
    sha256, sightings = scans
    frozen, results = ended
    said = [(each.asset_tag, each.case_name, each.slot_position) for each in sightings]
    expected = {each.asset_tag: each[2:] for each in frozen}
    ends = {tag: (result, *expected.get(tag, ())) for tag, result in results.items()}
    return Conclusion(("check", scope.cases, sha256, said), ends, after)


def _counts_of(snapshot: Snapshot, is_asked_for: Callable[[CountScope], bool]) -> Iterator[_Earlier]:
    """Yield the counts of such scopes that were signed off, the one that was so last first."""
    ended = [(fact.closed_seq, fact) for fact in snapshot.facts(Count) if fact.closed_seq is not None]
    for _, fact in sorted(ended, reverse=True):
        if is_asked_for(entry_at(snapshot, fact.started_seq, CountStartEntry).scope):
            entry = count_reading.end_of(snapshot, fact)
            if isinstance(entry, CountCloseEntry):
                yield _Earlier(fact, entry)


def _confirmed_by(snapshot: Snapshot, decided: _Decided, code: str | None, remark: str) -> _Earlier | None:
    """Return the check that was confirmed by this code and done, if there is one.

    A code that was used already is asked for again because its answer was lost, or it is taken for one of another
    preview: then the scans are others, and would be lost if they were answered as done.

    Raises:
        errors.ConfirmCodeWrong: it is of other scans, or has another remark.
    """
    scope = decided.opening.scope
    earlier = list(_counts_of(snapshot, scope.__eq__))
    for each, before in zip(earlier, [*earlier, None][1:], strict=True):
        count_id = each.fact.count_id
        entries = [entry_at(snapshot, fact.seq, CountScansEntry) for fact in snapshot.facts(CountScans, count_id)]
        sightings = [sighting for entry in entries for sighting in entry.scans]
        sha256 = entries[0].source_sha256 if entries else ""
        ended = (snapshot.facts(Expected, count_id), results_of(snapshot, count_id))
        after = None if before is None else before.fact.count_id
        conclusion = _conclusion(scope, (sha256, sightings), ended, after)
        if conclusion.code != code:
            continue
        if conclusion.asked_sha256 != decided.conclusion.asked_sha256:
            reason = f"it was shown for something else, and used already for count {count_id} of other scans"
            raise errors.ConfirmCodeWrong(code, reason)
        if remark not in {"", each.ended.remark}:
            raise errors.ConfirmCodeWrong(code, f"it was used already for count {count_id}, with another remark")
        return each
    return None


def _checked_before(snapshot: Snapshot, case_name: str, earlier: _Earlier, notices: Sequence[Finding]) -> CaseChecked:
    """Return what is answered where a check is done already: the count as it was signed off."""
    fact, ended = earlier
    last_seq = ended.seq + ended.parts
    return CaseChecked(
        count_id=fact.count_id, case_name=case_name, totals=ended.totals, notices=notices, committed=0,
        already_committed=True, first_seq=fact.started_seq, last_seq=last_seq,
        checkpoint=count_reading.note_over(snapshot, last_seq),
    )  # fmt: skip


def _still_out(snapshot: Snapshot, case_name: str, seen: dict[str, Seen]) -> list[StillOut]:
    """Return what was issued from a case and has not come back with it."""
    slots = {
        tag: custody.home[1]
        for tag, custody in snapshot.all_custody()
        if custody.home is not None and custody.home[0] == case_name and tag not in seen
    }
    inventory = snapshot.inventory_of(sorted(slots), [])
    return [
        StillOut(tag, slot, asset.holder)
        for tag, slot in sorted(slots.items(), key=lambda each: each[1])
        if (asset := inventory.assets[tag]).holder is not None
    ]
