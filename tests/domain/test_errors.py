"""The catalogue of errors: codes, exit codes of DESIGN §10, and sentences that say what was saved and what to do."""

import ast
import re
from collections.abc import Iterator

import pytest

from assettrack.domain import desk_errors, download_errors, errors, scanner_errors, station_errors
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.findings import Illegal, NotAllowed, finding
from assettrack.domain.tags import Place
from tests.architecture import PACKAGE, read

PROBLEM = finding("file_empty")
ILLEGAL = [Illegal(seq, "A1", "late", "It is late.") for seq in range(1, 23)]
REFUSAL = NotAllowed("unknown_asset", "asset_tag", asset_tag="A1")

# Each error with the facts it takes, the words of its sentence that tell them, and the exit code of DESIGN §10.
SAMPLES: tuple[tuple[AssetTrackError, tuple[str, ...], int], ...] = (
    (station_errors.StorageFailed("disk is full"), ("The database could not", "disk is full"), 1),
    (station_errors.StorageFailed("disk is full", "a.backup"), ("a.backup could not", "disk is full"), 1),
    (
        station_errors.BackupNotLogged("a.backup", station_errors.DatabaseBusy(5.0)),
        ("a.backup", "made and good", "log: Another process is writing", "within 5 seconds. Keep it"),
        1,
    ),
    (
        station_errors.BackupNotLogged("a.backup", station_errors.CommitUncertain("disk is gone")),
        ("a.backup is made and good", "(disk is gone)", "either all", "assettrack audit show --last 1"),
        1,
    ),
    (station_errors.CommitUncertain("disk is gone"), ("disk is gone", "Either all of it", "asset show"), 1),
    (station_errors.CommitUncertain.of_init("disk is gone"), ("disk is gone", "then run init again"), 1),
    (station_errors.CommitUncertain.of_restore("disk is gone", None), ("Either", "audit show --last 1"), 1),
    (station_errors.CommitUncertain.of_restore("disk is gone", "a.db.replaced"), ("is kept as a.db.replaced.",), 1),
    (errors.OperatorUnknown(), ("operator",), 2),
    (errors.AssertsMissing(), ("asserts",), 2),
    (errors.ConfirmationMissing(both=True), ("More than one of --preview, --confirm and --yes",), 2),
    (errors.ConfirmationMissing(both=False), ("Neither --yes nor --confirm",), 2),
    (errors.ValueUnusable("--slots", "0", "a case has 1 to 500"), ("--slots", "'0'", "1 to 500"), 2),
    (errors.BatchHasProblems([PROBLEM] * 3, []), ("3 problems.",), 3),
    (errors.BatchHasProblems([PROBLEM], [PROBLEM] * 2), ("1 problem and 2 refusals.",), 3),
    (errors.BatchHasProblems([PROBLEM], [], "download"), ("The download has 1 problem.", "Look at what is asked"), 3),
    (errors.BatchRefused([PROBLEM], "download"), ("1 scan is refused",), 4),
    (errors.BatchHasProblems([PROBLEM], [], "batch"), ("The batch has 1 problem.",), 3),
    (errors.FileUnreadable("note.txt", "it is a folder"), ("note.txt", "it is a folder"), 3),
    (errors.FileUnwritable("audit.export", "it is a folder"), ("audit.export", "it is a folder"), 3),
    (errors.ListFileWrong("cases.csv", 7, "a name is missing"), ("cases.csv", "line 7", "a name is missing"), 3),
    (errors.ListFileWrong("cases.csv", None, "it is a folder"), ("cases.csv: it is a folder",), 3),
    (errors.BatchRefused([PROBLEM] * 2), ("2 rows are refused",), 4),
    (errors.DeedRefused(REFUSAL), (REFUSAL.sentence,), 4),
    (errors.ListRefused("h.csv", [(2, REFUSAL)]), ("1 line of h.csv can't", f"Line 2: {REFUSAL.sentence}"), 4),
    (errors.ListRefused("h.csv", [(line, REFUSAL) for line in range(1, 23)]), ("Line 20: ", "And 2 more."), 4),
    (errors.NotFound("asset", "A1"), ("no asset A1", "asset list"), 4),
    (errors.NotFound("thing", "A1"), ("no thing A1", "Check how it is written"), 4),
    (errors.PlanStale([3, 8]), ("rows 3, 8 would",), 4),
    (errors.PlanStale([3]), ("row 3 would",), 4),
    (errors.PlanStale([3], people=["Ada is Bo now."]), ("than was shown. Ada is Bo now. Nothing",), 4),
    (errors.ConfirmCodeWrong("K7QF-2M9X", "the file was changed"), ("K7QF-2M9X", "the file was changed"), 4),
    (errors.CorrectionHasProblems([PROBLEM]), ("has 1 problem.", "Mend the values"), 3),
    (errors.CorrectionRefused(ILLEGAL[6:8]), ("2 entries would", "Entry 7: It is late.", "Entry 8"), 4),
    (errors.CorrectionRefused(ILLEGAL), ("22 entries", "Entry 20", "And 2 more."), 4),
    (errors.CorrectionStale(7), ("entry 7",), 4),
    (errors.CountStale(["A1", "B7"]), ("A1, B7 would",), 4),
    (errors.CountStale([f"A{number:02}" for number in range(1, 24)]), ("A20 and 3 more would",), 4),
    (errors.FileExists("audit.export"), ("audit.export", "--force"), 4),
    (station_errors.HomeFolderUnknown(), ("HOME",), 4),
    (station_errors.FolderUnusable("a/b", "it is a file"), ("a/b", "it is a file", "HOME", "--db"), 4),
    (station_errors.DatabaseMissing("a.db"), ("a.db", "init", "--db"), 4),
    (station_errors.DatabaseForeign("a.db", "it is a picture"), ("a.db", "it is a picture"), 4),
    (station_errors.DeskForeign("a.db.desk", "first", "second"), ("a.db.desk", "station first", "station second"), 4),
    (station_errors.CopyInTheWay("a.db.before-schema-2"), ("a.db.before-schema-2", "Move that file away"), 4),
    (station_errors.DatabaseVersionDiffers("a.db", 1, 2), ("a.db", "schema 1", "with 2", "Run init"), 4),
    (station_errors.DatabaseVersionDiffers("a.db", 3, 2), ("a.db", "schema 3", "newer"), 4),
    (station_errors.KeyUnusable("a.key", "it is gone"), ("a.key", "it is gone"), 4),
    (station_errors.DatabaseDamaged("page 3"), ("page 3",), 5),
    (station_errors.DatabaseOlder(19, 21), ("19 entries", "21 entries", "--at 19"), 5),
    (station_errors.BackupDamaged("a.backup", "a byte was changed"), ("a.backup", "a byte was changed"), 5),
    (station_errors.StateImpossible("two in one slot"), ("two in one slot",), 5),
    (station_errors.DatabaseBusy(5.0), ("5 seconds",), 6),
    (station_errors.DatabaseReplaced("a.db"), ("a.db", "was replaced", "assettrack serve"), 6),
    (station_errors.AlreadyServed(), ("Another assettrack serve", "this database"), 6),
    (desk_errors.AcceptanceIncomplete("The name is missing"), ("The name is missing",), 2),
    (desk_errors.CountScopeMissing(), ("what is to be counted", "Choose cases"), 2),
    (desk_errors.RequestUnclear(["asset", "case"], []), ("exactly one of asset, case", "says none of them"), 2),
    (desk_errors.RequestUnclear(["asset", "case"], ["asset", "case"]), ("says asset and case",), 2),
    (desk_errors.SignInRefused(), ("name", "password", "code"), 4),
    (desk_errors.SignInRefused("The password"), ("The password is not right",), 4),
    (desk_errors.SignInThrottled(16), ("16 seconds",), 4),
    (desk_errors.SetupLinkUnusable(), ("setup link", "assettrack serve"), 4),
    (desk_errors.QueueClosed(), ("committed or cleared", "intake page"), 4),
    (desk_errors.QueueCommitting(), ("being committed", "Wait"), 4),
    (desk_errors.QueueChanged(), ("changed meanwhile", "do it again"), 4),
    (desk_errors.ScanGone([3]), ("Scan 3 is not",), 4),
    (desk_errors.ScanGone([3, 5]), ("Scans 3, 5 are not",), 4),
    (desk_errors.ScanChanged(3), ("Scan 3 is not as it was shown", "do it again"), 4),
    (desk_errors.QueueOther(), ("an earlier queue", "Look at the queue"), 4),
    (desk_errors.SlotsTooFew("C", 4, 1), ("C has 1 free slot for 4 scans of your queue: 3 are missing", "another"), 4),
    (desk_errors.SlotsTooFew("C", 1, 0), ("C has 0 free slots for 1 scan of your queue: 1 is missing", "or remove"), 4),
    (desk_errors.SlotTakenMeanwhile(Place("C", 7)), ("C slot 7 was free when it was shown", "do it again"), 4),
    (desk_errors.DeskNotKept("the disk is full"), ("the disk is full", "do it again", "scanned again"), 1),
    (desk_errors.ListCommitted([]), ("committed meanwhile", "begin a new list"), 4),
    (desk_errors.ListCommitted(["LT-2"]), ("LT-2 is not on it",), 4),
    (desk_errors.ListCommitted(["LT-2", "LT-3"]), ("LT-2, LT-3 are not on it",), 4),
    (desk_errors.ListChanged(), ("changed since", "Check it once more"), 4),
    (desk_errors.ListNotAsShown(), ("perhaps in another tab", "as it is now"), 4),
    (desk_errors.ListNotAsShown([f"A{n}" for n in range(1, 11)]), (": A1, A2, ", ", A10 came on it. Nothing"), 4),
    (desk_errors.ListNotAsShown([f"A{n}" for n in range(1, 12)]), (", A9, A10 and 1 more came on it. Nothing",), 4),
    (
        desk_errors.ScanNotAsShown("Jane Smith", "Tom Blank"),
        ("showed Jane Smith; scans go to Tom Blank by now", "again"),
        4,
    ),
    (
        desk_errors.FormNotAsShown("no notes", "notes 'with charger'"),
        ("showed no notes; by now it is notes 'with charger'", "to be sent once more"),
        4,
    ),
    (desk_errors.AcceptanceNotAsShown(2, "Jane Smith"), ("batch 2 exchanged with Jane Smith", "as it is now"), 4),
    (desk_errors.CallerBarred("Jane"), ("Jane may not", "sign in anew"), 4),
    (desk_errors.DraftGone(), ("What you checked",), 4),
    (desk_errors.ListsAsideFull(7), ("7 lists are put aside already", "Complete this list", "bring back those"), 4),
    (desk_errors.UploadsFull(3 * 2**20), ("more than 3 MiB", "commit those", "after a day"), 4),
    (desk_errors.StationBusyChecking(own=True), ("receipt of yours", "one PDF at a time", "send the file again"), 4),
    (desk_errors.StationBusyChecking(own=False), ("Somebody else's receipt",), 4),
    (desk_errors.KeyInUse("another request came with it; take another"), ("another request came with it",), 4),
    (desk_errors.AnswerLost(17), ("from entry 17 on", "another key"), 4),
    (scanner_errors.ScannerNotFound(), ("No Opticon scanner", "USB-VCP", "--port"), 4),
    (scanner_errors.ScannersSeveral(["COM3", "COM4"]), ("2 scanners", "COM3, COM4", "--port"), 4),
    (scanner_errors.ScannerModeUnusable("a keyboard"), ("as a keyboard", "OPN-2001 compatible"), 4),
    (scanner_errors.PortMissing("COM3"), ("no port COM3",), 4),
    (scanner_errors.PortForbidden("ttyUSB0"), ("ttyUSB0", "udev rule", "dialout"), 4),
    (scanner_errors.PortBusy("COM3"), ("COM3", "Another program"), 6),
    (scanner_errors.PortUnusable("COM3", "it is on fire"), ("COM3", "it is on fire"), 4),
    (scanner_errors.ScannerUnplugged("COM3"), ("COM3", "unplugged"), 4),
    (scanner_errors.ScannerSilent("tell the time"), ("did not answer when asked to tell the time",), 4),
    (scanner_errors.ScannerForeign("COM3", "it sings", b"la"), ("COM3", "it sings"), 4),
    (scanner_errors.ScannerReappearing(5), ("5 seconds",), 6),
    (scanner_errors.ScannerAnswerDamaged("tell the time", "it is cut", b"\6"), ("tell the time", "it is cut"), 3),
    (scanner_errors.ScannerCommandRefused("clear its scans", 5), ("did not clear its scans: it does not know",), 4),
    (scanner_errors.ScannerCommandRefused("clear its scans", 6), ("no reason that we know",), 4),
    (scanner_errors.ScannerChanged("697227", "1234567"), ("Scanner 1234567 answered", "scanner 697227"), 4),
    (scanner_errors.ScannerSettingUnsafe("it would erase"), ("it would erase", "scanner configure"), 4),
    (scanner_errors.ScannerSettingRefused("the time", "it did not"), ("the time", "it did not"), 4),
    (
        scanner_errors.ScannerSettingLeft("697227", ["keep times"], 3),
        ("Scanner 697227 was not set to keep times: it holds 3 scans", "scanner pull"),
        4,
    ),
    (
        scanner_errors.ScannerSettingLeft("697227", ["keep times"], 3, can_be_read=False),
        ("Make a file of them with its maker's program", "assettrack preview FILE"),
        4,
    ),
    (
        scanner_errors.ScannerSettingLeft("697227", ["keep times"], 3, others_set=False),
        ("set only while it holds none. No scan was erased", "scanner pull"),
        4,
    ),
    (scanner_errors.ScannerClearRefused("it is another one"), ("was not cleared: it is another one",), 4),
    (scanner_errors.ScannerNotCleared(), ("told to clear its memory, and still holds",), 4),
    (scanner_errors.ScannerClearUncertain(), ("either all of its scans were cleared", "stored before"), 4),
    (download_errors.SpoolUnusable("a.scans", "the disk is full"), ("a.scans", "the disk is full", "pull again"), 3),
    (
        download_errors.SpoolUnusable("a.scans", "it is no folder", is_reading=True),
        ("a.scans", "can't be read: it is no folder", "No scanner is cleared", "try again"),
        3,
    ),
    (download_errors.DownloadDamaged("2026-A", "it is cut"), ("2026-A is damaged: it is cut", "good copy"), 3),
    (
        download_errors.DownloadDamaged("2026-A", "it is cut", is_latest=True),
        ("2026-A, the latest of its scanner, is damaged: it is cut", "pull again", "name the download"),
        3,
    ),
    (download_errors.ScannerEmpty("697227"), ("697227 holds no scans", "the right one"), 4),
    (download_errors.ScannerEmpty.cleared("697227", 1234), ("is cleared already (entry 1,234 of the log)",), 4),
    (
        download_errors.ScannerEmpty.to_be_cleared("697227", "2026-A", "in batch 7"),
        (
            "697227 holds no scans",
            "2026-A, is in batch 7, and the log has no clear of it",
            "Complete and log the clear",
        ),
        4,
    ),
    (
        download_errors.ClearTooEarly("a row is missing"),
        ("not cleared: a row is missing", "commit all of them first"),
        4,
    ),
    (
        download_errors.ClearNotLogged("697227", "It is busy"),
        ("697227 was cleared", "(It is busy)", "none is lost", "clear the scanner once more"),
        1,
    ),
    (
        download_errors.ClearNotLogged("697227", "the disk is full", is_certain=False),
        ("697227 was cleared", "(the disk is full)", "may be missing", "clear the scanner once more"),
        1,
    ),
    (download_errors.AnswersUnusable([14, 15], 12), ("no scan 14, 15", "1 to 12"), 4),
    (download_errors.NothingScanned("a.scans.json"), ("a.scans.json", "nothing to commit", "cleared"), 4),
    (download_errors.AnswersTooLate([3, 4], 7), ("Scan 3, 4 ", "batch 7", "corrected"), 4),
    (
        download_errors.AnswersTooLate([3, 4], 7, [(4, "torn")]),
        ("Scan 3, 4 ", "left out scan 4 (because: torn), and did not record it", "batch file"),
        4,
    ),
    (
        download_errors.LeftOutBefore("Left out: scan 4, LT-4."),
        ("Left out: scan 4, LT-4.", "stays as it was then", "batch file", "without these answers"),
        4,
    ),
    (download_errors.DownloadMoved("697227"), ("697227", "Preview"), 4),
    (download_errors.FileMoved(), ("somebody else", "Preview"), 4),
    (download_errors.ConfirmedOtherwise([3, 4], [7]), ("scan 3, 4 ", "batch 7", "corrected"), 4),
    (download_errors.ConfirmedOtherwise([], [7], ["model is X1, not X2"]), ("model is X1", "batch 7", "corrected"), 4),
    (download_errors.ConfirmedUnknown("K7QF-2M9X", [7]), ("K7QF-2M9X", "batch 7", "once more"), 4),
    (desk_errors.CommittedBatchGone("queue", 7), ("This queue", "batch 7", "older state", "checked anew"), 4),
    (desk_errors.CountNotAsShown(3, 5), ("Count 3", "5 scans by now"), 4),
    (desk_errors.CommittedOtherwise("queue", 7), ("This queue", "batch 7", "checked anew"), 4),
    (desk_errors.CommittedOtherwise("file", 7, "ben", ["model is X1"]), ("by ben", "model is X1", "checked anew"), 4),
    (download_errors.DownloadUnnamed(["2026-A", "2026-B"]), ("2026-A, 2026-B", "Name one"), 4),
    (
        download_errors.DownloadUnnamed(["2026-A", "2026-B"], ["do A"], waiting=["2026-B"], leaving_out=["leave B"]),
        ("Name one of them: do A.", "left out with: leave B."),
        4,
    ),
    (
        download_errors.DownloadUnnamed([f"2026-{each}" for each in "ABCDEFG"], ["do A"]),
        ("2026-E and 2 more", "listed by: assettrack scanner downloads"),
        4,
    ),
    (download_errors.DownloadDealtWith.committed("2026-A", 7), ("2026-A", "batch 7", "corrected"), 4),
    (download_errors.DownloadDealtWith.cleared("2026-A", 70), ("2026-A", "entry 70", "out of the way"), 4),
    (download_errors.DownloadDealtWith.left_out("2026-A", "on X"), ("2026-A", "left out whole on X.", "Name"), 4),
    (download_errors.DownloadMissing("2026"), ("named 2026", "scanner downloads"), 4),
    (download_errors.DownloadMissing(None), ("Nothing is kept", "scanner pull"), 4),
    (download_errors.ClockSetTooEarly("697227", 3), ("697227", "3 scans", "scanner pull"), 4),
    (download_errors.ConfiguredTooEarly("697227", 3), ("697227", "3 scans", "dropped", "scanner pull"), 4),
)

