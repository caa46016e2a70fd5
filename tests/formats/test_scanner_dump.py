"""Files of scanners and of programs around them: their form found by content, their scans as they stand."""

import string
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.dumped_scans import DUMP_PROFILES, Dump, DumpedScan
from assettrack.domain.findings import Finding
from assettrack.domain.raw_scans import CODE_128, UNTOLD
from assettrack.domain.scans import FILE_BYTES_MAX
from assettrack.formats import code_names, dump_dates, scanner_dump, shapes
from assettrack.formats.dump_profiles import PROFILES
from assettrack.formats.scanner_dump import Asked
from assettrack.scanner import device_times, symbologies
from tests.formats.dump_samples import BEGIN, EVENT, FORMS, LINES, SERIAL, Line, written

WITHOUT_KINDS = {"opn-batch", "opn-batch-plain", "opn2000", "oph-data, quantities", "opticon-pc, short"}
WITHOUT_KINDS |= {"bare", "cartscan", "koha"}


def dump(data: bytes | str, profile: str = "", order: str | None = None) -> Dump:
    """Return the scans of a file that is in order."""
    asked = Asked(profile, order)  # type: ignore[arg-type]  # a test may say what no type would let it
    found = scanner_dump.read(data if isinstance(data, bytes) else data.encode(), asked)
    assert isinstance(found, Dump), found
    return found


def problems(data: bytes | str, profile: str = "", order: str | None = None) -> Sequence[Finding]:
    """Return what is wrong with a file that is not."""
    asked = Asked(profile, order)  # type: ignore[arg-type]  # as above
    found = scanner_dump.read(data if isinstance(data, bytes) else data.encode(), asked)
    assert not isinstance(found, Dump), found
    return found


def codes(data: bytes | str, profile: str = "", order: str | None = None) -> list[str]:
    """Return the codes of what is wrong with a file."""
    return [each.code for each in problems(data, profile, order)]


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_known_by_its_content(name: str) -> None:
    """A file of each form is read as that form, with text, time, kind of code and line of each scan."""
    form = FORMS[name]
    found = dump(written(form))
    assert (found.profile, found.order) == (form.profile, form.order)
    assert [each.scan.text for each in found.scans] == [line.code for line in LINES]
    assert [each.scan.number for each in found.scans] == [1, 2, 3]
    stamps = [line.at.isoformat() for line in LINES] if name != "bare" else ["", "", ""]
    assert [each.scan.stamp for each in found.scans] == stamps
    kinds = [UNTOLD] * 3 if name in WITHOUT_KINDS else [CODE_128, symbologies.CODE_39, CODE_128]
    assert [each.scan.symbology for each in found.scans] == kinds
    assert [each.raw_line for each in found.scans] == [form.write(line) for line in LINES]
    assert [each.line for each in found.scans] == ([2, 3, 4] if form.head else [1, 2, 3])
    assert found.keeps_order == (form.profile not in {"opn-batch", "opn2000"})


def test_every_profile_is_tried_here_and_has_a_name_of_its_own() -> None:
    """No profile is without a sample, and none has the name of another."""
    assert {form.profile for form in FORMS.values()} == set(DUMP_PROFILES)
    assert tuple(each.name for each in PROFILES) == DUMP_PROFILES


