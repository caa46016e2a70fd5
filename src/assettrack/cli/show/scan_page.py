"""Scans of a pocket scanner on the screen: what was scanned, what it was read as, and what it would do.

Everything is told by the number of the scan, which is what a person can find again in the field.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo

import msgspec

from assettrack.cli.output import inert
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.screen import Page, heading, width
from assettrack.cli.show.words import arrow, counted
from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.domain.change_wording import before_and_after, summary
from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding
from assettrack.domain.left_out_scans import left_out_scans
from assettrack.domain.plans import Change, Plan
from assettrack.domain.pulled_batch import PulledBatch, held_in
from assettrack.domain.scan_meanings import Meaning, shown
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.timestamps import local_text
from assettrack.domain.wording import batches_named
from assettrack.services.scanner_history import Fill

LINES_SHOWN = 40
"""Lines of each part of the page, unless all are asked for."""

Explain = Callable[[Finding], Finding]
"""Adds to a question how it is answered."""

KindOf = Callable[[int], str]
"""Names the kind of a code."""

_SAID = {
    "held": "held",
    "left out": "left out",
    "repeated": "read twice",
    "undo": "undo",
    "undone": "taken back",
    "recorded": "recorded before",
}
_CARDS = {
    CardKind.BEGIN: "begin {}",
    CardKind.EVENT: "event {}",
    CardKind.HOLDER: "badge of holder {}",
    CardKind.CASE: "case {}",
    CardKind.END: "end {}",
}


class Pulled(msgspec.Struct, frozen=True):
    """A download, the batch that it makes, the zone in which its times are shown, and the fill that it tells of."""

    download: Download
    batch: PulledBatch
    zone: tzinfo
    fill: Fill

    @property
    def cleared(self) -> int | None:
        """The entry by which the scanner was cleared of it, None where it was not."""
        entry = self.fill.clear_of(self.download)
        return None if entry is None else entry.seq

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be committed or answered."""
        return bool(self.batch.numbers or self.batch.problems)


def pulled_page(pulled: Pulled, plan: Plan, explain: Explain, *, everything: bool) -> Page:
    """Yield the page to be checked: the scans that are held or noted, all that is wrong, and each change.

    ``explain`` adds to a question how it is answered. With ``everything`` all changes and notices are shown.
    """
    batch, limit = pulled.batch, None if everything else LINES_SHOWN
    is_over = not pulled.is_open and (pulled.cleared is not None or batch.is_recorded)
    yield heading("These scans were dealt with before" if is_over else "Check these scans before you commit them")
    yield download_line(pulled)
    yield _standing(pulled)
    yield ""
    nothing = f"{_why_nothing(batch)}: there is nothing to commit"
    yield heading(summary(plan, held_in(batch)) if pulled.is_open else nothing)
    yield ""
    noted = [
        place
        for place, (meaning, timing) in enumerate(zip(batch.meanings, batch.timings, strict=True))
        if meaning.findings or (meaning.row is not None and timing.utc is None)
    ]
    if noted:
        yield heading(f"{counted(len(noted), 'scan')} to be looked at")
        yield from scan_lines(pulled, noted, limit)
        yield ""
    for noun, findings, most in (
        ("problem", plan.problems, None),
        ("refusal", plan.refusals, None),
        ("notice", plan.notices, limit),
    ):
        yield from _said([explain(by_scan(each, batch.numbers)) for each in findings], noun, most)
    if plan.new_holders:
        yield f"{counted(len(plan.new_holders), 'new holder')}, registered by this batch: {', '.join(plan.new_holders)}"
        yield ""
    if plan.changes and (plan.valid or everything):
        yield from _changes(plan.changes, batch.numbers, limit)


def _standing(pulled: Pulled) -> str:
    """Return what became of the scans so far, in a sentence."""
    settled = pulled.batch.settled
    where = f"in {batches_named(settled.recorded_in)}"
    if pulled.cleared is not None:
        what = f"; what they recorded is {where}" if settled.rows else ""
        return f"They are kept. The scanner was cleared of them, by entry {pulled.cleared:,} of the log{what}."
    still = "left out whole" if left_out_line(pulled) else "not committed yet"
    if not settled.batches:
        return f"They are kept, and {still if pulled.is_open else 'nothing of them was committed'}."
    if pulled.is_open:
        done = f"{len(settled.batches):,} of them were dealt with {where}"
        return f"They are kept. {done}; the rest is {still}."
    return f"They are kept, and were dealt with {where}."


