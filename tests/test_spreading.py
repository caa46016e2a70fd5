"""Owns the promise that every test is handed out once, and that each worker begins with long ones."""

from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import LONG, spread

KINDS = st.sampled_from(["domain", "web", "cli", *LONG[0], *LONG[1]])
FILES = st.lists(st.builds(PurePath, KINDS, st.sampled_from(["one.py", "two.py"])), max_size=60)


@given(FILES, st.integers(1, 8))
def test_every_test_is_handed_out_once(files: list[PurePath], workers: int) -> None:
    """Whatever there is, and however many do it."""
    assert sorted(spread(files, workers)) == list(range(len(files)))


def test_each_worker_begins_with_long_ones_of_one_kind() -> None:
    """Of four, two begin with those that wait for a browser, the others with those that work; then come the short."""
    files = [PurePath(kind, f"{number}.py") for number in range(15) for kind in ("domain", "browser", "faults", "web")]
    order = [files[place].parts[0] for place in spread(files, 4)]
    short = {"domain", "web"}
    for begin, long in zip(range(0, 60, 15), ["browser", "browser", "faults", "faults"], strict=True):
        part = order[begin : begin + 15]
        assert {*part[:7]} == {long}
        assert {*part[8:]} <= short


def test_whoever_is_alone_begins_with_all_that_is_long() -> None:
    """Nothing is handed out then; the order stays simple."""
    files = [PurePath(kind, "one.py") for kind in ("web", "faults", "domain", "browser")]
    assert [files[place].parts[0] for place in spread(files, 1)][:2] == ["browser", "faults"]


def test_the_long_ones_of_a_file_are_begun_by_one_worker() -> None:
    """What they share is made once, however the files lie among each other."""
    files = [PurePath("faults", name) for name in ("one.py", "one.py", "two.py", "two.py") * 3] + [
        PurePath("web", "one.py")
    ] * 24
    order = [files[place] for place in spread(files, 3)]
    assert {str(file) for file in order[12:18]} == {"faults/one.py"}
    assert {str(file) for file in order[24:30]} == {"faults/two.py"}
