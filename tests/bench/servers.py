"""gunicorn as it runs in production, with our settings file, for ours and for the peer; and clients that ask it as fast as it answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from sandbox.machine.ports import free_port
from sandbox.machine.processes import until
from tests.bench.house import VAR

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]
    headers: dict[str, str] = field(default_factory=dict)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def line(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, line: HTTPConnection, path: str, cookie: str = "") -> bytes:
        line.request("GET", path, headers=self.headers | ({"Cookie": cookie} if cookie else {}))
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} on port {self.port}: {answer.status}")
        return body

    def answers(self) -> bool:
        try:
            line = self.line()
            line.request("GET", "/healthz", headers=self.headers)
            return line.getresponse().status < 500
        except OSError:
            return False


@contextmanager
def gunicorn(name: str, application: str, environment: Mapping[str, str], *, workers: int, headers: dict[str, str] | None = None) -> Iterator[Server]:
    port = free_port()
    given = {"ZUKE_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(workers), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn.py", application]
    with (VAR / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment, **given}, stdout=log, stderr=log)
    server = Server(port, process, headers or {})
    try:
        if not until(server.answers, 60):
            raise RuntimeError(f"{name} does not answer; see its log in {VAR}")
        yield server
    finally:
        process.terminate()
        process.wait(30)


def throughput(server: Server, path: str, cookie: str, *, seconds: float, clients: int) -> float:
    """Answers a second to so many clients, each of which asks again when it has its answer."""
    ends = time.perf_counter() + seconds

    def ask_on() -> int:
        line, count = server.line(), 0
        while time.perf_counter() < ends:
            server.ask(line, path, cookie)
            count += 1
        line.close()
        return count

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        total = sum(done.result() for done in [pool.submit(ask_on) for _ in range(clients)])
    return total / (time.perf_counter() - begun)
