"""What was pulled from scanners and is kept, on the command line: the list, and each scan with what it was read as."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from assettrack.cli import answer_options, exit_codes, output
from assettrack.cli.answer_options import hinted
from assettrack.cli.invocation import Invocation
from assettrack.cli.scanner_connection import at_work, command, station_zone
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import counted
from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.left_out_scans import NAMED
from assettrack.domain.scan_answers import Answers
from assettrack.domain.timestamps import local_text
from assettrack.domain.wording import batches_named
from assettrack.services import leaving_out
from assettrack.services.kept_downloads import Kept, kept_downloads, latest_download

if TYPE_CHECKING:
    from assettrack.cli.show.scan_page import Pulled

_MEND = "Put a good copy of it in its place, or pull again while the scanner still holds its scans."


def named(call: Invocation, name: str | None, again: Callable[[str], Sequence[str]]) -> Download:
    """Return the kept download of a name or its beginning; without one the latest, if only one scanner's can be meant.

    ``again`` returns the words of the same command with a name.

    Raises:
        download_errors.DownloadMissing: there is none, or more than one.
        download_errors.DownloadDamaged: its file is damaged; without a name also if it may be meant.
        download_errors.DownloadUnnamed: none is named, and those of several scanners can be meant.
    """
    at = at_work(call)
    try:
        found = latest_download(at.workplace, at.desk) if name is None else at.desk.spool.named(name)
    except download_errors.DownloadUnnamed as error:
        commands = [command(call, "scanner", *again(each)) for each in error.names]
        out = [command(call, "scanner", "leave-out", each, "--reason", "REASON") for each in error.waiting]
        raise download_errors.DownloadUnnamed(error.names, commands, waiting=error.waiting, leaving_out=out) from error
    if found is None:
        raise download_errors.DownloadMissing(name)
    return found


def list_downloads(call: Invocation) -> int:
    """List what is kept, the newest last."""
    at = at_work(call)
    found = kept_downloads(at.workplace, at.desk, sys.maxsize)[0][::-1]
    damaged = at.desk.spool.damaged()
    if call.json:
        unread = [{"name": name, "reason": reason} for name, reason in damaged]
        output.write_json({"downloads": list(map(_kept, found)), "damaged": unread})
        return exit_codes.DONE
    output.tell(*(f"{name} is damaged: {reason}. {_MEND}" for name, reason in damaged))
    if not found and not damaged:
        output.tell("Nothing is kept that was pulled from a scanner. Start with: assettrack scanner pull")
        return exit_codes.DONE
    zone = station_zone(at.workplace)
    rows = [
        (f"{each.scans:,}", each.download.serial, local_text(each.download.pulled_at, zone)[:19], _became(each),
         each.download.name)
        for each in found
    ]  # fmt: skip
    output.lines(in_columns(("scans", "scanner", f"pulled ({zone})", "became", "name"), rows, numbers=1))
    return exit_codes.DONE


def show(call: Invocation, name: str | None, answers: Answers, *, everything: bool) -> int:
    """Show every scan of a download with what it was read as."""
    from assettrack.cli.show.scan_page import LINES_SHOWN, Pulled, download_line, left_out_line, scan_lines

    at = at_work(call)
    extra = [*answer_options.written(answers), *(["--all"] if everything else [])]
    download = named(call, name, lambda each: ["show", each, *extra])
    batch = at.downloads.batch(download, answers)
    with at.workplace.store.read() as snapshot:
        fill = at.downloads.fill_of(snapshot, download)
    pulled = Pulled(download, batch, station_zone(at.workplace), fill)
    if call.json:
        head: dict[str, Any] = msgspec.to_builtins(download)
        del head["reply"]
        head.pop("clock_before", None)
        output.write_json({"download": download.name, **head, "scans": _scans(pulled, at.desk.code_name)})
        return exit_codes.DONE
    limit = None if everything else LINES_SHOWN
    page = scan_lines(pulled, range(len(batch.meanings)), limit, at.desk.code_name)
    output.lines([download_line(pulled), *left_out_line(pulled), "", *page])
    output.tell(*(hinted(each).message for each in batch.problems[:limit]))
    return exit_codes.DONE


def leave_out(call: Invocation, name: str, reason: str) -> int:
    """Leave a download out whole, and say by which entry."""
    at = at_work(call)
    download = at.desk.spool.named(name)
    if download is None:
        raise download_errors.DownloadMissing(name)
    with call.deed():
        done = leaving_out.leave_out(at.workplace, at.downloads, download, reason)
    if call.json:
        output.write_json(msgspec.to_builtins(done))
        return exit_codes.DONE
    how = f"by entry {done.seq:,} of the log: {done.reason}."
    if done.already_left_out:
        output.lines([f"Nothing happened: {done.download} is left out whole already, {how}"])
    else:
        what = f"{done.download} is left out whole, with its {counted(done.scans, 'scan')}, {how}"
        until = "until its scanner is cleared of it, or another batch deals with its scans"
        output.lines([what, f"It is kept, and can still be committed by its name, {until}."])
    if done.stay:
        more = f"; and {len(done.stay) - NAMED:,} more" if len(done.stay) > NAMED else ""
        output.lines([f"Recorded before, and staying so: {'; '.join(each.named for each in done.stay[:NAMED])}{more}."])
    return exit_codes.DONE


def _became(kept: Kept) -> str:
    """Return what became of a download, in a few words."""
    done = batches_named(kept.batches) if kept.batches else "not committed"
    if kept.cleared is not None:
        out = "no rows" if kept.left_out is None else "left out whole"
        return f"{done if kept.batches else out}, cleared"
    if kept.left_out is not None:
        return "left out whole"
    if kept.later:
        return f"continued by {kept.later}"
    if kept.elsewhere is not None:
        what = "all of it" if kept.elsewhere.is_whole else "what was not left out"
        return f"{what} in {done}{', from a file' if kept.elsewhere.is_from_file else ''}"
    return done


def _kept(kept: Kept) -> dict[str, object]:
    return {
        "name": kept.download.name,
        "scanner": kept.download.serial,
        "model": kept.download.model,
        "scans": kept.scans,
        "pulled_at": kept.download.pulled_at,
        "state": kept.state,
        "batches": kept.batches,
        "cleared": None if kept.cleared is None else kept.cleared.seq,
        "left_out": None if kept.left_out is None else kept.left_out.seq,
        "later": kept.later or None,
    }


def _scans(pulled: "Pulled", name_of: Callable[[int], str]) -> list[dict[str, object]]:
    """Return every scan with when it was made and what it was read as, for machines."""
    from assettrack.cli.show.scan_page import read_as

    return [
        {
            "number": meaning.scan.number,
            "text": meaning.scan.text,
            "code": name_of(meaning.scan.symbology),
            "stamp": meaning.scan.stamp or None,
            "utc": timing.utc,
            "doubt": None if timing.doubt is None else str(timing.doubt),
            "said": meaning.said,
            "read_as": read_as(pulled, meaning),
            "findings": [{"code": each.code, "message": hinted(each).message} for each in meaning.findings],
        }
        for meaning, timing in zip(pulled.batch.meanings, pulled.batch.timings, strict=True)
    ]
