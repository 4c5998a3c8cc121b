"""bin/up from the first sentence to the last, with real databases and small stand-ins for our own processes."""

import os
import re
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.machine import bare, beside
from sandbox.machine.ports import free_port
from sandbox.machine.processes import until
from sandbox.machine.settings import Ports, settings
from tests.unit.machine.running import Running, is_alive, running

pytestmark = pytest.mark.enable_socket

STAND_INS = """
import sandbox.machine.up as up
up.MIGRATE = ["-c", "print('migrated')"]
up.DEMO = ["-c", "import os; print('Alice alice@example.com'); print(os.environ['OWNER_DATABASE_URL'])"]
up.WEB = ["-c", '''
import http.server, os
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["SECRET_KEY"].encode())
    def log_message(self, *_): pass
host, port = os.environ["ZUKE_BIND"].split(":")
print("pid", os.getpid(), flush=True)
http.server.HTTPServer((host, int(port)), Door).serve_forever()
''']
up.STRIPE = ["-c", '''
import http.server, os
class Clock(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
assert os.environ["STRIPE_API_BASE"].endswith(os.environ["ZUKE_STRIPE_PORT"])
http.server.HTTPServer(("127.0.0.1", int(os.environ["ZUKE_STRIPE_PORT"])), Clock).serve_forever()
''']
up.PLANS = ["-c", "import os; assert os.environ['STRIPE_SECRET_KEY']"]
up.SHORT = up.HEAVY = ["-c", "import os, time; print('pid', os.getpid()); time.sleep(1000)"]
up.SWEEPER = up.METRICS = ["-c", "import os, time; print('pid', os.getpid()); time.sleep(1000)"]
"""
START = STAND_INS + "up.main()"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    first = next(port for port in iter(free_port, 0) if port < 65000)
    var = tmp_path / "a checkout with spaces" / "var"
    var.mkdir(parents=True)
    named = {"ZUKE_PORT": str(first), "ZUKE_MAIL_PORT": str(free_port()), "ZUKE_SMTP_PORT": str(free_port())}
    named |= {"ZUKE_STRIPE_PORT": str(free_port()), "ZUKE_METRICS_PORT": str(free_port()), "STRIPE_SECRET_KEY": ""}
    return named | {"ZUKE_VAR": str(var), "ZUKE_ENV": "development", "DATABASE_URL": "", "REDIS_URL": "", "NO_COLOR": "1"}


@pytest.fixture
def up(tmp_path: Path, environ: dict[str, str]) -> Iterator[Running]:
    with running(START, tmp_path, **environ) as machine:
        machine.wait_for("Zuke is up")
        yield machine


