"""Downloads: kept before they are read, the same rows however often they are pulled."""

import msgspec
import pytest

from assettrack.domain import download_errors
from assettrack.domain.downloads import NotADownload, read_download, written_download
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.services import accounts, holders
from assettrack.services.stored_entries import entry_at
from tests.domain.trial_scans import event, slot
from tests.services import field
from tests.services.field import MORNING, MakeField
from tests.services.printed import badge, begin_card

BEGIN = MORNING[0]


def test_a_day_goes_from_the_scanner_to_the_database_and_clears_it(fields: MakeField) -> None:
    """Pulled, previewed, committed, cleared: the assets are where they were scanned, and the log says all of it."""
    day = fields()
    pulled = day.pull()
    assert pulled.is_new
    assert len(day.scanner.records) == len(MORNING)
    _, plan = day.preview(pulled.download)
    assert (plan.problems, plan.refusals) == ([], [])
    receipt = day.commit(pulled.download)
    assert (receipt.committed, day.places()) == (2, {"LT-1": "CASE-01 slot 1", "LT-2": "CASE-01 slot 2"})
    cleared = day.clear()
    assert (cleared.scans, cleared.batches, cleared.left) == (len(MORNING), (receipt.batch_id,), 0)
    assert day.scanner.records == []
    with day.desk.store.read() as snapshot:
        entry = entry_at(snapshot, cleared.seq, ScannerClearedEntry)
    assert (entry.serial, entry.scans, entry.sha256) == ("697227", len(MORNING), pulled.download.sha256)
    assert day.verified()


@pytest.mark.parametrize("label", ["CASE-01 SLOT-03", "case-01/slot 3"])
def test_a_slots_label_in_plain_letters_is_the_stations(fields: MakeField, label: str) -> None:
    """What QR and Data Matrix labels print places the asset after it, with no other scan that names the case."""
    day = fields(scans=(BEGIN, event("SCAN"), label, "LT-1"))
    day.commit(day.pull().download)
    assert day.places() == {"LT-1": "CASE-01 slot 3"}


def test_what_is_kept_is_what_the_scanner_said(fields: MakeField) -> None:
    """The spool holds the answer byte for byte, with what is needed to read it, and can be read by people."""
    day = fields()
    download = day.pull().download
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    assert path.name == download.name == f"20260204T081521Z-697227-{download.sha256[:12]}.scans.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_download(path.read_bytes()) == download
    assert b'"serial": "697227"' in path.read_bytes()
    assert [scan.text for scan in day.downloads.scans(download)] == list(MORNING)


def test_pulling_again_is_the_same_download(fields: MakeField) -> None:
    """What was pulled before is not kept twice, and is known as committed."""
    day = fields()
    first = day.pull()
    again = day.pull()
    assert (again.is_new, again.download) == (False, first.download)
    day.commit(first.download)
    _, plan = day.preview(again.download)
    assert plan.already_committed
    assert day.commit(again.download).already_committed


def test_an_empty_scanner_has_nothing_to_pull(fields: MakeField) -> None:
    """No scans, no download."""
    day = fields(scans=())
    with pytest.raises(download_errors.ScannerEmpty):
        day.pull()
    assert day.spool.downloads() == []


def test_cards_stand_for_what_the_station_knows(fields: MakeField) -> None:
    """Badges and begin cards are read by the numbers of holders and accounts, and unknown ones are held."""
    day = fields(scans=())
    accounts.register(day.workplace, "Robin", role="admin")
    holders.register(day.workplace, "Jane Smith")
    day.scan("CASE-01", begin_card(day.workplace, "Robin"), event("SCAN"), slot("CASE-01", 1), "LT-1")
    day.scan(event("ISSUE"), badge(day.workplace), "LT-1", apart=60)
    download = day.pull().download
    batch, plan = day.preview(download)
    assert (plan.problems, plan.refusals) == ([], [])
    assert [(row[2], row[3], row[4]) for row in batch.rows()] == [
        ("SCAN", "Robin", ""),
        ("ISSUE", "Robin", "Jane Smith"),
    ]


def test_a_name_that_is_case_and_asset_is_held(fields: MakeField) -> None:
    """A plain label that could be either is a question."""
    day = fields(scans=(BEGIN, event("SCAN"), "CASE-01"))
    day.desk.commit(_one_row("CASE-01"), field.LAPTOP)
    _, plan = day.preview(day.pull().download)
    assert [each.code for each in plan.problems] == ["case_and_asset"]


