"""What became of the downloads that are kept, as a list of them tells it."""

from assettrack.scanner.parameters import Parameter
from assettrack.services.kept_downloads import kept_download
from tests.services.field import MakeField, desk_of


def test_scans_told_again_without_their_times_are_the_same_ones(fields: MakeField) -> None:
    """A later download has all scans of an earlier one, though the scanner keeps no times any more."""
    day = fields()
    first = day.pull().download
    day.scanner.parameters[Parameter.STORE_STAMPS] = b"\0"
    day.scan("LT-3")
    second = day.pull().download
    assert not second.with_stamps
    kept = kept_download(day.workplace, desk_of(day), first.name)
    assert (kept.state, kept.later) == ("later", second.name)
