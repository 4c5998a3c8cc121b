"""An import of 50,000 customers with duplicate check and search index, over COPY of the very rows that it wrote into the same tables.

Each begins with the tables vacuumed and a checkpoint behind it. The floor gets all rows that the import wrote (customers with their lexemes, events,
what became of each row) as PostgreSQL itself tells them: nothing is left to do but to take them in. The import runs in a process of its own, as a
work-horse does, so that its memory is its own.
"""

import datetime as dt
import json
import multiprocessing
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

from tenants.imports import asking, running
from tenants.imports.choices import choices
from tenants.imports.models import Import
from tenants.imports.options import Options
from tenants.imports.reading import Sheet
from tenants.team.actor import Actor, find_actor
from tenants.wall.engine import make_engine
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace.numbers import next_numbers
from tests.bench.house import House
from tests.bench.interleave import Figure, clocked, figure
from tests.bench.say import say

GOAL = 10.0
ROWS = 50_000
TIMEOUT = 600_000  # milliseconds
PART = 256 * 1024  # bytes of a file that are sent at a time
HEADINGS = ["客户名称", "电话", "来源", "规模", "地区", "行业", "标签", "备注"]
PLACES = (("浙江省杭州市余杭区", "杭州"), ("上海市浦东新区", "上海"), ("江苏省苏州市", "苏州"), ("广东省深圳市南山区", "深圳"))
TRADES = ("环保设备", "精密机械", "电子科技", "建材贸易", "食品", "服装", "物流", "软件")
FIRST = "青云海天金华安泰恒瑞明德博远鑫达嘉宏盛"
# What an import writes, in the order in which it can be taken in again, and by which column its rows are known.
TABLES = {"customers": "created_at", "events": "at", "import_rows": "import_id"}


def measure(house: House, *, rounds: int) -> list[Figure]:
    small = next(one for slug, one in house.tenants.items() if one is not house.large)
    turns = max(1, min(5, rounds // 20))
    return [
        _measure(house, small, "import of 50,000 rows", turns),
        _measure(house, house.large, f"import of 50,000 rows beside {house.sizes.customers:,}", turns),
    ]


def _measure(house: House, tenant: Tenant, name: str, turns: int) -> Figure:
    imports: list[float] = []
    copies: list[float] = []
    peaks: list[float] = []
    for _ in range(turns):
        _rest(house, tenant)
        seconds, peak, marks = _alone(house, tenant)
        imports.append(seconds)
        peaks.append(peak)
        copies.append(_copied(house, tenant, marks))
        say(f"{name}: {seconds:.1f} s over {copies[-1]:.1f} s, {peak:.0f} MiB")
    note = f"over COPY of the same rows, {turns} turns; the process had {max(peaks):.0f} MiB at most"
    return figure(name, (imports, copies), goal=GOAL, note=note, mebibytes=max(peaks))


def table() -> list[list[str]]:
    made = [HEADINGS]
    for number in range(ROWS):
        region, place = PLACES[number % 4]
        name = f"{place}{FIRST[number % 19]}{FIRST[number // 19 % 19]}{FIRST[number // 361 % 19]}{number % 97}{TRADES[number % 8]}有限公司"
        made.append([name, f"0571{80000000 + number * 13}", "展会", "20-99", region, "环保", "", f"第 {number} 行"])
    return made


def begun(session: Session, actor: Actor) -> uuid.UUID:
    rows = table()
    packed = zlib.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    sheet = Sheet("xlsx", "数据", len(rows), rows[:60], packed)
    at = dt.datetime.now(dt.UTC)
    one = asking.begin(session, "customer", "bench.xlsx", sheet, by=actor, at=at)
    known = choices("customer", lambda label: [label, {"Exhibition": "展会"}.get(label, label)])
    one.options = Options(owner_id=actor.id, choices=known, offered=dict.fromkeys(known, "")).kept()
    return one.id


def imported(session: Session, tenant: Tenant, actor: Actor, key: uuid.UUID, at: dt.datetime) -> None:
    one = session.get_one(Import, key)
    numbers = lambda count: next_numbers(session, "customer", count, prefix="C")  # noqa: E731
    setting = asking.setting_of(session, one, actor=actor, at=at, zone=tenant.zone, numbers=numbers)
    counts = running.run(setting, one, lambda *_: None)
    assert counts["created"] > ROWS * 0.9, counts


def _alone(house: House, tenant: Tenant) -> tuple[float, float, dict[str, Any]]:
    """The seconds of an import in a new process, its memory in MiB, and by what its rows are known."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_import, args=(house.app_url, tenant, house.person.id, theirs))
    child.start()
    theirs.close()
    told: tuple[float, float, dict[str, Any]] = mine.recv()
    child.join()
    return told


def _import(url: str, tenant: Tenant, person_id: uuid.UUID, tell: Any) -> None:
    engine, at = make_engine(url), dt.datetime.now(dt.UTC)
    with inside(tenant, engine, timeout=TIMEOUT) as session:
        actor = find_actor(session, person_id)
        assert actor is not None
        key = begun(session, actor)
    begin = time.perf_counter()
    with inside(tenant, engine, timeout=TIMEOUT) as session:
        imported(session, tenant, actor, key, at)
    seconds = time.perf_counter() - begin
    tell.send((seconds, _peak(), {"created_at": at, "at": at, "import_id": key}))


def _peak() -> float:
    """The most memory that this process ever had, in MiB; what getrusage tells counts the parent's, which it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _copied(house: House, tenant: Tenant, marks: dict[str, Any]) -> float:
    """Seconds in which the rows that an import has written are taken in again; they are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in TABLES}
        _keep(house, tenant, marks, files)
        _take_out(house, tenant, marks)
        seconds = clocked(lambda: _copy(house, tenant, files))
    _take_out(house, tenant, marks)
    return seconds


def _keep(house: House, tenant: Tenant, marks: dict[str, Any], files: dict[str, Path]) -> None:
    """The rows that were written, as COPY takes them."""
    with _admin(house, tenant) as admin:
        for name, column in TABLES.items():
            rows = sql.SQL("SELECT * FROM {} WHERE {} = {}").format(sql.Identifier(name), sql.Identifier(column), sql.Literal(marks[column]))
            with admin.cursor().copy(sql.SQL("COPY ({}) TO STDOUT").format(rows)) as stream, files[name].open("wb") as file:
                file.writelines(stream)


def _copy(house: House, tenant: Tenant, files: dict[str, Path]) -> None:
    with _admin(house, tenant) as admin, admin.transaction():
        for name, path in files.items():
            copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
            with admin.cursor().copy(copy) as stream, path.open("rb") as file:
                while part := file.read(PART):
                    stream.write(part)


def _take_out(house: House, tenant: Tenant, marks: dict[str, Any]) -> None:
    with _admin(house, tenant) as admin:
        admin.execute("SET session_replication_role = replica")  # nothing else points at them
        for name, column in TABLES.items():
            admin.execute(sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(name), sql.Identifier(column)), [marks[column]])
    _rest(house, tenant)


def _rest(house: House, tenant: Tenant) -> None:
    """Nothing that was before is left to be done."""
    with _admin(house, tenant) as admin:
        for name in TABLES:
            admin.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(name)))
        admin.execute("CHECKPOINT")


@contextmanager
def _admin(house: House, tenant: Tenant) -> Iterator[psycopg.Connection]:
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(tenant.key)))
        yield admin