CODES = st.text(string.ascii_uppercase + string.digits + "-", min_size=1, max_size=24).filter(str.isalnum)
STRANGE_CODES = st.text(string.ascii_letters + string.digits + " -,;.$/+%", min_size=1, max_size=24)
MOMENTS = st.datetimes(datetime(2006, 1, 1), datetime(2062, 12, 31)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001 - a scanner's clock has no zone
SURE = datetime.fromisoformat("2026-03-17T08:15:02")
"""A day that is no month: it decides how the dates of a file are written."""


@pytest.mark.parametrize("name", [name for name in FORMS if name != "bare"])
@given(data=st.data())
@settings(max_examples=60)
def test_what_is_written_comes_back(name: str, data: st.DataObject) -> None:
    """Whatever codes, kinds, times and quantities a program writes in its form come back, in the file's order."""
    form = FORMS[name]
    strange = STRANGE_CODES.filter(lambda code: code == code.strip())
    if form.profile in {"opn2000", "oph-data"}:
        strange = CODES
    lines = [Line("LT-1", SURE)]
    for code, at, quantity in data.draw(st.lists(st.tuples(strange, MOMENTS, st.integers(-99, 9999)), max_size=4)):
        kind = data.draw(st.sampled_from(["Code 128", "Code 39", "EAN-13", "QR"]))
        lines.append(Line(code, at, kind, quantity))
    lines = data.draw(st.permutations(lines))
    found = dump(written(form, lines))
    assert found.profile == form.profile
    assert [each.scan.text for each in found.scans] == [line.code for line in lines]
    assert [each.scan.stamp for each in found.scans] == [line.at.isoformat() for line in lines]
    if form.write.__name__ in {"opn_batch", "opn2000", "oph_data_with_quantity"}:
        assert [each.quantity for each in found.scans] == [line.quantity for line in lines]


@given(codes=st.lists(CODES.filter(lambda code: any(map(str.isdigit, code))), min_size=1, max_size=8))
def test_bare_codes_come_back(codes: list[str]) -> None:
    """A list of codes comes back as it is, without times."""
    found = dump("\n".join([*codes, BEGIN, EVENT, "Case 01 SLOT-07"]))
    assert found.profile == "bare"
    assert [each.scan.text for each in found.scans] == [*codes, BEGIN, EVENT, "Case 01 SLOT-07"]


@pytest.mark.parametrize(
    ("line", "stamps"),
    [
        ("A1, 02:05:09 PM, 12/25/26", "2026-12-25T14:05:09"),
        ("A1; 12:05:09 AM; 25/12/26", "2026-12-25T00:05:09"),
        ("A1\tCode 128\t2026-12-25", ""),
        ("A1, 14:05:09", ""),
        ("A1, Real Time Clock (RTC) Disabled, 697227", ""),
        ("A1, Code 39, Real Time Clock (RTC) Disabled, Real Time Clock (RTC) Disabled", ""),
        ('"A1","Code 128","02:05:09 pm","12/25/26","02:05:09 pm","12/26/26","1234567"', "2026-12-25T14:05:09"),
        ('"A1"', ""),
        ("A1, 12:61:00, 12/25/26", ""),
    ],
)
def test_any_column_of_the_pc_program_can_be_off(line: str, stamps: str) -> None:
    """Columns are found by what stands in them, in each of the separators; a time counts with its date only."""
    found = dump(f"{line}\r\n")
    assert found.profile == "opticon-pc"
    assert [(each.scan.text, each.scan.stamp) for each in found.scans] == [("A1", stamps)]


def test_the_pc_program_escapes_nothing() -> None:
    """Quotation marks and separators in a code are the code's, as long as one line tells the columns."""
    found = dump('"A","1"","Code 39","10:00:00","25/12/26"\r\n"A2","Code 39","10:00:01","25/12/26"\r\n')
    assert [each.scan.text for each in found.scans] == ['A","1"', "A2"]
    assert dump("A, 1, Code 39\nA2, Code 39\n").scans[0].scan.text == "A, 1"


def test_the_clock_of_the_pc_program_is_kept() -> None:
    """What the scanner's clock showed at the download is told, and the scanner's serial."""
    found = dump(written(FORMS["opticon-pc, text"]))
    assert (found.clock_shown, found.serials) == ("2026-03-18T15:00:00", [SERIAL])
    assert dump(written(FORMS["opn-batch"])).clock_shown == ""


def test_a_file_that_fits_twice_asks() -> None:
    """Seven digits after a padded code may be a quantity or a scanner: both forms are named, and either is taken."""
    line = f"{'LT-1':30},0000012,10:00:00,25/12/2026\r\n"
    (problem,) = problems(line)
    assert problem.code == "dump_several"
    assert "as opn-batch-plain, an OPN-200x scanner" in problem.message
    assert "; oph-data, an OPL" in problem.message
    assert dump(line, "oph-data").scans[0].quantity == 12
    assert dump(line, "opn-batch-plain").scans[0].serial == "0000012"


def test_a_form_that_is_said_and_does_not_fit_is_told_with_the_line() -> None:
    """Who says a form hears which line is not of it."""
    lines = written(FORMS["opn-batch"]).decode() + "and so on\r\n"
    (problem,) = problems(lines, "opn-batch")
    assert (problem.code, "line 4" in problem.message) == ("dump_unfit_at", True)
    assert codes(b"", "koha") == ["dump_unfit"]
    assert codes(b"\x89PNG\r\n\x1a\n\x00", "koha") == ["not_text"]
    assert codes(lines) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "hello",
        "asset_tag,timestamp,event_type,operator_id\nLT-1,2026-03-17T08:15:02Z,SCAN,mara\n",
        "Dear all, 12 of the labels\nare gone.\n",
        "Asset Tag\nSerial\n",
        f"{'x1' * 3000}\n",
        "Barcode,CodeType,Timestamp,ScannerID\r\n",
        "Version=1.0\tGenerator=desk\tGeneratorVersion=2\r\n2026-03-17 08:15:02\tpayment\tB-1\t12\r\n",
    ],
)
def test_other_files_are_none_of_these(text: str) -> None:
    """A batch, a letter, a list of names: nothing is said of them here; a head without scans has none."""
    assert codes(text) in ([], ["file_without_rows"])


