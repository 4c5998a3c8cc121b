"""What we need to know about processes that are not our children."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_KEPT: list[subprocess.Popen[bytes]] = []


def is_working_in(pid: int, directory: Path) -> bool:
    """Does the process live, and is ``directory`` its current directory? So a number that was given out again is not mistaken."""
    proc = Path("/proc") / str(pid)
    if not Path("/proc/self/cwd").exists():
        return _is_listed(pid)
    try:
        state = (proc / "stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and (proc / "cwd").readlink() == directory
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def _is_listed(pid: int) -> bool:
    """For machines without /proc (macOS): any living process of that number."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.returncode == 0 and not listed.stdout.strip().startswith("Z")


def detached(command: list[str], log: Path, **how: Any) -> subprocess.Popen[bytes]:
    """Start a process that goes on when we end; what it says goes to the end of ``log``."""
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True, **how)
    _KEPT.append(process)
    return process


def until(is_so: Callable[[], object], seconds: float) -> bool:
    """Wait until ``is_so()``, at most ``seconds``; False when it did not come about."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True
