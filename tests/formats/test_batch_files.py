"""Which kind of batch a file is: what no batch is read from says how it is read."""

import io
from zipfile import ZipFile

import pytest
import xlsxwriter

from assettrack.formats import batch_files
from assettrack.formats.scan_csv import ScanTable
from assettrack.formats.scanner_dump import Asked


def workbook() -> bytes:
    """Return a workbook with a tag."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_column(0, 0, ["asset_tag", "LT-1"])
    return target.getvalue()


def archive() -> bytes:
    """Return an archive that is no workbook."""
    target = io.BytesIO()
    with ZipFile(target, "w") as made:
        made.writestr("scans.csv", "LT-1")
    return target.getvalue()


@pytest.mark.parametrize("profile", ["", "bare"])
@pytest.mark.parametrize(("data", "code"), [(workbook(), "mapping_unsaid"), (archive(), "not_text")])
def test_a_workbook_is_read_by_a_mapping_that_is_to_be_said(data: bytes, code: str, profile: str) -> None:
    """It is no text, and what reads it is told; another archive is what it was."""
    found = batch_files.read(data, Asked(profile))
    assert isinstance(found, ScanTable)
    assert [each.code for each in found.problems] == [code]
    assert len(found.sha256) == 64