@pytest.mark.parametrize(
    ("dates", "order", "stamps"),
    [
        (["03/02/2026", "25/12/2026"], None, ["2026-02-03", "2026-12-25"]),
        (["03/02/2026", "12/25/2026"], None, ["2026-03-02", "2026-12-25"]),
        (["03/02/2026"], "mdy", ["2026-03-02"]),
        (["03/02/2026"], "dmy", ["2026-02-03"]),
        (["26-02-03"], "ymd", ["2026-02-03"]),
        (["05/05/2026"], None, ["2026-05-05"]),
        (["2026-02-03"], None, ["2026-02-03"]),
        (["00/00/2000", "25/12/2026"], None, ["", "2026-12-25"]),
        (["31/02/2026", "25/12/2026"], None, ["", "2026-12-25"]),
        (["01/01/2000"], None, [""]),
    ],
)
def test_one_date_decides_for_the_whole_file(dates: list[str], order: str | None, stamps: list[str]) -> None:
    """The order of day and month is that of the one date that can be only one, or what was said; the rest are none."""
    lines = [f"A{number},697227,10:00:00,{date}\r\n" for number, date in enumerate(dates)]
    found = dump("".join(lines), order=order)
    assert [each.scan.stamp[:10] for each in found.scans] == stamps
    assert all(each.scan.stamp or each.scan.stamp_fault for each in found.scans)


@pytest.mark.parametrize(
    ("dates", "order", "code", "words"),
    [
        (["03/02/2026", "04/02/2026"], None, "dump_dates_unclear", "as day/month/year or month/day/year."),
        (["03/02/09"], None, "dump_dates_unclear", "as day/month/year or month/day/year."),
        (["09/02/10"], None, "dump_dates_unclear", "day/month/year or month/day/year or year/month/day."),
        (["25/12/2026", "12/25/2026"], None, "dump_dates_contradict", "line 2"),
        (["03/02/2026", "25/12/2026"], "mdy", "dump_dates_other", "Line 2"),
    ],
)
def test_dates_that_can_be_two_things_are_asked_about(
    dates: list[str], order: str | None, code: str, words: str
) -> None:
    """Nothing is guessed: which orders are possible is said, or which dates contradict each other."""
    lines = [f"A{number},697227,10:00:00,{date}\r\n" for number, date in enumerate(dates)]
    (problem,) = problems("".join(lines), order=order)
    assert problem.code == code
    assert words in problem.message


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["08/02/04", "12/03/26"], "It would be 2026-03-12 or 2026-12-03 or 2012-03-26."),
        (["12/03/26", "13/02/04"], "It would be 2026-03-12 or 2012-03-26."),
        (["08/02/04"], "It would be 2004-02-08 or 2004-08-02 or 2008-02-04."),
        (["31/02/26", "12/03/26"], "It would be 2026-03-12 or 2026-12-03 or 2012-03-26."),
        (["08/02/04", "12/31/26"], "It would be 2026-12-31."),
    ],
)
def test_a_clock_that_was_reset_does_not_decide_where_the_year_stands(dates: list[str], days: str) -> None:
    """An order is not ruled out because a date would be too early in it: it is asked, with the days it would be."""
    lines = "".join(f"A{number},697227,10:00:00,{date}\r\n" for number, date in enumerate(dates))
    (problem,) = problems(lines)
    assert problem.code == "dump_dates_unclear"
    assert days in problem.message


