"""Everything that can be said about scans that a pocket scanner stored, and about their download."""

from assettrack.domain.finding_kinds import Kind

_P, _N = Kind.PROBLEM, Kind.NOTICE

SCANNER_FINDINGS: dict[str, tuple[Kind, str]] = {
    # What stops the batch until a person has looked at it
    "operator_not_said": (
        _P,
        "Scan {number}: asset {tag} was scanned outside of any begin card, so nobody is known to have scanned it.",
    ),
    "event_not_said": (_P, "Scan {number}: asset {tag} was scanned before any event card, so its event is not known."),
    "person_not_said": (_P, "Scan {number}: asset {tag} was scanned for {event} before anybody was named."),
    "reason_not_said": (_P, "Scan {number}: asset {tag} was scanned for RETIRE, which needs a reason. Say it here."),
    "place_not_said": (
        _P,
        "Scan {number}: asset {tag} was scanned without a slot. Before each asset comes the label of its slot.",
    ),
    "slot_for_two": (
        _P,
        "Scan {number}: asset {tag} came after {place} was given to asset {other} already. Only one fits.",
    ),
    "slot_of_left_out": (
        _P,
        (
            "Scan {number}: asset {tag} came after {place} and scan {earlier}, {other}, which is left out and may lie "
            "in that slot. Is it {tag} that is in it?"
        ),
    ),
    "slot_without_asset": (_P, "Scan {number}: after {place} no asset was scanned. Is one missing?"),
    "product_code": (_P, "Scan {number}: {text} is the code of a trade good, not of one asset."),
    "card_of_other_code": (
        _P,
        "Scan {number}: {text} reads as a card but is no Code 128, as all cards are. Where does it come from?",
    ),
    "not_understood": (_P, "Scan {number}: {text} is no tag, no label and no card."),
    "card_broken": (_P, "Scan {number}: the card {text} can't be read: {reason}."),
    "card_maybe_undo": (
        _P,
        (
            "Scan {number} may have been an undo card, for the asset right before it, scan {earlier}, {tag}. If that "
            "asset is not to count, leave it out too; if only the card is left out, it counts."
        ),
    ),
    "code_unclear": (_P, "Scan {number}: {text} is {what}."),
    "case_unknown_here": (_P, "Scan {number} names case {case}, which this station does not know."),
    "slot_unknown_here": (_P, "Scan {number} names {place}, which this station does not know."),
    "person_unknown_here": (_P, "Scan {number}: the badge names holder {holder}, whom this station does not know."),
    "operator_unknown_here": (
        _P,
        "Scan {number}: the begin card names account {account}, which this station does not know.",
    ),
    "card_not_ours": (
        _P,
        "Scan {number}: the card is not known to be of this station's {whom}: {doubt}. Print it anew.",
    ),
    "operator_deactivated": (
        _P,
        "Scan {number}: the begin card is of {name}, whose account is deactivated. Is it {name} who scanned?",
    ),
    "case_and_asset": (_P, "Scan {number}: {text} is both a case and an asset here. Which was meant?"),
    "case_or_asset_here": (
        _P,
        (
            "Scan {number} reads {case}: no case and no asset is called so, and it looks like the name of a case. Is "
            "it an asset? If it is a case, prepare that first."
        ),
    ),
    "undo_unclear": (
        _P,
        (
            "Scan {number}: the undo card came after {what}. Whether an asset is meant, and which, is not clear. If "
            "one is, leave that out too."
        ),
    ),
    "undo_twice": (_P, "Scan {number}: the undo card was read twice at once. Are two assets meant, or one?"),
    "context_old": (
        _P,
        "Scan {number}: {gap} lie between it and the scan before, without a begin card. Do its cards still hold?",
    ),
    "context_jump": (
        _P,
        (
            "Scan {number}: between it and the scan before, the scanner's clock was set or lost its time, so nobody "
            "can tell how long that was; and there is no begin card between them. Do the cards from before still hold?"
        ),
    ),
    "end_count_wrong": (
        _P,
        (
            "Scan {number}: the end card says how many assets it should be, {said}. Counted since the begin card: "
            "{found}. Is one missing, or one too many?"
        ),
    ),
    "take_unasked": (
        _P,
        "Scan {number} is said to be taken as it is, and there is nothing to ask about it. Take that answer back.",
    ),
    "time_not_known": (_P, "Scan {number}: its time is not known; {reason}."),
    "clock_far_off": (
        _P,
        (
            "The scanner's clock is {off}. Was it so while these scans were made? Then their times are told back from "
            "it. If it was set meanwhile, they have no time that is sure, and can be given that of the download."
        ),
    ),
    "pulled_ahead": (
        _P,
        (
            "These scans were pulled at {pulled} by this computer's clock, and that is still to come: its clock was "
            "ahead then, or is behind now. If it is behind, set it right. If it was ahead, no time of these scans is "
            "sure, and they can be given the time at which they are committed. Otherwise they can be committed from "
            "{since} on, with times as much too late as the clock was ahead."
        ),
    ),
    "clock_set_between": (
        _P,
        (
            "{scans} pulled before, in {download}, and since then the scanner's clock or this computer's was set, by "
            "{off}: which of the two tells the right times? Commit that download first, if its times are right."
        ),
    ),
    "clock_set_since": (
        _P,
        (
            "{scans} made after {download} was pulled, and meanwhile the scanner's clock or this computer's was set. "
            "If that was done before any of this was scanned, or if it was the computer's clock, the times are right "
            "as they are told now. If not, or if nobody knows, the time of the pull can be given instead."
        ),
    ),
    "place_left_out": (
        _P,
        "Scan {number}, {tag}, comes after scan {earlier}, perhaps a label, left out or in doubt. Is it in no slot?",
    ),
    "said_for_other": (
        _P,
        (
            "Scan {number}, {tag}: no card says {what}, and {said} {was} for scan {earlier} too. Scan {card}, "
            "{text}, is left out and may have said otherwise. Is it {said} here as well? If not, leave scan {number} "
            "out, and record it by hand."
        ),
    ),
    "repeat_untimed": (
        _P,
        (
            "Scan {number}, {tag}, repeats scan {earlier}, which is recorded, and without times nobody can tell "
            "whether it was scanned again. Was it?"
        ),
    ),
    "rows_contradict": (
        _P,
        (
            "Scan {number}, {tag}, has the same time as scan {earlier}, which says {then}; this one says {said}. "
            "Nothing tells which came later. Are both meant, in the order of the file? If not, leave the wrong one out."
        ),
    ),
    "card_doubtful_now": (
        _P,
        (
            "Scan {number}, {tag}, comes after scan {earlier}, a card about which there is a question by now: "
            "{question} Does the card hold for it?"
        ),
    ),
    "repeated_dropped": (
        _P,
        (
            "The scanner is set to drop repeated scans without a sign, so cards and labels that were scanned again may "
            "be missing. Compare with what was done before you go on."
        ),
    ),
    # What stops a file of scans
    "dump_several": (_P, "The file can be read in more than one way: as {ways}. Say which it is."),
    "dump_unfit": (_P, "The file is not of the form {profile}, {says}: no line tells where its columns are."),
    "dump_unfit_at": (_P, "The file is not of the form {profile}, {says}: line {line} looks otherwise."),
    "dump_dates_unclear": (
        _P,
        (
            "Dates of the file, such as {date}, can be read as {ways}. It would be {days}. A year of two digits, and a "
            "clock that was reset, decide nothing. Say which it is."
        ),
    ),
    "dump_dates_contradict": (
        _P,
        (
            "The dates of the file contradict each other: {date} in line {line} can only be {ways}, which "
            "{other_date} in line {other_line} is not. Part the file where its dates change."
        ),
    ),
    "dump_dates_other": (_P, "Line {line}: {date} is not {asked}. It can only be {ways}."),
    "dump_cards_unordered": (
        _P,
        (
            "Scan {number} is a card, and this file has lost the order of scanning, so that nobody knows for which "
            "scans it holds. Leave it out and say at the desk what it said, or pull the scanner itself."
        ),
    ),
    "dump_quantity": (
        _P,
        "Scan {number}: {text} is there {quantity} times, and when it was scanned is told once. Is it meant as one?",
    ),
    "dump_clock_back": (
        _P,
        (
            "From line {earlier} to line {line} the time goes back, from {before} to {after}: a clock was set, or the "
            "file was put together. Are all of its times right?"
        ),
    ),
    "dump_scanners_mixed": (
        _P,
        "The file has cards, and scans of {count} scanners, {serials}. Make a file of each: a card holds for one only.",
    ),
    "dump_time_of_download": (_P, "A file has no time of download. Say when the scans without a time were made."),
    "undo_of_recorded": (
        _P,
        (
            "Scan {number} takes back scan {earlier}, which is recorded in batch {batch} and stays as it is recorded. "
            "Leave the undo card out, and correct the row in that batch."
        ),
    ),
    "maybe_anew": (
        _P,
        (
            "The times of the scans do not tell them apart, for there are none or all are of one second, and some "
            "equal scans of this scanner that are recorded in batch {batch}. Are they the same scans, still in the "
            "scanner, or were they made anew after it was cleared?"
        ),
    ),
    "dump_told_before": (
        _P,
        (
            "This file has {same} of what was committed before, as batch {batch}{alike}, and {count} of its scans, "
            "such as scan {number}, with another time, event, operator, holder or place, or not undone: rows would be "
            "recorded a second time, or stay that are taken back or left out now. Say the same as then, or correct "
            "that batch. Or are they the same scans, or all made anew?"
        ),
    ),
    "told_both_ways": (
        _P,
        (
            "These have {same} of what was committed before, as batch {batch}, {way}: the same codes {alike}. {count} "
            "of them, such as scan {first}, would not be the same rows now, be it only by their time: rows would be "
            "recorded a second time, or stay that are taken back or left out now. Are they the same scans, or all made "
            "anew?"
        ),
    ),
    "left_out_then": (
        _P,
        (
            "Left out before, and rows now: {named}. What was left out stays so; if such a scan is to count, write a "
            "row for it into a batch file. Are these the same scans, or were they made anew?"
        ),
    ),
    "told_before": (
        _P,
        (
            "{count} of these scans this scanner told before, at the same times: in {download}, dealt with in batch "
            "{batch}. Are they the same scans, told once more, or were they made anew?"
        ),
    ),
    "pulled_and_gone": (
        _P,
        (
            "{download} was pulled before and never committed, and {count} of its scans the scanner does not tell any "
            "more. Commit that download first, by its name, or compare with what was done."
        ),
    ),
    "recorded_and_gone": (
        _P,
        (
            "Batch {batch} recorded a scan that the scanner does not tell any more as it did. "
            "What came after it can't be told from what is new."
        ),
    ),
    "download_gone": (
        _P,
        (
            "The scans of batch {batch} came from this scanner, no clear between them and this pull is known, and "
            "their download is not kept any more. What of these scans is recorded already can't be told for sure."
        ),
    ),
    # What is worth a look
    "answered_so": (_N, "This was asked and is answered: {question}"),
    "taken_as_same": (_N, "Not new, as said, but the same as told before: {same}, dealt with in batch {batch}."),
    "dump_read_as": (_N, "Read as {profile}, {says}: {scans}{dates}."),
    "dump_times": (
        _N,
        "The times are as the scanner's clock told them, in {zone}. How far that clock was off is not known.",
    ),
    "dump_times_set_right": (
        _N,
        (
            "The program that wrote this file has corrected the times, in {zone}, by what the scanner's clock was off "
            "when it read the scanner. How far that was is not known, nor whether its own clock was right."
        ),
    ),
    "dump_clock_shown": (
        _N,
        "When this file was made, the scanner's clock showed {shown}. The times are not corrected by it.",
    ),
    "dump_clock_off": (
        _N,
        (
            "When this file was made, the scanner's clock showed {shown} and was {off}, if the file's own time is "
            "right. The times are not corrected by that."
        ),
    ),
    "dump_order_lost": (
        _N,
        (
            "In such a file each code stands once, with how often it was scanned: in which order codes were scanned, "
            "and when for another time, is lost."
        ),
    ),
    "dump_kinds_unknown": (_N, "What kind of code {names} is, is not known here; its scans are taken all the same."),
    "dump_places_unread": (
        _N,
        "{count} of the file, such as {first}, can't be read as a slot and is not written anywhere.",
    ),
    "never_committed": (
        _N,
        (
            "{download} was pulled before and never committed, and the scanner has none of its {count} open scans any "
            "more. If they are to count, commit it by its name."
        ),
    ),
    "left_out_whole": (_N, "{download} was left out whole {how}. {now}"),
    "time_as_said": (_N, "Scan {number} has the time that was said for it; {reason}."),
    "read_twice_untimed": (
        _N,
        "Scan {number} repeats scan {earlier} with nothing between them; without times it is taken as one.",
    ),
    "scans_wait": (_N, "Until it is answered what scan {number} was, nothing is decided about {named}."),
    "read_twice": (_N, "Scan {number} repeats scan {earlier} within {seconds} seconds; taken as one."),
    "card_replaced": (_N, "Scan {number} replaces scan {earlier} before it came to anything."),
    "undo_of_nothing": (_N, "Scan {number}: the undo card found nothing to take back."),
    "undone": (_N, "Scan {number}: the undo card takes back scan {earlier}."),
    "end_missing": (_N, "Scan {number} begins anew without an end card before it; taken as the end."),
    "left_out": (_N, "Scan {number}, {text}, is left out: {reason}."),
    "taken_so": (_N, "Scan {number} is taken as it is, and that answers: {question}"),
    "time_of_commit": (
        _N,
        "Scan {number} has the time at which it is committed: when it was pulled, this computer's clock was ahead.",
    ),
    "time_of_download": (_N, "Scan {number} has the time of the download; {reason}."),
    "clock_off": (_N, "The scanner's clock was {off}; the times of its scans are corrected by that."),
    "clock_other_zone": (
        _N,
        (
            "The scanner's clock was {off}, as if it followed another zone. The times of its scans are right all the "
            "same, if this computer's clock is."
        ),
    ),
}

