"""Scans for a count as they are handed in on the command line: typed tags, a list of tags, or a batch file.

Owns how the one is told from the other. Reads and parses; what the scans mean is for `services`.
"""

from collections.abc import Sequence

import click

from assettrack.cli.batch_file import read_file, source_name
from assettrack.domain import errors, tags
from assettrack.formats import count_list, scan_csv
from assettrack.services.count_reading import Scans, Spotted

FILE_HELP = "A batch file (its SCAN rows), or a list: TAG[,CASE[,SLOT]] a line."


def scanned_tags(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[str]:
    """Read tags as they were scanned, one as often as it was (a Click callback).

    Raises:
        errors.ValueUnusable: one of them is no tag.
    """
    found = []
    for value in values:
        try:
            found.append(tags.parse_asset_tag(value))
        except tags.NotATag as error:
            raise errors.ValueUnusable("The asset tag", value, error.reason) from error
    return found


def read_scans(
    typed: Sequence[str], file: str | None, *, case_name: str | None = None, slot_position: int | None = None
) -> Scans:
    """Return the scans that were typed or that a file holds; ``case_name`` is where all were seen that name no case.

    Raises:
        click.UsageError: there are neither tags nor a file, or both; a slot is said for more than one tag.
        errors.FileUnreadable, errors.ListFileWrong: the file can't be read, or is neither a batch nor a list.
    """
    if bool(typed) == (file is not None):
        raise click.UsageError("Give TAGs that were seen, or --from FILE.")
    if slot_position is not None and len(typed) != 1:
        raise click.UsageError("--slot is for one TAG.")
    if file is None:
        return Scans([Spotted(tag, None, slot_position) for tag in typed], case_name=case_name)
    data = read_file(file)
    name = source_name(file)
    if count_list.is_batch(data):
        batch = scan_csv.parse(data)
        return Scans(batch=batch, case_name=case_name, source_name=name, sha256=batch.sha256)
    listed = count_list.parse(data, name)
    return Scans([Spotted(*each) for each in listed.tags], None, case_name, name, listed.sha256)
