"""Owns the promise that a bundle installs without a network, whole or not at all, and only as it was made."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import ROOT

TOOL = ROOT / "tools" / "bundle.py"
FIRST_DAY = Path(__file__).with_name("first_day.py")
SECONDS_MAX = 300
NO_NETWORK = "after connection broken by"
"""What pip says where it reaches nobody; whatever else goes wrong is a fault."""

Ended = subprocess.CompletedProcess[str]


def run(*words: str | Path, **variables: str) -> Ended:
    """Run something in surroundings that have next to nothing."""
    bare = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **variables}
    return subprocess.run(
        [str(word) for word in words],
        env=bare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


@cache
def closing() -> tuple[str, ...]:
    """The words before a command that take the network away from it; none where the system does not let us."""
    words = ("unshare", "--map-root-user", "--net")
    return words if shutil.which("unshare") and run(*words, "true").returncode == 0 else ()


def install(bundle: Path, folder: Path, **variables: str) -> Ended:
    """Install a bundle with the network closed, or at least with nothing but a proxy that nobody keeps."""
    nobody = "http://127.0.0.1:9"
    proxies = {"http_proxy": nobody, "https_proxy": nobody, "PYTHON": sys.executable}
    return run(*closing(), "sh", bundle / "install.sh", folder, **{**proxies, **variables})


# -- the program itself -----------------------------------------------------------------------------------------------


@pytest.mark.timeout(SECONDS_MAX)
def test_the_bundle_works_where_there_is_no_network(tmp_path: Path) -> None:
    """Made from the lock and installed with the network closed, the program makes a station and serves its pages."""
    surroundings = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    made = run(sys.executable, TOOL, "--folder", tmp_path, **surroundings)
    if made.returncode and NO_NETWORK in made.stderr:
        pytest.skip("NOT TESTED: the wheels of a bundle can't be fetched here")
    assert made.returncode == 0, made.stderr
    (bundle,) = tmp_path.glob("assettrack-*-bundle")
    installed = install(bundle, tmp_path / "there")
    assert installed.returncode == 0, installed.stderr
    program = tmp_path / "there" / "bin" / "assettrack"
    day = run(*closing(), sys.executable, "-I", FIRST_DAY, program, tmp_path / "home")
    assert day.returncode == 0, day.stderr
    seen = json.loads(day.stdout)
    version = bundle.name.split("-")[1]
    assert seen["closed"] or not closing()
    assert seen["version"] == f"assettrack, version {version}\n"
    assert "Made a new station." in seen["init"]
    assert "/setup?link=" in seen["serve"]
    assert seen["status"] == 200
    assert "</html>" in seen["page"]


# -- a small bundle, of the same form ---------------------------------------------------------------------------------


def wheel_in(folder: Path, version: str) -> Path:
    """A wheel by the name of the program (PEP 427) that can only say its version."""
    about = f"assettrack-{version}.dist-info"
    files = {
        "assettrack.py": f"def main():\n    print('assettrack {version}')\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: assettrack\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\nassettrack = assettrack:main\n",
    }
    sums = {name: hashlib.sha256(text.encode()).digest() for name, text in files.items()}
    lines = [f"{name},sha256={base64.urlsafe_b64encode(each).decode().rstrip('=')}," for name, each in sums.items()]
    folder.mkdir()
    with zipfile.ZipFile(folder / f"assettrack-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in {**files, f"{about}/RECORD": "\n".join([*lines, f"{about}/RECORD,,\n"])}.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
    return folder


def bundle_of(wheels: Path) -> Path:
    """The bundle that is made of some wheels, unpacked as whoever carried it over would."""
    made = run(sys.executable, TOOL, "--folder", wheels.parent, "--wheels", wheels)
    assert made.returncode == 0, made.stderr
    (packed,) = wheels.parent.glob("*.tar.gz")
    there = wheels.parent / "carried over"
    there.mkdir()
    shutil.unpack_archive(packed, there, filter="data")
    (bundle,) = there.iterdir()
    return bundle


@pytest.fixture(name="bundle")
def _bundle(tmp_path: Path) -> Path:
    """A small bundle, as it was carried over."""
    (tmp_path / "made").mkdir()
    return bundle_of(wheel_in(tmp_path / "made" / "wheels", "0.0.1"))


QUICK = """#!/bin/sh
case "$*" in
    "-I -m venv "*)
        "{python}" -I -m venv --without-pip "$4" &&
            ln -s "{packages}"/pip "{packages}"/pip-* "$4"/lib/python*/site-packages ;;
    *) exec "{python}" "$@" ;;