def read(port: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return str(answer.read().decode())


def test_says_where_it_is_and_who_may_sign_in_at_the_end(up: Running, environ: dict[str, str]) -> None:
    up.wait_for("Alice alice@example.com")
    told = up.said().partition("Zuke is up")[2]

    assert f"http://127.0.0.1:{environ['ZUKE_PORT']}" in told
    assert f"http://127.0.0.1:{environ['ZUKE_MAIL_PORT']}" in told
    assert f"http://127.0.0.1:{environ['ZUKE_STRIPE_PORT']}" in told
    assert "migrate  | migrated" in up.said().partition("Zuke is up")[0]


def test_sigterm_stops_every_process(up: Running, environ: dict[str, str]) -> None:
    for name in ("web", "short", "heavy", "sweeper"):
        up.wait_for(rf"{name} +\| pid \d+")
    pids = [int(pid) for pid in re.findall(r"pid (\d+)", up.said())]
    pids.append(int((Path(environ["ZUKE_VAR"]) / "postgres" / "postmaster.pid").read_text().split()[0]))
    assert all(is_alive(pid) for pid in pids)

    assert up.end(signal.SIGTERM) == 0

    assert not any(is_alive(pid) for pid in pids)
    assert "Stopped. The data are kept" in up.said()


def test_ctrl_c_leaves_nothing_in_tmp_and_the_next_start_has_the_same_data(tmp_path: Path, up: Running, environ: dict[str, str]) -> None:
    key = read(environ["ZUKE_PORT"])
    sockets = Path(up.wait_for(r"host=(/tmp/zuke-\w+)")[1])
    assert sockets.is_dir()
    assert up.end(signal.SIGINT) == 0
    assert not sockets.exists()
    (Path(environ["ZUKE_VAR"]) / "stripe").mkdir()  # where the real stand-in keeps what was settled there

    with running(START, tmp_path, **environ) as again:
        seconds = float(again.wait_for(r"Zuke is up after ([\d.]+) seconds")[1])
        assert read(environ["ZUKE_PORT"]) == key
        assert seconds < 10
        assert "migrated" not in again.said() and "the tables are those of the last start" in again.said()
        assert "Alice alice@example.com" in again.said()

    other = START.replace("print('migrated')", "print('migrated anew')")
    with running(other, tmp_path, **environ) as third:
        third.wait_for("Zuke is up")
        assert "migrate  | migrated anew" in third.said()


def test_a_command_beside_it_has_the_same_settings(up: Running, environ: dict[str, str]) -> None:
    told = beside.environment(Path(environ["ZUKE_VAR"]), environ)
    assert told["SECRET_KEY"] == read(environ["ZUKE_PORT"])
    assert told["OWNER_DATABASE_URL"] == up.wait_for(r"postgresql://zuke_owner\S+")[0]


def test_a_command_beside_nothing_is_told_so(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(bare.Refused, match="Start bin/up"):
        beside.environment(tmp_path, environ)


def test_secrets_are_readable_by_nobody_else(up: Running, environ: dict[str, str]) -> None:
    var = Path(environ["ZUKE_VAR"])
    assert stat.S_IMODE((var / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(up.wait_for(r"host=(/tmp/zuke-\w+)")[1]).stat().st_mode) == 0o700


def test_a_crashed_child_is_started_again(up: Running, environ: dict[str, str]) -> None:
    first = int(up.wait_for(r"web +\| pid (\d+)")[1])
    os.kill(first, signal.SIGKILL)

    up.wait_for("web was killed by signal 9; it is started again")
    assert until(lambda: len(re.findall(r"web +\| pid (\d+)", up.said())) == 2, 10)
    assert until(lambda: _answers(environ["ZUKE_PORT"]), 10)


def test_a_crashed_database_is_started_again_with_the_same_address(up: Running, environ: dict[str, str]) -> None:
    pid_file = Path(environ["ZUKE_VAR"]) / "postgres" / "postmaster.pid"
    first = pid_file.read_text().splitlines()
    os.kill(int(first[0]), signal.SIGQUIT)

    up.wait_for("postgres (ended|was killed).*started again")
    assert until(lambda: pid_file.exists() and (lines := pid_file.read_text().splitlines())[0] != first[0] and lines[4] == first[4], 15)


def test_children_do_not_outlive_a_killed_supervisor_and_the_next_start_works(tmp_path: Path, up: Running, environ: dict[str, str]) -> None:
    pids = [int(up.wait_for(rf"{name} +\| pid (\d+)")[1]) for name in ("web", "short", "heavy", "sweeper")]
    sockets = Path(up.wait_for(r"host=(/tmp/zuke-\w+)")[1])
    up.end(signal.SIGKILL)
    assert until(lambda: not any(is_alive(pid) for pid in pids), 10)

    with running(START, tmp_path, **environ) as again:
        again.wait_for("Zuke is up")
        assert not sockets.exists()


def test_a_second_one_in_the_same_checkout_is_refused(tmp_path: Path, up: Running, environ: dict[str, str]) -> None:
    with running(START, tmp_path, **environ) as second:
        assert second.process.wait(20) == 1
        assert second.said() == f"bin/up: Zuke already runs from this checkout (process {up.process.pid}). Use it, or stop it there with Ctrl-C.\n"
    assert _answers(environ["ZUKE_PORT"])


def test_a_port_in_use_gets_one_sentence(tmp_path: Path, environ: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environ["ZUKE_PORT"])))
        taken.listen()
        with running(START, tmp_path, **environ) as machine:
            assert machine.process.wait(20) == 1
    assert machine.said().startswith(f"bin/up: port {environ['ZUKE_PORT']} for Zuke is in use.")
    assert len(machine.said().splitlines()) == 1


def test_a_port_that_is_no_port_gets_one_sentence(tmp_path: Path, environ: dict[str, str]) -> None:
    with running(START, tmp_path, **(environ | {"ZUKE_PORT": "many"})) as machine:
        assert machine.process.wait(20) == 1
    assert machine.said() == "bin/up: ZUKE_PORT is 'many', which is not a port between 1 and 65535.\n"


def test_a_full_disk_gets_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 20_000_000}))
    with pytest.raises(bare.Refused, match="20 MB are left and Zuke needs 500 MB"):
        bare.require_space(tmp_path)


