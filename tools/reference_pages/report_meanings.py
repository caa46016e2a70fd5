"""What the figures and columns of reports mean. One that is missing here stops the making of the pages."""

from types import MappingProxyType

COMMON = MappingProxyType(
    {
        "report": "the report",
        "made_at": "when it was made, in UTC",
        "entries": "how many entries the log has from which it was made",
        "root": "the root of that log in base64, as `audit checkpoint` states it",
        "title": "the report's title",
        "subtitle": "lines below the title: the answer, the filters, what it was made from",
        "subtitle[]": "a line",
        "timezone": "the station's IANA zone",
        "columns": "what the rows consist of",
        "columns[].key": "the key under which the value stands in each row",
        "columns[].heading": "the heading for people",
        "columns[].kind": "text, integer, time or date",
        "rows": "the rows, [as this report has them](reports.md)",
        "footnotes": "lines below the rows",
        "footnotes[]": "a line",
    }
)
"""What every report answers with `--json`."""

FIGURES = MappingProxyType(
    {
        "issued": "assets in custody",
        "holders": "how many holders",
        "overdue": "assets that were due before today at the station",
        "with_assets": "holders who have any asset",
        "organisations": "how many organisations",
        "cases": "how many cases",
        "slots": "slots of all cases",
        "taken": "slots in which an asset is",
        "empty": "slots in which none is",
        "utilisation_percent": "taken slots in whole percent, rounded down",
        "types": "how many types of equipment",
        "in_slots": "assets in slots",
        "unslotted": "assets in storage in no slot",
        "in_custody": "assets in custody",
        "retired": "retired assets",
        "assets": "assets in all",
        "problems": "how many things to look at",
        "acceptance_open": "batches and holders of which nobody has accepted what was handed over",
        "count_discrepancy": "assets that a closed count missed or saw elsewhere, and nobody has seen later",
        "count_open": "counts that are not signed off",
        "holder_inactive": "holders who are not active and have assets",
        "serial_shared": "serial numbers on several assets",
        "room_unmanaged": "rooms with assets that nobody manages, where the station manages rooms",
        "building_not_allowed": "assets with a holder in a building that the holder's organisation may not use",
        "corrected": "corrections of the last 30 days",
        "intervals": "intervals that hold",
        "lasting": "those that have no end yet",
        "superseded": "intervals shown as they were recorded, and corrected since",
        "ok": "whether nothing is unresolved",
        "since": "the date from which on what is in storage must have been seen, null where none was given",
        "confirmed": "assets that are confirmed",
        "out": "assets that a holder has, and that were not seen since the date",
        "unresolved": "the rows of assets that are unresolved, [as this report has them](reports.md)",
        "shown": "how many entries are shown",
    }
)
"""What the figures of the reports mean."""

SPECIAL = MappingProxyType(
    {
        "report problems: overdue": "assets that were due before today",
        "report problems: unslotted": "1 if assets are in storage in no slot; one row tells of all of them",
        "report accountability: assets": "assets that are not retired",
        "report accountability: rows": "all assets with `--all`, [as this report has them](reports.md)",
    }
)
"""Where a figure means something of its own."""

COLUMNS = MappingProxyType(
    {
        "holder": "the holder, as called now",
        "organisation": "the holder's organisation",
        "assets": "assets in custody",
        "overdue": "of these, due before today",
        "asset_tag": "the asset",
        "equipment_type": "what kind of thing it is",
        "serial_number": "its serial number",
        "since": "since when: the time of the row's entry, as corrected",
        "due_on": "when it is due back",
        "batch_id": "the batch by which the holder has it",
        "acceptance": "`accepted`, `open`, or `not asked` where the station asks for no acceptances",
        "seq": "the entry by which it is so",
        "correction": "what of that entry was corrected by which entry, each value with the one it had before",
        "days_overdue": "whole days since it was due",
        "identifier": "what the organisation calls the holder",
        "state": "`active` or `inactive`",
        "open_acceptances": "batches of which nobody has accepted what was handed over",
        "holders": "holders of the organisation",
        "active": "of these, active",
        "with_assets": "of these, having assets",
        "case_name": "the case",
        "slots": "its slots",
        "taken": "slots in which an asset is",
        "empty": "slots in which none is",
        "utilisation_percent": "taken slots in whole percent, rounded down",
        "in_slots": "assets in slots",
        "unslotted": "assets in storage in no slot",
        "in_custody": "assets in custody",
        "retired": "retired assets",
        "building_room": "where it is used",
        "problem": "what kind of thing it is, as the figures above are called",
        "subject": "the asset, holder, batch, count, room or entry it is about",
        "what": "what is odd, in words",
        "until": "until when; blank while it lasts",
        "began": "the event by which it began: ISSUE or TRANSFER",
        "ended": "the event by which it ended: RETURN, TRANSFER or RETIRE",
        "first_seq": "the entry by which it began",
        "last_seq": "the entry by which it ended",
        "corrected_by": "the entry that corrects it, if one does",
        "superseded_by": "the entry that corrects it: the row is as it was recorded, and holds no more",
        "intervals": "how many intervals",
        "lasting": "those that have no end yet",
        "first_since": "when the first began",
        "last_until": "when the last that ended did",
        "corrected": "those that were corrected",
        "standing": "`confirmed`, `out` or `unresolved`",
        "place": "the slot it is in",
        "last_seen": "its latest scan, deed, or sighting in a closed count; the same whether `--since` is given or not",
        "codes": "why it is unresolved: " + ", ".join(
            f"`{code}`"
            for code in (
                "unslotted", "not_seen", "missing", "wrong_slot", "unexpected", "seen_in_custody", "overdue",
                "acceptance_open", "holder_inactive",
            )
        ),
        "reasons": "the same in words",
        "time": "when it happened: what the scanner's clock said of a row, else when it was recorded",
        "event_type": "the kind of entry",
        "by": "who scanned the row, or did the deed",
    }
)  # fmt: skip
"""What the columns of the reports mean."""

SPECIAL_COLUMNS = MappingProxyType(
    {
        "types: assets": "all assets of the type",
        "intervals: assets": "of how many assets",
        "unslotted: seq": "the entry that left it in no slot",
        "unslotted: since": "when that took place, as corrected",
        "problems: since": "since when, where that is known",
        "intervals --details: since": "from when",
        "organisations: assets": "assets that its holders have",
        "activity: asset_tag": "the asset it is about",
        "activity: batch_id": "the batch it belongs to",
        "activity: seq": "the entry",
        "activity: what": "what happened, in words",
    }
)
"""Where a column means something of its own, by report."""


def answer_meanings(reports: tuple[str, ...]) -> dict[str, str]:
    """Return the meanings of the keys of all reports' answers, by command and path."""
    found = {f"report {report}: {key}": what for report in reports for key, what in (COMMON | FIGURES).items()}
    return found | dict(SPECIAL)
