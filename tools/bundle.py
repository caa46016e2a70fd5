"""`make bundle`: everything that installs AssetTrack where there is no network, as one folder and one file.

Owns what a bundle is made of: AssetTrack's wheel, the wheels of what it needs at run time (by the hashes of
`requirements/run.lock`), the sums of all files, and the scripts of `packaging/bundle/`. From the same wheels the same
bytes are made, whenever and by whomever. Must never take a package whose hash is not in the lock.
"""

import argparse
import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.lock"
SCRIPTS = ROOT / "packaging" / "bundle"
RUN_BY_HAND = {"install.sh"}
EPOCH = 1_577_836_800
"""The time all files of a bundle bear, 2020-01-01 in seconds of Unix; a wheel can't bear one before 1980."""


def main() -> int:
    """Make the bundle; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "dist", help="where the bundle goes, dist by default")
    parser.add_argument("--wheels", type=Path, help="a folder with all wheels; without it they are built and fetched")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as name:
        making = Path(name) / "bundle"
        making.mkdir()
        try:
            _gather(making / "wheels", arguments.wheels)
        except subprocess.CalledProcessError as error:
            print(f"pip could not bring the wheels together, and ended with {error.returncode}.", file=sys.stderr)
            return 1
        version = _version(making / "wheels")
        write_about(making, version)
        bundle = folder / f"assettrack-{version}-bundle"
        shutil.rmtree(bundle, ignore_errors=True)
        making.replace(bundle)
    packed = folder / f"{bundle.name}.tar.gz"
    pack(bundle, packed)
    tell(bundle, packed)
    return 0


def _gather(wheels: Path, given: Path | None) -> None:
    """Bring all wheels together: those that are given, or AssetTrack's own, built, and the locked ones, fetched."""
    if given is not None:
        shutil.copytree(given, wheels)
        return
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": str(EPOCH)}
    ours = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    theirs = ("download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK))
    for words in (ours, (*theirs, "--dest", str(wheels))):
        subprocess.run([*pip, words[0], "--quiet", *words[1:]], check=True, env=surroundings)


def _version(wheels: Path) -> str:
    """Return the version of AssetTrack, as its wheel's name tells it."""
    (ours,) = wheels.glob("assettrack-*.whl")
    return ours.name.split("-")[1]


def write_about(bundle: Path, version: str) -> None:
    """Write everything but the wheels: the scripts, whom the bundle is for, the lock, and last the sums of all."""
    facts = {
        "version": version,
        "python": "{}.{}".format(*sys.version_info),
        "system": sys.platform,
        "machine": platform.machine(),
    }
    for script in sorted(SCRIPTS.iterdir()):
        text = script.read_text("utf-8")
        _write(bundle / script.name, text.format(**facts) if script.name == "README.txt" else text)
    _write(bundle / "MADE-FOR", " ".join(facts.values()) + "\n")
    _write(bundle / "requirements.lock", "".join(map(_locked, sorted((bundle / "wheels").glob("*.whl")))))
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    _write(bundle / "SHA256SUMS", "".join(f"{_sum(path)}  {path.relative_to(bundle).as_posix()}\n" for path in files))


def _locked(wheel: Path) -> str:
    """Return a wheel's line of the lock; its name begins with name and version (PEP 427)."""
    name, version = wheel.name.split("-")[:2]
    return f"{name.replace('_', '-').lower()}=={version} --hash=sha256:{_sum(wheel)}\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")  # sums and shells want the same bytes on every system


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(bundle: Path, packed: Path) -> None:
    """Pack a folder so that the same files give the same bytes: sorted, of nobody, at one time."""
    making = packed.with_name(f".making-{packed.name}")
    with (
        making.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=EPOCH) as squeezed,
        tarfile.open(mode="w", fileobj=squeezed, format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            about = tarfile.TarInfo(f"{bundle.name}/{path.relative_to(bundle).as_posix()}")
            about.size, about.mtime = path.stat().st_size, EPOCH
            about.mode = 0o755 if path.name in RUN_BY_HAND else 0o644
            with path.open("rb") as file:
                archive.addfile(about, file)
    making.replace(packed)


def tell(bundle: Path, packed: Path) -> None:
    """Say what was made, and what its SHA-256 is."""
    count = len(list((bundle / "wheels").iterdir()))
    made_for = (bundle / "MADE-FOR").read_text("utf-8").split()
    print(f"{packed}: AssetTrack {made_for[0]}, {count} wheels, {packed.stat().st_size / 1e6:.1f} MB")
    print("For CPython {} on {} {}; another Python or system needs a bundle of its own.".format(*made_for[1:]))
    print(f"SHA-256: {_sum(packed)}")
    print(f"There:   tar -xzf {packed.name} && sh {bundle.name}/install.sh")


if __name__ == "__main__":
    sys.exit(main())