def _one_row(tag: str) -> str:
    return (
        "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,notes\n"
        f"{tag},2026-02-01T08:00:00Z,SCAN,kim,,,,laptop,\n"
    )


def test_answers_about_no_scan_are_refused(fields: MakeField) -> None:
    """An answer about a scan that the download does not have is a mistake, and is said."""
    day = fields()
    download = day.pull().download
    for answers in (Answers(taken=(8,)), Answers(left_out=(LeftOut(0, "x"),))):
        with pytest.raises(download_errors.AnswersUnusable):
            day.preview(download, answers)


def test_a_spoiled_file_of_the_spool_stops_no_pull(fields: MakeField) -> None:
    """It is named with its reason, what the scanner holds is kept all the same, and its batch is known by its bytes."""
    day = fields()
    day.commit(day.pull().download)
    (path,) = (day.folder / "assettrack.db.scans").iterdir()
    whole = path.read_bytes()
    for spoiled in (whole[:-20], whole.replace(b'"697227"', b"697227"), b"\xff"):
        path.write_bytes(spoiled)
        ((name, reason),) = day.spool.damaged()
        assert (name, bool(reason)) == (path.name, True)
        assert day.spool.damaged("1") == []
    day.bus.times.sleep(60)
    pulled = day.pull()
    assert pulled.is_new
    assert day.spool.downloads() == [pulled.download]
    assert day.commit(pulled.download).already_committed


def test_a_spool_that_cannot_be_used_stops_the_pull(fields: MakeField) -> None:
    """A spool that is no folder is said; the scanner keeps its scans."""
    other = fields()
    (other.folder / "assettrack.db.scans").write_text("in the way")
    with pytest.raises(download_errors.SpoolUnusable):
        other.pull()
    assert len(other.scanner.records) == len(MORNING)


def test_a_download_is_found_by_its_name_or_how_it_begins(fields: MakeField) -> None:
    """A beginning that only one has names it; of several, none is meant."""
    day = fields()
    first = day.pull().download
    day.scan("LT-3")
    second = day.pull().download
    assert day.spool.named(first.name) == first
    assert day.spool.named(second.name[:17]) == second
    assert day.spool.named("2026") is None
    assert day.spool.named("") is None
    assert day.spool.downloads("1") == []


def test_a_changed_download_is_noticed(fields: MakeField) -> None:
    """A download of another form, or of which any bit was changed, is not read."""
    download = fields().pull().download
    for spoiled in (
        msgspec.structs.replace(download, reply=download.reply + b"\0"),
        msgspec.structs.replace(download, format="AssetTrack scanner download 9"),
    ):
        with pytest.raises(NotADownload):
            read_download(written_download(spoiled))
    whole = written_download(download)
    for place in range(len(whole)):
        for bit in (0, 3):
            changed = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
            try:
                assert read_download(changed) == download  # white space, or a letter of a hexadecimal digit
            except NotADownload:
                continue


def test_scans_without_any_row_are_not_committed(fields: MakeField) -> None:
    """There is nothing that a batch would hold, and that is said."""
    day = fields(scans=(BEGIN, event("SCAN")))
    with pytest.raises(download_errors.NothingScanned):
        day.commit(day.pull().download)


def test_a_copy_of_a_kept_file_is_the_same_download(fields: MakeField) -> None:
    """Whoever copies a file of the spool beside it has not pulled twice, and its name still means one."""
    day = fields()
    download = day.pull().download
    path = day.spool.folder / download.name
    path.with_name(f"copy-{download.name}").write_bytes(path.read_bytes())
    assert day.spool.downloads() == [download]
    assert day.spool.named(download.name) == download
    assert day.spool.named("") is None


def test_a_file_under_the_name_of_another_scanner_is_not_taken_for_its_download(fields: MakeField) -> None:
    """It is neither of the one nor of the other, and is listed with what is wrong."""
    day = fields()
    name = day.pull().download.name
    (day.spool.folder / name).rename(day.spool.folder / name.replace("697227", "697228"))
    assert [*day.spool.downloads("697228"), *day.spool.downloads("697227"), *day.spool.downloads()] == []
    ((_, reason),) = day.spool.damaged()
    assert reason == "it is of scanner 697227, and its name says another"
