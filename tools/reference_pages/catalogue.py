"""The page of errors, problems, refusals and notices: everything the program can say, with codes."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from assettrack.cli import exit_codes, failures
from assettrack.domain import desk_errors, download_errors, errors, scanner_errors, station_errors
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.finding_kinds import Kind
from assettrack.domain.findings import CATALOGUE, Illegal, NotAllowed, finding
from assettrack.domain.tags import Place
from reference_pages import markdown

SAMPLES: tuple[AssetTrackError, ...] = (
    errors.OperatorUnknown(),
    errors.AssertsMissing(),
    errors.ConfirmationMissing(both=False),
    errors.ValueUnusable("The slot", "501", "slots are numbered from 1 to 500"),
    errors.BatchHasProblems([finding("file_empty")] * 2, [finding("file_empty")]),
    errors.FileUnreadable("checkpoint.txt", "there is no such file"),
    errors.FileUnwritable("audit.export", "there is no such folder"),
    errors.ListFileWrong("cases.txt", 3, "case CASE-01 stands in line 2 already"),
    errors.BatchRefused([finding("file_empty")] * 3),
    errors.DeedRefused(NotAllowed("slot_taken", place="CASE-01 slot 7", occupant="LT-0042")),
    errors.ListRefused(
        "holders.csv",
        [(2, NotAllowed("holder_exists", name="Jane Smith")), (5, NotAllowed("unknown_organisation", name="Police"))],
    ),
    errors.NotFound("asset", "LT-0042"),
    errors.PlanStale([2, 7]),
    errors.ConfirmCodeWrong("K7QF-2M9X", "it was shown for another file, or the file was changed since"),
    errors.CorrectionHasProblems([finding("place_incomplete", None, "slot_number", other="case_number")]),
    errors.CorrectionRefused([Illegal(42, "LT-0099", "slot_taken", "CASE-01 slot 7 is taken by asset LT-0042.")]),
    errors.CorrectionStale(17),
    errors.CountStale(["LT-0042", "LT-0099"]),
    errors.FileExists("audit.export"),
    station_errors.HomeFolderUnknown(),
    station_errors.FolderUnusable("/srv/home/.local/share/assettrack", "Permission denied"),
    station_errors.DatabaseMissing("store-room.db"),
    station_errors.DatabaseForeign("store-room.db", "it is another kind of file"),
    station_errors.DeskForeign("store-room.db.desk", "assettrack-3k7m2x9p", "assettrack-0f4t8w1c"),
    station_errors.CopyInTheWay("store-room.db.before-schema-2"),
    station_errors.DatabaseVersionDiffers("store-room.db", 1, 2),
    station_errors.KeyUnusable("keys/station.key", "there is no such file"),
    station_errors.StorageFailed("the disk is full", "/media/stick/store-room.backup"),
    station_errors.BackupNotLogged("store-room.backup", station_errors.DatabaseBusy(5.0)),
    station_errors.CommitUncertain("disk I/O error"),
    station_errors.DatabaseDamaged("database disk image is malformed"),
    station_errors.DatabaseOlder(1200, 1217),
    station_errors.BackupDamaged("store-room.backup", "its bytes are not those that its manifest states the hash of"),
    station_errors.StateImpossible("an asset in a slot is in storage"),
    station_errors.DatabaseBusy(5.0),
    station_errors.DatabaseReplaced("store-room.db"),
    station_errors.AlreadyServed(),
    desk_errors.AcceptanceIncomplete("The name of who accepts it is missing"),
    desk_errors.CountScopeMissing(),
    desk_errors.RequestUnclear(["assets", "case"], ["assets", "case"]),
    desk_errors.SignInRefused(),
    desk_errors.SignInThrottled(16),
    desk_errors.SetupLinkUnusable(),
    desk_errors.QueueClosed(),
    desk_errors.QueueCommitting(),
    desk_errors.QueueChanged(),
    desk_errors.ScanGone([3]),
    desk_errors.ScanChanged(3),
    desk_errors.QueueOther(),
    desk_errors.SlotsTooFew("CASE-01", 4, 1),
    desk_errors.SlotTakenMeanwhile(Place("CASE-01", 7)),
    desk_errors.DeskNotKept("the disk is full"),
    desk_errors.ListCommitted(["LT-2"]),
    desk_errors.CommittedBatchGone("list", 7),
    desk_errors.CommittedOtherwise("list", 7),
    desk_errors.ListChanged(),
    desk_errors.ListNotAsShown(),
    desk_errors.ScanNotAsShown("Jane Smith", "Tom Blank"),
    desk_errors.FormNotAsShown("no notes", "notes 'with charger'"),
    desk_errors.CountNotAsShown(3, 5),
    desk_errors.AcceptanceNotAsShown(2, "Jane Smith"),
    desk_errors.CallerBarred("ben"),
    desk_errors.DraftGone(),
    desk_errors.ListsAsideFull(20),
    desk_errors.UploadsFull(512 * 2**20),
    desk_errors.StationBusyChecking(own=True),
    desk_errors.KeyInUse("another request came with it before; give each deed a key of its own"),
    desk_errors.AnswerLost(1218),
    scanner_errors.ScannerNotFound(),
    scanner_errors.ScannersSeveral(["/dev/ttyUSB0", "/dev/ttyUSB1"]),
    scanner_errors.ScannerModeUnusable("a keyboard (USB-HID)"),
    scanner_errors.PortMissing("/dev/ttyUSB0"),
    scanner_errors.PortForbidden("/dev/ttyUSB0"),
    scanner_errors.PortBusy("/dev/ttyUSB0"),
    scanner_errors.PortUnusable("/dev/ttyUSB0", "Input/output error"),
    scanner_errors.ScannerUnplugged("/dev/ttyUSB0"),
    scanner_errors.ScannerSilent("say what it is"),
    scanner_errors.ScannerForeign("/dev/ttyUSB0", "it repeats what it is sent, as a modem does", b""),
    scanner_errors.ScannerReappearing(5),
    scanner_errors.ScannerAnswerDamaged("show its scans", "its checksum does not fit", b""),
    scanner_errors.ScannerCommandRefused("show its scans", 0x07),
    scanner_errors.ScannerChanged("697227", "1234567"),
    scanner_errors.ScannerSettingUnsafe("the scanner is set to erase them by being read (auto clear)"),
    scanner_errors.ScannerSettingRefused("the time", "it did not repeat it"),
    scanner_errors.ScannerSettingLeft("697227", ["keep times with its scans"], 7),
    scanner_errors.ScannerClearRefused("it does not hold exactly what is stored"),
    scanner_errors.ScannerNotCleared(),
    scanner_errors.ScannerClearUncertain(),
    download_errors.SpoolUnusable("store-room.db.scans", "the disk is full"),
    download_errors.DownloadDamaged("20260204T081521Z-697227-0123456789ab.scans.json", "it was changed"),
    download_errors.ScannerEmpty("697227"),
    download_errors.ClearTooEarly("not all of its scans are committed"),
    download_errors.ClearNotLogged("697227", "Another process is writing"),
    download_errors.AnswersUnusable([14], 12),
    download_errors.NothingScanned("20260204T081521Z-697227-0123456789ab.scans.json"),
    download_errors.AnswersTooLate([3], 7),
    download_errors.LeftOutBefore(
        "Left out, and not recorded from this scanner: scan 2, LT-0002 (in batch 7, because: misread)."
    ),
    download_errors.DownloadMoved("697227"),
    download_errors.FileMoved(),
    download_errors.ConfirmedOtherwise([3], [7]),
    download_errors.ConfirmedUnknown("K7QF-2M9X", [7]),
    download_errors.DownloadUnnamed(["20260204T0815", "20260204T0910"]),
    download_errors.DownloadDealtWith.committed("20260204T0815", 7),
    download_errors.DownloadMissing(None),
    download_errors.ClockSetTooEarly("697227", 7),
    download_errors.ConfiguredTooEarly("697227", 7),
)
"""One of each error, with made-up facts, so that its sentence can be shown. A missing one stops the page."""

EXIT_CODES = (
    (exit_codes.DONE, "Done. Also when every row of a batch was committed before."),
    (errors.AssetTrackError.exit_code, "Something unexpected, or the disk failed."),
    (errors.UsageError.exit_code, "The command was not called as it is meant to be."),
    (errors.FileProblemError.exit_code, "A file does not look right or can't be opened, with or without refusals."),
    (
        errors.RefusedError.exit_code,
        "Refused by the present state, not found, stale, or the database or key is not there.",
    ),
    (errors.IntegrityError.exit_code, "The integrity check failed: the database or its log is not what it should be."),
    (errors.WaitError.exit_code, "Busy: another process is writing. Nothing is wrong; try again."),
    (exit_codes.INTERRUPTED, "Interrupted from the keyboard, or the question of a commit was answered with no."),
)

OF_THE_COMMAND_LINE = MappingProxyType(
    {
        "usage": (exit_codes.USAGE, "An option or argument is unknown, missing or not of its kind."),
        "unexpected": (exit_codes.UNEXPECTED, "A fault of the program or the system. The sentence says the place."),
        "interrupted": (exit_codes.INTERRUPTED, "Somebody pressed Ctrl-C. The sentence says what was saved."),
    }
)
"""The codes that belong to no error of the catalogue; they are said where a command ends."""

REFUSALS = """Something that is not allowed right now. Seen from the present state; exit code 4. A typed deed that is
refused ends with the same code in its `error`."""
KINDS = (
    (Kind.PROBLEM, "Problems", "A file or a row that does not look right. Seen from the file alone; exit code 3."),
    (
        Kind.REFUSAL,
        "Refusals",
        REFUSALS,
    ),
    (Kind.NOTICE, "Notices", "Worth a look, blocks nothing."),
)

INTRODUCTION = """Codes are stable: scripts may rely on them. Sentences are for people and may become clearer. In the
sentences *such words* stand for the facts; those of errors are examples."""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION, "## Exit codes"]
    parts.append(markdown.table(("code", "meaning"), ((str(code), meaning) for code, meaning in EXIT_CODES)))
    parts += ["## Errors", "What stops a whole command. With `--json` it stands under `error`."]
    parts.append(markdown.table(("code", "exit", "meaning", "sentence, for example"), _errors()))
    parts += [
        "These are of the command line itself:",
        markdown.table(("code", "exit", "meaning"), _of_the_command_line()),
    ]
    for kind, title, meaning in KINDS:
        rows = ((markdown.code(code), _shown(text)) for code, (of, text) in sorted(CATALOGUE.items()) if of is kind)
        parts += [f"## {title}", meaning, markdown.table(("code", "sentence"), rows)]
    return markdown.page("Errors, problems, refusals and notices", *parts)


def _errors() -> Iterator[tuple[str, str, str, str]]:
    samples = {type(error): error for error in SAMPLES}
    for kind in _catalogue():
        sample = samples[kind]
        yield markdown.code(kind.code), str(kind.exit_code), markdown.sentence(kind.__doc__), str(sample)


def _catalogue() -> Iterator[type[AssetTrackError]]:
    """Yield every error that can be raised, by exit code and then in the order of the catalogue."""
    classes = {
        kind
        for part in (errors, station_errors, desk_errors, scanner_errors, download_errors)
        for _, kind in inspect.getmembers(part, inspect.isclass)
    }
    kinds = [kind for kind in classes if issubclass(kind, AssetTrackError)]
    bases = {base for kind in kinds for base in kind.__bases__}
    yield from sorted((kind for kind in kinds if kind not in bases), key=lambda kind: (kind.exit_code, kind.code))


def _of_the_command_line() -> Iterator[tuple[str, str, str]]:
    for code in sorted(codes_said_at_the_end()):
        exit_code, meaning = OF_THE_COMMAND_LINE[code]
        yield markdown.code(code), str(exit_code), meaning


def codes_said_at_the_end() -> set[str]:
    """Return the codes of failures that belong to no error of the catalogue, as the source says them."""
    tree = ast.parse(Path(inspect.getfile(failures)).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    made = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Failure"]
    return {said.value for said in made if isinstance(said, ast.Constant) and isinstance(said.value, str)}


def _shown(sentence: str) -> str:
    """Return a sentence of the catalogue with its places set in italics."""
    apart = re.sub(r"\.\{", ". {", sentence)  # a place that brings its own space with it, or stays empty
    return re.sub(r"\{(\w+)\}", lambda place: f"*{place[1].replace('_', ' ')}*", apart)