def test_with_the_order_said_a_date_of_a_reset_clock_is_no_time() -> None:
    """The answer to the question is taken, and only the real scan has a time."""
    lines = "A1,697227,10:00:00,08/02/04\r\nA2,697227,10:00:00,12/03/26\r\n"
    assert [each.scan.stamp[:10] for each in dump(lines, order="dmy").scans] == ["", "2026-03-12"]
    assert [each.scan.stamp[:10] for each in dump(lines, order="ymd").scans] == ["2008-02-04", "2012-03-26"]


def test_years_of_two_digits_never_stand_first_in_the_pc_program() -> None:
    """Its only form with the year first has four digits."""
    (problem,) = problems("A1, 10:00:00, 09/02/10\r\n")
    assert "as day/month/year or month/day/year." in problem.message


def test_unknown_kinds_of_codes_are_kept_as_names() -> None:
    """A name that is not known is no kind that is; the scan is there all the same."""
    (scan,) = dump("A1,Unheard-of,9:05:07,25/12/2026\r\n").scans
    assert (scan.kind_unknown, scan.scan.symbology) == ("Unheard-of", UNTOLD)


def test_koha_says_what_happened_and_to_whose_card() -> None:
    """Issues have a card, returns have none; what Koha has beside them makes the file another."""
    head = "Version=1.0\tGenerator=desk\tGeneratorVersion=2\r\n"
    lines = "2026-03-17 08:15:02.123\tissue\tB-1\tLT-1\r\n2026-03-17 08:15:03\treturn\tLT-2\r\n"
    found = dump(head + lines + head + lines)
    assert [(each.event_type, each.card, each.scan.text) for each in found.scans[:2]] == [
        ("ISSUE", "B-1", "LT-1"),
        ("RETURN", "", "LT-2"),
    ]
    assert len(found.scans) == 4
    assert codes(lines) == []


def test_locations_of_cartscan_are_kept() -> None:
    """Where something was scanned stands with the scan."""
    assert dump(written(FORMS["cartscan"])).scans[0].location == "CASE-01 SLOT-07"


def test_limits_hold() -> None:
    """A file, a line and a code that are longer than any may be are not read; so are more rows than a batch has."""
    assert codes(bytes(FILE_BYTES_MAX + 1)) == ["file_too_large"]
    assert codes("1" * (shapes.LINE_LENGTH_MAX + 1)) == []
    assert codes(f'"{"A1" * shapes.CODE_LENGTH_MAX}"\n') == []


def test_more_rows_than_a_batch_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many scans and no more make a batch."""
    monkeypatch.setattr(scanner_dump, "ROWS_MAX", 3)
    assert len(dump("A1\n" * 3).scans) == 3
    assert codes("A1\n" * 4) == ["too_many_rows"]


def test_names_of_kinds_mean_what_the_scanner_means() -> None:
    """Each name that our own list has for a number is known, and means that number."""
    assert {number: code_names.number_of(name) for number, name in symbologies.NAMES.items()} == {
        number: number for number in symbologies.NAMES
    }
    assert code_names.number_of("EAN-13 +2") == 0x4B
    assert code_names.number_of("Code 129") is None


def test_a_clock_that_was_reset_is_the_same_here_as_in_the_scanner() -> None:
    """Files and downloads agree from when on a date can be one."""
    assert dump_dates.YEAR_MIN == device_times.YEAR_MIN


def test_scans_are_values() -> None:
    """A scan of a file without anything beside it is one scan, of no known scanner."""
    (scan,) = dump("A1\n").scans
    assert isinstance(scan, DumpedScan)
    assert (scan.quantity, scan.serial, scan.event_type, scan.card) == (1, "", None, "")
