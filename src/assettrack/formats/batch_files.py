"""Which kind of batch a file is: rows under a header line, or scans in a form that a scanner or its program writes.

Owns the order in which that is found out, by content and never by a file's name: the batch contract first, then the
forms of other programs, and where nothing fits, what the contract has to say of it. A workbook is neither: it is read
by a mapping (`spreadsheet`). Raises nothing.
"""

from hashlib import sha256

from assettrack.domain.dumped_scans import Dump
from assettrack.domain.findings import finding
from assettrack.formats import scan_csv
from assettrack.formats.encodings import is_excel
from assettrack.formats.scan_csv import ScanTable
from assettrack.formats.scanner_dump import Asked, nearly
from assettrack.formats.scanner_dump import read as read_dump

AnyBatch = ScanTable | Dump


def read(data: bytes, asked: Asked | None = None) -> AnyBatch:
    """Return the batch in a file; ``asked`` is what somebody said of it, which it then is, or has its problem."""
    if is_excel(data):
        return ScanTable(sha256(data).hexdigest(), (finding("mapping_unsaid"),))
    said = asked or Asked()
    table = None if said.profile else scan_csv.parse(data)
    if table is not None and not table.problems:
        return table
    found = read_dump(data, said)
    if isinstance(found, Dump):
        return found
    if table is not None and not found and any(each.code == "header_missing" for each in table.problems):
        found = nearly(data)
    return table if table is not None and not found else ScanTable(sha256(data).hexdigest(), tuple(found))
