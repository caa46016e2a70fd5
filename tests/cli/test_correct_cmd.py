"""`correct` and how corrections are shown: the same preview, confirm, save as everywhere (DESIGN §10)."""

import pytest

from tests.cli.conftest import Desk

ISSUED, OTHER = 9, 7
"""Entries of the stocked station: LT-3's ISSUE to Jane Smith, and the SCAN of LT-2 into no slot."""

TO_BOB = ("--set", "issued_to_name=Bob Lee")
WHY = ("--reason", "mixed up")


@pytest.fixture
def handed_out(stocked: Desk) -> Desk:
    """The stocked station, with Bob Lee registered by entry 12."""
    stocked.tell("holder", "add", "Bob Lee")
    assert stocked.log_size() == 12
    return stocked


def test_a_correction_is_previewed_confirmed_and_made(handed_out: Desk) -> None:
    """`--preview` shows row and asset before and after with a code and saves nothing; the code makes just that."""
    shown = handed_out.ask("correct", "9", *TO_BOB, "--preview")
    assert (shown["corrects"], shown["asset_tag"], shown["valid"]) == (9, "LT-3", True)
    assert shown["changed"] == {"issued_to_name": "Bob Lee"}
    assert shown["row"]["before"]["issued_to_name"] == "Jane Smith"
    assert shown["row"]["after"] == shown["row"]["before"] | {"issued_to_name": "Bob Lee"}
    assert (shown["before"]["holder"], shown["after"]["holder"]) == ("Jane Smith", "Bob Lee")
    assert (shown["illegal"], shown["notices"]) == ([], [])
    assert handed_out.log_size() == 12
    done = handed_out.ask("correct", "9", *TO_BOB, *WHY, "--confirm", shown["confirm"].lower())
    assert done.pop("checkpoint").startswith("assettrack-")
    assert done == {
        **{key: shown[key] for key in ("corrects", "asset_tag", "changed", "before", "after")},
        "batch_id": None,
        "committed": 1,
        "already_committed": False,
        "first_seq": 13,
        "last_seq": 13,
    }
    assert handed_out.ask("asset", "show", "LT-3")["holder"] == "Bob Lee"
    assert handed_out.ask("audit", "verify")["ok"] is True


def test_what_a_person_reads(handed_out: Desk) -> None:
    """The page tells entry, cells and asset, and how to go on; the correction itself is a line."""
    page = handed_out.tell("correct", "9", *TO_BOB, "--set", "notes=with bag", "--preview")
    assert "Entry 9: ISSUE of LT-3\nNothing is saved yet.\n" in page
    assert "issued_to_name  Jane Smith  Bob Lee\n" in page
    assert "notes           (blank)     with bag\n" in page
    assert "LT-3 now: in custody of Jane Smith → in custody of Bob Lee\n" in page
    code = handed_out.ask("correct", "9", *TO_BOB, "--set", "notes=with bag", "--preview")["confirm"]
    assert page.endswith(f"To make exactly this correction, repeat the command with --confirm {code}\n")
    said = handed_out.tell("correct", "9", *TO_BOB, *WHY, "--yes")
    assert said == "Corrected: entry 9, by entry 13 of the log. LT-3: in custody of Bob Lee.\n"


def test_what_it_does_to_acceptances_is_told_before(handed_out: Desk) -> None:
    """Who would have something to accept, and who be asked no more, in the words of the pages; for programs too."""
    page = handed_out.tell("correct", "9", *TO_BOB, "--preview")
    jane, bob = "Jane Smith is not asked to accept it any more", "Bob Lee has it to accept"
    assert f"Acceptances\n  Batch 1: {jane}.\n  Batch 1: {bob}.\n" in page
    asked = [{"batch_id": 1, "holder": name, "asked": is_asked} for name, is_asked in BOTH]
    assert handed_out.ask("correct", "9", *TO_BOB, "--preview")["handovers"] == asked
    assert "Acceptances" not in handed_out.tell("correct", "9", "--set", "notes=with bag", "--preview")
    wrong = ("--set", "timestamp=2026-01-01T00:00:00Z", *TO_BOB, "--preview")
    assert handed_out.ask("correct", "9", *wrong, exit_code=4)["handovers"] == []


BOTH = (("Jane Smith", False), ("Bob Lee", True))


