"""One whole Zuke of real processes on loopback, to be hurt: what is killed is started again, as by `bin/up`."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller

from sandbox.machine.bare import ROOT
from sandbox.machine.ports import free_port
from sandbox.machine.postgres import Cluster
from sandbox.machine.processes import until
from sandbox.machine.up import is_well
from sandbox.machine.valkey import Store
from tenants.wall.engine import make_engine
from tests.faults.launcher import DATABASE, SECRET, Ports, environment
from tests.faults.mail import MailServer
from tests.faults.shop import Shop
from web.config import Settings
from workers.tenancy import House

MEMORY = Path("/dev/shm")  # what kill -9 leaves in files it leaves there as well, and a database is quicker back
VAR = MEMORY if os.access(MEMORY, os.W_OK) else ROOT / "var"
KEPT = ROOT / "var" / "faults"
START = 120.0  # seconds; the machine may be busy


@dataclass(slots=True)
class Machine:
    """`mail` keeps every message that was handed over."""

    folder: Path
    ports: Ports
    mail: MailServer
    house: House
    shop: Shop
    cluster: Cluster = field(init=False)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.cluster, self.store = Cluster(self.folder / "postgres"), Store(self.folder / "valkey")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports.web}"

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.cluster.admin_url(DATABASE), autocommit=True)

    def pid(self, name: str) -> int | None:
        """Of the process that runs under this name, if it lives."""
        try:
            pid = int((self.folder / "pids" / name).read_text())
        except FileNotFoundError:
            return None
        return pid if _lives(pid) else None

    def children(self, pid: int) -> list[int]:
        try:
            return [child for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) if _lives(child)]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def is_up(self, name: str) -> bool:
        """Does it do its work again? Of a worker only its life is known."""
        if self.pid(name) is None:
            return False
        if name == "postgres":
            return self.cluster.is_ready()
        if name == "valkey":
            return self.store.answers()
        return is_well(self.ports.web, "/healthz") if name == "web" else True

    def hold(self, name: str) -> None:
        """It will not be started again until `release`."""
        (self.folder / "held" / name).touch()

    def release(self, name: str) -> None:
        (self.folder / "held" / name).unlink(missing_ok=True)

    def move_clock(self, seconds: float) -> None:
        """The time of day of all our processes, and of those that are started from now on."""
        fresh = self.folder / ".clock"
        fresh.write_text(str(seconds))
        fresh.rename(self.folder / "clock")

    def keep_log(self) -> Path:
        """What everybody said, for reading after the machine has gone."""
        KEPT.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(self.folder / "log", KEPT / f"{self.folder.name}.log"))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def machine(*, hurried: bool = False) -> Iterator[Machine]:
    """A fresh one; stopped after the block. `hurried`: leases last seconds."""
    folder = VAR / f"zuke-faults-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mail = MailServer()
    post = Controller(mail, hostname="127.0.0.1", port=free_port())
    post.start()
    ports = Ports(web=free_port(), smtp=post.port, stripe=free_port())
    with (folder / "launcher.log").open("w") as log:
        words = [sys.executable, "-m", "tests.faults.launcher", str(folder), str(ports.web), str(ports.smtp), str(ports.stripe)]
        how = os.environ | ({"ZUKE_FAULTS_HURRY": "1"} if hurried else {})
        launcher = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log, start_new_session=True, env=how)
    try:
        if not until(lambda: (folder / "ready").exists() or launcher.poll() is not None, START) or launcher.poll() is not None:
            raise RuntimeError(f"the machine does not start: {(folder / 'launcher.log').read_text()[-2000:]}")
        made = Machine(folder, ports, mail, _house(folder, ports), Shop(ports.stripe, folder))
        yield made
        made.shop.close()
        made.house.close()
    finally:
        _stop(launcher)
        post.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _house(folder: Path, ports: Ports) -> House:
    """What a worker of this machine sees; for looking at the database as the app does."""
    given = environment(Cluster(folder / "postgres"), Store(folder / "valkey"), ports, folder=folder)
    names = ("zuke_env", "database_url", "owner_database_url", "redis_url", "smtp_url", "public_url", "mail_from")
    settings = Settings(secret_key=SECRET, **{name: given[name.upper()] for name in names})  # type: ignore[arg-type]
    return House(settings, {"main": make_engine(settings.database_url)})


def _stop(launcher: subprocess.Popen[bytes]) -> None:
    launcher.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    while launcher.poll() is None and time.monotonic() - begun < 60:
        time.sleep(0.1)
    launcher.kill()
    launcher.wait()
