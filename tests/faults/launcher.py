"""`python -m tests.faults.launcher FOLDER WEB SMTP STRIPE`: the processes of one whole Zuke, kept running as `bin/up` keeps them.

A process of its own, started by tests.faults.machine, because who supervises may have one thread only. The two speak by files in FOLDER: `pids` says
which process runs under which name now; while `held/NAME` exists, NAME waits with its start.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any

from sandbox.machine import children
from sandbox.machine.bare import ROOT
from sandbox.machine.children import Child, Children, Stopped
from sandbox.machine.postgres import Cluster
from sandbox.machine.terminal import Terminal
from sandbox.machine.up import is_well
from sandbox.machine.valkey import Store
from tests.world.database import prepare

# What `bin/up` lets grow to half a minute, for a process that falls again and again: here we are the ones who push.
children.STEADY = 0.5
DATABASE = "zuke"
STRIPE_KEY = "sk_test_of_faults"
SECRET = "only for tests: thirty-two characters and more"
# As in production: what is committed is on the disk.
DURABLE = {"log_line_prefix": "", "max_connections": "120", "shared_buffers": "128MB", "recovery_init_sync_method": "syncfs"}
# By the name of the process. The second sweeper is held until somebody wants it.
ENGINE_ROOM = {
    "short": ["workers.boot", "short"],
    "short-2": ["workers.boot", "short"],
    "heavy": ["workers.boot", "heavy"],
    "sweeper": ["workers.sweeper"],
    "sweeper-2": ["workers.sweeper"],
}
WEB = ["gunicorn", "-c", "web/gunicorn.py", "web.wsgi:app"]
PATIENCE = 2.0  # seconds that a process is given to stop; nothing of it is needed any more
HOLD = 'while [ -e "$0" ]; do sleep 0.05; done; exec "$@"'


class Watched(Children):
    """Writes down which process runs under which name."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        super().__init__(terminal)
        self.folder = folder
        for name in ("pids", "held"):
            (folder / name).mkdir(exist_ok=True)

    def start(self, child: Child) -> None:
        super().start(child)
        assert child.process is not None
        fresh = self.folder / "pids" / f".{child.name}"
        fresh.write_text(str(child.process.pid))
        fresh.rename(self.folder / "pids" / child.name)

    def keep(self, name: str, command: list[str], how: dict[str, Any], **options: Any) -> Child:
        child = Child(name, lambda: ["sh", "-c", HOLD, str(self.folder / "held" / name), *command], how, patience=PATIENCE, **options)
        self.start(child)
        return child


@dataclass(frozen=True, slots=True)
class Ports:
    web: int
    smtp: int
    stripe: int


def run(folder: Path, ports: Ports) -> None:
    """Until somebody asks us to stop."""
    cluster, store = Cluster(folder / "postgres", DURABLE), Store(folder / "valkey")
    with (folder / "log").open("w") as log:
        kept = Watched(Terminal(log), folder)
        kept.listen_to_signals()
        try:
            _start(kept, cluster, store, ports)
            (folder / "ready").touch()
            while True:
                kept.attend(60.0)
        except Stopped:
            kept.terminal.say("up", "Stopping ...")
        finally:
            kept.stop_all()
            cluster.forget_sockets()


def _start(kept: Watched, cluster: Cluster, store: Store, ports: Ports) -> None:
    cluster.make()
    valkey = kept.keep("valkey", [str(Path(store.command()[0])), "valkey.conf"], {"cwd": store.data}, shelf=0)
    postgres = Child("postgres", cluster.command, cluster.identity(), shelf=0, stop_by=SIGINT, patience=PATIENCE)
    kept.start(postgres)
    kept.wait_until(cluster.is_ready, postgres, 60)
    prepare(cluster, DATABASE)
    how = {"cwd": ROOT, "env": environment(cluster, store, ports, folder=kept.folder)}
    kept.run("migrate", [sys.executable, "-m", "migrations.fleet", "upgrade"], **how)
    stripe = kept.keep("stripe", [sys.executable, "-m", "sandbox.stripe"], how)
    kept.wait_until(lambda: is_well(ports.stripe, "/sandbox/clock"), stripe, 60)
    kept.run("plans", [sys.executable, "-m", "web.cli", "stripe-plans", "--apply"], **how)
    kept.wait_until(store.is_ready, valkey, 60)
    web = kept.keep("web", _command(WEB), how, shelf=2)
    (kept.folder / "held" / "sweeper-2").touch()
    for name, words in ENGINE_ROOM.items():
        kept.keep(name, _command(words), how)
    kept.wait_until(lambda: is_well(ports.web, "/healthz"), web, 120)


def _command(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "tests.faults.process", *words]


def environment(cluster: Cluster, store: Store, ports: Ports, *, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ZUKE_ENV": "test",
        "DATABASE_URL": cluster.url("zuke_app", None, DATABASE),
        "OWNER_DATABASE_URL": cluster.url("zuke_owner", None, DATABASE),
        "REDIS_URL": store.url(),
        "SECRET_KEY": SECRET,
        "ZUKE_BIND": f"127.0.0.1:{ports.web}",
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
        "MAIL_FROM": "Zuke <no-reply@zuke.example>",
        "STRIPE_SECRET_KEY": STRIPE_KEY,
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.stripe}",
        "STRIPE_WEBHOOK_SECRETS": "whsec_of_faults",
        "STRIPE_SANDBOX_ENDPOINT": f"http://127.0.0.1:{ports.web}/webhooks/stripe",
        "ZUKE_STRIPE_PORT": str(ports.stripe),
        "ZUKE_VAR": str(folder),
        "ZUKE_FAULTS": str(folder),  # tests.faults.process asks for it
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }


if __name__ == "__main__":
    run(Path(sys.argv[1]), Ports(*map(int, sys.argv[2:])))
