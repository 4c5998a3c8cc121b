"""Reminders: units a second over RQ's forking worker with one tenant a job; and the sweeper with many tenants over few.

A unit is one company in which one plan falls due: the bell is answered, the notification made, its mail promised, the next bell rung.
"""

import datetime as dt
import os
import uuid
from collections.abc import Callable, Sequence
from statistics import median

import psycopg
from psycopg import sql
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from tenants.customers.customer import Customer
from tenants.customers.intake import create_customer
from tenants.followups.models import Plan
from tenants.followups.writing import make_plan
from tenants.notifications.bells import REMINDERS
from tenants.team.actor import find_actor
from tenants.wall.session import inside, tenant_plane
from tenants.wall.tenant import Tenant
from tests.bench.house import House
from tests.bench.interleave import Figure, clocked, figure, middle
from tests.bench.say import say
from workers import boot, queues, tenancy
from workers.sweeper import sweep
from workers.tenancy import now

GOAL, SWEEPER_GOAL = 100.0, 1.2
PEERS = 60  # companies that the forking worker does in a turn: it takes a second for a dozen
TURNS = 5
MANY, FEW, DUE = 10_000, 100, 100
LOOKS = 10  # of the sweeper in a turn
ONE_NOTIFICATION = "INSERT INTO notifications (id, member_id, kind, at, data) SELECT gen_random_uuid(), id, 'x', now(), '{}' FROM members LIMIT 1"
RING = "INSERT INTO cell.bells (id, tenant, kind, due_at) VALUES (gen_random_uuid(), %s, %s, %s)"


def measure(house: House, *, rounds: int) -> list[Figure]:
    os.environ.update(house.environment())
    tenancy.house.cache_clear()
    store = Redis.from_url(house.store.url())
    store.flushdb()
    try:
        return [_units(house, store, turns=min(rounds, TURNS)), _sweeper(house, store, rounds=rounds)]
    finally:
        tenancy.house().close()
        tenancy.house.cache_clear()
        store.close()


def _units(house: House, store: Redis, *, turns: int) -> Figure:
    """Both workers run in a process like this one, empty their queue, and stop."""
    tenants = [tenant for tenant in house.tenants.values() if tenant.key != house.large.key]
    plans = {tenant.key: _plan(house, tenant) for tenant in tenants}
    say(f"{len(tenants)} companies have a plan")
    short, heavy = (queues.queue(name, store) for name in (queues.SHORT, queues.HEAVY))
    ours: list[float] = []
    peers: list[float] = []
    least: list[float] = []
    for turn in range(-1, turns):  # the first one warms up, and does not count
        rates = []
        for is_ours in (True, False) if turn % 2 else (False, True):
            chosen = tenants if is_ours else tenants[:PEERS]
            _fall_due(house, chosen, plans)
            seconds = clocked(_ours(short) if is_ours else _peer(heavy, chosen))
            _was_told(house, chosen)
            rates.append((is_ours, len(chosen) / seconds))
        for is_ours, rate in rates if turn >= 0 else ():
            (ours if is_ours else peers).append(rate)
        least.append(len(tenants) / clocked(lambda: _least(house, tenants)))
    spread = middle([a / b for a, b in zip(ours, peers, strict=True)])
    note = (
        f"{len(tenants):,} companies with a plan due, over one company a job on RQ's forking worker ({min(PEERS, len(tenants))} a turn); "
        f"a bare connection that writes one notification for each does {median(least):.0f} a second"
    )
    return Figure("reminder units a second", median(ours), median(peers), spread, GOAL, turns, note, at_least=True)


def _ours(queue: Queue) -> Callable[[], object]:
    """From the sweeper's look to the last answer."""

    def work() -> None:
        sweep(tenancy.house(), "main", queue, at=now())
        _run_dry(boot.ShortWorker, queue)

    return work


def _peer(queue: Queue, tenants: Sequence[Tenant]) -> Callable[[], object]:
    def work() -> None:
        for tenant in tenants:
            queue.enqueue("workers.jobs.bells.answer", "main", [[tenant.key, REMINDERS]], result_ttl=0)
        _run_dry(boot.HeavyWorker, queue)

    return work


def _least(house: House, tenants: Sequence[Tenant]) -> None:
    """What no worker that goes from tenant to tenant can go below: enter, write one row into one table, leave."""
    with psycopg.connect(house.app_url, autocommit=True) as bare:
        for tenant in tenants:
            for statement in (tenant_plane(tenant, is_hurried=True).begin, ONE_NOTIFICATION, "ROLLBACK"):
                bare.execute(statement.encode())


