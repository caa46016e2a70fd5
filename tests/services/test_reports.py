"""Reports: what they are tied to, how they are narrowed, and what they say of a small station."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import stated_root
from assettrack.domain.plans import Acceptance, Options
from assettrack.services import audit, corrections, custody_reports, holders, organisations, settings, stock_reports
from assettrack.services.interval_reports import IntervalSelection, intervals
from assettrack.services.ports import Workplace
from assettrack.services.problem_reports import problems
from assettrack.services.reports import Filters, Report
from tests.services.desk import Desk, row
from tests.services.insider import Insider

ALL = Filters()


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """Jane Smith has A1 (accepted) and T1, Bob Lee of the Fire Department has A2; A3 is in slot 3, A4 in none, A5 gone.

    A1's ISSUE is entry 14 of 21; A2's is 16, and it was due yesterday. A4's SCAN is entry 11.
    """
    organisations.register(desk.workplace, "Fire Department")
    holders.change(desk.workplace, "Bob Lee", holders.HolderUpdate(organisation="Fire Department", identifier="S-17"))
    laptops = "".join(row(f"A{number}", place=("CASE-01", str(number))) for number in (1, 2, 3))
    desk.commit(laptops + row("A4") + row("T1", equipment_type="Tablet"))
    desk.commit(row("A1", "ISSUE", at="10:01"), Options(accepted=Acceptance("paper")))
    late = row("A2", "ISSUE", at="10:01", issued_to_name="Bob Lee")
    desk.commit(late, Options(due_on="2026-06-30"))
    desk.commit(row("T1", "ISSUE", at="10:02"))
    desk.commit(row("A5") + row("A5", "RETIRE", at="10:03"))
    return desk


def rows(report: Report, *keys: str) -> list[tuple[object, ...]]:
    """The rows of a report, only these columns of them."""
    places = [number for number, column in enumerate(report.table.columns) if not keys or column.key in keys]
    assert not keys or len(places) == len(keys), "each of these columns is there"
    return [tuple(row[place] for place in places) for row in report.table.rows]


def custody(desk: Desk, filters: Filters = ALL, *, details: bool = False) -> Report:
    """The custody report."""
    return custody_reports.custody(desk.workplace, filters, details=details)


def test_a_report_is_tied_to_a_checkpoint(stocked: Desk) -> None:
    """It says when it was made in the station's zone, and size and root of the log as the checkpoint states them."""
    report = custody(stocked)
    root = stated_root(audit.latest_checkpoint(stocked.workplace))
    assert root is not None
    text = b64encode(root).decode()
    assert report.figures["report"] == "custody"
    assert (report.figures["entries"], report.figures["root"]) == (stocked.log_size, text)
    made_at = str(report.figures["made_at"])
    assert made_at.startswith("2026-07-01T12:00:")
    answer, made = report.table.subtitle
    assert answer == "3 issued right now, to 2 holders; 1 overdue."
    assert made == (
        f"Made 2026-07-01 14:{made_at[14:19]} (Europe/Berlin) at assettrack-test0001, "
        f"from {stocked.log_size} entries of the log with root {text}."
    )


def test_how_many_are_issued_and_to_whom(stocked: Desk) -> None:
    """One line a holder by name, with how many and how many of them are overdue; the sums are figures."""
    report = custody(stocked)
    assert rows(report) == [("Bob Lee", "Fire Department", 1, 1), ("Jane Smith", "Ad Hoc", 2, 0)]
    assert [report.figures[key] for key in ("issued", "holders", "overdue")] == [3, 2, 1]


def test_details_say_how_each_asset_got_there(stocked: Desk) -> None:
    """Since when, by which batch and entry, until when, and whether it was accepted; where nobody asks, that too."""
    keys = ("asset_tag", "holder", "since", "due_on", "batch_id", "acceptance", "seq")
    expected = [
        ("A2", "Bob Lee", "2026-07-01T10:01:00.000000Z", "2026-06-30", 3, "open", 16),
        ("A1", "Jane Smith", "2026-07-01T10:01:00.000000Z", None, 2, "accepted", 14),
        ("T1", "Jane Smith", "2026-07-01T10:02:00.000000Z", None, 4, "open", 18),
    ]
    assert rows(custody(stocked, details=True), *keys) == expected
    settings.set_rule(stocked.workplace, "acceptance", "off")
    assert [row[5] for row in rows(custody(stocked, details=True), *keys)] == ["not asked", "accepted", "not asked"]


