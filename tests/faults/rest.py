"""When all that is due is done: no promise open, no long work, no bell that is late. And how long that took."""

import datetime as dt
import time
from dataclasses import dataclass

import psycopg

from tests.faults.machine import Machine

LIMIT = 120.0  # seconds after which everything due must be done
LATE = dt.timedelta(seconds=5)


@dataclass(slots=True)
class Waiting:
    """What is not done yet, by kind: how many. Nothing: all is at rest."""

    open: dict[str, int]

    def __bool__(self) -> bool:
        return any(self.open.values())


def waiting(machine: Machine) -> Waiting:
    with machine.admin() as admin:
        keys = [row[0] for row in admin.execute("SELECT key FROM saas.tenants")]
        at = dt.datetime.now(dt.UTC)
        outboxes = " UNION ALL ".join(f"SELECT done_at, failed_at, due_at FROM {key}.outbox" for key in ["saas", *keys])
        jobs = " UNION ALL ".join(f"SELECT state, due_at FROM {key}.jobs" for key in keys)
        return Waiting(
            {
                "promises": _number(admin, f"SELECT count(*) FROM ({outboxes}) o WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= %s", at),
                "jobs": _number(admin, f"SELECT count(*) FROM ({jobs}) j WHERE state IN ('waiting', 'running') AND due_at <= %s", at),
                "events": _number(admin, "SELECT count(*) FROM saas.stripe_events WHERE applied_at IS NULL AND received_at <= %s", at),
                "bells": _number(admin, "SELECT count(*) FROM cell.bells WHERE due_at <= %s", at),
            }
        )


def _number(admin: psycopg.Connection, query: str, at: dt.datetime) -> int:
    row = admin.execute(query.encode(), (at,)).fetchone()
    return int(row[0]) if row else 0


def come_to_rest(machine: Machine, since: float, limit: float = LIMIT) -> tuple[float, Waiting]:
    """Seconds from `since` (since 1970) until nothing is left, and what is left when that takes longer than `limit`."""
    while (left := waiting(machine)) and time.time() - since < limit:
        time.sleep(0.5)
    return time.time() - since, left


def longest(machine: Machine, since: float) -> float:
    """The longest that a promise or a piece of long work which fell due since then had to wait for its end, in seconds, kill after kill."""
    with machine.admin() as admin:
        keys = [row[0] for row in admin.execute("SELECT key FROM saas.tenants")]
        outboxes = [f"SELECT done_at - due_at AS waited, due_at FROM {key}.outbox WHERE done_at IS NOT NULL" for key in ["saas", *keys]]
        jobs = [f"SELECT finished_at - created_at, created_at FROM {key}.jobs WHERE finished_at IS NOT NULL" for key in keys]
        query = f"SELECT coalesce(extract(epoch FROM max(waited)), 0) FROM ({' UNION ALL '.join(outboxes + jobs)}) w WHERE due_at >= to_timestamp(%s)"
        row = admin.execute(query.encode(), (since,)).fetchone()
        return float(row[0]) if row else 0.0
