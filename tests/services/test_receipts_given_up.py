"""Receipts that a restore gave up: the restore is named, and only where it can have been that one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.services import receipt_checks, receipts
from assettrack.services.receipt_checks import Judgement
from assettrack.services.receipts import PrintedReceipt
from tests.services.test_custody import do, issue
from tests.services.vault import Vault

HOLDER = "Holder 1"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station whose asset is with a holder; then the backup, of 7 entries, which is entry 8."""
    made = Vault(tmp_path)
    made.desk_with_assets()
    made.register()
    do(made, issue("A1", to=HOLDER))
    made.back_up("monday")
    assert made.log_size == 8
    yield made
    made.store.close()


def receipt(vault: Vault) -> PrintedReceipt:
    """Issue the receipt of batch 2, and print it."""
    (issued,) = receipts.issue_for_batch(vault.workplace, 2).receipts
    return receipts.printed(vault.workplace, issued.receipt_id)


def forget(vault: Vault) -> None:
    """Lose what is known of the log outside the database."""
    for file in (vault.folder / "checkpoints").iterdir():
        file.unlink()


def judged(vault: Vault, paper: PrintedReceipt) -> Judgement:
    """Judge a receipt beside the database."""
    return receipt_checks.judge(vault.workplace, paper.text, paper.payload)


def test_the_restore_is_named(vault: Vault) -> None:
    """Also once the log has grown past where the receipt stood, and its number and entry are those of another."""
    paper = receipt(vault)
    assert judged(vault, paper).ok
    vault.restore(vault.order("monday"))
    restore = vault.log_size
    said = (
        "This receipt is genuine, but its entry 9 is not in the log any more. Entries from 8 on were given up by the "
        f"restore of entry {restore}, when 9 were known: the disk failed. "
    )
    again = paper
    for _ in range(2):
        found = judged(vault, paper)
        assert (found.ok, found.code, found.log_agrees) == (False, "given_up", False)
        assert found.message.startswith(said)
        again = receipt(vault)
        vault.register(3)
    assert (again.receipt_id, again.text != paper.text) == (paper.receipt_id, True)
    assert judged(vault, again).ok


def test_where_nobody_knew_how_much_was_lost_the_restore_is_named_all_the_same(vault: Vault) -> None:
    """On a new machine a restore knows nothing of what it gives up; its log can't have held the receipt."""
    paper = receipt(vault)
    vault.lose()
    forget(vault)
    vault.restore(vault.order("monday"))
    assert judged(vault, paper).code == "given_up"


def test_a_restore_before_the_receipt_excuses_nothing(vault: Vault) -> None:
    """The receipt was issued after the restore; then the end of the log was cut off, by no restore."""
    vault.register(8)
    vault.restore(vault.order("monday"))
    paper = receipt(vault)
    assert judged(vault, paper).ok
    size = vault.log_size
    vault.tamper(f"DELETE FROM audit_log WHERE seq >= {size}")
    found = judged(vault, paper)
    assert (found.ok, found.code) == (False, "log_differs")
    assert "entries are missing here" in found.message


def test_a_restore_to_after_the_receipt_excuses_nothing(vault: Vault) -> None:
    """The restore kept the receipt's entry, so that is not what it gave up: the log was changed."""
    paper = receipt(vault)
    vault.back_up("tuesday")
    vault.register(2)
    vault.restore(vault.order("tuesday"))
    assert judged(vault, paper).ok
    vault.tamper("DELETE FROM audit_log WHERE seq = 9")
    assert judged(vault, paper).code == "log_differs"


def test_a_restore_that_knew_of_another_log_excuses_nothing(vault: Vault) -> None:
    """It knew of a log of the same size, but with another root: so the receipt was none of what it gave up."""
    copy = vault.copy()
    paper = receipt(vault)
    vault.put_back(copy)
    forget(vault)
    vault.register()
    vault.restore(vault.order("monday"))
    assert judged(vault, paper).code == "log_differs"