def _run_dry(kind: type[boot.ShortWorker] | type[boot.HeavyWorker], queue: Queue) -> None:
    kind([queue], connection=queue.connection, serializer=JSONSerializer).work(burst=True, logging_level="WARNING")


def _plan(house: House, tenant: Tenant) -> uuid.UUID:
    at = now()
    with inside(tenant, house.engine) as session:
        known = session.scalar(select(Plan.id).limit(1))
        if known:
            return known
        boss = find_actor(session, house.person.id)
        assert boss is not None
        customer = session.scalar(select(Customer).limit(1)) or create_customer(session, {"name": "杭州青禾环保设备有限公司"}, by=boss, at=at)
        return make_plan(session, customer, means="phone", content="询问报价", due_at=at + dt.timedelta(days=1), by=boss, at=at).id


def _fall_due(house: House, tenants: Sequence[Tenant], plans: dict[str, uuid.UUID]) -> None:
    """A moment ago: one that nobody has been told of. Only these bells hang in the tower."""
    due_at = now() - dt.timedelta(seconds=1)
    made_at = due_at - dt.timedelta(days=1)
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        admin.execute("TRUNCATE cell.bells")
        with admin.pipeline():
            for tenant in tenants:
                move = sql.SQL("UPDATE {}.plans SET due_at = %s, created_at = %s, done_at = NULL WHERE id = %s").format(sql.Identifier(tenant.key))
                admin.execute(move, (due_at, made_at, plans[tenant.key]))
                for name in ("notifications", "outbox"):
                    admin.execute(sql.SQL("DELETE FROM {}.{}").format(sql.Identifier(tenant.key), sql.Identifier(name)))
                admin.execute(RING, (tenant.key, REMINDERS, due_at))


def _was_told(house: House, tenants: Sequence[Tenant]) -> None:
    """The work was done, each company's once: a notification and a promised mail."""
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        for tenant in tenants:
            counts = sql.SQL("SELECT (SELECT count(*) FROM {0}.notifications), (SELECT count(*) FROM {0}.outbox)").format(sql.Identifier(tenant.key))
            told = admin.execute(counts).fetchone()
            assert told == (1, 1), f"{tenant.slug}: {told} notifications and mails"


def _sweeper(house: House, store: Redis, *, rounds: int) -> Figure:
    """Every company, though nothing of it is due, has two bells that hang for later, as real ones have."""
    queue = queues.queue(queues.SHORT, store)
    hung = {True: MANY, False: FEW}
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(-1, max(rounds // LOOKS, 1)):
        for are_many in (True, False) if turn % 2 else (False, True):
            _hang(house, hung[are_many])
            looks = [_look(house, queue) for _ in range(LOOKS)]
            times[are_many] += looks if turn >= 0 else []
    note = f"one look: {DUE} bells due among those of {MANY:,} companies, over {DUE} among those of {FEW}; {len(times[True])} looks each"
    return figure("the sweeper with 10,000 companies", (times[True], times[False]), goal=SWEEPER_GOAL, note=note)


def _look(house: House, queue: Queue) -> float:
    _ring_some(house)
    seconds = clocked(lambda: sweep(tenancy.house(), "main", queue, at=now()))
    queue.empty()  # type: ignore[no-untyped-call]
    return seconds


def _hang(house: House, number: int) -> None:
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        admin.execute("TRUNCATE cell.bells")
        admin.execute(
            "INSERT INTO cell.bells (id, tenant, kind, due_at) SELECT gen_random_uuid(), 't_' || lpad(n::text, 10, 'a'), kind, "
            "now() + interval '1 hour' + n * interval '1 second' FROM generate_series(1, %s) n, unnest(ARRAY['reminders', 'digest']) kind",
            (number,),
        )
        admin.execute("VACUUM (ANALYZE) cell.bells")


def _ring_some(house: House) -> None:
    """The same number of companies is due, whichever stand beside them."""
    with psycopg.connect(house.admin_url(), autocommit=True) as admin:
        admin.execute("DELETE FROM cell.bells WHERE kind = 'outbox'")
        with admin.cursor() as cursor:
            cursor.executemany(RING, [(f"t_{number:010}", "outbox", now() - dt.timedelta(seconds=1)) for number in range(1, DUE + 1)])