esac
"""


@pytest.fixture
def quick_python(tmp_path: Path) -> str:
    """A Python whose environments have the pip that is here.

    Setting up one of their own takes far longer than all that a small bundle does; the bundle of the program has it.
    """
    script = tmp_path / "quick-python"
    script.write_text(QUICK.format(python=sys.executable, packages=sysconfig.get_path("purelib")))
    script.chmod(0o755)
    return str(script)


def sum_anew(bundle: Path) -> None:
    """Write the sums of a bundle as its files are now."""
    names = [line.partition("  ")[2] for line in (bundle / "SHA256SUMS").read_text().splitlines()]
    sums = [hashlib.sha256((bundle / name).read_bytes()).hexdigest() for name in names]
    (bundle / "SHA256SUMS").write_text("".join(f"{each}  {name}\n" for each, name in zip(sums, names, strict=True)))


def tree(folder: Path) -> set[tuple[str, int]]:
    """Everything in a folder, with the time of its last change; nothing where it is not there."""
    return {(str(path.relative_to(folder)), path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def without_venv(folder: Path) -> str:
    """A Python that can't make a virtual environment, as Debian's without python3-venv."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\ncase $* in *venv*) mkdir -p "$4"/bin; exit 1 ;; esac\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return str(path)


def test_a_bundle_is_installed_whole_or_what_was_there_stays(bundle: Path, tmp_path: Path, quick_python: str) -> None:
    """What was left half made is made anew; the next one, which can't be installed, changes nothing of the first."""
    there, entry = tmp_path / "there", tmp_path / "there" / "bin" / "assettrack"
    own = there / f"0.0.1-{hashlib.sha256((bundle / 'SHA256SUMS').read_bytes()).hexdigest()[:8]}"
    own.mkdir(parents=True)
    (own / "left-behind").touch()
    first = install(bundle, there, PYTHON=quick_python)
    assert (first.returncode, first.stdout) == (0, f"AssetTrack 0.0.1 is installed. Start it with: {entry}\n")
    assert run(entry).stdout == "assettrack 0.0.1\n"
    assert not (own / "left-behind").exists()

    before = tree(there)
    (tmp_path / "next").mkdir()
    second = install(bundle_of(wheel_in(tmp_path / "next" / "wheels", "0.0.2")), there, PYTHON=without_venv(tmp_path))
    assert second.returncode == 1
    assert "can't make a virtual environment (on Debian it needs the package python3-venv)." in second.stderr
    assert second.stderr.endswith("\nNothing was installed.\n")
    assert tree(there) == before
    assert run(entry).stdout == "assettrack 0.0.1\n"

    entry.unlink()
    entry.symlink_to("../0.0.0-of-another-day/bin/assettrack")
    assert install(bundle, there, PYTHON=quick_python).returncode == 0
    assert run(entry).stdout == "assettrack 0.0.1\n"


def change(bundle: Path) -> str:
    """Change one byte of the wheel."""
    (wheel,) = (bundle / "wheels").iterdir()
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 1
    wheel.write_bytes(content)
    return f"Changed or missing: wheels/{wheel.name}. Copy the bundle over again"


def lose(bundle: Path) -> str:
    """Lose the lock."""
    (bundle / "requirements.lock").unlink()
    return "Changed or missing: requirements.lock. Copy the bundle over again"


