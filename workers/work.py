"""A piece of long work that a worker has in hand: its session, how far it is, its lease, and how it ended."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.orm import Session

from tenants.jobs import leases
from tenants.jobs.leases import LeaseLost, Taken
from tenants.notifications.notify import notify
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from workers.tenancy import House, now

log = structlog.get_logger()

BEAT = 1.0  # seconds between two signs of life
STATEMENT_TIMEOUT = 600_000  # milliseconds; the queue ends the whole work sooner or later


class Cancelled(Exception):
    """Somebody has called the work off."""


@dataclass(slots=True)
class Work:
    """What an answer has in hand: the tenant, the job's parameters, and where it says how far it is."""

    house: House
    tenant: Tenant
    taken: Taken
    done: int = 0
    total: int | None = None
    _is_cancelled: threading.Event = field(default_factory=threading.Event)
    _is_lost: threading.Event = field(default_factory=threading.Event)

    @property
    def params(self) -> dict[str, Any]:
        return self.taken.params

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work in the tenant's world, with time enough. Committed at the end."""
        with inside(self.tenant, self.house.cells[self.tenant.cell], timeout=STATEMENT_TIMEOUT) as session:
            yield session

    def progress(self, done: int, total: int | None = None) -> None:
        """To be said every second or so. Raises `Cancelled`, or `LeaseLost` when another worker has taken over: then all is rolled back."""
        self.done, self.total = done, total if total is not None else self.total
        if self._is_lost.is_set():
            raise LeaseLost
        if self._is_cancelled.is_set():
            raise Cancelled

    def finish(self, session: Session, result: dict[str, Any] | None = None) -> None:
        """Said last, in the session that did the work. From then on it cannot be cancelled. Raises as `progress` does."""
        self.progress(self.done)
        at = now()
        leases.finish(session, self.taken, result or {}, at=at)
        self.tell(session, "job.done", at=at)

    def tell(self, session: Session, kind: str, *, at: dt.datetime) -> None:
        """Tells who asked how it ended, once for each run."""
        if self.taken.member_id:
            notify(session, [self.taken.member_id], kind, key=f"{kind} {self.taken.lease}", at=at, subject_id=self.taken.id, job=self.taken.kind)

    def beat(self) -> None:
        """One sign of life, in a transaction of its own."""
        with self.session() as session:
            is_cancelled = leases.beat(session, self.taken, done=self.done, total=self.total, at=now())
        if is_cancelled:
            self._is_cancelled.set()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """While the block runs, a thread says that we live: a single long statement must not cost the lease."""
        over = threading.Event()

        def keep_beating() -> None:
            while not over.wait(BEAT):
                try:
                    self.beat()
                except LeaseLost:
                    self._is_lost.set()
                    return
                except Exception:  # the database is away: the lease decides what becomes of the work
                    log.exception("no beat", tenant=self.tenant.key, job=str(self.taken.id))

        thread = threading.Thread(target=keep_beating, name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