PARTS = ("", "station_", "desk_", "scanner_", "download_")
"""How the names of the modules of the catalogue begin."""

NEXT_STEP = re.compile(
    r"(?:^|[.,:] )(Name|Preview|Mend|Move|Make|Run|Put|Check|Keep|Try|Use|Install|install|Choose|Prepare|Look|Set"
    r"|Complete|Open|Start|Wait)\b",
)
REASON_TELLS_THE_NEXT_STEP = (errors.ValueUnusable, errors.DeedRefused, desk_errors.KeyInUse)
"""Errors that can't know the next step themselves: their reason tells it."""


def descendants(kind: type[AssetTrackError]) -> Iterator[type[AssetTrackError]]:
    """Every class below a class of the catalogue."""
    for child in kind.__subclasses__():
        if child.__module__ in {
            part.__name__ for part in (errors, station_errors, desk_errors, scanner_errors, download_errors)
        }:
            yield child
            yield from descendants(child)


ALL = tuple(descendants(AssetTrackError))
BASES: set[type[AssetTrackError]] = {AssetTrackError, *(kind for kind in ALL if any(descendants(kind)))}
LEAVES = tuple(kind for kind in ALL if kind not in BASES)
NAMED = [
    pytest.param(error, words, exit_code, id=f"{type(error).__name__}-{index}")
    for index, (error, words, exit_code) in enumerate(SAMPLES)
]


