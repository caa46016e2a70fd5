"""What the keys of answers about pocket scanners and their downloads mean."""

_DOWNLOAD = {
    "download": "name of the download, under which it is kept",
    "scans": "how many scans it has, cards and labels among them",
    "cleared": "whether the scanner was cleared of them; null where that is not known",
}
_COMMITTED = {
    "batch_id": "number of the batch; where several hold the rows, the latest; null where the scans make no rows",
    "first_seq": "first entry of this batch, or null",
    "last_seq": "last entry of this batch, or null",
    "checkpoint": "signed checkpoint that covers this batch, or null",
    "recorded_in": "all batches that hold rows of the download now, this one included",
    "already_committed": "whether every row was committed before, or there is none, so that nothing happened",
}
_LEFT_OUT = {
    "left_out": "the scans that are left out, and not recorded from this scanner",
    "left_out[].number": "which scan it is, counted from 1",
    "left_out[].text": "its text",
    "left_out[].reason": "why it was left out",
    "left_out[].batch_id": "the batch that left it out, null where none did: it was said with the clear",
}
_PREVIEWED = {
    "confirm": "the confirm code, null where the scans can't be committed",
    "held": "the scans that stop the batch until they are answered",
    "held[]": "number of a scan, from 1",
    "scan_numbers": "the scans that became rows: the first is that of row 1",
    "scan_numbers[]": "number of a scan, from 1",
    "sha256": "SHA-256 of the scanner's answer, in hex",
    "rows": "how many rows the scans make",
}
_CLOCK = {
    "": "its clock against the station's time",
    ".device": "what it shows: local time without a zone, blank where it can't be trusted",
    ".host_utc": "the station's time then, in UTC",
    ".off_seconds": "by how much it is behind local time, null where it can't be trusted",
    ".spread": "within how many seconds it was read",
    ".quality": "`right`, `off`, `other zone`, `far off` or `not trusted`",
    ".said": "the same in a sentence",
}
_SETTINGS = {
    "with_stamps": "whether it keeps times with its scans",
    "drops_repeated": "whether it drops scans that repeat one, without a sign",
    "dangers": "what about its settings could lose scans, in sentences",
    "dangers[]": "a sentence",
}


def _under(prefix: str, meanings: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}{key}": meaning for key, meaning in meanings.items()}