@pytest.mark.parametrize(
    ("filters", "tags", "words"),
    [
        (Filters(holder="JANE  smith"), ["A1", "T1"], "Only: holder Jane Smith."),
        (Filters(organisation="fire department"), ["A2"], "Only: organisation Fire Department."),
        (Filters(equipment_type="tablet"), ["T1"], "Only: type Tablet."),
        (
            Filters("Jane Smith", "Ad Hoc", "laptop"),
            ["A1"],
            "Only: organisation Ad Hoc, holder Jane Smith, type laptop.",
        ),
        (Filters("Jane Smith", "Fire Department"), [], "Only: organisation Fire Department, holder Jane Smith."),
    ],
)
def test_filters_narrow_a_report_and_are_said(stocked: Desk, filters: Filters, tags: list[str], words: str) -> None:
    """Just what is asked for is there, in whatever spelling; counts and lines agree, and the report says so."""
    assert [row[0] for row in rows(custody(stocked, filters, details=True), "asset_tag")] == tags
    report = custody(stocked, filters)
    assert report.figures["issued"] == len(tags)
    assert report.table.subtitle[1] == words


def test_an_organisation_without_holders_has_nothing(stocked: Desk) -> None:
    """It is known, so it is no mistake; and nobody of another organisation is taken for one of it."""
    organisations.register(stocked.workplace, "Water Works")
    assert custody(stocked, Filters(organisation="Water Works")).figures["issued"] == 0
    assert custody(stocked, Filters("Jane Smith", "Water Works")).figures["issued"] == 0


@pytest.mark.parametrize(
    ("filters", "error", "words"),
    [
        (Filters(holder="Jane Smyth"), errors.NotFound, "There is no holder Jane Smyth.*Jane Smith"),
        (Filters(equipment_type="labtop"), errors.NotFound, "There is no type of equipment labtop.*laptop"),
        (Filters(organisation="Police"), errors.DeedRefused, "No organisation Police is known"),
        (Filters(organisation=" "), errors.ValueUnusable, "The organisation"),
    ],
)
def test_a_filter_that_names_nothing_is_a_mistake(
    stocked: Desk, filters: Filters, error: type[errors.AssetTrackError], words: str
) -> None:
    """An empty report would look as though nothing was issued; instead it is said that there is no such thing."""
    with pytest.raises(error, match=words):
        custody(stocked, filters)


def test_overdue_says_for_how_many_days(stocked: Desk) -> None:
    """Whole days from the date on which it was due until today at the station; what is due today is not there."""
    stocked.commit(row("A3", "ISSUE", at="10:04"), Options(due_on="2026-07-01"))
    report = custody_reports.overdue(stocked.workplace, ALL)
    assert rows(report, "asset_tag", "holder", "due_on", "days_overdue") == [("A2", "Bob Lee", "2026-06-30", 1)]
    assert (report.figures["overdue"], report.figures["holders"]) == (1, 1)
    assert custody(stocked).figures["overdue"] == 1
    assert rows(custody_reports.overdue(stocked.workplace, Filters(holder="Jane Smith"))) == []


def test_today_is_the_station_s_today(stocked: Desk) -> None:
    """Shortly before midnight UTC it is the next day in Berlin, and what is due that day's eve is a day late."""
    stocked.clock = stocked.clock.replace(hour=22, minute=30)
    assert [row[7] for row in custody_reports.overdue(stocked.workplace, ALL).table.rows] == [2]


def test_holders_and_organisations(stocked: Desk) -> None:
    """Everybody is there, also who has nothing; an organisation has what its holders have."""
    holders.register(stocked.workplace, "Ann Ox")
    holders.change(stocked.workplace, "Ann Ox", holders.HolderUpdate(active=False))
    report = custody_reports.holders(stocked.workplace, ALL)
    assert rows(report) == [
        ("Ann Ox", "Ad Hoc", None, "inactive", 0, 0, 0),
        ("Bob Lee", "Fire Department", "S-17", "active", 1, 1, 1),
        ("Jane Smith", "Ad Hoc", None, "active", 2, 0, 1),
    ]
    assert (report.figures["holders"], report.figures["with_assets"]) == (3, 2)
    settings.set_rule(stocked.workplace, "acceptance", "off")
    filters = Filters(organisation="Ad Hoc")
    assert [row[6] for row in custody_reports.holders(stocked.workplace, filters).table.rows] == [0, 0]
    assert rows(custody_reports.organisations(stocked.workplace)) == [
        ("Ad Hoc", 2, 1, 1, 2, 0),
        ("Fire Department", 1, 1, 1, 1, 1),
    ]