def _why_nothing(batch: PulledBatch) -> str:
    """Return why nothing of a download is to be committed, in a few words."""
    if batch.settled.rows:
        return "Nothing is open"
    return "Every asset is left out" if left_out_scans(batch) else "No asset was scanned"


def left_out_line(pulled: Pulled) -> list[str]:
    """Return the line that says that a download was left out whole, when and why; none where it was not."""
    return [each.message for each in pulled.batch.notices if each.code == "left_out_whole"]


def download_line(pulled: Pulled) -> str:
    """Return what a download is, in a line."""
    download, scans = pulled.download, counted(len(pulled.batch.meanings), "scan")
    when = f"{local_text(download.pulled_at, pulled.zone)} ({pulled.zone})"
    return f"{download.name}: {scans} of scanner {download.serial}, pulled {when}"


def by_scan(found: Finding, numbers: Sequence[int]) -> Finding:
    """Return what is said of a row as said of its scan; ``numbers`` are the scans of the rows."""
    if found.row_number is None:
        return found
    message = f"Scan {numbers[found.row_number - 1]}: {found.message}"
    return msgspec.structs.replace(found, row_number=None, message=message)


def scan_lines(
    pulled: Pulled, places: Sequence[int], limit: int | None, kind_of: KindOf | None = None
) -> Iterator[str]:
    """Yield a line for each of the scans at these places of the download, under a line of headings.

    ``kind_of`` names the kind of a code; without it none is shown.
    """
    batch = pulled.batch
    rows = []
    for place in places[:limit]:
        meaning = batch.meanings[place]
        kind = [] if kind_of is None else [kind_of(meaning.scan.symbology)]
        time = time_said(batch.timings[place], pulled.zone)
        rows.append((str(meaning.scan.number), time, shown(meaning.scan), *kind, read_as(pulled, meaning)))
    yield from in_columns(("scan", "time", "text", *(["code"] if kind_of else []), "read as"), rows, numbers=1)
    yield from _more(len(places) - len(rows))


def read_as(pulled: Pulled, meaning: Meaning) -> str:
    """Return what a scan was read as, in a few words; of what is recorded, whether the download's own batch did it."""
    row = meaning.row
    own = pulled.fill.batch_of(pulled.download)
    if meaning.said == "recorded" and own and pulled.batch.settled.batches[meaning.scan.number] == own.batch_id:
        return f"recorded in batch {own.batch_id}"
    if meaning.waits_for:
        return f"waits for scan {meaning.waits_for}"
    if row is None:
        return _card_said(meaning.scan.text) if meaning.said == "card" else _SAID[meaning.said]
    said = [f"{row.event_type} {row.asset_tag}"]
    said += [str(row.place)] if row.place is not None else []
    said += [f"for {row.issued_to_name}"] if row.issued_to_name else []
    return f"{', '.join(said)}, by {meaning.operator}"


def time_said(timing: Timing, zone: tzinfo) -> str:
    """Return when a scan was made, by the clock of a zone."""
    return "not known" if timing.utc is None else local_text(timing.utc, zone)[:19]


def _card_said(text: str) -> str:
    """Return what the text of a card or label says that could be read."""
    label = cards.read_slot_label(text)
    if label is not None:
        return f"slot {label[1]} of {label[0].upper()}"
    if not cards.is_card(text):
        return "case"
    card = cards.read(text)
    if card.kind is CardKind.SLOT:
        return f"slot {card.position} of {card.word}"
    return _CARDS[card.kind].format(card.word).rstrip()


def _said(findings: Sequence[Finding], noun: str, limit: int | None) -> Page:
    if findings:
        yield heading(counted(len(findings), noun))
        for found in findings[:limit]:
            yield from textwrap.wrap(
                inert(found.message), max(width(), 40), initial_indent="  ", subsequent_indent="    ",
                break_on_hyphens=False, break_long_words=False,
            )  # fmt: skip
        yield from _more(len(findings) - len(findings[:limit]))
        yield ""


def _changes(changes: Sequence[Change], numbers: Sequence[int], limit: int | None) -> Page:
    sign = arrow()
    yield heading("Changes")
    rows = [
        (str(numbers[each.row_number - 1]), each.asset_tag, each.event_type,
         before_and_after(each.before, each.after, sign))
        for each in changes[:limit]
    ]  # fmt: skip
    yield from in_columns(("scan", "asset", "event", f"before {sign} after"), rows, numbers=1)
    yield from _more(len(changes) - len(rows))
    yield ""


def _more(count: int) -> Iterator[str]:
    if count:
        yield f"and {count:,} more; --all shows them"