def test_the_history_marks_what_was_corrected(handed_out: Desk) -> None:
    """`asset history` shows both, the corrected entry with the one that corrects it; JSON bodies stay as they are."""
    before = handed_out.ask("asset", "history", "LT-3")
    assert before["corrections"] == []
    handed_out.tell("correct", "9", *TO_BOB, *WHY, "--yes")
    handed_out.tell(
        "correct", "13", "--set", "notes=with bag", "--set", "operator_id=mara", "--reason", "forgotten", "--yes"
    )
    after = handed_out.ask("asset", "history", "LT-3")
    assert after["corrections"] == [{"corrected_seq": 9, "seq": 13}, {"corrected_seq": 13, "seq": 14}]
    assert after["entries"][:-2] == before["entries"]
    assert [entry["event_type"] for entry in after["entries"][-2:]] == ["CORRECTION", "CORRECTION"]
    lines = handed_out.tell("asset", "history", "LT-3").splitlines()
    assert [line.split()[0] for line in lines] == ["entry", "8", "9", "13", "14"]
    assert [("[corrected by entry" in line) for line in lines] == [False, False, True, True, False]
    assert lines[2].endswith("in CASE-01 slot 3 → in custody of Jane Smith [corrected by entry 13]")
    assert lines[3].endswith(
        "LT-3: corrected entry 9: issued to Bob Lee, not Jane Smith (mixed up) [corrected by entry 14]"
    )
    assert lines[4].endswith(" LT-3: corrected entry 13: notes with bag, done by mara (forgotten)")
    assert "corrected entry 9: issued to Bob Lee, not Jane Smith" in handed_out.tell("audit", "show", "--from", "13")


def test_an_illegal_correction_names_every_entry(handed_out: Desk) -> None:
    """A preview shows what would not be legal any more, and why; making it is refused with the same, also in JSON."""
    late = ("--set", "timestamp=2026-02-01T10:00Z")
    shown = handed_out.ask("correct", "8", *late, "--preview", exit_code=4)
    assert (shown["valid"], shown["confirm"], shown["error"]["code"]) == (False, None, "correction_refused")
    (found,) = shown["illegal"]
    assert (found["seq"], found["asset_tag"], found["code"]) == (9, "LT-3", "late_in_history")
    refused = handed_out.ask("correct", "8", *late, *WHY, "--yes", exit_code=4)
    assert refused == {"error": shown["error"], "illegal": shown["illegal"]}
    said = handed_out.type("correct", "8", *late, "--preview")
    assert (said.exit_code, said.err) == (4, "This correction can't be made. Nothing was saved.\n")
    assert "With it, 1 entry would not be legal any more\n" in said.out
    assert f"    9  LT-3   {found['message']}\n" in said.out
    said = handed_out.type("correct", "8", "--set", "case_number=CASE-09", "--preview")
    assert "With it, 2 entries would not be legal any more\n" in said.out
    assert "LT-3 now: it would not exist\n" in said.out
    assert handed_out.log_size() == 12


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (["99", *TO_BOB, *WHY, "--yes"], 4, "unknown_entry"),
        (["4", *TO_BOB, *WHY, "--yes"], 4, "entry_not_correctable"),
        (["9", "--set", "asset_tag=LT-1", *WHY, "--yes"], 4, "column_not_correctable"),
        (["9", "--set", "event_type=RETURN", *WHY, "--yes"], 4, "column_not_correctable"),
        (["9", "--set", "issued_to_name=Jane Smith", *WHY, "--yes"], 4, "nothing_changes"),
        (["9", "--set", "issued_to_name=", *WHY, "--yes"], 3, "correction_has_problems"),
        (["9", *TO_BOB, *WHY, "--confirm", "AAAA-AAAA"], 4, "confirm_code_wrong"),
        (["9", *TO_BOB, *WHY], 2, "confirmation_missing"),
        (["9", *TO_BOB, *WHY, "--yes", "--preview"], 2, "confirmation_missing"),
        (["9", *TO_BOB, *WHY, "--confirm", "AAAA-AAAA", "--yes"], 2, "confirmation_missing"),
        (["9", *TO_BOB, "--yes"], 2, "usage"),
        (["9", *WHY, "--yes"], 2, "usage"),
        (["0", *TO_BOB, *WHY, "--yes"], 2, "usage"),
        (["nine", *TO_BOB, *WHY, "--yes"], 2, "usage"),
        (["9", *TO_BOB, "--reason", " ", "--yes"], 2, "value_unusable"),
        (["9", "--set", "issued_to_name", *WHY, "--yes"], 2, "value_unusable"),
        (["9", "--set", "colour=red", *WHY, "--yes"], 2, "value_unusable"),
        (["9", "--set", "notes=a\x1b[31m", *WHY, "--yes"], 2, "value_unusable"),
        (["9", "--set", "notes=a\udcff", *WHY, "--yes"], 2, "value_unusable"),
        (["9", *TO_BOB, "--set", "issued_to_name=Jane", *WHY, "--yes"], 2, "value_unusable"),
    ],
)
def test_what_can_not_be_is_told_clearly(handed_out: Desk, words: list[str], exit_code: int, code: str) -> None:
    """Each has its code and exit code, and nothing is saved."""
    assert handed_out.refuse("correct", *words, exit_code=exit_code)["code"] == code
    assert handed_out.log_size() == 12


