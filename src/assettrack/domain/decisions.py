"""The decision: is this batch allowed right now, and what exactly will it do (DESIGN §3, §5).

One pure function serves preview, commit and the replay of the log. It takes rows in file
order and the inventory they touch, and returns a plan. What an event does to an asset is
in `assets` and `custody`; here is what goes for every row: known rows, lateness, rows that
hang on a bad one, defaults, new holders.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo

import msgspec

from assettrack.domain import assets, custody
from assettrack.domain.assets import Note
from assettrack.domain.chosen_holders import require_as_chosen
from assettrack.domain.due_dates import day_of
from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.inventory import Asset, Inventory
from assettrack.domain.plans import KEPT_ROWS_MAX, Change, Options, Plan
from assettrack.domain.rooms import Rooms
from assettrack.domain.scans import GIVING, BadRow, EventType, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.domain.wording import batches_named, counted, quoted

Rule = Callable[[Scan, Asset | None, Inventory, Note], Asset]

RULES: dict[EventType, Rule] = {
    "SCAN": assets.sight_or_create,
    "ISSUE": custody.issue,
    "RETURN": custody.return_to_storage,
    "TRANSFER": custody.transfer,
    "UPDATE": assets.update,
    "RETIRE": assets.retire,
}
"""What each event does, one rule an event."""


def decide(rows: Iterable[Scan | BadRow], inventory: Inventory, options: Options) -> Plan:
    """Decide a whole batch: one change for each row that is allowed, one refusal for each that is not.

    The inventory must hold everything the rows touch. It is used up: afterwards it is the state
    after the plan, which means something only if the plan is valid.
    """
    decision = Decision(inventory, options)
    decision.add(rows)
    return decision.conclude()


class Decision:
    """One run over the rows of a batch, block by block, with what has been said and what has gone wrong so far.

    The inventory must hold everything that a block touches when the block is added; ``plan`` is what has
    been decided so far. Without ``keep_scans`` the plan can be shown but not committed, and needs a third of
    the memory. ``zone`` is the station's: without it nothing is said of a due date.
    """

    are_typed = False
    """Whether the rows are those of a command, where an asset is left out by not naming it."""

    holders_chosen: Sequence[int | None] = ()
    """The number of the holder who was chosen for each row, None where nobody knows; of the rows after them too."""

    def __init__(
        self, inventory: Inventory, options: Options, *, keep_scans: bool = True, zone: tzinfo | None = None
    ) -> None:
        self._inventory = inventory
        self._options = options
        self._keep_scans = keep_scans
        self._zone = zone
        self._day_after_due = ""
        self.plan = Plan(options)
        self._row_number = 0
        self._bad_assets: dict[str, int] = {}
        self._bad_places: dict[Place, int] = {}
        self._recorded: list[tuple[int, int, str]] = []
        self._rooms = inventory.rooms if inventory.rooms.managed else None
        inventory.holders.accepts_new_holders = options.new_holders

    def add(self, rows: Iterable[Scan | BadRow]) -> None:
        """Decide the next rows of the file."""
        recorded = self._inventory.recorded
        for row in rows:
            self.plan.rows += 1
            self._row_number = row.row_number
            if isinstance(row, BadRow):
                self._spoil(row, row.row_number)
            elif recorded and row.identity in recorded:
                self._recorded.append((row.row_number, recorded[row.identity], row.asset_tag))
            else:
                self._decide(row)

    @property
    def lacks_acceptance(self) -> bool:
        """Whether custody changes, the station wants that accepted, and nobody is said to have."""
        wanted = self._inventory.acceptance == "required" and self._options.accepted is None
        return wanted and any(map(hands_over, self.plan.changes))

    def conclude(self, problems: Sequence[Finding] = (), notices: Sequence[Finding] = ()) -> Plan:
        """Return the plan, with what validation found: a file with problems is refused as a whole."""
        plan = self.plan
        plan.problems = list(problems)
        self._conclude_recorded()
        if self.lacks_acceptance:
            plan.refusals.append(finding("acceptance_missing", None, None))
        if self._day_after_due:
            facts = {"due_on": self._options.due_on, "day": self._day_after_due}
            plan.notices.append(finding("due_in_past", None, None, **facts))
        plan.refusals.sort(key=_row_or_file)
        plan.notices = sorted([*notices, *plan.notices], key=lambda notice: notice.row_number or 0)
        return plan

    def _decide(self, scan: Scan) -> None:
        """Decide one row, or say why it is refused."""
        inventory, options, plan, tag = self._inventory, self._options, self.plan, scan.asset_tag
        before = inventory.assets.get(tag)
        if (self._bad_assets or self._bad_places) and self._hangs(scan, before):
            return
        filled = self._with_defaults(scan) if before is None and options.defaults else scan
        try:
            if 0 < self._row_number <= len(self.holders_chosen):  # a forged entry may say any number
                chosen = self.holders_chosen[self._row_number - 1]
                require_as_chosen(scan.issued_to_name, chosen, inventory.holders)
            late = before is not None and scan.occurred_at < inventory.latest[tag] and self._is_late(scan)
            after = RULES[scan.event_type](filled, before, inventory, self._note)
        except NotAllowed as refusal:
            plan.refusals.append(refusal.at_row(scan.row_number))
            self._spoil(scan, scan.row_number)
            return
        if options.due_on is not None and after.holder is not None and after is not before:
            after = self._due(scan, before, after)
        inventory.apply(tag, before, after, scan.occurred_at)
        if self._keep_scans:
            plan.scans.append(scan)
        plan.identities.append(scan.identity)
        given_to = None
        if after.holder is not None and (before is None or before.holder != after.holder):
            given_to = inventory.holders.number_of(after.holder)
        plan.changes.append(Change(scan.row_number, tag, scan.event_type, before, after, late, given_to))
        if scan.notes and scan.row_number <= KEPT_ROWS_MAX:
            plan.notes[scan.row_number] = scan.notes
        if options.new_holders and len(inventory.holders.new_holders) != len(plan.new_holders):
            self._note_new_holder(scan)
        if self._rooms is not None:
            self._note_rooms(scan, after, self._rooms)

    def _is_late(self, scan: Scan) -> bool:
        """Tell whether a row that is earlier than its asset's latest entry is accepted as late; a sighting is not late.

        Raises:
            NotAllowed: no reason to accept it was given.
        """
        latest = self._inventory.latest[scan.asset_tag]
        if scan.event_type == "SCAN":
            self._note("late_sighting", "timestamp", asset_tag=scan.asset_tag, latest=latest)
            return False
        if self._options.late_reason is None:
            raise NotAllowed("late", "timestamp", occurred_at=scan.occurred_at, asset_tag=scan.asset_tag, latest=latest)
        self._note("late_accepted", "timestamp", asset_tag=scan.asset_tag, latest=latest)
        return True

    def _due(self, scan: Scan, before: Asset | None, after: Asset) -> Asset:
        """Return the asset with the date on which its new holder is to return it."""
        due_on = self._options.due_on or ""
        if before is not None and before.holder == after.holder:
            return after
        if self._zone is not None and due_on < (day := day_of(scan.occurred_at, self._zone)):
            self._day_after_due = max(self._day_after_due, day)
        return msgspec.structs.replace(after, due_on=due_on)

    def _with_defaults(self, scan: Scan) -> Scan:
        """Return a creating row with its blank cells filled; the log keeps the row as it was scanned."""
        blank = {field: value for field, value in self._options.defaults.items() if not getattr(scan, field)}
        return msgspec.structs.replace(scan, **blank) if blank and scan.event_type == "SCAN" else scan

    def _hangs(self, scan: Scan, before: Asset | None) -> bool:
        """Tell whether the row can't be decided because an earlier row of its asset or slot is bad."""
        root, because = self._bad_assets.get(scan.asset_tag), "same asset"
        if root is None and scan.place in self._bad_places and self._would_enter(scan, before):
            root, because = self._bad_places[scan.place], "same slot"
        if root is None:
            return False
        self._note("hangs_on_row", None, bad_row=root, because=because)
        self._spoil(scan, root)
        return True

    def _would_enter(self, row: Scan | BadRow, before: Asset | None) -> bool:
        """Tell whether the row would put its asset into the slot it names, as far as is known."""
        if row.event_type == "SCAN":
            return before is None
        entering = row.event_type in {"RETURN", "UPDATE", None}
        return entering and (before is None or before.place != row.place)

    def _spoil(self, row: Scan | BadRow, bad_row: int) -> None:
        """Remember what a bad row leaves open: its asset, the slot it would enter, and the slot it would leave."""
        before = None
        if row.asset_tag is not None:  # else it is unreadable, and no later row can be about it
            self._bad_assets.setdefault(row.asset_tag, bad_row)
            before = self._inventory.assets.get(row.asset_tag)
        if row.place is not None and row.place != OUT and self._would_enter(row, before):
            self._bad_places.setdefault(row.place, bad_row)
        leaving = row.event_type in {"ISSUE", "RETIRE", None} or (row.event_type == "UPDATE" and row.place is not None)
        if leaving and before is not None and before.place is not None:
            self._bad_places.setdefault(before.place, bad_row)

    def _note_new_holder(self, scan: Scan) -> None:
        """Point out a new holder's name that is almost a known one."""
        name = self._inventory.holders.new_holders[-1].name
        self.plan.new_holders.append(name)
        near = self._inventory.holders.near(name)
        if near:
            self._note("near_holder_name", "issued_to_name", name=scan.issued_to_name, near=near[0])

    def _conclude_recorded(self) -> None:
        """Say what is to be said about rows that are in the log already."""
        plan = self.plan
        if not self._recorded:
            return
        plan.recorded_in = sorted({batch_id for _, batch_id, _ in self._recorded})
        batches = batches_named(plan.recorded_in)
        plan.already_committed = len(self._recorded) == plan.rows and not plan.problems
        if plan.already_committed:
            plan.notices.append(finding("already_committed", None, None, batches=batches))
        elif self._options.only_new:
            plan.notices.append(
                finding("skipped_recorded", None, None, rows=counted(len(self._recorded), "row"), batches=batches)
            )
        else:
            plan.refusals += [self._recorded_already(*row) for row in self._recorded]

    def _recorded_already(self, row_number: int, batch_id: int, asset_tag: str) -> Finding:
        """Return the refusal of a row that is in the log already, and how the others can be committed."""
        refusal = finding("already_recorded", row_number, None, batch_id=batch_id)
        if self.are_typed:
            said = finding("recorded_and_typed", batch_id=batch_id, asset_tag=asset_tag)
            refusal = msgspec.structs.replace(refusal, message=said.message)
        return refusal

    def _note_rooms(self, scan: Scan, after: Asset, rooms: Rooms) -> None:
        """Point out a room that nobody manages, and a building that the new holder's organisation may not use."""
        if scan.building_room and not rooms.knows(scan.building_room):
            self._note("unknown_room", "building_room", value=quoted(scan.building_room))
        room = scan.building_room or after.building_room
        if after.holder is None or room is None or scan.event_type not in GIVING:
            return
        holder = self._inventory.holders.named(after.holder)
        if holder is not None and not rooms.may_use(holder.organisation_id, room):
            self._note("building_not_allowed", "building_room", holder=holder.name, value=quoted(room))

    def _note(self, code: str, field: str | None = None, /, **facts: object) -> None:
        self.plan.notices.append(finding(code, self._row_number, field, **facts))


def hands_over(change: Change) -> bool:
    """Tell whether a change gives an asset to a holder or takes it from one."""
    before = change.before
    return change.after.holder != (None if before is None else before.holder)


def _row_or_file(said: Finding) -> int:
    """Return what findings are sorted by: those about the whole file stand first."""
    return said.row_number or 0
