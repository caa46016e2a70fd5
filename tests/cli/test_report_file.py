"""Tests of `assettrack.cli.report_file`."""

import subprocess
import sys

import pytest

from assettrack.cli.report_file import FORMATS, write_table
from tests.trial_table import trial_table

BEGINNINGS = {"csv": b"\xef\xbb\xbfAsset,", "json": b'{"title":', "xlsx": b"PK\x03\x04", "pdf": b"%PDF-"}
FRESH = """
import sys
from assettrack.cli.report_file import FORMATS, write_table
from tests.trial_table import trial_table
sys.stdout.write(" ".join(str(name in sys.modules) for name in ("xlsxwriter", "reportlab")) + "\\n")
from hashlib import sha256
sys.stdout.write(sha256(b"".join(write_table(trial_table(), name) for name in FORMATS)).hexdigest() + "\\n")
"""


def test_there_are_four_formats() -> None:
    """Each format's file begins as such files do."""
    assert set(FORMATS) == BEGINNINGS.keys()
    for name, beginning in BEGINNINGS.items():
        assert write_table(trial_table(), name).startswith(beginning)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_table_gives_the_same_bytes_in_every_process(seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever order the process keeps its sets in; and what is heavy is not loaded before it is used."""
    from hashlib import sha256

    monkeypatch.setenv("PYTHONHASHSEED", seed)
    ended = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True, timeout=60)
    here = sha256(b"".join(write_table(trial_table(), name) for name in FORMATS)).hexdigest()
    assert ended.stdout == f"False False\n{here}\n"