def test_what_can_be_corrected_is_listed(handed_out: Desk) -> None:
    """A field that nothing has is answered with those that can be corrected, and no other."""
    said = handed_out.refuse("correct", "9", "--set", "holder=Bob", *WHY, "--yes", exit_code=2)["message"]
    assert "of an acceptance how, by, at" in said
    for field in ("issued_to_name", "timestamp", "operator_id", "due_on"):
        assert field in said
    for field in ("asset_tag", "event_type"):
        assert field not in said


def test_values_are_read_as_a_file_is(handed_out: Desk) -> None:
    """Fields in any case, blanks around values, a value with an equals sign or a line break, one that is blank."""
    handed_out.tell("correct", "9", "--set", " Notes = a=b\nc ", "--set", "notes= a=b\nc ", *WHY, "--yes")
    assert handed_out.ask("correct", "13", "--set", "notes=", "--preview")["changed"] == {"notes": ""}
    assert handed_out.ask("asset", "history", "LT-3")["entries"][-1]["changed"] == {"notes": "a=b\nc"}


def test_on_a_terminal_the_correction_is_asked_for(handed_out: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a code the page is shown and the question asked; no saves nothing, yes makes what was shown."""
    from assettrack.cli import confirmation

    monkeypatch.setattr(confirmation, "on_a_terminal", lambda: True)
    answers = iter([False, True])
    monkeypatch.setattr("click.confirm", lambda _: next(answers))
    said = handed_out.type("correct", "9", *TO_BOB, *WHY)
    assert (said.exit_code, said.err) == (130, "Not corrected. Nothing was saved.\n")
    assert "Check this correction before you make it" in said.out
    assert handed_out.log_size() == 12
    assert "Corrected: entry 9" in handed_out.tell("correct", "9", *TO_BOB, *WHY)
    said = handed_out.type("correct", "8", "--set", "case_number=CASE-09", *WHY)
    assert (said.exit_code, "would not be legal any more" in said.err) == (4, True)


def test_problems_are_listed_as_for_a_refused_commit(handed_out: Desk) -> None:
    """In JSON beside the error, each with its field, and no refusals; for a person above the sentence."""
    words = ("correct", "9", "--set", "issued_to_name=", "--set", "timestamp=soon", *WHY, "--yes")
    answer = handed_out.ask(*words, exit_code=3)
    assert answer.keys() == {"error", "problems", "refusals"}
    assert sorted((each["field"], each["code"], each["row_number"]) for each in answer["problems"]) == [
        ("issued_to_name", "cell_missing", None),
        ("timestamp", "timestamp_invalid", None),
    ]
    assert answer["refusals"] == []
    assert "has 2 problems. Nothing was saved." in answer["error"]["message"]
    said = handed_out.type(*words)
    assert "2 problems\n" in said.err
    assert "  this entry, issued_to_name\n    issued_to_name is blank. ISSUE rows need it.\n" in said.err
    assert handed_out.log_size() == 12


def test_a_due_date_is_corrected(handed_out: Desk) -> None:
    """It is a field of a row that gives; the asset follows, and is shown with the date and the correction."""
    due = ("--set", "due_on=2027-01-31")
    assert "due_on  (blank)  2027-01-31\n" in handed_out.tell("correct", "9", *due, "--preview")
    shown = handed_out.ask("correct", "9", *due, "--preview")
    assert shown["changed"] == {"due_on": "2027-01-31"}
    assert (shown["row"]["before"]["due_on"], shown["row"]["after"]["due_on"]) == ("", "2027-01-31")
    said = handed_out.tell("correct", "9", *due, *WHY, "--confirm", shown["confirm"])
    assert said == ("Corrected: entry 9, by entry 13 of the log. LT-3: in custody of Jane Smith, due 2027-01-31.\n")
    asset = handed_out.ask("asset", "show", "LT-3")
    assert (asset["due_on"], asset["corrections"]) == ("2027-01-31", [{"corrected_seq": 9, "seq": 13}])
    page = handed_out.tell("asset", "show", "LT-3")
    assert "  due_on          2027-01-31\n  corrected       entry 9, by entry 13\n" in page
    assert "corrections" not in handed_out.ask("asset", "show", "LT-1")
    none = handed_out.tell("correct", "13", "--set", "due_on=", "--preview")
    assert "due_on  2027-01-31  (blank)\n" in none
    assert "LT-3 now: due on no date\n" in none
    assert handed_out.refuse("correct", "13", "--set", "due_on=soon", *WHY, "--yes", exit_code=3)["code"] == (
        "correction_has_problems"
    )
    assert handed_out.refuse("correct", "8", *due, *WHY, "--yes", exit_code=4)["code"] == "due_not_correctable"


def test_what_is_taken_away_is_shown_as_blank(handed_out: Desk) -> None:
    """A description that the asset has no more by a correction is told as blank."""
    handed_out.tell("correct", "8", "--set", "model=X1", *WHY, "--yes")
    page = handed_out.tell("correct", "13", "--set", "model=", "--preview")
    assert "LT-3 now: model X1 → (blank)\n" in page


def test_an_acceptance_is_corrected(handed_out: Desk) -> None:
    """Previewed, confirmed and made as a row's correction is; the answer tells both sides of it."""
    accepted = handed_out.ask("acceptance", "record", "1", "--holder", "Jane Smith", "--how", "typed")
    assert accepted["seq"] == 13
    change = ("--set", "how=paper", "--set", "AT=2026-02-28 10:30")
    shown = handed_out.ask("correct", "13", *change, "--preview")
    before = {"how": "typed", "by": "Jane Smith", "at": accepted["accepted_at"]}
    changed = {"how": "paper", "at": "2026-02-28T09:30:00.000000Z"}
    acceptance = {"batch_id": 1, "holder": "Jane Smith", "before": before, "after": before | changed}
    assert shown == {
        "corrects": 13, "asset_tag": None, "changed": changed, "before": None, "after": None, "acceptance": acceptance,
        "valid": True, "confirm": shown["confirm"], "row": None, "illegal": [], "notices": [], "handovers": [],
    }  # fmt: skip
    page = handed_out.tell("correct", "13", *change, "--preview")
    assert "Entry 13: acceptance of batch 1 with Jane Smith\nNothing is saved yet.\n" in page
    assert "how    typed " in page
    assert page.endswith(f"repeat the command with --confirm {shown['confirm']}\n")
    done = handed_out.ask("correct", "13", *change, *WHY, "--confirm", shown["confirm"])
    assert (done["first_seq"], done["acceptance"], done["asset_tag"]) == (14, acceptance, None)
    said = handed_out.tell("correct", "14", "--set", "by=Ann Poe", *WHY, "--yes")
    assert said == (
        "Corrected: entry 14, by entry 15 of the log. "
        "What batch 1 exchanged with Jane Smith was accepted by Ann Poe (paper).\n"
    )
    assert "batch 1 with Jane Smith: corrected entry 14: accepted by Ann Poe (mixed up)" in handed_out.tell(
        "audit", "show", "--last", "1"
    )
    activity = {row["seq"]: row["corrected_by"] for row in handed_out.ask("report", "activity")["rows"]}
    assert (activity[13], activity[14], activity[15]) == (14, 15, None)
    assert handed_out.ask("audit", "verify")["ok"] is True


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (["13", "--set", "notes=x"], 4, "unknown_column_of_acceptance"),
        (["13", "--set", "how=hearsay"], 3, "correction_has_problems"),
        (["13", "--set", "at=2026-01-31T08:00Z"], 4, "accepted_before_handover"),
        (["13", "--set", "how=typed"], 4, "nothing_changes"),
        (["9", "--set", "how=paper"], 4, "unknown_column"),
        (["4", "--set", "how=paper"], 4, "entry_not_correctable"),
    ],
)
def test_what_of_an_acceptance_can_not_be(handed_out: Desk, words: list[str], exit_code: int, code: str) -> None:
    """Another field, what it can't say, a time before the handover, and fields of an acceptance on anything else."""
    handed_out.tell("acceptance", "record", "1", "--holder", "Jane Smith", "--how", "typed")
    assert handed_out.refuse("correct", *words, *WHY, "--yes", exit_code=exit_code)["code"] == code
    assert handed_out.log_size() == 13


def test_a_correction_points_out_what_a_batch_would(handed_out: Desk) -> None:
    """A serial number that another asset has, and a room that nobody manages, are notices."""
    handed_out.tell("correct", "8", "--set", "serial_number=S-1", *WHY, "--yes")
    handed_out.tell("building", "add", "HQ")
    shown = handed_out.ask("correct", "7", "--set", "serial_number=S-1", "--set", "building_room=Cellar", "--preview")
    assert [(each["row_number"], each["field"], each["code"]) for each in shown["notices"]] == [
        (None, "serial_number", "serial_number_twice"),
        (None, "building_room", "unknown_room"),
    ]
    assert shown["valid"] is True
