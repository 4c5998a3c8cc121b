"""The processes of one machine, in one terminal: started, listened to, started again when they crash, stopped in order.

One thread and one `select`: what a child says, that it ended, and that somebody pressed Ctrl-C all arrive in the same place.
"""

import ctypes
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from sandbox.machine.terminal import Terminal

STEADY = 30.0  # seconds; who lived that long has not failed to start
LONGEST_PAUSE = 30.0
LAST_WORDS = 0.2


class Stopped(Exception):
    """Somebody asked us to stop."""


class Failed(Exception):
    """A process that we cannot do without did not do its work."""


@dataclass(slots=True)
class Child:
    """One process that shall run as long as we do."""

    name: str
    command: Callable[[], list[str]]
    how: dict[str, Any] = field(default_factory=dict)
    """Keyword arguments for Popen."""
    shelf: int = 1
    """Children on a higher shelf are stopped before those on a lower one."""
    stop_by: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    chatter: str = ""
    """Lines in which this pattern is found are not worth showing."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    """How often it ended by itself without having been steady in between."""
    due: float | None = None
    """When to start it again."""


class Children:
    """Supervises; `terminal` gets every line that is said."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.all: list[Child] = []
        self.asked_to_stop = 0
        self._selector = selectors.DefaultSelector()
        self._partial: dict[int, bytes] = {}
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        os.set_blocking(self._wake_reader, False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, None)

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask us to stop; a child's end wakes us."""
        signal.set_wakeup_fd(self._wake_writer)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop += 1

    def start(self, child: Child) -> None:
        """Start it, and keep it running from now on."""
        if child not in self.all:
            self.all.append(child)
        child.due, child.started = None, time.monotonic()
        child.process = self._spawn(child.name, child.command(), hear=self._hearing(child), die_by=child.stop_by, **child.how)

    def _hearing(self, child: Child) -> Callable[[str], None]:
        def hear(line: str) -> None:
            if not (child.chatter and re.search(child.chatter, line)):
                self.terminal.say(child.name, line)

        return hear

    def run(self, name: str, command: list[str], **how: Any) -> str:
        """Run something to its end; what it writes to standard output is returned, the rest is shown."""
        said: list[str] = []
        process = self._spawn(name, command, hear=said.append, apart=True, **how)
        try:
            while process.poll() is None:
                self.attend(1.0)
        except Stopped:
            _end(process, signal.SIGTERM, 5.0)
            raise
        self._hear_out(process)
        if process.returncode:
            for line in said:
                self.terminal.say(name, line)
            raise Failed(f"{name} failed (exit code {process.returncode}); its last words are above.")
        return "\n".join(said)

    def attend(self, seconds: float) -> None:
        """Listen for at most `seconds`, start again what has fallen; raises Stopped when asked to stop."""
        next_start = min((child.due for child in self.all if child.due is not None), default=None)
        self._listen(seconds if next_start is None else max(0.0, min(seconds, next_start - time.monotonic())))
        if self.asked_to_stop or self.terminal.is_gone:
            raise Stopped
        now = time.monotonic()
        for child in self.all:
            if child.process is not None and child.process.poll() is not None:
                self._fell(child, child.process, now)
            if child.due is not None and child.due <= now:
                self.start(child)

    def wait_until(self, is_so: Callable[[], object], child: Child, seconds: float, *, falls: int = 3) -> None:
        """Attend until it is so. Gives up when `child` has fallen too often or the time is over."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if child.falls >= falls:
                raise Failed(f"{child.name} does not start; its last words are above.")
            if time.monotonic() > deadline:
                raise Failed(f"{child.name} did not answer within {seconds:.0f} seconds.")
            self.attend(0.05)

    def stop_all(self) -> None:
        """Stop every child, shelf by shelf; a second Ctrl-C kills what still hesitates."""
        self.asked_to_stop = 0
        for shelf in sorted({child.shelf for child in self.all}, reverse=True):
            self._stop({child.process: child for child in self.all if child.shelf == shelf and child.process})
        self.all.clear()

    def _stop(self, running: dict[subprocess.Popen[bytes], Child]) -> None:
        begun = time.monotonic()
        for process, child in running.items():
            process.send_signal(child.stop_by)
        while still := [process for process in running if process.poll() is None]:
            for process in still:
                if self.asked_to_stop or time.monotonic() > begun + running[process].patience:
                    self.terminal.say("up", f"{running[process].name} does not stop; it is killed.")
                    # A database that is told to quit at once still tidies its shared memory.
                    _end(process, signal.SIGQUIT if running[process].stop_by is signal.SIGINT else signal.SIGKILL, 5.0)
            self._listen(0.1)
        for process in running:
            _bury(process)
            self._hear_out(process)

    def _fell(self, child: Child, process: subprocess.Popen[bytes], now: float) -> None:
        self._hear_out(process)
        _bury(process)
        code, child.process = process.returncode, None
        child.falls = 1 if now - child.started > STEADY else child.falls + 1
        pause = min(0.5 * 2 ** (child.falls - 1), LONGEST_PAUSE)
        child.due = now + pause
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        self.terminal.say("up", f"{child.name} {how}; it is started again in {pause:g} s.")

    def _spawn(
        self, name: str, command: list[str], *, hear: Callable[[str], None], apart: bool = False, die_by: signal.Signals = signal.SIGTERM, **how: Any
    ) -> subprocess.Popen[bytes]:
        # A session of its own: the terminal's Ctrl-C reaches us alone, and we stop them in order.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(die_by),  # noqa: PLW1509 - there is one thread
            **how,
        )
        self._register(process.stdout, hear)
        self._register(process.stderr, lambda line: self.terminal.say(name, line))
        return process

    def _register(self, pipe: IO[bytes] | None, hear: Callable[[str], None]) -> None:
        if pipe is not None:
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, hear)

    def _listen(self, seconds: float) -> None:
        """Read what was said; at most one round, at most `seconds` of silence."""
        for key, _ in self._selector.select(seconds):
            piece = _read(key.fd)
            if key.data is None or piece is None:
                continue
            *lines, rest = (self._partial.pop(key.fd, b"") + piece).split(b"\n")
            if piece:
                self._partial[key.fd] = rest
            else:
                lines += [rest] if rest else []
                self._selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
            for line in lines:
                key.data(line.decode(errors="replace").rstrip("\r"))

    def _hear_out(self, process: subprocess.Popen[bytes]) -> None:
        """Read a dead child's last words; who still holds its pipe is not waited for."""
        deadline = time.monotonic() + LAST_WORDS
        while any(pipe and not pipe.closed for pipe in (process.stdout, process.stderr)) and time.monotonic() < deadline:
            self._listen(0.02)


def _read(fd: int) -> bytes | None:
    try:
        return os.read(fd, 65536)
    except BlockingIOError:
        return None


def _end(process: subprocess.Popen[bytes], sign: signal.Signals, patience: float) -> None:
    process.send_signal(sign)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _bury(process)


def _bury(process: subprocess.Popen[bytes]) -> None:
    """What a dead child left behind in its process group goes too."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel stops a child whose supervisor was killed; elsewhere the next start finds the port in use."""
    if sys.platform != "linux":
        return None
    prctl, pdeathsig = ctypes.CDLL(None).prctl, 1

    def after_fork() -> None:
        prctl(pdeathsig, int(sign))

    return after_fork
