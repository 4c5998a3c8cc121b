"""Everything on one machine: `bin/up` comes here once the packages are installed."""

import fcntl
import http.client
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import SIGINT

from migrations import bootstrap
from sandbox.machine.bare import ROOT, Refused, require_space
from sandbox.machine.children import Child, Children, Failed, Stopped
from sandbox.machine.postgres import Cluster, DatabaseFailed
from sandbox.machine.servers import require_postgres, require_redis
from sandbox.machine.settings import Ports, database_of, kept_secrets, settings
from sandbox.machine.settled import Settled
from sandbox.machine.terminal import Terminal
from sandbox.machine.valkey import Store, StoreFailed

MIGRATE = ["-m", "migrations.fleet", "upgrade"]
DEMO = ["-m", "web.cli", "demo"]
WEB = ["-m", "gunicorn", "-c", "web/gunicorn.py", "web.wsgi:app"]
SHORT = ["-m", "workers.boot", "short"]
HEAVY = ["-m", "workers.boot", "heavy"]
SWEEPER = ["-m", "workers.sweeper"]
METRICS = ["-m", "workers.metrics"]
MAIL = ["-m", "sandbox.mail"]
STRIPE = ["-m", "sandbox.stripe"]
PLANS = ["-m", "web.cli", "stripe-plans", "--apply"]


# The terminal says who speaks and when it was is seen; what an ordinary day sounds like is not shown.
QUIET = {"log_line_prefix": ""}
CHATTER = {"postgres": "^LOG: ", "valkey": "overcommit|SIGTERM|bye bye"}


@dataclass(slots=True)
class Machine:
    """One start of everything, from the first look at the ports to the last process stopped."""

    var: Path
    ports: Ports
    children: Children
    kept: dict[str, str]
    cluster: Cluster

    def run(self) -> None:
        """Returns when somebody has asked to stop and everything has stopped."""
        begun = time.monotonic()
        try:
            told = self._start()
            self._tell(told, time.monotonic() - begun)
            while True:
                self.children.attend(60.0)
        except Stopped:
            self.children.terminal.write("")
            self.children.terminal.say("up", "Stopping ...")
        finally:
            self.children.stop_all()
            self.cluster.forget_sockets()
            self.children.terminal.say("up", "Stopped. The data are kept for the next start.")

    def _start(self) -> str:
        metrics = self.var / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)  # counts begin with every start
        environ = settings(os.environ, self.ports, self.kept, admin_url=self._postgres(), redis_url=self._valkey(), metrics=str(metrics))
        settled = self._settled()
        told = None if os.environ.get("DATABASE_URL") else settled.told()  # of a server that was given, anybody may have changed the tables
        self._migrate(environ, is_settled=told is not None)
        self._serve(environ)
        if told is None:
            told = self._python("demo", DEMO, environ)
            if self.ports.stripe:
                self._python("plans", PLANS, environ)
            if not os.environ.get("DATABASE_URL"):
                settled.keep(told)
        for name, arguments in (("short", SHORT), ("heavy", HEAVY), ("sweeper", SWEEPER), ("metrics", METRICS)):
            self._keep(name, arguments, environ)
        return told

    def _settled(self) -> Settled:
        stripe = (self.var / "stripe",) if self.ports.stripe else ()
        return Settled(self.cluster.data / "settled.json", (*MIGRATE, *DEMO, *(PLANS if stripe else ())), stripe)

    def _migrate(self, environ: dict[str, str], *, is_settled: bool) -> None:
        said = "the tables are those of the last start" if is_settled else self._python("migrate", MIGRATE, environ)
        for line in said.splitlines():
            self.children.terminal.say("migrate", line)

    def _serve(self, environ: dict[str, str]) -> None:
        """What answers in a browser comes first, and the machine is its own until it does; the workers follow."""
        awaited = [(self._keep("web", WEB, environ, shelf=2), self.ports.web, "/healthz")]
        awaited.append((self._keep("mail", MAIL, environ), self.ports.mail, "/api/mails"))
        if self.ports.stripe:
            awaited.append((self._keep("stripe", STRIPE, environ), self.ports.stripe, "/sandbox/clock"))
        for child, port, path in awaited:
            self.children.wait_until(partial(is_well, port, path), child, 60)

    def _postgres(self) -> str:
        """Starts the database, or asks the given one; an administrator's URL of it."""
        admin_url = os.environ.get("DATABASE_URL") or self._own_postgres()
        require_postgres(admin_url)
        kept = self.kept
        bootstrap.bootstrap(admin_url, owner_password=kept["owner_password"], app_password=kept["app_password"], database=database_of(admin_url))
        return admin_url

    def _own_postgres(self) -> str:
        self.cluster.make()
        self.cluster.clear_leftovers()
        postgres = Child("postgres", self.cluster.command, self.cluster.identity(), shelf=0, stop_by=SIGINT, patience=30, chatter=CHATTER["postgres"])
        self.children.start(postgres)
        self.children.wait_until(self.cluster.is_ready, postgres, 60)
        return self.cluster.admin_url()

    def _valkey(self) -> str:
        if given := os.environ.get("REDIS_URL"):
            require_redis(given)
            return given
        store = Store(self.var / "valkey")
        store.stop()
        valkey = Child("valkey", store.command, {"cwd": store.data}, shelf=0, chatter=CHATTER["valkey"])
        self.children.start(valkey)
        self.children.wait_until(store.is_ready, valkey, 60)
        return store.url()

    def _keep(self, name: str, arguments: list[str], environ: dict[str, str], *, shelf: int = 1) -> Child:
        child = Child(name, lambda: [sys.executable, *arguments], {"cwd": ROOT, "env": environ}, shelf=shelf)
        self.children.start(child)
        return child

    def _python(self, name: str, arguments: list[str], environ: dict[str, str]) -> str:
        return self.children.run(name, [sys.executable, *arguments], cwd=ROOT, env=environ)

    def _tell(self, told: str, seconds: float) -> None:
        say = self.children.terminal.write
        say("")
        say(f"Zuke is up after {seconds:.1f} seconds. Ctrl-C stops it; the data stay in {self.var}.")
        say(f"  Zuke         http://127.0.0.1:{self.ports.web}")
        say(f"  Mail inbox   http://127.0.0.1:{self.ports.mail}    (every mail that Zuke sends; SMTP on port {self.ports.smtp})")
        say(f"  Metrics      http://127.0.0.1:{self.ports.metrics}/metrics")
        if self.ports.stripe:
            say(f"  Stripe       http://127.0.0.1:{self.ports.stripe}    (a sandbox: its clock, its events, every invoice; no money moves)")
        for line in told.splitlines():
            say(f"  {line}")


