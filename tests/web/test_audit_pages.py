"""The log, its verification, its export and the receipts that stand on it, as a browser meets them."""

import re
import threading
from html import unescape

import apsw
import msgspec
import pytest

from assettrack import bootstrap
from assettrack.services import audit, backups, corrections, holders, log_export
from assettrack.services import verification as verifying
from assettrack.services.log_reading import KINDS
from assettrack.settings import Settings
from assettrack.station.keys import verify_signature
from assettrack.web.app import create_app
from assettrack.web.audit import log_download
from assettrack.web.texts import english
from tests.web.audited import JANE, auditor, hand_out, shown
from tests.web.qr_reading import read_qr
from tests.web.visitors import OpenStation, Visitor


@pytest.fixture
def busy(station: OpenStation) -> OpenStation:
    """Return a station with four assets, two of them issued to Jane, and a receipt."""
    return hand_out(station)


def verified(visitor: Visitor) -> str:
    """Wait until the verification that goes on has ended; return what the page says."""
    for _ in range(600):
        visitor.get("/audit/verify", x_background="1")
        if "is being verified" not in visitor.words:
            return visitor.words
        threading.Event().wait(0.05)
    raise AssertionError(visitor.words)


def test_the_latest_entries_are_shown_and_the_earlier_ones_follow(busy: OpenStation) -> None:
    """50 a page, the latest first, down to the first entry of the log, each one once."""
    for number in range(120):
        holders.register(busy.workplace(), f"Holder {number}")
    olu = auditor(busy)
    size = audit.log_size(busy.workplace())
    olu.get("/audit")
    assert f"{size:,}" in olu.words
    seen = shown(olu)
    assert seen == list(range(size, size - 50, -1))
    while earlier := re.search(r'href="(/audit\?[^"#]+)#entries">Earlier', olu.page):
        olu.get(unescape(earlier[1]))
        seen += shown(olu)
    assert seen == list(range(size, 0, -1))


def test_entries_are_filtered_by_kind_and_asset(busy: OpenStation) -> None:
    """Each filter and both; what can be no kind, tag or number is refused."""
    olu = auditor(busy)
    olu.get("/audit?kind=ISSUE")
    issued = shown(olu)
    assert len(issued) == 2
    assert "LT-1" in olu.words
    assert "LT-3" not in olu.words
    olu.get("/audit?asset=lt-1")
    about = shown(olu)
    assert len(about) == 2
    assert about[0] in issued
    assert shown((olu.get("/audit?asset=LT-1&kind=ISSUE"), olu)[1]) == [about[0]]
    assert shown((olu.get(f"/audit?asset=LT-1&before={about[0]}"), olu)[1]) == [about[1]]
    assert shown((olu.get("/audit?asset=LT-9"), olu)[1]) == []
    assert "There is none here." in olu.words
    for wrong in ("kind=KING", "asset=%3Cb%3E", "before=0", "before=x", "before=%C2%B2", "before=" + "9" * 40):
        assert olu.get(f"/audit?{wrong}").status_code == 422


