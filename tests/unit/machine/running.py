"""A command that runs beside the test, and what it has said so far."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.machine.bare import ROOT
from sandbox.machine.processes import until


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str, seconds: float = 30) -> re.Match[str]:
        """The first place that matches; fails with everything that was said."""
        until(lambda: re.search(words, self.said()) or self.process.poll() is not None, seconds)
        found = re.search(words, self.said())
        assert found, f"never said {words!r}:\n{self.said()}"
        return found

    def end(self, sign: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        self.process.send_signal(sign)
        return self.process.wait(seconds)


@contextmanager
def running(script: str, directory: Path, **environ: str) -> Iterator[Running]:
    """Python with `script`, from the root of the checkout."""
    log = directory / f"said-{os.urandom(4).hex()}.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, **environ}, stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def is_gone(pid: int, within: float = 10) -> bool:
    """PostgreSQL takes its pid file away a moment before it ends; on a busy machine the moment is long."""
    until = time.monotonic() + within
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)
