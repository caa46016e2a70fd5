"""A scanner by its answers: read as over a cable, refused where one of them is missing, foreign or unsafe."""

from datetime import UTC, datetime

import pytest

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerReappearing, ScannerSettingUnsafe
from assettrack.scanner.frames import sealed
from assettrack.scanner.heard import QUESTIONS, READ, HeardScanner
from assettrack.scanner.parameters import CHECKED, Parameter

AT = datetime(2026, 2, 4, 8, 15, tzinfo=UTC)
SERIAL = bytes.fromhex("0000000000697227")
WHO = bytes.fromhex("060231000000000000697227524242563031343300B311")
SAFE = {Parameter.STORE_STAMPS: 1, Parameter.AUTO_CLEAR: 0, Parameter.REJECT_REDUNDANT: 0, Parameter.DELETE_KEYS: 7,
        Parameter.LENGTH_MAX: 30}  # fmt: skip
TIME = bytes.fromhex("060206000F0804021A0003BC")
ONE_SCAN = bytes.fromhex("060200000000006972270D034C542D303030343200F4109A00")


def answers(values: dict[Parameter, int] | None = None, who: bytes = WHO, time: bytes = TIME) -> list[bytes]:
    """Return answers to the questions, with these settings."""
    told = SAFE | (values or {})
    return [who, *(sealed(b"\6\2", [bytes([number, told[number]])]) for number in CHECKED), time]


def test_the_answers_tell_what_a_cable_tells() -> None:
    """Number, model, settings, dangers, the clock at its moment, and the scans as they came."""
    upload = sealed(b"\6\2" + SERIAL, [ONE_SCAN[11:24]])
    heard = HeardScanner([*answers(), upload], AT, 0.25)
    assert (heard.identity.serial, heard.identity.version, heard.identity.low_battery) == ("697227", "RBBV0143", False)
    assert (heard.settings.with_stamps, heard.settings.drops_repeated, len(heard.settings.dangers)) == (True, False, 1)
    assert (heard.clock().device, heard.clock().spread) == ("2026-02-04T08:15:00", 0.25)
    assert heard.upload() == upload


@pytest.mark.parametrize(
    "values",
    [{Parameter.AUTO_CLEAR: 1}, {Parameter.AUTO_CLEAR: 9}, {Parameter.STORE_STAMPS: 9}],
)  # fmt: skip
def test_an_unsafe_scanner_is_refused_by_its_settings(values: dict[Parameter, int]) -> None:
    """Where reading would erase, or can't be told to be safe, nothing further is heard."""
    with pytest.raises(ScannerSettingUnsafe):
        HeardScanner(answers(values), AT, 0)


def test_a_scanner_that_changes_its_mode_is_waited_for() -> None:
    """What else it says then is not to be used."""
    changing = bytes.fromhex("0602310500000000006972275246493337323754000CDC")
    with pytest.raises(ScannerReappearing):
        HeardScanner(answers(who=changing), AT, 0)


@pytest.mark.parametrize("missing", range(len(QUESTIONS)))
def test_a_missing_answer_is_refused(missing: int) -> None:
    """Whichever it is."""
    said = answers()
    said[missing] = b""
    with pytest.raises(AssetTrackError):
        HeardScanner(said, AT, 0)


def test_scans_that_were_not_asked_for_are_none() -> None:
    """Without the last answer there is nothing to keep."""
    with pytest.raises(ScannerAnswerDamaged):
        HeardScanner(answers(), AT, 0).upload()
    assert READ[0] == 0x07


def test_an_answer_about_another_parameter_is_refused() -> None:
    """The settings are believed only of the numbers that were asked for."""
    said = answers()
    said[1], said[2] = said[2], said[1]
    with pytest.raises(ScannerAnswerDamaged):
        HeardScanner(said, AT, 0)