def test_every_error_is_judged_here() -> None:
    """No error of the catalogue is left out of these tests."""
    assert {type(error) for error, _, _ in SAMPLES} == set(LEAVES)


def test_codes_are_unique() -> None:
    """A code names one error, in lower case, and every error has its own."""
    codes = [kind.code for kind in LEAVES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)
    assert all("code" in vars(kind) for kind in LEAVES)


@pytest.mark.parametrize(("error", "words", "exit_code"), NAMED)
def test_every_error_has_its_exit_code(error: AssetTrackError, words: tuple[str, ...], exit_code: int) -> None:
    """The exit code is the one that DESIGN §10 gives to this kind of stop; the sentence tells the facts."""
    assert error.exit_code == type(error).exit_code == exit_code
    assert [word for word in words if word not in str(error)] == []


@pytest.mark.parametrize("kind", ALL)
def test_exit_codes_come_from_the_family(kind: type[AssetTrackError]) -> None:
    """Exit codes are 1 to 6, one for each family, and no single error sets its own."""
    assert kind.exit_code in range(1, 7)
    assert ("exit_code" in vars(kind)) is (kind in BASES)
    assert kind.__doc__


def test_each_exit_code_has_one_family() -> None:
    """Faces look exit codes up on the class: each of 1 to 6 is said once."""
    assert sorted(vars(kind)["exit_code"] for kind in BASES) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("error", "words", "exit_code"), NAMED)
