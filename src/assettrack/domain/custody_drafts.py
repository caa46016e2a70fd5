"""A hand-over at the desk before it is committed: which assets, for whom, where to, and how it is accepted.

Owns the words of a draft's memory, and how a draft becomes typed rows and options. A draft is not state of any asset:
it becomes a batch that is validated, decided and committed as any other. What changes a draft takes away what was
said of it later: the time at which it was checked, and the signature of whoever signed for something else. A signature
that went is remembered as lost, and a scan that was not understood as unseen, until a person has dealt with it.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from assettrack.domain import errors, typed_rows
from assettrack.domain.chosen_holders import TO_REGISTER
from assettrack.domain.custody_signings import KeptSigning, LostBecause, LostSignature, SaidSigning, terms_mark
from assettrack.domain.desk_errors import AcceptanceIncomplete, ListNotAsShown
from assettrack.domain.draft_lines import DraftLine, bare, lines_of, mark_of_lines
from assettrack.domain.findings import Finding, NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import AcceptedHow, Options
from assettrack.domain.queued_scans import Held
from assettrack.domain.signatures import Drawing
from assettrack.domain.tags import OUT, NotATag, Place, is_out, parse_asset_tag, parse_case_name, parse_slot_position
from assettrack.domain.typed_rows import TypedRow

HandoverEvent = Literal["ISSUE", "RETURN", "TRANSFER"]
HANDOVER_EVENTS: tuple[HandoverEvent, ...] = ("ISSUE", "RETURN", "TRANSFER")

LINES_MAX = 500
"""So many assets one draft takes: more of them come as a file."""

SENT_MAX = 50
"""So many names under which scans were sent last one draft remembers."""

UNSEEN_MAX = 50
"""So many scans that were not understood one draft keeps until somebody has seen them."""


class UnseenScan(msgspec.Struct, frozen=True):
    """A scan that was not understood, and why; it stays until somebody says that they have seen it."""

    number: int
    typed: str
    held: Held


class CustodyDraft(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be handed over. ``holder`` and ``place`` are those of the next scans: a slot of the next alone.

    ``holder_id`` is the number of that holder as it was chosen, as in `DraftLine`. ``place_removed`` says, of a return,
    that a label which said where the next asset goes was not understood, and nothing said it since.
    ``due_on`` is a date (``YYYY-MM-DD``). ``not_yet`` is that somebody chose to go on without an acceptance. ``names``
    and ``strokes`` are what was typed and drawn by each person who accepts; ``lost`` are the signatures that went since
    somebody last said how it is accepted. ``at`` (UTC text) is fixed when the draft is checked, so that its rows are
    known when they come again. ``unseen`` are no part of it. ``sent`` are the names under which the last scans that
    changed it were sent. ``just_scanned`` is the one asset that the last scan put on the list, while nothing else was
    scanned, chosen or done since; blank where there is none, or an earlier version kept the draft.
    """

    event_type: HandoverEvent
    lines: tuple[DraftLine, ...] = ()
    holder: str = ""
    place: Place | None = None
    new_holders: bool = False
    due_on: str | None = None
    notes: str = ""
    how: AcceptedHow | None = None
    not_yet: bool = False
    names: dict[str, str] = {}
    strokes: dict[str, str] = {}
    at: str | None = None
    lost: tuple[LostSignature, ...] = ()
    unseen: tuple[UnseenScan, ...] = ()
    unseen_ever: int = 0
    sent: tuple[str, ...] = ()
    holder_id: int | None = None
    place_removed: bool = False
    just_scanned: str = ""

    @property
    def mark(self) -> str:
        """What stands for all that a page shows of the list: another list has another."""
        shown = [bare(self.lines), [(each.number, each.typed) for each in self.unseen]]
        return sha256(msgspec.json.encode(shown)).hexdigest()

    def mark_of(self, asset_tags: Collection[str]) -> str:
        """Return what stands for the lines of some assets: another line of one of them has another."""
        return mark_of_lines([line for line in self.lines if line.asset_tag in asset_tags])

    @property
    def bare_lines(self) -> dict[str, DraftLine]:
        """The lines by asset, as they were made."""
        return {line.asset_tag: line for line in bare(self.lines)}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on the list, and nothing waits to be seen."""
        return not self.lines and not self.unseen

    @property
    def gives(self) -> bool:
        """Whether somebody is given something, and accepts it."""
        return self.event_type != "RETURN"

    @property
    def tags(self) -> list[str]:
        """The assets, in order."""
        return [line.asset_tag for line in self.lines]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The assets for which nobody is named yet who is given them, in order; none by a return."""
        return tuple(line.asset_tag for line in self.lines if not line.holder) if self.gives else ()

    @property
    def receivers(self) -> list[str]:
        """Whoever is given something, in order; nobody by a return."""
        return list(dict.fromkeys(line.holder for line in self.lines if line.holder)) if self.gives else []

    def signers(self, operator: str) -> list[str]:
        """Return whoever accepts: those who are given something, or the operator who takes it back."""
        return self.receivers if self.gives else [operator]

    def named(self, holder: str, holder_id: int | None = None, *, new: bool = False) -> "CustodyDraft":
        """Return the draft with this holder for the next scans, and for all assets for which nobody was named.

        What was for the same holder under another name is under this one from now on, and has to be signed anew.
        """
        lines, holder_id = self.lines, TO_REGISTER if new else holder_id
        if self.gives:
            lines = tuple(line.chosen_for(holder, holder_id) for line in lines)
        return self._with(lines, holder=holder, holder_id=holder_id, new_holders=self.new_holders or new)

    def with_assets(self, asset_tags: Sequence[str]) -> "CustodyDraft":
        """Return the draft with more assets, each once.

        A slot that was named is of the first of them, which is put there where it is on the list already; no slot is of
        all that come on it.

        Raises:
            errors.ValueUnusable: they are too many, or one is no asset tag.
        """
        known = set(self.tags)
        tags = list(dict.fromkeys(map(_tag, asset_tags)))
        fresh = [tag for tag in tags if tag not in known]
        if len(known) + len(fresh) > LINES_MAX:
            raise errors.ValueUnusable("The list", f"{len(known) + len(fresh)} assets", f"it takes {LINES_MAX}")
        holder = self.holder if self.gives else ""
        holder_id = self.holder_id if self.gives else None
        after = OUT if self.place == OUT else None
        if not fresh and (not tags or self.place == after):
            return self
        lines = self.put(tags[0], self.place).lines if tags[0] in known and self.place != after else self.lines
        places = [self.place if tag == tags[0] else after for tag in fresh]
        added = [DraftLine(tag, holder, place, holder_id=holder_id) for tag, place in zip(fresh, places, strict=True)]
        return self._with((*lines, *added), place=after)

    def without(self, asset_tags: Sequence[str]) -> "CustodyDraft":
        """Return the draft without some of its assets."""
        return self._with(tuple(line for line in self.lines if line.asset_tag not in asset_tags))

    def gone_on(self) -> "CustodyDraft":
        """Return the draft after anything but the scan of one asset: an undo card after it takes nothing off."""
        return msgspec.structs.replace(self, just_scanned="")

    def taken_back(self) -> "CustodyDraft":
        """Return the draft without the asset just scanned: where that one went, the next one goes, as before it."""
        place = self.bare_lines[self.just_scanned].place
        return msgspec.structs.replace(self.without([self.just_scanned]), place=place, just_scanned="")

    def put(self, asset_tag: str, place: Place | None) -> "CustodyDraft":
        """Return the draft with another slot for an asset; None is the one from which it was issued."""
        return self._with(
            tuple(
                msgspec.structs.replace(line, place=place) if line.asset_tag == asset_tag else line
                for line in self.lines
            )
        )

    def checked(self, at: str, inventory: Inventory, holders: Mapping[str, Holder]) -> "CustodyDraft":
        """Return the draft with its time, with the homes that its assets have then, and with whoever has them.

        After the commit nothing tells any more from which slot an asset was issued, and its row must still be known.
        """
        homes = {tag: Place(*custody.home) for tag, custody in inventory.custody.items() if custody.home is not None}
        held = self.as_held(holders)
        lines = tuple(msgspec.structs.replace(line, home=homes.get(line.asset_tag)) for line in held.lines)
        return msgspec.structs.replace(held, lines=lines, at=at)

    def as_held(self, holders: Mapping[str, Holder]) -> "CustodyDraft":
        """Return the draft with whoever has its assets now, by tag; what nobody has is not there.

        Whoever signed for what came from somebody else did not sign for this.
        """
        lines = tuple(line.had_by_now(holders.get(line.asset_tag)) for line in self.lines)
        came_from = zip(self.lines, lines, strict=True)
        other = [was for was, now in came_from if was.comes_from_other(now)]
        stale = {name for name in (*self.strokes, *self._typed) if lines_of(other, name, gives=self.gives)}
        draft = self._without_signatures(stale, "giver", "typed_giver") if stale else self
        return msgspec.structs.replace(draft, lines=lines)

    def not_understood(self, typed: str, held: Held) -> "CustodyDraft":
        """Return the draft with a scan that somebody has to see.

        Raises:
            errors.ValueUnusable: too many wait for that already.
        """
        if len(self.unseen) == UNSEEN_MAX:
            raise errors.ValueUnusable("The list", f"{UNSEEN_MAX + 1} scans not understood", "look at them first")
        number = self.unseen_ever + 1
        unseen = (*self.unseen, UnseenScan(number, typed, held))
        return msgspec.structs.replace(self, unseen=unseen, unseen_ever=number)

    def seen(self, numbers: Collection[int]) -> "CustodyDraft":
        """Return the draft without scans that were not understood, because somebody has seen them."""
        return msgspec.structs.replace(self, unseen=tuple(each for each in self.unseen if each.number not in numbers))

    def sent_as(self, name: str) -> "CustodyDraft":
        """Return the draft with a name under which a scan was sent that changed it."""
        return msgspec.structs.replace(self, sent=(*self.sent, name)[-SENT_MAX:])

    def signed_list(self, name: str) -> str:
        """Return what stands for the part of the list that somebody signs for: another list has another."""
        lines = [msgspec.structs.replace(line, home=None) for line in lines_of(self.lines, name, gives=self.gives)]
        return sha256(msgspec.json.encode(lines)).hexdigest()

    @property
    def terms(self) -> str:
        """What stands for all that is said to whoever signs beside the list: another due date or notes have another."""
        return terms_mark(self.due_on or "", self.notes)

    def accepted_as(self, said: SaidSigning, operator: str) -> "CustodyDraft":
        """Return the draft with what a page says of who accepts and how, and of notes.

        A signature that was drawn and does not count is remembered as lost: because another way of accepting was
        chosen, or because the list is not the one that was signed, or it was signed with another due date or other
        notes, or under another name. So is a name that was typed for other terms. In any other way nothing but the list
        that was shown is accepted.

        Raises:
            errors.ValueUnusable: nobody can be named as somebody typed.
            desk_errors.ListNotAsShown: another list is to be accepted than the page showed, and nobody draws.
        """
        lists = {name: self.signed_list(name) for name in self.signers(operator)}
        if said.how not in {None, "screen"} and {each.name: each.shown for each in said.signers} != lists:
            raise ListNotAsShown
        terms = terms_mark(said.due_on if self.gives else "", said.notes)
        found = self._signing.weighed(said, lists, terms)
        kept = {"names": found.names, "strokes": found.strokes, "lost": found.lost}
        return msgspec.structs.replace(self, notes=said.notes, how=said.how, not_yet=said.not_yet, at=None, **kept)

    def _with(self, lines: tuple[DraftLine, ...], **changed: object) -> "CustodyDraft":
        """Return the draft with these lines; whoever accepted other ones by hand or name did not accept these."""
        stale = {
            name
            for name in (*self.strokes, *self._typed)
            if lines_of(lines, name, gives=self.gives) != lines_of(self.lines, name, gives=self.gives)
        }
        draft = self._without_signatures(stale, "list", "typed")
        return msgspec.structs.replace(draft, lines=lines, at=None, **changed)

    @property
    def _typed(self) -> dict[str, str]:
        """The names that were typed to accept by them."""
        return self.names if self.how == "typed" else {}

    def _without_signatures(
        self, stale: Collection[str], drawn_because: LostBecause, typed_because: LostBecause
    ) -> "CustodyDraft":
        """Return the draft without what some people accepted by hand or name, which is lost."""
        typed = self._typed
        lost = (
            *(each for each in self.lost if each.name not in stale),
            *(LostSignature(name, drawn_because) for name in self.strokes if name in stale),
            *(LostSignature(name, typed_because) for name in typed if name in stale),
        )
        strokes = {name: drawn for name, drawn in self.strokes.items() if name not in stale}
        names = {name: said for name, said in self.names.items() if name not in typed or name not in stale}
        return msgspec.structs.replace(self, strokes=strokes, names=names, lost=lost)

    def rows(self, inventory: Inventory) -> "DraftRows":
        """Return the rows of the draft as the assets are now, and what is to be said of those that make none."""
        rows, numbers, held = [], [], []
        for number, line in enumerate(self.lines, 1):
            try:
                rows.append(self._row(line, inventory))
                numbers.append(number)
            except NotAllowed as refusal:
                held.append(refusal.at_row(number))
        return DraftRows(rows, numbers, held)

    def _row(self, line: DraftLine, inventory: Inventory) -> TypedRow:
        if not self.gives:
            home = None if self.at is None else line.home
            return typed_rows.returns([line.asset_tag], inventory, line.place or home, self.notes)[0]
        if not line.holder:
            if line.asset_tag not in inventory.assets:  # whoever gets it, nobody can be given what nobody knows
                raise NotAllowed("unknown_asset", "asset_tag", asset_tag=line.asset_tag)
            raise NotAllowed("receiver_not_said", "issued_to_name", asset_tag=line.asset_tag)
        make = typed_rows.issues if self.event_type == "ISSUE" else typed_rows.transfers
        return msgspec.structs.replace(make([line.asset_tag], line.holder, self.notes)[0], holder_id=line.holder_id)

    def options(self, operator: str) -> Options:
        """Return how the draft's batch is to be taken, as far as it is said by whom it is accepted."""
        due_on = self.due_on if self.gives else None
        accepted = self._signing.accepted(self.signers(operator))
        return Options(new_holders=self.new_holders, due_on=due_on, accepted=accepted)

    def drawings(self, operator: str) -> tuple[Drawing, ...]:
        """Return the signatures so far, where the draft is accepted by drawing them."""
        return self._signing.drawings(self.signers(operator))

    def lacking(self, operator: str) -> list[Finding]:
        """Return what of how it is accepted is not said whole; none where no way is chosen."""
        return self._signing.lacking(self.signers(operator))

    def unsaid(self, operator: str) -> set[str]:
        """Return who did not say yet what is lacking, by the names under which they would accept it."""
        return self._signing.unsaid(self.signers(operator))

    def require_whole(self, operator: str) -> None:
        """Make sure that it is said whole by whom the draft is accepted; asked before it is committed, never to look.

        Raises:
            desk_errors.AcceptanceIncomplete: it is not.
        """
        for found in self.lacking(operator):
            raise AcceptanceIncomplete(found.message.removesuffix("."))

    @property
    def _signing(self) -> KeptSigning:
        return KeptSigning(self.how, self.names, self.strokes, self.terms)


