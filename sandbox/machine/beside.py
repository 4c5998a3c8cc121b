"""One of Zuke's commands beside a running `bin/up`, with its settings: `.venv/bin/python -m sandbox.machine.beside operator add MAIL`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.machine.bare import ROOT, Refused
from sandbox.machine.postgres import Cluster
from sandbox.machine.settings import Ports, kept_secrets, settings
from sandbox.machine.valkey import Store


def environment(var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What `bin/up` tells its own processes."""
    kept = kept_secrets(var / "secrets.json") if (var / "secrets.json").exists() else None
    cluster = Cluster(var / "postgres", {}, kept["superuser_password"] if kept else "")
    if kept is None or not (environ.get("DATABASE_URL") or cluster.pid()):
        raise Refused("Zuke does not run from this checkout. Start bin/up, and ask again in another terminal.")
    admin_url = environ.get("DATABASE_URL") or cluster.admin_url()
    redis_url = environ.get("REDIS_URL") or Store(var / "valkey").url()
    return settings(environ, Ports.chosen(environ), kept, admin_url=admin_url, redis_url=redis_url, metrics=str(var / "metrics"))


def main() -> None:
    try:
        environ = environment(Path(os.environ.get("ZUKE_VAR") or ROOT / "var").resolve(), os.environ)
    except Refused as reason:
        sys.exit(str(reason))
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", "web.cli", *sys.argv[1:]], environ)  # noqa: S606


if __name__ == "__main__":
    main()
