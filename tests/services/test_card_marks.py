"""Cards with a number at a station: its own are read whatever became of the name, and another's names nobody."""

from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.domain.plans import Options
from assettrack.domain.queued_scans import Context, ContextSet, Held
from assettrack.domain.scan_answers import Answers
from assettrack.formats.gs1_codes import read_gs1
from assettrack.services import accounts, holders
from assettrack.services.card_marks import marks_of_accounts, marks_of_holders
from assettrack.services.holders import HolderUpdate
from assettrack.services.scan_reading import ScanReader
from tests.domain.trial_scans import event
from tests.services.desk import Desk, row
from tests.services.field import LAPTOP, Field
from tests.services.printed import badge, begin_card

NEW_HOLDERS = Options({"equipment_type": "laptop"}, new_holders=True)


def typed(desk: Desk, text: str) -> str:
    """Scan a card at the desk; return whom it names, or the code and the reason why it is held."""
    with desk.store.read() as snapshot:
        (meant,), _ = ScanReader(snapshot, (), Context("ISSUE"), read_gs1=read_gs1).understand(text)
    if isinstance(meant, ContextSet):
        return meant.context.holder
    assert isinstance(meant, Held)
    return meant.finding.message


def test_a_badge_is_its_holders_whatever_the_holder_is_called(desk: Desk) -> None:
    """Registered alone or by a batch, and renamed since: the badge of then is that of now."""
    desk.commit(row("A1") + row("A1", "ISSUE", "11:00", issued_to_name="Ada Lovelace") + row("A2"), NEW_HOLDERS)
    badges = {name: badge(desk.workplace, name) for name in ("Jane Smith", "Bob Lee", "Ada Lovelace")}
    assert {name: typed(desk, text) for name, text in badges.items()} == {name: name for name in badges}
    for name, text in badges.items():
        holders.change(desk.workplace, name, HolderUpdate(name=f"{name}-Jones"))
        assert badge(desk.workplace, f"{name}-Jones") == text
        assert typed(desk, text) == f"{name}-Jones"


def test_a_badge_of_a_history_that_was_given_up_names_nobody(tmp_path: Path) -> None:
    """Bob's badge, a backup from before he was registered restored, Carol registered with his number: it is held."""
    (tmp_path / "then").mkdir()
    (tmp_path / "now").mkdir()
    then = Desk(tmp_path / "then")
    now = Desk(tmp_path / "now")
    now.go_on_from(then)
    for desk, name in ((then, "Bob Lee"), (now, "Carol Doe")):
        holders.register(desk.workplace, name)
    bob = badge(then.workplace, "Bob Lee")
    assert typed(then, bob) == "Bob Lee"
    said = typed(now, bob)
    assert said.startswith(f"The badge {bob} is not known to be of this station's holder 1: it was printed at another")
    assert typed(now, badge(now.workplace, "Carol Doe")) == "Carol Doe"
    then.store.close()
    now.store.close()


def test_cards_of_another_station_are_held_in_a_download(tmp_path: Path) -> None:
    """Its holder 1 and its account 1 are somebody else here: nothing is issued, and the cards are named."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    there, here = Field(tmp_path / "one", ()), Field(tmp_path / "two", ())
    for day, account, holder in ((there, "mara", "Ada Lovelace"), (here, "ben", "Grace Hopper")):
        accounts.register(day.workplace, account, role="admin")
        holders.register(day.workplace, holder)
    own = [begin_card(here.workplace, "ben"), badge(here.workplace, "Grace Hopper")]
    foreign = [begin_card(there.workplace, "mara"), badge(there.workplace, "Ada Lovelace")]
    here.scan(own[0], event("SCAN"), "LT-1", foreign[0], event("ISSUE"), foreign[1], "LT-1", apart=30)
    here.scan(own[0], event("ISSUE"), own[1], "LT-1", apart=30)
    batch, _ = here.downloads.preview(here.pull().download, Answers(), LAPTOP)
    held = [each for each in batch.meanings if each.said == "held"]
    asked = {each.scan.number: [found.code for found in each.findings] for each in held}
    assert asked == {4: ["card_not_ours", "end_missing", "scans_wait"], 6: ["card_not_ours"]}
    assert [(each[3], each[4]) for each in batch.rows()] == [("ben", ""), ("ben", "Grace Hopper")]
    there.close()
    here.close()


def test_whom_the_log_registers_not_the_database_is_damaged_about(desk: Desk) -> None:
    """A number that is in the tables and in no entry has no mark, and nothing is printed or read for it."""
    with desk.store.read() as snapshot:
        assert marks_of_holders(snapshot, []) == marks_of_accounts(snapshot, []) == {}
        for marks_of in (marks_of_holders, marks_of_accounts):
            with pytest.raises(station_errors.DatabaseDamaged, match="who got the number 99"):
                marks_of(snapshot, [99])


def test_whom_a_later_batch_registered_is_found(desk: Desk) -> None:
    """All that the batches before it registered is passed over."""
    for tag, name in (("A1", "Ada Lovelace"), ("A2", "Zoe Quill")):
        desk.commit(row(tag) + row(tag, "ISSUE", "11:00", issued_to_name=name), NEW_HOLDERS)
    zoe = badge(desk.workplace, "Zoe Quill")
    assert typed(desk, zoe) == "Zoe Quill"
    assert zoe != badge(desk.workplace, "Ada Lovelace")