class DraftRows(msgspec.Struct, frozen=True):
    """The rows of a draft: ``numbers`` are their lines, counted from 1; ``held`` is said of lines that make none."""

    rows: Sequence[TypedRow]
    numbers: Sequence[int]
    held: Sequence[Finding]


def _tag(text: str) -> str:
    """Return an asset tag in its normal form: what is on a list is looked for, and stays there.

    Raises:
        errors.ValueUnusable: it is none.
    """
    try:
        return parse_asset_tag(text)
    except NotATag as error:
        raise errors.ValueUnusable("The asset tag", text[:40], error.reason) from error


def read_draft(body: str) -> CustodyDraft:
    """Return a kept draft."""
    return msgspec.json.decode(body, type=CustodyDraft)


def written_draft(draft: CustodyDraft) -> str:
    """Return a draft as it is kept."""
    return msgspec.json.encode(draft).decode()


def read_place(case: str, slot: str) -> Place | None:
    """Return the place that a form names: a slot, `OUT` where it says so, or None where both are blank.

    Raises:
        errors.ValueUnusable: case or slot can't be one, or one of the two is blank.
    """
    case, slot = case.strip(), slot.strip()
    if is_out(slot):
        return OUT
    if not case and not slot:
        return None
    if not case:
        raise errors.ValueUnusable("The slot", slot, "it is one of a case; choose the case too, or leave it blank")
    if not slot:
        raise errors.ValueUnusable("The case", case, "say the slot too")
    try:
        return Place(parse_case_name(case), parse_slot_position(slot))
    except NotATag as error:
        raise errors.ValueUnusable("The place", f"{case} {slot}", error.reason) from error