def test_production_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    with running(START, tmp_path, **(environ | {"ZUKE_ENV": "production"})) as machine:
        assert machine.process.wait(20) == 1
    assert machine.said().startswith("bin/up: ZUKE_ENV is production")


def test_a_server_that_does_not_answer_gets_one_sentence_without_its_password(tmp_path: Path, environ: dict[str, str]) -> None:
    nobody_there = f"postgresql://postgres:hush@127.0.0.1:{free_port()}/postgres"
    with running(START, tmp_path, **(environ | {"DATABASE_URL": nobody_there})) as machine:
        assert machine.process.wait(30) == 1
    assert "bin/up: the PostgreSQL of DATABASE_URL (127.0.0.1:" in machine.said()
    assert "hush" not in machine.said()


def test_a_web_that_never_starts_ends_everything(tmp_path: Path, environ: dict[str, str]) -> None:
    broken = STAND_INS + "up.WEB = ['-c', 'raise SystemExit(\"no web today\")']\nup.main()"
    with running(broken, tmp_path, **environ) as machine:
        assert machine.process.wait(60) == 1
    assert "web      | no web today" in machine.said()
    assert machine.said().endswith("bin/up: web does not start; its last words are above.\n")
    assert not (Path(environ["ZUKE_VAR"]) / "postgres" / "postmaster.pid").exists()


def test_a_failed_migration_ends_everything(tmp_path: Path, environ: dict[str, str]) -> None:
    broken = STAND_INS + "up.MIGRATE = ['-c', 'raise SystemExit(\"cannot migrate\")']\nup.main()"
    with running(broken, tmp_path, **environ) as machine:
        assert machine.process.wait(60) == 1
    assert "migrate  | cannot migrate" in machine.said()
    assert "bin/up: migrate failed (exit code 1)" in machine.said()


def _answers(port: str) -> bool:
    try:
        return bool(read(port))
    except OSError:
        return False


KEPT = {"app_password": "a", "owner_password": "o", "secret_key": "s", "stripe_webhook_secret": "w"}
URLS = {"metrics": "/somewhere", "admin_url": "postgresql://postgres@127.0.0.1/postgres", "redis_url": "redis://127.0.0.1"}


def test_the_sandbox_stands_in_for_stripe() -> None:
    environ = {"ZUKE_PORT": "9000"}
    told = settings(environ, Ports.chosen(environ), KEPT, **URLS)
    assert (told["STRIPE_API_BASE"], told["STRIPE_WEBHOOK_SECRETS"]) == ("http://127.0.0.1:9004", "whsec_w")


def test_with_a_key_of_stripe_there_is_no_sandbox() -> None:
    environ = {"STRIPE_SECRET_KEY": "sk_test_of_somebody", "ZUKE_STRIPE_PORT": "no port"}
    ports = Ports.chosen(environ)
    told = settings(environ, ports, KEPT, **URLS)
    assert ports.stripe is None
    assert told["STRIPE_SECRET_KEY"] == "sk_test_of_somebody"
    assert "STRIPE_API_BASE" not in told
