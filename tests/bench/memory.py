"""Memory of a web worker and of its PostgreSQL backends while it serves 1,000 companies, twice over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tenants.wall.engine import OPTIONS, RETIRE_AFTER
from tests.bench.house import House
from tests.bench.say import say
from tests.bench.servers import Server, gunicorn

THREADS = 4  # of web/gunicorn.py
STEP = 100  # companies between two looks


@dataclass(frozen=True, slots=True)
class Look:
    """MiB after `visits` companies. Private memory of the backends: the shared buffers are one and the same for all of them."""

    visits: int
    worker_rss: float
    worker_pss: float
    backends: int
    backends_private: float
    largest: float


def measure(house: House, *, rounds: int) -> list[Look]:
    """Each company's workbench and customer list, by `THREADS` clients at once; twice round, so that a rise would go on."""
    del rounds
    cookie = f"zuke={house.sign_in()}"
    paths = [(f"/{slug}/", f"/{slug}/customers") for slug in house.tenants if slug.startswith("firm-")]
    with gunicorn("memory", "web.wsgi:app", house.environment(), workers=1) as server, psycopg.connect(house.admin_url(), autocommit=True) as admin:
        _visit(server, paths[:THREADS], cookie)
        looks = [_look(admin, server, 0)]
        for start in range(0, 2 * len(paths), STEP):
            _visit(server, [paths[i % len(paths)] for i in range(start, start + STEP)], cookie)
            looks.append(_look(admin, server, start + STEP))
            say(str(looks[-1]))
    return looks


def table(looks: list[Look]) -> str:
    shown = [look for look in looks if look.visits % 250 == 0 or look.visits in (100, 200) or look is looks[-1]]
    rows = [_row(one) for one in shown]
    head = "| companies served | worker RSS, MiB | worker PSS | backends | largest backend | all backends |\n|---|---|---|---|---|---|"
    most = OPTIONS["pool_size"] + OPTIONS["max_overflow"]
    peak = max(looks, key=lambda look: look.largest)
    bound = (
        f"\nOf the backends, private memory. One is retired after {RETIRE_AFTER} companies; the largest seen held {peak.largest:.0f} MiB. A worker "
        f"has at most {most} connections ({THREADS} threads keep {looks[-1].backends} busy), so its backends stay below "
        f"{most} × {peak.largest:.0f} = {most * peak.largest:.0f} MiB, however many companies there are."
    )
    return "\n".join([head, *rows]) + "\n" + bound


def _row(one: Look) -> str:
    return f"| {one.visits:,} | {one.worker_rss:.0f} | {one.worker_pss:.0f} | {one.backends} | {one.largest:.0f} | {one.backends_private:.0f} |"


def _visit(server: Server, companies: list[tuple[str, str]], cookie: str) -> None:
    def go(mine: list[tuple[str, str]]) -> None:
        line = server.line()
        for pages in mine:
            for path in pages:
                server.ask(line, path, cookie)
        line.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(go, [companies[i::THREADS] for i in range(THREADS)]))


def _look(admin: psycopg.Connection[Any], server: Server, visits: int) -> Look:
    (worker,) = server.workers()
    pids = [row[0] for row in admin.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'zuke_app' AND datname = current_database()")]
    private = [_memory(pid, "Private_Clean", "Private_Dirty") for pid in pids]
    return Look(visits, _memory(worker, "Rss"), _memory(worker, "Pss"), len(pids), sum(private), max(private, default=0.0))


def _memory(pid: int, *kinds: str) -> float:
    """MiB of these kinds, as the kernel adds them up."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    return sum(int(words[1]) for words in lines if words[0].rstrip(":") in kinds) / 1024