ANSWERED_BY: dict[str, tuple[str, ...]] = {
    # A scan that is looked at, and meant as it is
    "slot_without_asset": ("taken",),
    "product_code": ("taken",),
    "case_or_asset_here": ("taken",),
    "operator_deactivated": ("taken",),
    "undo_twice": ("taken",),
    "context_old": ("taken",),
    "context_jump": ("taken",),
    "end_count_wrong": ("taken",),
    "place_left_out": ("taken",),
    "said_for_other": ("taken",),
    "slot_of_left_out": ("taken",),
    "repeat_untimed": ("taken",),
    "rows_contradict": ("taken",),
    "card_doubtful_now": ("taken",),
    # What no card says of a scan
    "operator_not_said": ("operator", "event_type"),
    "event_not_said": ("event_type",),
    "person_not_said": ("holder",),
    "reason_not_said": ("reason",),
    "time_not_known": ("untimed_at_download",),
    # What is asked about the whole of a download
    "clock_far_off": ("clock_undisturbed", "untimed_at_download"),
    "pulled_ahead": ("untimed_at_download",),
    "clock_set_between": ("clock_undisturbed", "untimed_at_download"),
    "clock_set_since": ("clock_undisturbed", "untimed_at_download"),
    "repeated_dropped": ("gaps_looked_at",),
    "maybe_anew": ("same_scans", "scanned_anew"),
    "left_out_then": ("same_scans", "scanned_anew"),
    "told_before": ("same_scans", "scanned_anew"),
    "told_both_ways": ("same_scans", "scanned_anew"),
    "dump_told_before": ("same_scans", "scanned_anew"),
    "pulled_and_gone": ("gaps_looked_at",),
    "recorded_and_gone": ("gaps_looked_at",),
    "download_gone": ("gaps_looked_at",),
}
"""The fields of `scan_answers.Answers` that answer a question about a download, by its code.

To leave the scan out answers every question about one scan; where no other answer does, the code does not stand here.
"""

TAKEABLE = frozenset(code for code, fields in ANSWERED_BY.items() if "taken" in fields)
"""Questions about a scan to which "it is meant as it is" is an answer."""