SCANNER_MEANINGS = {
    **{
        f"scanner {command}: {key}": meaning
        for command, groups in {
            "pull": (_DOWNLOAD, _COMMITTED, _PREVIEWED, _LEFT_OUT),
            "preview": (_DOWNLOAD, _PREVIEWED),
            "commit": (_DOWNLOAD, _COMMITTED, _LEFT_OUT),
            "clear": (_LEFT_OUT,),
            "info": (_SETTINGS,),
        }.items()
        for group in groups
        for key, meaning in group.items()
    },
    **_under("scanner info: clock", _CLOCK),
    **_under("scanner set-clock: clock", _CLOCK),
    **_under("scanner set-clock: clock_before", _CLOCK),
    **_under("scanner configure: settings.", _SETTINGS),
    **_under("scanner configure: settings_before.", _SETTINGS),
    **{f"scanner {command}: serial": "its number" for command in ("info", "clear", "show", "set-clock", "configure")},
    "scanner info: model": "its model, as far as it tells",
    "scanner info: version": "its software",
    "scanner info: low_battery": "whether it has to be charged",
    "scanner info: scans": "how many scans it holds, null where reading could erase them",
    "scanner set-clock: clock_before": "its clock as it was",
    "scanner configure: settings": "how it is set now",
    "scanner configure: settings_before": "how it was set",
    "scanner configure: changed": "whether anything was set",
    "scanner list: ports": "ports that lead to a scanner",
    "scanner list: ports[].port": "name of the port, or file of an emulated scanner",
    "scanner list: ports[].product_id": "its USB product number, null where there is none",
    "scanner list: ports[].usb_serial": "its USB serial number, often blank",
    "scanner list: ports[].description": "what the system calls it",
    "scanner list: unusable": "as what other scanners are connected, in a mode in which they can't be used",
    "scanner list: unusable[]": "such a mode in words",
    "scanner clear: scans": "how many scans it was cleared of",
    "scanner clear: batches": "the batches that hold their rows",
    "scanner clear: batches[]": "a batch",
    "scanner clear: left": "how many scans it holds that were made since",
    "scanner clear: seq": "the entry that says so",
    "scanner clear: already_cleared": "whether it was cleared before and holds nothing, so that nothing happened",
    "scanner downloads: downloads": "everything that is kept, in the order in which it was pulled",
    "scanner downloads: damaged": "files that can't be read, each with its `name` and the `reason`",
    "scanner downloads: downloads[].name": "its name",
    "scanner downloads: downloads[].scanner": "number of the scanner",
    "scanner downloads: downloads[].model": "model of the scanner",
    "scanner downloads: downloads[].scans": "how many scans it has",
    "scanner downloads: downloads[].pulled_at": "when it was pulled, in UTC",
    "scanner downloads: downloads[].state": (
        "`open`, `committed`, `cleared`, `left_out`, where another download has all of it `later`, or where batches of "
        "others, such as of a file, have all of it `recorded`"
    ),
    "scanner downloads: downloads[].batches": "the batches that have its scans",
    "scanner downloads: downloads[].batches[]": "a batch",
    "scanner downloads: downloads[].cleared": "the entry by which the scanner was cleared of it, or null",
    "scanner downloads: downloads[].left_out": "the entry by which it was left out whole, or null",
    "scanner leave-out: download": "its name",
    "scanner leave-out: scans": "how many scans it has",
    "scanner leave-out: reason": "why none of it is to count",
    "scanner leave-out: seq": "the entry that says so",
    "scanner leave-out: already_left_out": "whether it was left out whole before, so that nothing happened",
    "scanner leave-out: stay": "scans of it that batches had recorded before, and that stay so",
    "scanner leave-out: stay[].number": "which scan it is, counted from 1",
    "scanner leave-out: stay[].text": "its text",
    "scanner leave-out: stay[].batch_id": "the batch that has it",
    "scanner downloads: downloads[].later": "name of the later download that has all of it, or null",
    "scanner show: number": "how many were pulled from this scanner up to it",
    "scanner show: download": "name of the download",
    "scanner show: format": "form of its file",
    "scanner show: model": "model of the scanner",
    "scanner show: version": "software of the scanner",
    "scanner show: with_stamps": "whether the scanner kept times with its scans",
    "scanner show: drops_repeated": "whether it dropped scans that repeat one",
    "scanner show: clock": "what its clock showed at the download",
    "scanner show: clock.device": "local time without a zone, blank where it can't be trusted",
    "scanner show: clock.host_utc": "the station's time then, in UTC",
    "scanner show: clock.spread": "within how many seconds it was read",
    "scanner show: pulled_at": "when it was pulled, in UTC",
    "scanner show: sha256": "SHA-256 of the scanner's answer, in hex",
    "scanner show: scans": "every scan, in the order of scanning",
    "scanner show: scans[].number": "its number, from 1",
    "scanner show: scans[].text": "what the code says",
    "scanner show: scans[].code": "kind of code",
    "scanner show: scans[].stamp": "the time that was stored with it: local, without a zone; or null",
    "scanner show: scans[].utc": "when it was made, in UTC, null where that is not known",
    "scanner show: scans[].doubt": "why its time is not known, null where it is",
    "scanner show: scans[].said": (
        "`row`, `repeated`, `card`, `undo`, `undone`, `held`, `waits`, `left out` or `recorded`"
    ),
    "scanner show: scans[].read_as": "what it was read as, in words",
    "scanner show: scans[].findings": "what is said about it",
    "scanner emulate: stored": "how many scans were stored now",
    "scanner emulate: scans": "how many scans the emulated scanner holds",
    "scanner emulate: cards": "some cards",
    "scanner emulate: cards[].card": "what it says",
    "scanner emulate: cards[].text": "what stands in its code",
}
"""As `answer_meanings.MEANINGS`."""