def lose_sums(bundle: Path) -> str:
    """Lose the sums."""
    (bundle / "SHA256SUMS").unlink()
    return "Changed or missing: SHA256SUMS. Copy the bundle over again"


def cut_sums(bundle: Path) -> str:
    """Cut the sums off, so that the wheel has none."""
    lines = (bundle / "SHA256SUMS").read_text().splitlines(keepends=True)
    (bundle / "SHA256SUMS").write_text("".join(line for line in lines if "wheels/" not in line))
    return "Not a part of it: wheels/assettrack-0.0.1-py3-none-any.whl."


def add(bundle: Path) -> str:
    """Put another wheel beside the one there is."""
    (bundle / "wheels" / "pip-99-py3-none-any.whl").write_bytes(b"")
    return "Not a part of it: wheels/pip-99-py3-none-any.whl."


@pytest.mark.parametrize("damage", [change, lose, lose_sums, cut_sums, add])
def test_a_bundle_that_is_not_as_it_was_made_is_refused(
    damage: Callable[[Path], str], bundle: Path, tmp_path: Path
) -> None:
    """A changed wheel, a missing file, one too many: it is named, and not even the folder is made."""
    sentence = damage(bundle)
    refused = install(bundle, tmp_path / "there")
    assert refused.returncode == 1
    assert f"The bundle is not as it was made. {sentence}" in refused.stderr
    assert refused.stderr.endswith("\nNothing was installed.\n")
    assert not (tmp_path / "there").exists()


def test_a_wheel_with_new_sums_is_refused_by_the_lock(bundle: Path, tmp_path: Path, quick_python: str) -> None:
    """Where the sums were made anew for a changed wheel, but not the lock, pip refuses it; no folder is left."""
    change(bundle)
    sum_anew(bundle)
    refused = install(bundle, tmp_path / "there", PYTHON=quick_python)
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert refused.stderr.endswith("\nNothing was installed.\n")
    assert not (tmp_path / "there").exists()


def test_another_python_is_told_which_one_is_needed(bundle: Path, tmp_path: Path) -> None:
    """Where no Python is there that the bundle was made for, it says for which it was made, and installs nothing."""
    (bundle / "MADE-FOR").write_text("0.0.1 3.4 linux x86_64\n")
    sum_anew(bundle)
    refused = install(bundle, tmp_path / "there")
    assert refused.returncode == 1
    assert f"for CPython 3.4 on linux x86_64, and {sys.executable} is not that." in refused.stderr
    assert not (tmp_path / "there").exists()


def test_a_program_that_came_another_way_is_left_alone(bundle: Path, tmp_path: Path) -> None:
    """A virtual environment that somebody made by hand is not written to."""
    (tmp_path / "there" / "bin").mkdir(parents=True)
    (tmp_path / "there" / "bin" / "assettrack").write_text("#!/bin/sh\n")
    before = tree(tmp_path / "there")
    refused = install(bundle, tmp_path / "there")
    assert refused.returncode == 1
    assert "was not made by this script. Name another folder" in refused.stderr
    assert tree(tmp_path / "there") == before


@pytest.mark.parametrize("words", [("--help",), ("one", "two")])
def test_the_way_to_call_it_is_said(words: tuple[str, ...], bundle: Path, tmp_path: Path) -> None:
    """An option, or two folders, are answered with how to call it."""
    refused = run("sh", bundle / "install.sh", *words, HOME=str(tmp_path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Call it like this: sh install.sh [FOLDER]\n")


def test_the_same_wheels_make_the_same_bundle(tmp_path: Path) -> None:
    """Made at another time, in another folder, the packed bundle is the same to the byte."""
    packed = list[bytes]()
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        wheels = wheel_in(tmp_path / place / "wheels", "0.0.1")
        os.utime(next(wheels.iterdir()), (len(packed) * 1e9, 1e9))
        bundle_of(wheels)
        packed.append((tmp_path / place / "assettrack-0.0.1-bundle.tar.gz").read_bytes())
    assert packed[0] == packed[1]