def is_well(port: int, path: str) -> bool:
    """Does the server on this loopback port answer that it can work?"""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """One `bin/up` in a checkout: two would start two servers on the same data."""
    with (var / "up.lock").open("a+") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            door.seek(0)
            raise Refused(f"Zuke already runs from this checkout (process {door.read().strip()}). Use it, or stop it there with Ctrl-C.") from None
        door.truncate(0)
        door.write(str(os.getpid()))
        door.flush()
        yield


def start(var: Path) -> None:
    """Look at everything that could be in the way, then start."""
    if os.environ.get("ZUKE_ENV") == "production":
        raise Refused("ZUKE_ENV is production, and this is for one machine in development. README.md says how to run Zuke in production.")
    var.mkdir(exist_ok=True, parents=True)
    with alone(var):
        require_space(var)
        ports = Ports.chosen(os.environ)
        ports.require_free()
        children = Children(Terminal())
        children.listen_to_signals()
        kept = kept_secrets(var / "secrets.json")
        Machine(var, ports, children, kept, Cluster(var / "postgres", QUIET, kept["superuser_password"])).run()


def main() -> None:
    try:
        start(Path(os.environ.get("ZUKE_VAR") or ROOT / "var").resolve())
    except PermissionError as reason:
        sys.exit(f"bin/up: {reason.filename} belongs to another user; start as the one who started before, or give it to yourself.")
    except (Refused, Failed, DatabaseFailed, StoreFailed, bootstrap.NotAllowed) as reason:
        sys.exit(f"bin/up: {reason}")


if __name__ == "__main__":
    main()