def test_every_error_says_that_nothing_was_saved(
    error: AssetTrackError, words: tuple[str, ...], exit_code: int
) -> None:
    """Whoever reads a message knows that nothing was saved, or that it can't be known; a machine is told the same."""
    assert re.search(r"\bnothing was (saved|changed)\b", str(error), re.IGNORECASE), (words, exit_code)
    assert error.saved is (None if "either all" in str(error).lower() else False)


@pytest.mark.parametrize(("error", "words", "exit_code"), NAMED)
def test_no_sentence_shows_a_code(error: AssetTrackError, words: tuple[str, ...], exit_code: int) -> None:
    """Codes are for machines: none of the catalogue's own stands in what a person reads."""
    codes = {kind.code for kind in LEAVES if "_" in kind.code}
    assert [code for code in codes if code in str(error)] == [], (words, exit_code)


def test_who_only_looks_is_not_told_that_nothing_was_saved() -> None:
    """Looking saves nothing anyway; of another log it is said what to compare, and not how to restore."""
    for error, _, _ in SAMPLES:
        assert "Nothing was saved" not in error.as_seen, error
    seen = station_errors.DatabaseOlder(19, 21).as_seen
    assert "older or another copy. Compare it with a backup" in seen
    assert "restore" not in seen


@pytest.mark.parametrize(("error", "words", "exit_code"), NAMED)
def test_every_error_says_what_to_do_next(error: AssetTrackError, words: tuple[str, ...], exit_code: int) -> None:
    """A message ends the matter: it is one printable line and names the next step."""
    assert str(error).isprintable(), (words, exit_code)
    assert str(error).endswith(".")
    assert NEXT_STEP.search(str(error)) or isinstance(error, REASON_TELLS_THE_NEXT_STEP)


