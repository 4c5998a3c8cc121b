"""python -m workers.sweeper: once a second, takes the bells that are due and puts jobs into the queue. Any number of sweepers may run."""

import datetime as dt
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import islice

import structlog
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from saas.cells.models import Bell
from saas.operator import fleet
from tenants.wall import outbox
from web import logs
from workers import queues, tenancy
from workers.answers import Rung
from workers.housekeeping import ring_for_the_night
from workers.reports import report_sweep
from workers.tenancy import House, now

log = structlog.get_logger()

EVERY = 1.0  # seconds
REPORT_EVERY = 5.0  # seconds
LONGEST_PAUSE = 10.0  # seconds, while the store or the database is away
AGAIN = dt.timedelta(seconds=30)  # a bell whose job was lost rings again after that
BATCH = 50  # tenants a job
MOST_WAITING = 40  # jobs in the queue; more would only be stale when their turn comes
AT_ONCE = 10_000  # bells
AT_ONCE_EACH = 200  # bells of one tenant

# Takes turns: everybody's first bell, then everybody's second. A bell that is taken is not deleted but rings again later, for its job may be lost.
# `due_at` is asked again of the locked row: another sweeper may have been quicker.
TAKE = text("""
    WITH ranked AS (
        SELECT id, row_number() OVER (PARTITION BY tenant ORDER BY due_at) AS turn FROM cell.bells WHERE due_at <= :at
    ), due AS (
        SELECT b.id, b.due_at, r.turn FROM cell.bells b JOIN ranked r USING (id)
         WHERE b.due_at <= :at AND r.turn <= :each ORDER BY r.turn, b.due_at LIMIT :most FOR UPDATE OF b SKIP LOCKED
    ), taken AS (
        UPDATE cell.bells b SET due_at = :again FROM due WHERE b.id = due.id RETURNING b.tenant, b.kind, due.turn, due.due_at
    )
    SELECT tenant, kind FROM taken GROUP BY tenant, kind ORDER BY min(turn), min(due_at)
""")


def sweep(house: House, cell: str, queue: Queue, *, at: dt.datetime) -> int:
    """Puts what is due in `cell` into the queue; returns for how many tenants and kinds. When the store is away, the bells stay as they were."""
    if queue.count > MOST_WAITING:
        return 0
    with house.landlord_session(cell) as session:
        limits = {"each": AT_ONCE_EACH, "most": AT_ONCE}
        rung: list[Rung] = [(row.tenant, row.kind) for row in session.execute(TAKE, {"at": at, "again": at + AGAIN, **limits})]
        for batch in _batches(rung):
            queue.enqueue("workers.jobs.bells.answer", cell, [list(pair) for pair in batch], result_ttl=0, failure_ttl=queues.KEEP_FAILED)
    return len(rung)


def ring_early(house: House, cell: str, *, at: dt.datetime, until: dt.datetime) -> None:
    """The clock has been put back: bells for times that had come already ring now. Whoever answers finds out when something is really due."""
    with house.landlord_session(cell) as session:
        session.execute(update(Bell).where(Bell.due_at > at, Bell.due_at <= until).values(due_at=at).execution_options(synchronize_session=False))
    log.warning("the clock has been put back", cell=cell, by=str(until - at))


def _batches(rung: Sequence[Rung]) -> Iterator[list[Rung]]:
    rest = iter(rung)
    while batch := list(islice(rest, BATCH)):
        yield batch


class Sweeper:
    """Sweeps every cell until told to stop. What is away is waited for."""

    def __init__(self, house: House, queue: Queue) -> None:
        self.house, self.queue = house, queue
        self.stopped = threading.Event()
        self._pause = EVERY
        self._is_rung_for_the_night = False
        self._clock = _clock()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._reported: dict[str, float] = {}
        self._passes = self._bells = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            swept = [self._sweep(cell) for cell in self.house.cells]
            if all(swept):
                self._clock = _clock()
            self._pause = EVERY if all(swept) else min(self._pause * 2, LONGEST_PAUSE)
            self.stopped.wait(self._pause)

    def _sweep(self, cell: str) -> bool:
        try:
            if not self._is_rung_for_the_night:
                ring_for_the_night(self.house)
                self._is_rung_for_the_night = True
            if (back := self._clock - _clock()) > outbox.SLACK:
                ring_early(self.house, cell, at=now(), until=now() + back + outbox.SLACK)
            self._report(cell)
            self._passes += 1
            self._bells += sweep(self.house, cell, self.queue, at=now())
        except (OperationalError, RedisError) as error:
            log.warning("cannot sweep", cell=cell, error=str(error).splitlines()[0])
            return False
        return True

    def _report(self, cell: str) -> None:
        """Every few seconds, so that operators see that somebody sweeps, and how late what is due is found."""
        if time.monotonic() - self._reported.get(cell, -REPORT_EVERY) < REPORT_EVERY:
            return
        at = now()
        with self.house.landlord_session(cell) as session:
            oldest = fleet.bells(session, at).oldest
            lag = (at - oldest).total_seconds() if oldest else 0.0
            report_sweep(session, self._name, at=at, passes=self._passes, bells=self._bells, lag=lag)
        self._reported[cell] = time.monotonic()


def _clock() -> dt.timedelta:
    """By how much the time of day is ahead of the seconds that have really passed: the same always, unless a clock is put on or back."""
    return dt.timedelta(seconds=now().timestamp() - time.monotonic())


def main() -> None:
    house = tenancy.house()
    logs.configure(house.settings)
    sweeper = Sweeper(house, queues.queue(queues.SHORT, queues.connect(house.settings)))
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: sweeper.stopped.set())
    sweeper.run()


if __name__ == "__main__":
    main()
