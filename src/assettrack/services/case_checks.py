"""The case return check: a case comes back, what is in it is scanned, and the count of it is one deed.

Beginning, scans and signing off are entries of one transaction, saved exactly as they were previewed. What names no
case itself was seen in this one.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from assettrack.domain import count_deeds, counts, errors
from assettrack.domain.count_deeds import Closing, Opening
from assettrack.domain.counts import Result, Seen
from assettrack.domain.entries.counts import Sighting
from assettrack.domain.findings import Finding
from assettrack.domain.plans import written_code
from assettrack.services import count_reading
from assettrack.services.confirm_codes import require_code
from assettrack.services.count_reading import Reading, Scans
from assettrack.services.counts import AskedScope, Line, lines, opening_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class StillOut(msgspec.Struct, frozen=True):
    """An asset that was issued from the case, was not seen in it, and is with a holder."""

    asset_tag: str
    slot_position: int
    holder: str


class CaseCheck(msgspec.Struct, frozen=True):
    """What a check would say of a case; ``confirm`` is the code that confirms exactly this."""

    case_name: str
    expected: int
    scans: int
    totals: dict[str, int]
    lines: Sequence[Line]
    still_out: Sequence[StillOut]
    notices: Sequence[Finding]
    confirm: str


class CaseChecked(msgspec.Struct, frozen=True):
    """A case that was checked: the count, and how many ended in each result."""

    count_id: int
    case_name: str
    totals: dict[str, int]
    first_seq: int
    last_seq: int
    checkpoint: str


class _Decided(msgspec.Struct, frozen=True):
    """A check decided by the present state, and not saved yet."""

    opening: Opening
    sightings: Sequence[Sighting]
    seen: dict[str, Seen]
    results: dict[str, Result]
    notices: Sequence[Finding]
    code: str


def preview(workplace: Workplace, case_name: str, scans: Scans) -> CaseCheck:
    """Return what the check of a case would say now. Nothing is saved.

    Raises:
        errors.DeedRefused: there is no such case, or a typed place does not exist.
        errors.BatchHasProblems, errors.ListFileWrong: the file does not look right, or has no scan of ours.
    """
    reading = count_reading.read(workplace, scans, signoff(workplace))
    with workplace.store.read() as snapshot, refusal_raised():
        decided = _decide(snapshot, case_name, scans, reading)
        frozen = decided.opening.frozen
        found = lines(snapshot, frozen, decided.seen, decided.results, with_found=False)
        out = _still_out(snapshot, case_name, decided.seen)
    return CaseCheck(
        case_name, len(frozen), len(decided.sightings), counts.totals(decided.results), found, out, decided.notices,
        decided.code,
    )  # fmt: skip


def check(workplace: Workplace, case_name: str, scans: Scans, remark: str = "", *, confirm: str | None) -> CaseChecked:
    """Count a case in one deed: begin, add the scans, sign off. ``confirm`` is the code of a preview, or None.

    Raises:
        errors.ConfirmCodeWrong: the check would say something else than the preview showed.
        errors.AssetTrackError: as `preview`.
    """
    signed = signoff(workplace)
    reading = count_reading.read(workplace, scans, signed)
    with refusal_raised(), workplace.store.write() as transaction:
        decided = _decide(transaction, case_name, scans, reading)
        if confirm is not None and require_code(confirm) != decided.code:
            raise errors.ConfirmCodeWrong(confirm, "the case, or what was scanned, is not as it was when it was shown")
        first_seq = transaction.log_size + 1
        count_id = decided.opening.count_id
        transaction.save(count_deeds.start_count(decided.opening, first_seq, signed))
        for deed in count_reading.scan_deeds(transaction, count_id, (decided.sightings, scans), signed):
            transaction.save(deed)
        last_seq = transaction.log_size + 1
        closing = Closing(count_id, decided.results, remark)
        transaction.save(count_deeds.close_count(transaction, closing, last_seq, signed))
    totals = counts.totals(decided.results)
    return CaseChecked(count_id, case_name, totals, first_seq, last_seq, transaction.checkpoint)


def _decide(snapshot: Snapshot, case_name: str, scans: Scans, reading: Reading) -> _Decided:
    opening = opening_of(snapshot, AskedScope((case_name,)))
    scans = msgspec.structs.replace(scans, case_name=case_name)
    sightings = count_reading.placed(snapshot, reading.sightings, scans, (case_name,))
    notices = [*reading.notices, *count_reading.judged(snapshot, sightings, scans, None)]
    seen = counts.gather(sightings)
    inside = counts.within(opening.scope, None)
    inventory = count_reading.slice_of_result(snapshot, opening.frozen, seen)
    results = counts.settle(opening.frozen, seen, inside, inventory)
    return _Decided(opening, sightings, seen, results, notices, _code(opening, scans, sightings, results))


def _code(opening: Opening, scans: Scans, sightings: Sequence[Sighting], results: dict[str, Result]) -> str:
    """Return the code that confirms a check: what was expected, scanned and found, but no time by the clock."""
    said = [(each.asset_tag, each.case_name, each.slot_position) for each in sightings]
    expected = [each[1:] for each in opening.frozen]
    shown = (opening.scope.cases, scans.sha256, expected, said, sorted(results.items()))
    return written_code(sha256(msgspec.json.encode(shown)).digest())


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
