"""Runs a command as its own process and says what it cost."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """CPU seconds (user and system) and peak memory (MB, 10^6 bytes) of one process."""

    cpu_seconds: float
    peak_mb: float


def run(
    command: Sequence[str],
    *,
    environment: dict[str, str] | None = None,
    given: str = "",
    output: Path | None = None,
    allowed: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end and return what it cost; what it prints goes to the file ``output``.

    The output is not read here: a child's peak memory would begin with that of this process.

    Raises:
        RuntimeError: it did not exit with one of the codes allowed.
    """
    with tempfile.TemporaryFile() as messages, (output or Path(os.devnull)).open("wb") as target:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=target, stderr=messages, env=environment, text=True
        ) as process:
            assert process.stdin is not None
            process.stdin.write(given)
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            messages.seek(0)
            raise RuntimeError(f"{command[:3]} exited with {process.returncode}: {messages.read().decode()[-500:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)


def environment_in(folder: Path) -> dict[str, str]:
    """Return an environment whose home and data folders are in ``folder``, with Python as users have it.

    A setting such as PYTHONDONTWRITEBYTECODE would have every process compile the program anew.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSETTRACK_", "XDG_", "PYTHON"))}
    return kept | {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "ASSETTRACK_OPERATOR": "bench",
    }
