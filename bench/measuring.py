"""Runs a command as its own process and says what it cost."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """CPU seconds (user and system) and peak memory (MB, 10^6 bytes) of one process, and what it printed."""

    cpu_seconds: float
    peak_mb: float
    output: bytes


def run(command: Sequence[str], *, environment: dict[str, str] | None = None, given: bytes = b"") -> Cost:
    """Run a command to its end and return what it cost.

    Raises:
        RuntimeError: it did not exit with 0.
    """
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(given)
        process.stdin.close()
        output, messages = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:3]} exited with {process.returncode}: {messages.decode()[-500:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, output)


def environment_in(folder: Path) -> dict[str, str]:
    """Return an environment whose home and data folders are in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSETTRACK_", "XDG_"))}
    return kept | {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "ASSETTRACK_OPERATOR": "bench",
    }