def test_what_a_holder_gave_back_is_not_said_to_wait_for_the_holder(stocked: Desk) -> None:
    """An operator has to accept it: it is a hand-over that nobody accepted, and no acceptance that the holder owes."""
    stocked.commit(row("A1", "RETURN", at="12:00", place=("OUT", "OUT")))
    table = custody_reports.holders(stocked.workplace, ALL).table
    column = next(each for each in table.columns if each.key == "open_acceptances")
    assert column.heading == "Hand-overs not accepted"


def test_cases_and_types(stocked: Desk) -> None:
    """Slots are counted by case, assets by type; the percent is rounded down."""
    cases = stock_reports.cases(stocked.workplace)
    assert rows(cases) == [("CASE-01", 4, 1, 3, 25)]
    assert cases.table.subtitle[0] == "1 case with 4 slots: 1 taken, 3 empty."
    types = stock_reports.types(stocked.workplace)
    assert rows(types) == [("laptop", 1, 1, 2, 1, 5), ("Tablet", 0, 0, 1, 0, 1)]
    assert [types.figures[key] for key in ("types", "in_slots", "unslotted", "in_custody", "retired", "assets")] == [
        2, 1, 1, 3, 1, 6
    ]  # fmt: skip


def test_what_is_in_no_slot(stocked: Desk) -> None:
    """Since when and by which entry; narrowed to a type nothing else is there."""
    report = stock_reports.unslotted(stocked.workplace, ALL)
    assert rows(report, "asset_tag", "seq", "since") == [("A4", 11, "2026-07-01T10:00:00.000000Z")]
    assert rows(stock_reports.unslotted(stocked.workplace, Filters(equipment_type="tablet"))) == []


def test_what_was_seen_again_is_in_no_slot_since_before(stocked: Desk) -> None:
    """Neither a sighting nor another room puts it there anew."""
    stocked.commit(row("A4", at="11:00") + row("A4", "UPDATE", at="11:30", notes="new battery"))
    report = stock_reports.unslotted(stocked.workplace, ALL)
    assert rows(report, "asset_tag", "seq", "since") == [("A4", 11, "2026-07-01T10:00:00.000000Z")]


def test_an_empty_station_has_empty_reports(bare: Desk) -> None:
    """Nothing is divided by nothing, and every report can be made."""
    assert custody(bare).table.subtitle[0] == "0 issued right now, to 0 holders; 0 overdue."
    assert stock_reports.cases(bare.workplace).figures["utilisation_percent"] == 0
    assert stock_reports.types(bare.workplace).figures["assets"] == 0
    assert rows(stock_reports.unslotted(bare.workplace, ALL)) == []
    assert rows(intervals(bare.workplace, IntervalSelection())) == []
    assert rows(custody_reports.organisations(bare.workplace)) == [("Ad Hoc", 0, 0, 0, 0, 0)]
    assert problems(bare.workplace).table.subtitle[0] == "Nothing to look at."


def test_what_was_corrected_is_marked_with_both_values(stocked: Desk) -> None:
    """The corrected time stands in its column, and beside it what the entry says and which entry corrects it."""
    values = {"timestamp": "2026-07-01T10:00:30Z"}
    corrections.correct(stocked.workplace, 16, values, "watch was wrong", confirm=None)
    said = "entry 22 corrects entry 16: at 2026-07-01T10:00:30.000000Z, was 2026-07-01T10:01:00.000000Z"
    late = rows(custody_reports.overdue(stocked.workplace, ALL), "since", "correction")
    assert late == [("2026-07-01T10:00:30.000000Z", said)]
    found = rows(custody(stocked, details=True), "since", "seq", "correction")
    assert found[0] == ("2026-07-01T10:00:30.000000Z", 16, said)
    assert found[1][2] is None
    corrections.correct(stocked.workplace, 11, {"timestamp": "2026-07-01T09:00:00Z"}, "so too", confirm=None)
    ((since, correction),) = rows(stock_reports.unslotted(stocked.workplace, ALL), "since", "correction")
    assert since == "2026-07-01T09:00:00.000000Z"
    assert str(correction).startswith("entry 23 corrects entry 11: at 2026-07-01T09:00")


