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
    "slot_without_asset": (_P, "Scan {number}: after {place} no asset was scanned. Is one missing?"),
    "product_code": (_P, "Scan {number}: {text} is the code of a trade good, not of one asset."),
    "card_of_other_code": (
        _P,
        "Scan {number}: {text} reads as a card but is no Code 128, as all cards are. Where does it come from?",
    ),
    "not_understood": (_P, "Scan {number}: {text} is no tag, no label and no card."),
    "card_broken": (_P, "Scan {number}: the card {text} can't be read: {reason}."),
    "code_unclear": (_P, "Scan {number}: {text} is {what}."),
    "case_unknown_here": (_P, "Scan {number} names case {case}, which this station does not know."),
    "slot_unknown_here": (_P, "Scan {number} names {place}, which this station does not know."),
    "person_unknown_here": (_P, "Scan {number}: the badge names holder {holder}, whom this station does not know."),
    "operator_unknown_here": (
        _P,
        "Scan {number}: the begin card names account {account}, which this station does not know.",
    ),
    "case_and_asset": (_P, "Scan {number}: {text} is both a case and an asset here. Which was meant?"),
    "undo_unclear": (
        _P,
        "Scan {number}: the undo card came after {what}. Whether an asset is meant, and which, is not clear.",
    ),
    "undo_twice": (_P, "Scan {number}: the undo card was read twice at once. Are two assets meant, or one?"),
    "context_old": (
        _P,
        "Scan {number}: {gap} lie between it and the scan before, without a begin card. Do its cards still hold?",
    ),
    "end_count_wrong": (_P, "Scan {number}: the end card says {said}, and {found} were scanned since the begin card."),
    "time_not_known": (_P, "Scan {number}: its time is not known; {reason}."),
    "clock_far_off": (
        _P,
        "The scanner's clock is {off}. Was it so while these scans were made? If it was set meanwhile, times are off.",
    ),
    "repeated_dropped": (
        _P,
        (
            "The scanner is set to drop repeated scans without a sign, so cards and labels that were scanned again may "
            "be missing. Compare with what was done before you go on."
        ),
    ),
    # What is worth a look
    "read_twice": (_N, "Scan {number} repeats scan {earlier} within {seconds} seconds; taken as one."),
    "card_replaced": (_N, "Scan {number} replaces scan {earlier} before it came to anything."),
    "undo_of_nothing": (_N, "Scan {number}: the undo card found nothing to take back."),
    "undone": (_N, "Scan {number}: the undo card takes back scan {earlier}."),
    "end_missing": (_N, "Scan {number} begins anew without an end card before it; taken as the end."),
    "left_out": (_N, "Scan {number}, {text}, is left out: {reason}."),
    "taken_so": (_N, "Scan {number} is taken as it is, on being asked: {question}"),
    "time_of_download": (_N, "Scan {number} has the time of the download; {reason}."),
    "clock_off": (_N, "The scanner's clock was {off}; the times of its scans are corrected by that."),
    "clock_other_zone": (
        _N,
        "The scanner's clock was {off}, as if it followed another zone; the times of its scans are right all the same.",
    ),
}
