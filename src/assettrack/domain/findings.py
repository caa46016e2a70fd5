"""What is said about a batch or a deed: problems, refusals and notices, as values.

Owns the catalogue of everything that can be said about a row, a file or a typed deed, with one
sentence each. Nothing else builds such a sentence. A problem comes from the file
alone, a refusal from the present state, a notice blocks nothing (DESIGN §2).
"""

import enum

import msgspec


class Kind(enum.StrEnum):
    """What a finding means for the batch."""

    PROBLEM = "problem"
    REFUSAL = "refusal"
    NOTICE = "notice"


class Finding(msgspec.Struct, frozen=True):
    """One thing said about a row, or about the whole file when ``row_number`` is None.

    ``field`` is the contract's column name, or None where no single cell is meant.
    """

    row_number: int | None
    field: str | None
    code: str
    message: str

    @property
    def kind(self) -> Kind:
        """Whether this is a problem, a refusal or a notice."""
        return CATALOGUE[self.code][0]


class Illegal(msgspec.Struct, frozen=True):
    """An entry of the log that would not be legal any more: its number, its asset, and why."""

    seq: int
    asset_tag: str
    code: str
    message: str


class NotAllowed(Exception):
    """A rule refuses what a row or a deed asks for; carries the catalogue code, the field and the facts."""

    def __init__(self, code: str, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The catalogue's sentence with the facts filled in."""
        return CATALOGUE[self.code][1].format_map(self.facts)

    def at_row(self, row_number: int | None) -> Finding:
        """Return this refusal as a finding about one row."""
        return finding(self.code, row_number, self.field, **self.facts)


def finding(code: str, row_number: int | None = None, field: str | None = None, **facts: object) -> Finding:
    """Build the finding ``code`` with its sentence; the facts fill the sentence's places."""
    sentence = CATALOGUE[code][1]
    return Finding(row_number, field, code, sentence.format(field=field, **facts))


_P, _R, _N = Kind.PROBLEM, Kind.REFUSAL, Kind.NOTICE

CATALOGUE: dict[str, tuple[Kind, str]] = {
    # The file as a whole
    "file_not_found": (_P, "There is no file {name}. Check the name and the folder."),
    "file_unreadable": (_P, "{name} can't be opened: {reason}."),
    "file_too_large": (_P, "The file has {size} bytes; at most {limit} are read. Split it."),
    "file_empty": (_P, "The file is empty. A batch has a header line and at least one row."),
    "file_without_rows": (_P, "The file has a header line but no rows. A batch has at least one row."),
    "too_many_rows": (_P, "The file has more than {limit} rows. Split it into smaller files."),
    "not_text": (_P, "This is {what}, not a CSV text file. {advice}."),
    "encoding_unknown": (
        _P,
        (
            "Line {line}, character {column}: {what}. The file was saved in another encoding; "
            "export it as CSV UTF-8, so that no letter has to be guessed."
        ),
    ),
    "encoding_broken": (
        _P,
        (
            "Line {line}, character {column}: the file begins as {encoding} but can't be read as that ({reason}). "
            "It may be cut off or damaged; export it again."
        ),
    ),
    "control_character": (
        _P,
        "Line {line}, character {column}: {name} is not allowed in a batch. The file may be damaged; export it again.",
    ),
    "line_too_long": (_P, "Line {line} has more than {limit} characters. Is this a table with one row a line?"),
    "csv_broken": (
        _P,
        (
            "Line {line}: the quotes can't be read ({reason}). Is a double quote left open, or followed by more than a "
            "separator? Nothing from this line on was read."
        ),
    ),
    "header_missing": (
        _P,
        "This is not an OPN-2004 v1 batch: the header line lacks {missing}. It has {present}.{hint}",
    ),
    "header_duplicate": (_P, "More than one column of the header line is called {names}. Remove all but one of each."),
    "unknown_columns": (_N, "{columns}, not read and never written: {names}."),
    # One row, from the file alone
    "row_ragged": (_P, "The row has {cells} cells, the header line has {columns} (line {line} of the file)."),
    "row_blank": (_P, "The row is blank but other rows follow it. Remove it."),
    "cell_missing": (_P, "{field} is blank. {event} rows need it."),
    "cell_too_long": (_P, "{field} has {size} bytes; at most {limit} are allowed."),
    "cell_line_break": (_P, "{field} contains a line break or tab; only notes may."),
    "asset_tag_invalid": (_P, "asset_tag {value} is not a tag: {reason}."),
    "timestamp_invalid": (
        _P,
        "timestamp {value} can't be read: {reason}. Write YYYY-MM-DDThh:mm:ss with Z or an offset such as +01:00.",
    ),
    "timestamp_before_2000": (_P, "timestamp {value} is before the year 2000. Was the scanner's clock reset?"),
    "timestamp_ahead": (
        _P,
        "timestamp {value} is more than 5 minutes ahead of this station's clock ({now}). Check both clocks.",
    ),
    "timestamp_nonexistent": (_P, "timestamp {value} does not exist in {zone}: the clocks were put forward over it."),
    "event_type_invalid": (_P, "event_type {value} is none of SCAN, ISSUE, RETURN, UPDATE, RETIRE."),
    "operator_id_too_long": (_P, "operator_id has {size} characters; at most 64 are allowed."),
    "place_incomplete": (_P, "{field} is blank but {other} is given. Give both or neither."),
    "case_number_invalid": (_P, "case_number {value} is not a case name: {reason}."),
    "slot_number_invalid": (_P, "slot_number {value} is not a slot: {reason}."),
    "out_not_paired": (_P, "OUT must stand in both case_number and slot_number, or in neither."),
    "issue_needs_out": (
        _P,
        "{field} must be OUT on a row of {event}, because an asset with a holder is in no case; it is {value}.",
    ),
    "timestamp_local": (
        _N,
        "{rows}, the first of them row {row}, without a zone in the timestamp: read as {zone} time.",
    ),
    "timestamp_ambiguous": (
        _N,
        "timestamp {value} happened twice in {zone} when the clocks were put back; the first is taken.",
    ),
    # One row or deed, from the present state
    "already_recorded": (_R, "This row is already recorded in batch {batch_id}. Use --only-new to commit the others."),
    "recorded_and_typed": (
        _R,
        "This row is already recorded in batch {batch_id}. Leave out {asset_tag} to commit the others.",
    ),
    "unknown_asset": (_R, "No asset {asset_tag} is known. Only a SCAN creates an asset."),
    "asset_retired": (_R, "Asset {asset_tag} is retired; that is the end."),
    "already_in_custody": (_R, "Asset {asset_tag} is already in custody of {holder}."),
    "not_in_custody": (_R, "Asset {asset_tag} is not in custody; it is {where}."),
    "in_custody": (
        _R,
        "Asset {asset_tag} is in custody of {holder} and can't be in a slot. It has to be returned first.",
    ),
    "unknown_case": (_R, 'There is no case {case_name}. Prepare it with: case init "{case_name}" --slots N.'),
    "unknown_slot": (_R, "Case {case_name} has slots 1 to {slots}; there is no slot {slot_position}."),
    "slot_taken": (_R, "{place} is taken by asset {occupant}."),
    "equipment_type_missing": (
        _R,
        (
            "Asset {asset_tag} is new, and a new asset needs an equipment_type. Fill the cell, or use "
            "--default equipment_type=laptop."
        ),
    ),
    "holder_inactive": (
        _R,
        "Holder {name} is not active; nothing is given to them. See: holder show, holder activate.",
    ),
    "acceptance_missing": (
        _R,
        (
            "This station wants custody accepted before it is recorded, and nobody is said to have accepted it. Say "
            "how with --accepted paper, screen or typed."
        ),
    ),
    "unknown_holder": (
        _R,
        "No holder {name} is known.{near} Register the name first (holder add), or use --new-holders.",
    ),
    "late": (
        _R,
        (
            "The row's time {occurred_at} is before the latest entry of asset {asset_tag} ({latest}). If it is right, "
            "use --accept-late with the reason."
        ),
    ),
    # Notices
    "already_committed": (_N, "Every row of this file is already recorded in {batches}; nothing happens."),
    "skipped_recorded": (_N, "{rows} already recorded ({batches}): left out."),
    "hangs_on_row": (_N, "This row hangs on row {bad_row} ({because}); it is decided once that one is right."),
    "sighted_in_custody": (_N, "Asset {asset_tag} was seen, but is in custody of {holder}. Nothing changes."),
    "sighted_retired": (_N, "Asset {asset_tag} was seen, but is retired. Nothing changes."),
    "sighted_elsewhere": (_N, "Asset {asset_tag} was seen in {seen}, but is recorded {where}. Nothing changes."),
    "sighted_unknown_place": (_N, "Asset {asset_tag} was seen in {seen}, which this station does not know."),
    "details_differ": (
        _N,
        "{field} {value} differs from what is recorded for asset {asset_tag} ({recorded}). Only an UPDATE changes it.",
    ),
    "late_sighting": (_N, "This sighting of asset {asset_tag} is earlier than its latest entry ({latest})."),
    "late_accepted": (
        _N,
        "The row's time is before the latest entry of asset {asset_tag} ({latest}); accepted as late.",
    ),
    "returned_unslotted": (_N, "Asset {asset_tag} is returned to storage but into no slot."),
    "unslotted": (_N, "Asset {asset_tag} is taken out of {place} and is then in no slot."),
    "update_without_change": (_N, "The UPDATE changes nothing about asset {asset_tag}."),
    "holder_ignored": (_N, "{name} is named on this {event} row; only ISSUE gives an asset to a holder."),
    "serial_number_twice": (_N, "serial_number {value} is also that of asset {other}."),
    "near_holder_name": (_N, "The new holder {name} is written almost like {near}. Is it the same person?"),
    "place_ignored": (_N, "A RETIRE row names {place}; a retired asset is in no slot."),
    "due_ends": (
        _N,
        "Asset {asset_tag} was due on {due_on}; that date ends with the transfer. Set another with --due.",
    ),
    "due_in_past": (
        _N,
        "The due date {due_on} is before {day}, the day on which the asset is given. Is it right, and the year?",
    ),
    "unknown_room": (_N, "building_room {value} is no room or building that this station manages."),
    "building_not_allowed": (_N, "The organisation of {holder} may not use the building of {value}."),
    # Typed deeds
    "home_unknown": (
        _R,
        (
            "Asset {asset_tag} was issued from no slot, so it has none to return to. Return it by itself and name one "
            "with --slot CASE POSITION, or say --unslotted."
        ),
    ),
    "replaced_in_custody": (
        _R,
        "Asset {asset_tag} is in custody of {holder} and in no slot to be replaced in. Return it first.",
    ),
    "successor_known": (
        _R,
        (
            "Asset {asset_tag} is known already, so it can't take the place of {failed} as a new one. Check the tags; "
            "to put a known asset into the slot, retire the one and move the other."
        ),
    ),
    "free_slots": (_N, "Free slots of {case_name}: {slots}. Name one with --slot."),
    "slot_for_one": (_N, "That is for one asset: return {asset_tag} by itself."),
    "no_free_slot": (_N, "{case_name} has no free slot. Name one of another case with --slot."),
    "no_handover_in_batch": (_R, "Batch {batch_id} handed nothing over, and took nothing back."),
    "no_handover": (_R, "Batch {batch_id} handed nothing over to holder {holder}, and took nothing back."),
    "unknown_setting": (_R, "There is no setting {name}; there is {known}."),
    "setting_value_invalid": (_R, "{name} can't be {value}; it is one of {values}."),
    "nothing_changes": (_R, "That changes nothing, and is not recorded."),
    "case_exists": (_R, "Case {case_name} already exists, with {slots} slots."),
    "already_slotted": (_R, "Asset {asset_tag} is already in {place}. Use slot move."),
    "not_slotted": (_R, "Asset {asset_tag} is in no slot."),
    "slot_empty": (_R, "{place} is already empty."),
    "holder_name_invalid": (_R, "{name} can't be registered as a holder: {rule}."),
    "case_size_invalid": (_R, "Case {case_name} can't have {slots} slots; a case has 1 to {limit}."),
    "unknown_organisation": (_R, "No organisation {name} is known. Register it first (organisation add)."),
    "holder_exists": (_R, "Holder {name} is already registered."),
    "backup_impossible": (_R, "There can't be such a backup: {reason}."),
    "restore_impossible": (_R, "There can't be such a restore: {reason}."),
    "backup_foreign": (
        _R,
        "{file} is a backup of {theirs}, and this station is {ours}. Name a backup of this station.",
    ),
    "backup_forked": (
        _R,
        (
            "{file} tells another history than this station: its {entries} entries are not the beginning of the log. "
            "Choose a backup from before they parted, or a point of it with --at."
        ),
    ),
    "point_unknown": (
        _R,
        "No transaction ended with entry {at}, so the log can't end there. Choose entry {near}.",
    ),
    "holder_has_assets": (
        _R,
        (
            "Holder {name} has {assets}: {some}. Take them back or transfer them first, or use --with-assets "
            "and say why with --reason."
        ),
    ),
    "identifier_invalid": (_R, "{identifier} can't be kept as an identifier: {rule}."),
    "name_invalid": (_R, "{name} can't be kept as a name: {rule}."),
    "contact_missing": (_R, "No contact data of holder {name} is kept."),
    "contact_hash_invalid": (_R, "A hash of contact data has 64 hexadecimal digits."),
    "organisation_exists": (_R, "Organisation {name} is already registered."),
    "unknown_building": (_R, "No building {name} is known. Register it first (building add)."),
    "building_exists": (_R, "Building {name} is already registered."),
    "room_exists": (_R, "Room {name} is already registered."),
    "already_accepted": (
        _R,
        "What batch {batch_id} exchanged with {holder} was accepted already, by entry {seq}. It stays as it is.",
    ),
    "acceptor_unclear": (
        _R,
        "What batch {batch_id} took from {holder} went to several: {names}. Say who accepted it, with --by NAME.",
    ),
    "acceptance_time_wrong": (
        _R,
        "It can't have been accepted at {at}: that is not between the year 2000 and now, by this station's clock.",
    ),
    "accepted_before_handover": (
        _R,
        (
            "What batch {batch_id} exchanged with {holder} can't have been accepted at {at}: it changed hands from "
            "{first} on. Check both times."
        ),
    ),
    "accepted_how_invalid": (_P, "how {value} is none of {known}."),
    "accepted_by_invalid": (_P, "by {value} is no name: {rule}."),
    "accepted_at_invalid": (_P, "at {value} can't be read: {reason}. Write YYYY-MM-DDThh:mm, with Z or an offset."),
    # Corrections
    "unknown_entry": (_R, "The log has no entry {seq}. See: asset history, audit show."),
    "entry_not_correctable": (
        _R,
        (
            "Entry {seq} is of the kind {kind}; only rows of a batch and acceptances can be corrected, and corrections "
            "of them. Record what really happened by a deed of its own."
        ),
    ),
    "acceptance_of_batch_not_correctable": (
        _R,
        (
            "Entry {seq} is of the kind BATCH, and its rows are corrected one by one, each by its own entry. The "
            "acceptance that batch {batch_id} brought with it can't be corrected: it was confirmed with the batch, as "
            "one statement for all its holders. The paper says who signed."
        ),
    ),
    "already_corrected": (_R, "Entry {corrected_seq} is corrected already, by entry {seq}. Correct that one."),
    "column_not_correctable": (
        _R,
        "{column} can't be corrected: another {what} is not the same fact. Record what really happened by a batch.",
    ),
    "unknown_column": (_R, "A row has no field {column} that can be corrected; there is {known}."),
    "unknown_column_of_acceptance": (
        _R,
        "An acceptance has no field {column} that can be corrected; there is {known}.",
    ),
    "due_not_correctable": (_R, "A row of {event} gives nothing to anybody, so nothing of it is due on a date."),
    "due_on_invalid": (_P, "due_on {value} is no date. Write YYYY-MM-DD, such as 2027-01-31."),
    "due_on_out_of_range": (_P, "due_on {value} can't be meant: {reason}."),
    "unknown_holder_then": (_R, "No holder {name} is known.{near} Register the name first (holder add)."),
    "late_in_history": (
        _R,
        "Its time {occurred_at} is before that of an entry before it ({latest}), and it was not accepted as late.",
    ),
    "reason_missing": (_R, "A correction needs a reason."),
    "correction_unreadable": (_R, "The corrected row does not look right: {reason}"),
    "correction_illegal": (_R, "With the correction, entry {seq} is not legal any more: {reason}"),
    "recorded_at_invalid": (_R, "{recorded_at} is no time as this station writes it."),
    # Counts
    "unknown_count": (_R, "There is no count {count_id}. See: count list."),
    "count_closed": (
        _R,
        "Count {count_id} was signed off by {operator} with entry {seq}, and stays as it is. Start a new one.",
    ),
    "count_abandoned": (
        _R,
        "Count {count_id} was abandoned by {operator} with entry {seq} ({reason}), and has no result. Start a new one.",
    ),
    "count_ended": (_R, "Count {count_id} ended with entry {seq}, and stays as it is."),
    "count_reason_missing": (_R, "A count is abandoned for a reason. Say it."),
    "count_part_alone": (_R, "More of the result of count {count_id} does not follow the entry that it belongs to."),
    "count_scope_mixed": (_R, "A count is of some cases, of a room, of a holder or of everything; name one of these."),
    "count_room_unknown": (_R, "No asset is recorded in {room}, and the station manages no room of that name."),
    "count_holder_unknown": (_R, "No holder {name} is known.{near} See: holder list."),
    "count_scans_number": (_R, "An entry of a count holds 1 to {limit} scans, not {count}."),
    "count_scan_invalid": (_R, "{scan} can't be a scan of a count."),
    "count_slot_without_case": (_R, "Asset {asset_tag} was seen in slot {slot_position} of no case. Say --case."),
    "count_moved_since": (_R, "Asset {asset_tag} is {where} by now."),
    "count_slot_not_said": (_R, "Asset {asset_tag} was seen in case {case_name}, but no slot was said."),
    "count_seen_together": (_R, "Asset {asset_tag} and another were both seen in {place}."),
    "count_overlaps": (_N, "Some of these assets are expected by other open counts too: {counts}."),
    "count_rows_left_out": (_N, "{rows} of other events than SCAN left out; only a SCAN is a sighting."),
    "count_scans_before": (
        _N,
        "{scans} from before {what} ({began}). Is it the right file, and was it scanned anew?",
    ),
    "count_place_unknown": (_N, "{place}, where asset {asset_tag} was seen, is not known to this station."),
    "count_tags_unknown": (_N, "Tags that no asset here has: {tags}. Is each of them a label?"),
    "count_file_added_before": (_N, "This file was added to the count before, with entry {seq}; nothing happens."),
    "count_file_checked_before": (
        _N,
        "This file was checked before, as count {count_id} with entry {seq}; nothing happens.",
    ),
    "count_list_checked_before": (
        _N,
        "The same list was checked before, as count {count_id} with entry {seq}. Was it scanned anew?",
    ),
}
"""Every code with its kind and sentence. ``{field}`` is filled with the finding's field."""
