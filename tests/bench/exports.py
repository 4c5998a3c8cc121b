"""An export to .xlsx, from the order to the kept file, over XlsxWriter writing the very same rows when it has them in memory."""

import datetime as dt
import multiprocessing
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tenants.customers.criteria import Criteria
from tenants.exports.making import make
from tenants.exports.offered import OFFERED
from tenants.exports.order import Order
from tenants.exports.reading import AT_ONCE, Reading
from tenants.exports.writing import writing
from tenants.jobs.asking import ask
from tenants.team.actor import Actor, find_actor
from tenants.wall.engine import make_engine
from tenants.wall.session import inside
from tests.bench.house import House
from tests.bench.interleave import Figure, figure, in_turn
from web.customers.listing import DEFAULT_COLUMNS

GOAL = 1.5
TIMEOUT = 600_000  # milliseconds
AT = dt.datetime(2026, 11, 26, 4, 0, tzinfo=dt.UTC)
COLUMNS = ("name", "region", *DEFAULT_COLUMNS)  # as the list shows them


def measure(house: House, *, rounds: int) -> list[Figure]:
    rows = _rows(house)
    turns = max(1, min(5, rounds // 20))
    times = in_turn(lambda: export(house), lambda: _write(rows), rounds=turns, warm=1)
    more = _memory(house)
    note = f"{len(rows):,} rows, {len(COLUMNS)} columns, {turns} turns; a worker's memory grew by {more:.0f} MiB"
    return [figure("export to .xlsx", times, goal=GOAL, note=note, mebibytes=more)]


def export(house: House) -> int:
    """All that a worker does but the job's own row; taken back afterwards."""
    with inside(house.large, house.engine, timeout=TIMEOUT) as session:
        actor = _boss(house, session)
        job = ask(session, "export", _order().params(), member_id=actor.id, at=AT)
        made = make(session, job, _order(), actor=actor, tenant=house.large, at=AT, say=str, told=lambda done, total: None)
        session.rollback()
        return made.rows


def _rows(house: House) -> list[tuple[Any, ...]]:
    with inside(house.large, house.engine, timeout=TIMEOUT) as session:
        reading = Reading(session, _order(), _boss(house, session), house.large)
        return [tuple(row) for part in reading.parts() for row in part]


def _write(rows: list[tuple[Any, ...]]) -> None:
    columns = [OFFERED["customers"][key] for key in COLUMNS]
    with tempfile.TemporaryDirectory() as folder:
        with writing(Path(folder) / "rows.xlsx", "xlsx", columns, title="Customers", say=str, at=AT) as put:
            for first in range(0, len(rows), AT_ONCE):
                put(rows[first : first + AT_ONCE])


def _memory(house: House) -> float:
    """MiB by which a process grows that exports once."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_grow, args=(house, theirs.send))
    child.start()
    grown: float = mine.recv()
    child.join()
    return grown


def _grow(house: House, tell: Callable[[float], None]) -> None:
    engine = make_engine(house.app_url)
    object.__setattr__(house, "engine", engine)  # connections do not outlive a fork
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    export(house)
    tell((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def _order() -> Order:
    return Order("customers", "xlsx", COLUMNS, "-created", Criteria(), AT.date(), "zh_Hans_CN")


def _boss(house: House, session: Any) -> Actor:
    actor = find_actor(session, house.person.id)
    assert actor is not None
    return actor
