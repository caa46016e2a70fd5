"""The second verifier of exports: it agrees with the first on good and bad ones, and each of its checks is needed."""

import ast
import importlib.util
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assettrack.domain.log_export import NotAnExport
from assettrack.services import log_export
from assettrack.station.keys import verify_signature
from tests.architecture import ROOT
from tests.conftest import Figure, soak_n
from tests.tools.damage import GOOD, GUARDS, KEY, SEEN_BY_ONE_CHECK, WAYS, Case

TOOL = ROOT / "tools" / "verify_export.py"
ROUNDS = 40


def loaded() -> ModuleType:
    """The verifier as a module of its own, made anew."""
    spec = importlib.util.spec_from_file_location("second_verifier", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SECOND = loaded()


def first_says(case: Case) -> bool:
    """Whether the program calls an export good."""
    try:
        return log_export.check(BytesIO(b"".join(case.lines)), verify_signature, case.key).ok
    except NotAnExport:
        return False


def second_says(case: Case, verifier: ModuleType = SECOND) -> bool:
    """Whether the second verifier calls an export good."""
    try:
        sentence = verifier.verify(BytesIO(b"".join(case.lines)), case.key)
    except verifier.NotGood:
        return False
    return bool(sentence.startswith("The export is good: "))


def drawn(rounds: int) -> Iterator[tuple[str, int, Case]]:
    """Exports that went each of the ways so many times, with the seed of each."""
    for way in WAYS:
        for seed in range(rounds):
            yield way.__name__, seed, way(Random(seed))


def disagreements(rounds: int) -> tuple[Counter[bool], list[tuple[str, int]]]:
    """How many exports were good and bad, and those on which a verifier says otherwise."""
    seen, wrong = Counter[bool](), []
    for way, seed, case in drawn(rounds):
        seen[case.good] += 1
        if (first_says(case), second_says(case)) != (case.good, case.good):
            wrong.append((way, seed))
    return seen, wrong


def test_both_verifiers_agree(figure: Figure) -> None:
    """On good exports and on those that went bad in any way, both say what is true."""
    seen, wrong = disagreements(ROUNDS)
    figure(f"exports on which two verifiers agree: {seen[True]} good, {seen[False]} bad")
    assert wrong == []
    assert seen[True] > ROUNDS
    assert seen[False] > 10 * ROUNDS


@pytest.mark.soak
def test_both_verifiers_agree_for_long(figure: Figure) -> None:
    """The same, as often as asked for."""
    seen, wrong = disagreements(soak_n(2000) // len(WAYS) + 1)
    figure(f"exports on which two verifiers agree (soak): {seen[True]} good, {seen[False]} bad")
    assert wrong == []


@pytest.mark.parametrize(("sentence", "case"), SEEN_BY_ONE_CHECK, ids=[each[0] for each in SEEN_BY_ONE_CHECK])
def test_a_verifier_without_one_of_its_checks_disagrees(
    sentence: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each check is needed: without it the second verifier calls good what the first does not."""
    assert not first_says(case)
    assert not second_says(case)
    twin = loaded()
    require = twin.require
    monkeypatch.setattr(twin, "require", lambda good, said: require(good or sentence in said, said))
    assert second_says(case, twin)
    assert second_says(Case(GOOD, KEY, good=True), twin)


def test_every_check_has_its_twin() -> None:
    """No check is left out of the test above."""
    calls = [node for node in ast.walk(ast.parse(TOOL.read_text("utf-8"))) if isinstance(node, ast.Call)]
    checks = [ast.unparse(call.args[1]) for call in calls if getattr(call.func, "id", "") == "require"]
    known = [sentence for sentence, _ in SEEN_BY_ONE_CHECK] + list(GUARDS)
    assert len(checks) >= len(known)
    assert [check for check in checks if not any(part in check for part in known)] == []


def test_it_is_short_and_stands_alone() -> None:
    """At most 200 lines, and nothing but the standard library: who wants to can read it whole."""
    text = TOOL.read_text("utf-8")
    assert len(text.splitlines()) <= 200
    nodes = list(ast.walk(ast.parse(text)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert len(names) > 5
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the script by itself: no site packages, no other folder to import from."""
    command = [sys.executable, "-I", "-S", str(TOOL), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_it_runs_alone_and_says_one_sentence(tmp_path: Path) -> None:
    """Exit code 0 for a good export, 1 for any other file; one line on stdout, nothing else."""
    good, bad = tmp_path / "good.export", tmp_path / "bad.export"
    good.write_bytes(b"".join(GOOD))
    bad.write_bytes(b"".join(GOOD[:-1]))
    for words, code, start in (
        ([str(good)], 0, "The export is good: 21 entries, each with its proof, signed by assettrack-trial001+"),
        ([str(good), "--key", KEY], 0, "The export is good: 21 entries"),
        ([str(good), "--key", "another"], 1, "The export is not good: It is signed with another key: "),
        ([str(bad)], 1, "The export is not good: 21 entries were signed, and 20 are there."),
        ([str(TOOL)], 1, "The export is not good: The header is not written as an export writes it."),
        ([str(tmp_path)], 1, "The export is not good: "),
        ([str(tmp_path / "nowhere")], 1, "The export is not good: "),
    ):
        ended = run(*words)
        assert (ended.returncode, ended.stderr, ended.stdout.count("\n")) == (code, "", 1), ended
        assert ended.stdout.startswith(start)


# Section 7.1 of RFC 8032: secret key, public key, message, signature.
PUBLISHED = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("secret", "public", "message", "signature"), PUBLISHED)
def test_published_signatures_are_right(secret: str, public: str, message: str, signature: str) -> None:
    """The published signatures of RFC 8032 are right, and with any byte changed they are wrong."""
    key, said, signed = (bytes.fromhex(text) for text in (public, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(said) == signed
    assert SECOND.ed25519(key, said, signed)
    for place in range(64):
        wrong = bytearray(signed)
        wrong[place] ^= 1 << place % 8
        assert not SECOND.ed25519(key, said, bytes(wrong))
    assert not SECOND.ed25519(key, said + b"x", signed)
    assert not SECOND.ed25519(key, said, signed[:-1])
    assert not SECOND.ed25519(
        key, said, signed[:32] + (SECOND.ORDER + int.from_bytes(signed[32:], "little")).to_bytes(32, "little")
    )


def test_signatures_are_judged_as_the_library_judges_them() -> None:
    """Random keys, messages and signatures, good and damaged: both answer alike."""
    chance = Random(7)
    answers = Counter[bool]()
    for _ in range(60):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key, said = private.public_key().public_bytes_raw(), chance.randbytes(chance.randrange(200))
        parts = [bytearray(part) for part in (key, said, private.sign(said))]
        hurt = chance.choice(parts)
        if hurt and chance.random() < 0.6:
            hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        expected = verify_signature(*map(bytes, parts))
        answers[expected] += 1
        assert SECOND.ed25519(*map(bytes, parts)) == expected
    assert min(answers[True], answers[False]) > 10
