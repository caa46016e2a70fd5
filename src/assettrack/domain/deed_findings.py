"""Everything that can be said about a typed deed: commands, people, accounts, receipts, corrections, counts."""

from assettrack.domain.finding_kinds import Kind

_P, _R, _N = Kind.PROBLEM, Kind.REFUSAL, Kind.NOTICE

DEED_FINDINGS: dict[str, tuple[Kind, str]] = {
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
    "slot_other_asset": (_R, "Asset {occupant} is in {place} by now, and not {asset_tag}. Look at the slot anew."),
    "asset_moved_since": (_R, "Asset {asset_tag} is in {place} by now, and not in {expected}. Look where it is anew."),
    "holder_name_invalid": (_R, "{name} can't be registered as a holder: {rule}."),
    "case_size_invalid": (_R, "Case {case_name} can't have {slots} slots; a case has 1 to {limit}."),
    "unknown_organisation": (_R, "No organisation {name} is known. Register it first (organisation add)."),
    "holder_exists": (_R, "Holder {name} is already registered."),
    "backup_impossible": (_R, "There can't be such a backup: {reason}."),
    "restore_impossible": (_R, "There can't be such a restore: {reason}."),
    "clearing_impossible": (_R, "No scanner can have been cleared so: {reason}."),
    "leaving_out_impossible": (_R, "No download can have been left out so: {reason}."),
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
    "holder_changed_since": (_R, "Holder {name} was changed since it was shown. Look at what is known of it now."),
    "contact_changed_since": (_R, "The contact data of holder {name} was changed since it was shown. Look at it anew."),
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
    # Accounts, and the door of the station
    "unknown_account": (_R, "There is no account {name}."),
    "unknown_role": (_R, "There is no role {role}; an account is one of {roles}."),
    "account_exists": (_R, "There is an account {name} already; names of accounts are never given twice."),
    "first_account_no_admin": (_R, "The first account of a station is an admin's; {name} can't be registered as less."),
    "accounts_set_up": (_R, "This station has an admin already. Sign in, or ask an admin for an account."),
    "account_inactive": (_R, "Account {name} is not active."),
    "account_reason_missing": (_R, "A change of an account needs a reason: one line of up to {limit} letters."),
    "last_admin": (
        _R,
        "{name} is the last admin who can sign in, and has to stay one. Make somebody else an admin with a password.",
    ),
    "password_missing": (_R, "Account {name} has no password that could be taken away."),
    "password_unusable": (_R, "This password can't be used: {reason}. Choose another, such as some words in a row."),
    "password_wrong": (_R, "The password is not right."),
    "second_factor_missing": (_R, "Account {name} has no second factor that could be turned off."),
    "second_factor_unusable": (_R, "This can't be the secret of a second factor: {rule}."),
    "second_factor_lost": (
        _R,
        "The secret of {name}'s second factor is not kept any more. An admin can turn the second factor off.",
    ),
    "code_wrong": (_R, "The code is not right. Check the clock of the device that shows it, and try the next code."),
    "label_invalid": (_R, "{label} can't be the label of a token: {rule}."),
    "unknown_token": (_R, "There is no token {token_id}."),
    "token_revoked": (_R, "Token {token_id}, {label}, was revoked before."),
    "account_hash_invalid": (_R, "A hash of what an account signs in with has 64 hexadecimal digits."),
    "event_text_invalid": (_R, "The {what} of an event is one printable line of up to {limit} letters."),
    "event_times_invalid": (_R, "An event happened at least once, not {times} times."),
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
    "count_moved_since": (_R, "Asset {asset_tag} was moved on record since the count began; it is {where} by now."),
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
