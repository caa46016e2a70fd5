"""Settings of a scanner: what endangers scans is seen, and what is not known is not taken for safe."""

import pytest

from assettrack.scanner.parameters import SAFE, STOPPING, Danger, Parameter, Settings, settings_of

GOOD = {0x23: b"\1", 0x0F: b"\0", 0x04: b"\0", 0x21: b"\0", 0x22: b"\x1e"}


def test_settings_as_they_should_be_are_no_danger() -> None:
    """Times on, no erasing by reading, nothing dropped, no deleting by keys."""
    settings = settings_of(GOOD)
    assert settings == Settings(True, False, 0, 0, 30)  # noqa: FBT003 - in the order of the fields
    assert settings.dangers == ()


@pytest.mark.parametrize(
    ("changed", "dangers"),
    [
        ({0x0F: b"\1"}, (Danger.AUTO_CLEAR,)),
        ({0x0F: b"\2"}, (Danger.AUTO_CLEAR_UNKNOWN,)),
        ({0x0F: b""}, (Danger.AUTO_CLEAR_UNKNOWN,)),
        ({0x0F: b"\0\0"}, (Danger.AUTO_CLEAR_UNKNOWN,)),
        ({0x23: b"\0"}, (Danger.NO_STAMPS,)),
        ({0x23: b"\2"}, (Danger.STAMPS_UNKNOWN,)),
        ({0x04: b"\1"}, (Danger.REJECT_REDUNDANT,)),
        ({0x04: b"\2"}, (Danger.REJECT_REDUNDANT,)),
        ({0x21: b"\2"}, (Danger.DELETE_KEYS,)),
        ({0x22: b"\x1d"}, (Danger.SHORT_CODES,)),
        ({0x22: b"\xfe"}, ()),
        ({0x21: b"\7", 0x0F: b"\1"}, (Danger.AUTO_CLEAR, Danger.DELETE_KEYS)),
    ],
)
def test_each_danger_is_named(changed: dict[int, bytes], dangers: tuple[Danger, ...]) -> None:
    """A value that is not known to be safe is a danger."""
    assert settings_of(GOOD | changed).dangers == dangers


def test_what_the_scanner_does_not_tell_stops_the_reading() -> None:
    """Without knowing whether it erases and whether it keeps times, nothing may be read."""
    assert set(settings_of({}).dangers) == {Danger.AUTO_CLEAR_UNKNOWN, Danger.STAMPS_UNKNOWN}
    assert set(settings_of({}).dangers) <= STOPPING


def test_what_is_configured_is_safe() -> None:
    """The values that we set are those without a danger."""
    assert settings_of(GOOD | dict(SAFE)).dangers == ()
    assert set(SAFE) == {
        Parameter.STORE_STAMPS,
        Parameter.AUTO_CLEAR,
        Parameter.REJECT_REDUNDANT,
        Parameter.DELETE_KEYS,
    }
