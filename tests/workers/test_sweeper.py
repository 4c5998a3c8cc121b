"""What is due is found, whoever else floods the house."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import Engine, delete, select

from saas.cells.models import Bell, Schema
from saas.cells.upkeep import POOL
from saas.identity.models import Session, Throttle
from tenants.values.ids import new_id, tenant_key
from tenants.wall import outbox
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.database import Database
from workers import housekeeping, queues, sweeper
from workers.answers import answer
from workers.tenancy import LANDLORD, House, Ring, now

HOUR = dt.timedelta(hours=1)


def hang(engine: Engine, *bells: tuple[str, str, dt.datetime]) -> None:
    with open_session(engine, landlord_plane()) as session:
        session.add_all(Bell(id=new_id(), tenant=key, kind=kind, due_at=due) for key, kind, due in bells)
        session.commit()


def queued(queue: Queue) -> list[list[list[str]]]:
    return [job.args[1] for job in queue.jobs]


def test_only_what_is_due_is_taken(house: House, engine: Engine, short: Queue) -> None:
    at = now()
    hang(engine, ("t_aaaaaaaaaa", "outbox", at - HOUR), ("t_bbbbbbbbbb", "outbox", at + HOUR))
    assert sweeper.sweep(house, "main", short, at=at) == 1
    assert queued(short) == [[["t_aaaaaaaaaa", "outbox"]]]


def test_a_flood_of_one_tenant_does_not_delay_another(house: House, engine: Engine, short: Queue) -> None:
    at = now()
    flood = [("t_aaaaaaaaaa", f"kind {n % 300}", at - HOUR) for n in range(1000)]
    hang(engine, *flood, ("t_bbbbbbbbbb", "outbox", at))
    sweeper.sweep(house, "main", short, at=at)
    first_job = queued(short)[0]
    assert ["t_bbbbbbbbbb", "outbox"] in first_job[:2]


def test_many_tenants_share_a_job(house: House, engine: Engine, short: Queue) -> None:
    at = now()
    hang(engine, *((tenant_key(), "outbox", at) for _ in range(120)))
    assert sweeper.sweep(house, "main", short, at=at) == 120
    assert [len(batch) for batch in queued(short)] == [50, 50, 20]


def test_two_sweepers_take_each_bell_once(house: House, engine: Engine, short: Queue) -> None:
    at = now()
    hang(engine, *((tenant_key(), "outbox", at) for _ in range(500)))
    taken: list[int] = []
    threads = [threading.Thread(target=lambda: taken.append(sweeper.sweep(house, "main", short, at=at))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [key for batch in queued(short) for key, _ in batch]
    assert len(keys) == len(set(keys)) == sum(taken) == 500


def test_a_full_queue_is_left_to_empty_itself(house: House, engine: Engine, short: Queue) -> None:
    hang(engine, ("t_aaaaaaaaaa", "outbox", now()))
    for _ in range(sweeper.MOST_WAITING + 1):
        short.enqueue("workers.jobs.doorbell.answer", "saas", ["outbox"])
    assert sweeper.sweep(house, "main", short, at=now()) == 0


def test_while_the_store_is_away_the_bells_stay(house: House, engine: Engine) -> None:
    hang(engine, (LANDLORD, "outbox", now()))
    nowhere = queues.queue(queues.SHORT, Redis(port=1, socket_connect_timeout=0.1))
    there = sweeper.Sweeper(house, nowhere)
    assert there._sweep("main") is False
    with open_session(engine, landlord_plane()) as session:
        assert session.scalars(select(Bell.due_at).where(Bell.kind == "outbox")).one() <= now()


def test_a_clock_that_is_put_back_rings_what_had_come(house: House, engine: Engine, short: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour ago by the clock as it was is in an hour by the clock as it is."""
    there, at = sweeper.Sweeper(house, short), now()
    assert there._sweep("main")
    monkeypatch.setattr(sweeper, "now", lambda: now() - 2 * HOUR)
    hang(engine, ("t_aaaaaaaaaa", "outbox", at - HOUR), ("t_bbbbbbbbbb", "outbox", at + HOUR))
    assert there._sweep("main")
    rung = [key for batch in queued(short) for key, _ in batch]
    assert "t_aaaaaaaaaa" in rung
    assert "t_bbbbbbbbbb" not in rung


def test_bells_of_nobody_are_taken_down(house: House, engine: Engine) -> None:
    key = tenant_key()
    hang(engine, (key, "outbox", now()))
    answer(house, "main", [(key, "outbox")])
    with open_session(engine, landlord_plane()) as session:
        assert session.scalars(select(Bell).where(Bell.tenant == key)).all() == []


def test_a_lost_bell_is_found_at_night(house: House, alpha: Tenant, engine: Engine) -> None:
    with inside(alpha, engine) as session:
        outbox.promise(session, "mail", {}, at=now())
    with open_session(engine, landlord_plane()) as session:
        session.execute(delete(Bell))
        session.commit()
    housekeeping.tidy(Ring(house, "main", alpha))
    with open_session(engine, landlord_plane()) as session:
        assert session.scalars(select(Bell.kind).where(Bell.tenant == alpha.key, Bell.kind == "outbox")).all() == ["outbox"]


def test_the_night_takes_away_what_has_expired_and_looks_at_every_tenant(house: House, engine: Engine, alpha: Tenant, beta: Tenant) -> None:
    long_ago = now() - dt.timedelta(days=90)
    with open_session(engine, landlord_plane()) as session:
        session.add(Throttle(key="sign-in bob", hits=3, until=long_ago))
        session.commit()
    next_time = housekeeping.keep_house(Ring(house, "main", None))
    assert next_time is not None and dt.timedelta() < next_time - now() <= dt.timedelta(days=1)
    with open_session(engine, landlord_plane()) as session:
        assert session.scalars(select(Throttle)).all() == []
        assert set(session.scalars(select(Bell.tenant).where(Bell.kind == "tidy"))) == {alpha.key, beta.key}
        assert session.scalars(select(Bell.tenant).where(Bell.kind == "vacancies")).all() == [LANDLORD]


def test_live_sessions_survive_the_night(house: House, engine: Engine, client_of: Callable[[str], object]) -> None:
    client_of("bob")
    housekeeping.keep_house(Ring(house, "main", None))
    with open_session(engine, landlord_plane()) as session:
        assert len(session.scalars(select(Session)).all()) == 1


def test_the_pool_is_filled_up(house: House, engine: Engine, database: Database) -> None:
    housekeeping.refill(Ring(house, "main", None))
    with open_session(engine, landlord_plane()) as session:
        vacant = session.scalars(select(Schema).where(Schema.state == "vacant")).all()
    assert len(vacant) == POOL


def test_the_night_is_rung_for_once(house: House, engine: Engine) -> None:
    with open_session(engine, landlord_plane()) as session:
        session.add(Bell(id=new_id(), tenant=LANDLORD, kind="rent", due_at=now() + dt.timedelta(days=23)))  # of a trial that ends some day
        session.commit()
    housekeeping.ring_for_the_night(house)
    housekeeping.ring_for_the_night(house)
    with open_session(engine, landlord_plane()) as session:
        assert sorted(session.scalars(select(Bell.kind).where(Bell.tenant == LANDLORD))) == ["housekeeping", "rent", "rent", "vacancies"]