def test_a_refused_deed_goes_by_the_code_of_its_refusal() -> None:
    """A machine that reads a typed deed's error sees why it was refused; the class keeps its own code."""
    assert errors.DeedRefused(REFUSAL).code == "unknown_asset"
    assert errors.DeedRefused.code == "deed_refused"


def test_a_refused_list_goes_by_the_code_that_its_refusals_share() -> None:
    """Several lines that are refused for several reasons have no one code but that of the class."""
    other = NotAllowed("holder_exists", "name", name="Jane Smith")
    assert errors.ListRefused("h.csv", [(2, REFUSAL), (3, REFUSAL)]).code == "unknown_asset"
    assert errors.ListRefused("h.csv", [(2, REFUSAL), (3, other)]).code == "list_refused"


def test_errors_about_a_batch_carry_its_findings() -> None:
    """A refused commit can show problems and refusals beside the error."""
    both = errors.BatchHasProblems([PROBLEM], [PROBLEM, PROBLEM])
    assert (both.problems, both.refusals) == ([PROBLEM], [PROBLEM, PROBLEM])
    refused = errors.BatchRefused([PROBLEM])
    assert ([*refused.problems], refused.refusals) == ([], [PROBLEM])
    for error in (errors.PlanStale([1]), errors.ConfirmCodeWrong("K7QF-2M9X", "it is another file's")):
        assert ([*error.problems], [*error.refusals]) == ([], [])


