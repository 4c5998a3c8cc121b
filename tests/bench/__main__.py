"""`python -m tests.bench`: measures, tells each figure as a row of docs/bench.md, keeps all of them under var/bench/figures."""

import argparse
import datetime as dt
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from tests.bench import exports, imports, memory, noise, pages, reminders, schemas, scoring, search, signups, throughput, wall
from tests.bench.house import VAR, House, Sizes, open_house
from tests.bench.interleave import HEAD, Figure
from tests.bench.say import say

BENCHES: dict[str, Callable[..., Any]] = {
    "schemas": schemas.measure,  # before anything is deleted: see docs/bench.md
    "pages": pages.measure,
    "throughput": throughput.measure,
    "search": search.measure,
    "scoring": scoring.measure,
    "imports": imports.measure,
    "signups": signups.measure,
    "wall": wall.measure,
    "exports": exports.measure,
    "reminders": reminders.measure,
    "memory": memory.measure,
    "noise": noise.measure,
}


def main(words: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster is stopped too
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Zuke. docs/bench.md tells what the figures mean.")
    parser.add_argument("benches", nargs="*", help=f"of {', '.join(BENCHES)}; all without a word")
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--customers", type=int, default=100_000, help="of the large company")
    parser.add_argument("--rounds", type=int, default=100, help="how often the quick ones are asked in turn")
    chosen = parser.parse_args(words)
    if unknown := set(chosen.benches) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    sizes = Sizes(chosen.tenants, chosen.customers)
    with open_house(sizes) as house:
        told = machine(house)
        print("\n".join(f"- {name}: {value}" for name, value in told.items()))
        print(f"- command: python -m tests.bench {' '.join(words if words is not None else sys.argv[1:])}\n\n{HEAD}")
        for name in chosen.benches or BENCHES:
            say(f"--- {name}, load {os.getloadavg()[0]:.1f}")
            _tell(name, BENCHES[name](house, rounds=chosen.rounds), told)
    return 0


def _tell(name: str, found: list[Any], told: dict[str, str]) -> None:
    """As rows on standard output, and as JSON beside the data."""
    print(memory.table(found) if name == "memory" else "\n".join(one.row() for one in found), flush=True)
    folder = VAR / "figures"
    folder.mkdir(exist_ok=True)
    plain = [asdict(one) | ({"ratio": one.ratio, "met": one.is_met} if isinstance(one, Figure) else {}) for one in found]
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    (folder / f"{stamp}-{name}.json").write_text(json.dumps({"machine": told, "load": os.getloadavg(), name: plain}, indent=2, ensure_ascii=False))


def machine(house: House) -> dict[str, str]:
    with psycopg.connect(house.admin_url()) as admin:
        row = admin.execute("SELECT current_setting('server_version'), current_setting('fsync'), current_setting('shared_buffers')").fetchone()
    assert row
    return {
        "when": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{_cpu()}, {os.cpu_count()} cores, {_gigabytes():.0f} GiB, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgres": f"{row[0]}, fsync {row[1]}, shared_buffers {row[2]}",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "sizes": f"{len(house.tenants):,} companies, {house.sizes.customers:,} customers in the one asked",
    }


def _gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    raise SystemExit(main())
