"""Everything that can be said about a batch: its file, its rows, the present state, and scans of a queue."""

from assettrack.domain.finding_kinds import Kind

_P, _R, _N = Kind.PROBLEM, Kind.REFUSAL, Kind.NOTICE

BATCH_FINDINGS: dict[str, tuple[Kind, str]] = {
    # The file as a whole
    "file_not_found": (_P, "There is no file {name}. Check the name and the folder."),
    "file_unreadable": (_P, "{name} can't be opened: {reason}."),
    "file_too_large": (_P, "The file has {size} bytes; at most {limit} are read. Split it."),
    "file_empty": (_P, "The file is empty. A batch has a header line and at least one row."),
    "file_without_rows": (_P, "The file has a header line but no rows. A batch has at least one row."),
    "file_makes_no_row": (
        _P,
        "No scan of the file makes a row, so that there is nothing to commit: {why}. A batch has at least one row.",
    ),
    "too_many_rows": (_P, "The file has more than {limit} rows. Split it into smaller files."),
    "entry_too_long": (
        _P,
        (
            "The entry of this batch, which names each of its {scans} scans and every answer, would have {size} bytes, "
            "and an entry of the log has at most {limit}. Take the scans in as smaller files, or answer for fewer of "
            "them one by one."
        ),
    ),
    "workbook_unreadable": (_P, "The workbook can't be read: {reason}. Save it anew as XLSX, or as CSV (UTF-8)."),
    "workbook_too_large": (
        _P,
        "The workbook has more than {limit} bytes unpacked, or more than {cells} cells. Split it, or save it as CSV.",
    ),
    "sheet_empty": (_P, "Sheet {sheet} is empty. Sheets with something in them: {filled}."),
    "sheets_unread": (_N, "Only sheet {sheet} is read. There is something in others too: {others}."),
    "sheet_missing": (_P, "There is no sheet {sheet} in the file. It has {sheets}."),
    "mapping_column_missing": (
        _P,
        "The table has no column {missing}, which mapping {name} names. It has {present}.",
    ),
    "mapping_incomplete": (
        _P,
        "Mapping {name} says nothing of {fields}, which every row needs. Name a column for it, or say its value.",
    ),
    "mapping_unsaid": (
        _P,
        (
            "This is an Excel workbook, which is read by a column mapping. Say by which, or save the sheet as CSV "
            "(UTF-8)."
        ),
    ),
    "mapping_has_time": (_P, "Mapping {name} says when its rows took place, so that no other time can be said."),
    "table_told_before": (
        _P,
        (
            "This table has {rows} of what was committed before, as batch {batch}, such as row {first}, with another "
            "time or read otherwise than now: they would be recorded a second time. Say the same as then. Or are they "
            "the same rows, of which nothing is to be recorded again, or was all of this done anew?"
        ),
    ),
    "same_rows_none": (
        _N,
        (
            "It was said that rows are the same ones as before, and no row of this table was committed before as the "
            "table has it. That answer settles nothing: each row is taken as it stands."
        ),
    ),
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
    "dump_nearly": (
        _P,
        (
            "Line {line} keeps the file from being read as {ways}: {text}. All lines before it are of that form. Put "
            "this line right or take it out; where files of two scanners were put together, make a file of each."
        ),
    ),
    "header_duplicate": (_P, "More than one column of the header line is called {names}. Remove all but one of each."),
    "mapped_columns": (_N, "Read from {where} by mapping {name}: {taken}{same}."),
    "unmapped_columns": (_N, "{columns} of the table not written anywhere: {names}."),
    "label_number": (
        _N,
        "{cells} kept as {numbers} by the spreadsheet. If a label began with zeros, they are lost. Compare this one.",
    ),
    "unknown_columns": (_N, "{columns}, not read and never written: {names}."),
    # One row, from the file alone
    "row_wider": (_P, "The row has {cells} cells, and there are only {columns} headings."),
    "label_turned": (
        _P,
        (
            "{value} in {field} is not what was typed or on the label: a spreadsheet made a number or a date of it. "
            "Format the column as text, write it anew, and save it again."
        ),
    ),
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
    "name_not_typed": (_R, "{name} did not type the name yet."),
    "signature_missing": (_R, "{name} did not sign for this yet."),
    "accepted_for_another": (_R, "Among several people each accepts for themselves, and {other} is not {name}."),
    "accepted_by_giver": (
        _R,
        (
            "{holder} gave back {what}, and whoever gives something back never accepts its return. Name somebody else "
            "who accepts it: an operator who takes it in."
        ),
    ),
    "unknown_holder": (
        _R,
        "No holder {name} is known.{near} Register the name first (holder add), or use --new-holders.",
    ),
    "holder_other_now": (
        _R,
        (
            "{name} was holder {number} when this was chosen, {called}; {means}. {choose}For another, remove this "
            "and scan it again for whom it is."
        ),
    ),
    "next_holder_other": (
        _N,
        (
            "{name} was holder {number} when this was chosen, {called}; {means}. Choose again for whom the next scans "
            "are."
        ),
    ),
    "holder_registered_since": (
        _R,
        (
            "{name} was not registered yet when this was chosen, and is by now, as holder {number}. If that is the "
            "same person, choose {name} again; if not, remove this and scan it again under a name that tells them "
            "apart."
        ),
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
    "new_in_no_slot": (
        _N,
        (
            "Asset {asset_tag} is new and was seen in {seen}, but its line says no slot there: it is put into none. "
            "Change the line to say the slot."
        ),
    ),
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
    "accepted_by_near_giver": (
        _N,
        (
            "{by}, who accepts it, is written almost like {holder}, who gave back {what}. Is it the same person? "
            "Whoever gives something back never accepts its return."
        ),
    ),
    "place_ignored": (_N, "A RETIRE row names {place}; a retired asset is in no slot."),
    "returned_elsewhere": (
        _N,
        (
            "Asset {asset_tag} comes from {home} by then, and this line puts it into {place}. If a line before it was "
            "removed or changed, check where it is to go."
        ),
    ),
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
    # Scans of a queue
    "scan_unreadable": (_P, "The scan {scan} is no tag, no label and no card. Scan it again, or remove it."),
    "scan_ambiguous": (_P, "{scan} is both an asset and a case. Remove it, and say which by hand."),
    "code_unreadable": (_P, "The code {scan} can't be read: {reason}. Remove it, and scan a label of ours."),
    "code_names_no_asset": (_P, "The code says {said}, which names no asset. Remove it, and scan a label of ours."),
    "code_not_known": (
        _P,
        (
            "The code says {said}. No asset has it recorded as its serial number, and it can't be a tag. Remove it, "
            "and scan a label of ours."
        ),
    ),
    "code_ambiguous": (_P, "The code says {said}, which may be {meant}. Remove it, and say which by hand."),
    "badge_not_ours": (
        _R,
        "The badge {card} is not known to be of this station's holder {holder}: {doubt}. Print it anew.",
    ),
    "card_unreadable": (_R, "The card {card} can't be read: {reason}."),
    "card_not_here": (_P, "The card {card} means nothing here."),
    "begin_of_nobody": (_P, "The begin card {card} names account {account}, which this station does not know."),
    "begin_not_ours": (
        _P,
        "The begin card {card} is not known to be of this station's account {account}: {doubt}. Print it anew.",
    ),
    "begin_of_other": (
        _P,
        (
            "The begin card {card} is of {name}, and {operator} is signed in: what is scanned here is recorded as "
            "scanned by {operator}. If {name} scans, {name} has to sign in. If not, remove this scan."
        ),
    ),
    "round_ended": (
        _P,
        (
            "Asset {tag} was scanned while no event held, and nobody said what is done with it. Remove it, scan an "
            "event, and scan it again."
        ),
    ),
    "slot_used": (
        _P,
        (
            "The label of {place} was for asset {other} alone, and {tag} came without one. Remove it, scan the "
            "label of its slot or case, and scan it again."
        ),
    ),
    "place_removed": (
        _P,
        (
            "What said where asset {tag} goes was held or removed, and nothing said it since. Remove it, scan the "
            "label of its slot or case, and scan it again."
        ),
    ),
    "label_without_asset": (
        _P,
        (
            "No asset was put into {place} after its label, which came before this scan. Is one missing? What this "
            "scan says holds all the same; if none is missing, remove it."
        ),
    ),
    "undo_of_what": (
        _P,
        (
            "The undo card came after {what}. Whether an asset is meant, and which, is not clear. Remove the card; if "
            "an asset is meant, remove that too."
        ),
    ),
    "undo_again": (
        _P,
        (
            "The undo card was read twice at once. Are two assets meant, or one? Remove the card; if two are meant, "
            "remove the other asset too."
        ),
    ),
    "case_or_asset": (
        _P,
        (
            "No case is called {case}, and no asset is. Prepare the case first. Then scan the label again: it "
            "takes the place of this scan. If it is an asset, change this scan, and say its type."
        ),
    ),
    "case_not_known": (_P, "The card names case {case}, which this station does not know. Prepare the case first."),
    "slot_not_known": (_P, "The label names {place}, which this station does not know. Prepare the case first."),
    "case_full": (
        _P,
        (
            "No slot of {case} is free for asset {tag}: in each is an asset, or another scan names it or has it left "
            "to it. Remove the scan, and name another case."
        ),
    ),
    "case_has_nothing": (_P, "There is nothing of case {case} for {event}. Remove the scan, or scan each asset."),
    "case_with_others": (
        _P,
        (
            "Nothing of case {case} came on the list. Out of it are: {out}. Choose who gives something back, and scan "
            "the label again, or scan each asset."
        ),
    ),
    "holder_not_said": (
        _P,
        "Asset {tag} was scanned while nobody was named. Remove it, name the holder, scan it again.",
    ),
    "receiver_not_said": (_R, "It is not said yet who is given asset {asset_tag}. Choose the person."),
    "end_count_differs": (
        _P,
        (
            "The end card says how many assets it should be, {said}. Scanned since the last begin or end card: "
            "{found}. Look for what is missing, or one too many; then remove the card."
        ),
    ),
}