def test_a_rare_kind_is_looked_for_page_by_page(busy: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page looks at so many entries and no more, says so, and the next one goes on from there."""
    monkeypatch.setattr("assettrack.services.log_reading.LOOKED_AT_MAX", 3)
    olu = auditor(busy)
    olu.get("/audit?kind=STATION")
    pages = 1
    assert "Earlier ones may follow" in olu.words
    while earlier := re.search(r'href="(/audit\?[^"#]+)#entries">Earlier', olu.page):
        olu.get(unescape(earlier[1]))
        pages += 1
    assert shown(olu) == [1]
    assert pages == -(-audit.log_size(busy.workplace()) // 3)


def test_every_kind_of_entry_has_words() -> None:
    """No kind can come that the page has no word for."""
    assert {f"entry_kinds.{kind}" for kind in KINDS} == {key for key in english() if key.startswith("entry_kinds.")}
    codes = {"text_changed", "foreign", "proof_invalid", "pages_differ", "log_differs"}
    assert {key.rpartition(".")[2] for key in english() if key.startswith("receipt_faults.")} == codes


def test_the_checkpoint_is_for_whoever_audits(busy: OpenStation) -> None:
    """As text and as a code that says the same; others see the entries only."""
    olu = auditor(busy)
    olu.get("/audit")
    note = audit.latest_checkpoint(busy.workplace())
    assert note in unescape(olu.page)
    assert read_qr(olu.page) == note
    ben = busy.visitor("ben")
    assert ben.get("/audit").status_code == 200
    assert shown(ben)
    assert "Latest checkpoint" not in ben.words
    assert "Download" not in ben.words
    for path in ("/audit/verify", "/audit/export"):
        assert ben.get(path).status_code == 403
    assert ben.post("/audit/verify").status_code == 403


def test_the_last_verified_backup_is_told(busy: OpenStation) -> None:
    """None yet, then the latest, also one that another process made since."""
    olu = auditor(busy)
    assert "There is no backup yet." in (olu.get("/audit"), olu.words)[1]
    settings = Settings(busy.folder / "station.db", busy.folder / "keys", busy.folder / "plans", "mara")
    for name in ("first", "second"):
        with bootstrap.backup_files(settings) as files:
            made = backups.make(bootstrap.open_workplace(settings), files, str(busy.folder / f"{name}.assettrack"))
        olu.get("/audit")
        assert f"{name}.assettrack, of {made.entries} entries" in olu.words


def test_an_entry_is_shown_in_words_and_as_stored_with_its_proof(busy: OpenStation) -> None:
    """What the page states is what the log's own proof says; there is no entry beyond its ends."""
    olu = auditor(busy)
    size = audit.log_size(busy.workplace())
    for seq in (1, 5, size):
        olu.get(f"/audit/entries/{seq}")
        proof = audit.prove(busy.workplace(), seq)
        page = unescape(olu.page)
        assert proof.body in page
        assert proof.leaf in page
        assert all(node in page for node in proof.proof)
        assert proof.checkpoint in page
    olu.get("/audit?kind=ISSUE")
    olu.get(f"/audit/entries/{shown(olu)[-1]}")
    assert f"in CASE-01 slot 1 → in custody of {JANE}" in olu.words
    assert 'href="/assets/LT-1"' in olu.page
    assert 'href="/batches/2"' in olu.page
    for beyond in (0, size + 1, 10**30):
        assert olu.get(f"/audit/entries/{beyond}").status_code in {404, 422}
    assert olu.get("/audit/entries/x").status_code == 422


def test_a_corrected_entry_says_by_which(busy: OpenStation) -> None:
    """In the list and on its own page, and the correction leads back."""
    olu = auditor(busy)
    (seq,) = shown((olu.get("/audit?kind=SCAN&asset=LT-3"), olu)[1])
    values = {"equipment_type": "tablet", "reason": "misread"}
    reason = values.pop("reason")
    proposal = corrections.preview(busy.workplace(), seq, values)
    corrections.correct(busy.workplace(), seq, values, reason, confirm=proposal.confirm_code)
    by = audit.log_size(busy.workplace())
    olu.get("/audit?asset=LT-3")
    assert f"corrected by entry {by}" in olu.words
    olu.get(f"/audit/entries/{seq}")
    assert (
        f"Corrected by entry {by}. Of this counts no longer: Equipment type. It stays in the log for good." in olu.words
    )
    olu.get(f"/audit/entries/{by}")
    assert f'href="/audit/entries/{seq}">Entry {seq}</a></dd>' in olu.page


def test_verifying_is_started_by_a_form_and_never_by_looking(busy: OpenStation) -> None:
    """Looking changes nothing; the outcome stays until the next, for everybody who may see it."""
    olu = auditor(busy)
    assert "None since the station was started" in (olu.get("/audit"), olu.words)[1]
    olu.get("/audit/verify")
    assert busy.web.memory.verification.latest is None
    assert "Verify the log now" in olu.words
    assert olu.post("/audit/verify").headers["location"] == "/audit/verify"
    words = verified(olu)
    found = verifying.verify(busy.workplace(), [])
    assert "The log is good" in words
    assert found.root in words
    assert f"Entries {found.entries}" in words
    assert "Started by olu" in words
    assert "Took under a second" in words
    assert "The log is good" in (olu.get("/audit"), olu.words)[1]
    ada = busy.visitor("ada", "admin")
    assert "The log is good" in (ada.get("/audit/verify"), ada.words)[1]


def forge(station: OpenStation) -> int:
    """Change an entry with another program; return its number."""
    with_tools = apsw.Connection(str(station.folder / "station.db"))
    ((seq,),) = with_tools.execute("SELECT min(seq) FROM audit_log WHERE asset_tag = 'LT-2'").fetchall()
    with_tools.execute("DROP TRIGGER audit_log_keeps")
    with_tools.execute("UPDATE audit_log SET body = replace(body, 'LT-2', 'LT-7') WHERE seq = ?", (seq,))
    with_tools.close()
    assert isinstance(seq, int)
    return seq


def test_the_first_bad_entry_is_named(busy: OpenStation) -> None:
    """Somebody who changes an entry with another program is found out."""
    olu = auditor(busy)
    seq = forge(busy)
    olu.post("/audit/verify")
    words = verified(olu)
    assert "The log is NOT good" in words
    assert f"First bad entry {seq}" in words
    assert "The log is NOT good" in (olu.get("/audit"), olu.words)[1]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_checkpoint_kept_elsewhere_is_compared(busy: OpenStation, line_end: str) -> None:
    """One of this log is agreed with, one that states more names the first entry that is missing."""
    olu = auditor(busy)
    note = audit.latest_checkpoint(busy.workplace())
    olu.post("/audit/verify", {"checkpoint": note.replace("\n", line_end)})
    words = verified(olu)
    assert "The log is good" in words
    assert "Compared with a checkpoint kept elsewhere Yes" in words
    olu.post("/audit/verify", {"checkpoint": "nonsense"})
    words = verified(olu)
    assert "The checkpoint handed in is not good" in words
    assert "The checkpoint put in is NOT good; the log agrees with the station's own" in words
    assert "Put it in once more, its whole text as it is kept" in words
    assert "The log is NOT good" not in words + (olu.get("/audit"), olu.words)[1]
    assert "The checkpoint put in is NOT good" in olu.words
    assert olu.post("/audit/verify", {"checkpoint": "x" * 300_000}).status_code == 422


class Gate:
    """Lets no signature be checked before it is opened, so that a verification goes on until then."""

    def __init__(self, station: OpenStation) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        gated = msgspec.structs.replace(station.web.workplace, verify=self._verify)
        station.web = msgspec.structs.replace(station.web, workplace=gated)
        station.app = create_app(station.web)

    def _verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        self.reached.set()
        assert self.open.wait(30)
        return verify_signature(public_key, message, signature)


def test_one_verification_goes_on_at_a_time(busy: OpenStation) -> None:
    """A second form leads to the one that goes on; its page says how far it is and looks again by itself."""
    gate = Gate(busy)
    olu, ada = auditor(busy), busy.visitor("ada", "admin")
    olu.post("/audit/verify")
    assert gate.reached.wait(30)
    assert ada.post("/audit/verify").headers["location"] == "/audit/verify"
    ada.get("/audit/verify")
    assert "The log is being verified" in ada.words
    assert "Started by olu" in ada.words
    assert 'hx-trigger="every 2s"' in ada.page
    assert 'http-equiv="refresh"' in ada.page
    assert "Verify it again" not in ada.words
    gate.open.set()
    assert "The log is good" in verified(ada)
    assert "Started by olu" in ada.words
    assert 'http-equiv="refresh"' not in ada.page


def test_a_verification_that_the_server_ends_is_said_to_know_nothing(busy: OpenStation) -> None:
    """The server waits for the thread, which stops at its next block."""
    gate = Gate(busy)
    olu = auditor(busy)
    olu.post("/audit/verify")
    assert gate.reached.wait(30)
    closing = threading.Thread(target=busy.web.memory.close)
    closing.start()
    gate.open.set()
    closing.join(30)
    assert not closing.is_alive()
    olu.get("/audit/verify")
    assert "did not come to an end" in olu.words
    assert "did not come to an end" in (olu.get("/audit"), olu.words)[1]


def test_the_export_is_the_whole_log_as_the_command_writes_it(busy: OpenStation) -> None:
    """Every line of the download is proved by the key alone."""
    olu = auditor(busy)
    answer = olu.get("/audit/export")
    assert answer.status_code == 200
    size = audit.log_size(busy.workplace())
    assert answer.headers["content-disposition"] == f'attachment; filename="{busy.web.name}-log-{size}.jsonl"'
    key = audit.verifier_key(busy.workplace())
    found = log_export.check(answer.content.splitlines(keepends=True), verify_signature, key)
    assert (found.ok, found.entries) == (True, size)
    with log_export.exporting(busy.workplace()) as made:
        assert b"".join(made.blocks) == answer.content


def test_a_log_that_can_not_be_proved_is_not_sent(busy: OpenStation) -> None:
    """Where it shows at once the page says so; where it shows on the way the download breaks off."""
    olu = auditor(busy)
    seq = forge(busy)
    cut_off = olu.get("/audit/export")
    assert len(cut_off.content.splitlines()) <= seq
    with_tools = apsw.Connection(str(busy.folder / "station.db"))
    with_tools.execute("DROP TRIGGER checkpoints_stay")
    with_tools.execute("DELETE FROM checkpoints")
    with_tools.close()
    failed = olu.get("/audit/export")
    assert failed.status_code == 500
    assert "no checkpoint that covers it" in olu.words


def test_only_so_many_downloads_go_on_at_once(busy: OpenStation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes later is told; a download that nobody takes any more makes room, and so does the server's end."""
    monkeypatch.setattr(log_download, "BLOCKS_AHEAD", 1)
    olu = auditor(busy)
    downloads = [busy.web.memory.downloads.start(busy.workplace()) for _ in range(log_download.DOWNLOADS_AT_ONCE)]
    assert all(download is not None and download.first() for download in downloads)
    assert olu.get("/audit/export").status_code == 503
    assert "Two downloads of the log go on already" in olu.words
    assert downloads[0] is not None
    downloads[0].give_up()
    with pytest.raises(log_download.DownloadBroken):
        downloads[0].first()
    for _ in range(600):
        if downloads[0].has_ended:
            break
        threading.Event().wait(0.05)
    assert olu.get("/audit/export").status_code == 200
    busy.web.memory.close()
    assert all(download is not None and download.has_ended for download in downloads)