def test_intervals_are_added_up_by_holder(stocked: Desk) -> None:
    """Without an asset or holder named: how many, of how many assets, from when to when, how many corrected."""
    stocked.commit(row("A1", "RETURN", at="10:05", place=("CASE-01", "1")) + row("A1", "ISSUE", at="10:06"))
    corrections.correct(stocked.workplace, 14, {"issued_to_name": "Bob Lee"}, "mixed up", confirm=None)
    report = intervals(stocked.workplace, IntervalSelection())
    ten = "2026-07-01T10:{:02d}:00.000000Z"
    assert rows(report) == [
        ("Bob Lee", 2, 2, 1, ten.format(1), ten.format(5), 1),
        ("Jane Smith", 2, 2, 2, ten.format(2), None, 0),
    ]
    assert [report.figures[key] for key in ("intervals", "lasting", "superseded")] == [4, 3, 1]
    of_jane = intervals(stocked.workplace, IntervalSelection(holder="Jane Smith"))
    assert rows(of_jane, "asset_tag", "superseded_by") == [("A1", 25), ("A1", None), ("T1", None)]
    assert of_jane.table.subtitle[1] == "Only: holder Jane Smith."
    assert of_jane.table.subtitle[0] == "2 intervals of custody, of which 2 last."
    of_a1 = intervals(stocked.workplace, IntervalSelection(asset_tag="A1"))
    assert rows(of_a1, "holder", "corrected_by") == [("Jane Smith", None), ("Bob Lee", 25), ("Jane Smith", None)]
    assert of_a1.table.subtitle[:2] == ["2 intervals of custody, of which 1 lasts.", "Only: asset A1."]
    assert len(rows(intervals(stocked.workplace, IntervalSelection(details=True)))) == 5
    corrections.correct(stocked.workplace, 24, {"timestamp": "2026-07-01T10:07:00Z"}, "late", confirm=None)
    for wanted in (IntervalSelection(), IntervalSelection(details=True)):
        figures = intervals(stocked.workplace, wanted).figures
        assert [figures[key] for key in ("intervals", "lasting", "superseded")] == [4, 3, 2]


def test_intervals_of_what_is_not_there(stocked: Desk) -> None:
    """An asset or holder who is not known is said to be unknown."""
    for wanted in (IntervalSelection(asset_tag="Z9"), IntervalSelection(holder="Nobody")):
        with pytest.raises(errors.NotFound):
            intervals(stocked.workplace, wanted)


def test_a_date_beyond_the_calendar(stocked: Desk) -> None:
    """The first day of all began in Berlin before there was a calendar."""
    from assettrack.services.accountability import accountability

    with pytest.raises(errors.ValueUnusable, match="beyond the calendar"):
        accountability(stocked.workplace, ALL, "0001-01-01")


def details(workplace: Workplace) -> Report:
    """The custody report, with details."""
    return custody_reports.custody(workplace, ALL, details=True)


def unslotted(workplace: Workplace) -> Report:
    """The report of what is in no slot."""
    return stock_reports.unslotted(workplace, ALL)


def all_intervals(workplace: Workplace) -> Report:
    """The report of all intervals."""
    return intervals(workplace, IntervalSelection(details=True))


@pytest.mark.parametrize(
    ("statement", "report"),
    [
        ("DELETE FROM checkpoints", custody_reports.organisations),
        ("UPDATE checkpoints SET note = 'none'", custody_reports.organisations),
        ("UPDATE holders SET organisation_id = 9", custody_reports.organisations),
        ("DELETE FROM holders WHERE holder_id = 1", details),
        ("UPDATE assets SET custody_seq = 99 WHERE asset_tag = 'A1'", details),
        ("UPDATE audit_log SET body = '[' WHERE seq = 14", details),
        ("UPDATE audit_log SET body = '[' WHERE seq = 14", all_intervals),
        ("UPDATE audit_log SET body = '[' WHERE seq = 11", unslotted),
        ("UPDATE audit_log SET asset_tag = 'A9' WHERE seq = 11", unslotted),
        ("INSERT INTO corrections VALUES (14, 16, 'A1')", details),
        ("UPDATE audit_log SET body = '[' WHERE seq = 22", unslotted),
        ("UPDATE audit_log SET body = '[' WHERE seq = 7", unslotted),
        ("DELETE FROM batches WHERE batch_id = 1", unslotted),
    ],
)
def test_a_damaged_database_is_said_to_be_one(
    stocked: Desk, statement: str, report: Callable[[Workplace], Report]
) -> None:
    """Nobody is told a report made of ruins."""
    corrections.correct(stocked.workplace, 11, {"notes": "dented"}, "forgotten", confirm=None)  # entry 22
    insider = Insider(stocked, [])
    insider.do(statement)
    with pytest.raises(station_errors.DatabaseDamaged):
        report(stocked.workplace)
    insider.close()


def test_an_asset_without_any_entry_is_damage(stocked: Desk) -> None:
    """What is in no slot came there by an entry; where there is none, that is said."""
    insider = Insider(stocked, [])
    insider.do("UPDATE audit_log SET asset_tag = 'A9' WHERE seq = 11")
    with pytest.raises(station_errors.DatabaseDamaged, match="A4"):
        unslotted(stocked.workplace)
    insider.close()