def test_a_stale_plan_names_the_rows_that_moved() -> None:
    """All moved rows are carried; the sentence shows twenty of them and counts the rest."""
    moved = list(range(1, 24))
    error = errors.PlanStale(moved)
    assert error.moved == moved
    assert "rows 1, 2, 3," in str(error)
    assert "19, 20 and 3 more" in str(error)
    assert "more" not in str(errors.PlanStale(moved[:20]))


def test_no_base_is_raised() -> None:
    """A base class names a family; what is raised is always one of its errors, with its facts."""
    names = {kind.__name__ for kind in BASES}
    raised = [
        f"{source.path}:{part.lineno}"
        for source in read("src")
        for part in ast.walk(source.tree)
        if isinstance(part, ast.Raise) and part.exc is not None
        for name in ast.walk(part.exc.func if isinstance(part.exc, ast.Call) else part.exc)
        if getattr(getattr(name, "value", None), "id", "") != "click"
        if getattr(name, "id", getattr(name, "attr", "")) in names
    ]
    assert raised == []


def test_errors_stand_in_the_catalogue() -> None:
    """Whatever can stop a whole operation is declared in the modules of the catalogue and nowhere else."""
    names = {kind.__name__ for kind in {*BASES, *LEAVES}}
    outside = [
        f"{source.path}:{part.lineno}"
        for source in read("src")
        if source.path not in {f"{PACKAGE}domain/{name}errors.py" for name in PARTS}
        for part in ast.walk(source.tree)
        if isinstance(part, ast.ClassDef)
        for base in part.bases
        if getattr(base, "id", getattr(base, "attr", "")) in names
    ]
    assert outside == []
