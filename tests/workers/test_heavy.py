"""Long work is done once, whoever is killed, wakes up late or changes their mind."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator

import pytest
from rq import Queue
from sqlalchemy import Engine, select

from tenants.jobs import asking, leases
from tenants.jobs.models import Job
from tenants.values.words import N_, Refusal
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tenants.workspace import settings
from workers import heavy, queues, work
from workers.tenancy import House, Ring, now
from workers.work import Work

LATE = leases.LEASE + dt.timedelta(seconds=1)


class TooMany(Refusal):
    sentence = N_("That cannot be done.")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Callable[[Work], None]]]:
    """What is done for which kind; a test adds its own."""
    handlers: dict[str, Callable[[Work], None]] = {}
    monkeypatch.setattr(heavy, "HANDLERS", handlers)
    monkeypatch.setattr(work, "BEAT", 0.02)
    yield handlers


def asked(alpha: Tenant, engine: Engine, kind: str = "count") -> uuid.UUID:
    with inside(alpha, engine) as session:
        return asking.ask(session, kind, {"to": 3}, member_id=None, at=now()).id


def read(alpha: Tenant, engine: Engine, key: uuid.UUID) -> Job:
    with inside(alpha, engine) as session:
        return session.get_one(Job, key)


def counts(work: Work) -> None:
    """Leaves a mark that tells how often it was really done."""
    with work.session() as session:
        times = settings.read(session, "counted").get("times", 0)
        settings.write(session, "counted", {"times": times + 1}, at=now())
        work.progress(work.params["to"], work.params["to"])
        work.finish(session, {"counted": work.params["to"]})


def counted(alpha: Tenant, engine: Engine) -> int:
    with inside(alpha, engine) as session:
        times: int = settings.read(session, "counted").get("times", 0)
        return times


def test_what_is_asked_for_is_done_by_a_heavy_worker(
    house: House, alpha: Tenant, engine: Engine, short: Queue, answers: dict[str, Callable[[Work], None]], run_dry: Callable[..., None]
) -> None:
    answers["count"] = counts
    key = asked(alpha, engine)
    short.enqueue("workers.jobs.doorbell.answer", alpha.key, ["jobs"])
    run_dry()
    run_dry(queues.HEAVY)
    job = read(alpha, engine, key)
    assert (job.state, job.result, job.attempts) == ("done", {"counted": 3}, 1)
    assert job.finished_at is not None and job.lease is None


def test_twice_is_once(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    answers["count"] = counts
    key = asked(alpha, engine)
    for _ in range(3):
        heavy.run(house, alpha, key)
    assert counted(alpha, engine) == 1


def test_who_has_lost_the_lease_leaves_no_trace(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    """An orphan that goes on while a second worker has taken over."""
    key = asked(alpha, engine)

    def sleeps_over(work: Work) -> None:
        with work.session() as session:
            settings.write(session, "counted", {"times": 99}, at=now())
            with inside(alpha, engine) as other:
                taken = leases.take(other, key, at=now() + LATE)
            assert taken is not None
            work.finish(session)

    answers["count"] = sleeps_over
    heavy.run(house, alpha, key)
    assert counted(alpha, engine) == 0
    assert read(alpha, engine, key).state == "running", "it is the second worker's now"


def test_it_takes_over_what_a_killed_worker_left(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    answers["count"] = counts
    key = asked(alpha, engine)
    with inside(alpha, engine) as session:
        assert leases.take(session, key, at=now() - LATE) is None, "it was not due then"
        assert leases.take(session, key, at=now()) is not None
    with inside(alpha, engine) as session:
        assert leases.startable(session, at=now()) == []
        assert leases.startable(session, at=now() + LATE) == [key]


def test_one_that_lives_keeps_its_lease(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    key, begun, go_on = asked(alpha, engine), threading.Event(), threading.Event()

    def waits(work: Work) -> None:
        begun.set()
        go_on.wait(10)
        with work.session() as session:
            work.finish(session)

    answers["count"] = waits
    thread = threading.Thread(target=heavy.run, args=(house, alpha, key))
    thread.start()
    begun.wait(10)
    first = read(alpha, engine, key).leased_until
    deadline = now() + dt.timedelta(seconds=10)
    while read(alpha, engine, key).leased_until == first and now() < deadline:
        pass
    go_on.set()
    thread.join()
    job = read(alpha, engine, key)
    assert first is not None and job.state == "done"


def test_cancelled_while_it_runs(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    key = asked(alpha, engine)

    def is_called_off(work: Work) -> None:
        with work.session() as session:
            settings.write(session, "counted", {"times": 99}, at=now())
            with inside(alpha, engine) as other:
                asking.cancel(other, other.get_one(Job, key), at=now())
            work.beat()
            work.progress(1, 3)

    answers["count"] = is_called_off
    heavy.run(house, alpha, key)
    assert read(alpha, engine, key).state == "cancelled"
    assert counted(alpha, engine) == 0


def test_cancelled_before_it_runs_and_tried_again(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    answers["count"] = counts
    key = asked(alpha, engine)
    with inside(alpha, engine) as session:
        asking.cancel(session, session.get_one(Job, key), at=now())
    heavy.run(house, alpha, key)
    assert counted(alpha, engine) == 0
    with inside(alpha, engine) as session:
        with pytest.raises(asking.NothingToCancel):
            asking.cancel(session, session.get_one(Job, key), at=now())
        asking.retry(session, session.get_one(Job, key), at=now())
    heavy.run(house, alpha, key)
    assert counted(alpha, engine) == 1
    with inside(alpha, engine) as session, pytest.raises(asking.NothingToRetry):
        asking.retry(session, session.get_one(Job, key), at=now())


def test_a_refusal_is_told_and_not_tried_again(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    def refuses(work: Work) -> None:
        raise TooMany(num=7)

    answers["count"] = refuses
    key = asked(alpha, engine)
    heavy.run(house, alpha, key)
    job = read(alpha, engine, key)
    assert (job.state, job.failure) == ("failed", {"sentence": "That cannot be done.", "params": {"num": 7}})


def test_an_accident_is_tried_again_a_few_times(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    tries = []

    def stumbles(work: Work) -> None:
        tries.append(work.taken.attempts)
        raise OSError("no space")

    answers["count"] = stumbles
    key = asked(alpha, engine)
    for _ in range(leases.MOST_ATTEMPTS + 2):
        heavy.run(house, alpha, key)
        with inside(alpha, engine) as session:
            job = session.get_one(Job, key)
            job.due_at = now()
    assert tries == list(range(1, leases.MOST_ATTEMPTS + 1))
    assert read(alpha, engine, key).state == "failed"


def test_two_at_once_and_never_two_of_a_kind(house: House, alpha: Tenant, engine: Engine) -> None:
    keys = [asked(alpha, engine, kind) for kind in ("a", "a", "b", "c")]
    with inside(alpha, engine) as session:
        assert leases.startable(session, at=now()) == [keys[0], keys[2]]
        assert leases.take(session, keys[0], at=now()) is not None
        assert leases.take(session, keys[1], at=now()) is None
        assert leases.startable(session, at=now()) == [keys[2]]


def test_fifty_workers_take_it_once(house: House, alpha: Tenant, engine: Engine) -> None:
    key = asked(alpha, engine)
    won: list[bool] = []

    def take() -> None:
        with inside(alpha, engine) as session:
            won.append(leases.take(session, key, at=now()) is not None)

    threads = [threading.Thread(target=take) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == 1


def test_a_flushed_queue_is_filled_again(house: House, alpha: Tenant, engine: Engine, short: Queue) -> None:
    key = asked(alpha, engine)
    ring = Ring(house, "main", alpha)
    assert heavy.start(ring) is not None
    heavy.start(ring)
    queue = queues.queue(queues.HEAVY, short.connection)
    assert [job.args for job in queue.jobs] == [[alpha.key, str(key)]], "once, however often it is looked at"
    short.connection.flushdb()
    again = heavy.start(ring)
    assert [job.args for job in queue.jobs] == [[alpha.key, str(key)]]
    assert again is not None and again > now()


def test_what_its_worker_took_out_and_never_began_goes_in_again(house: House, alpha: Tenant, engine: Engine, short: Queue) -> None:
    """kill -9 of a heavy worker: RQ still knows the job, and would refuse it for ten minutes."""
    key = asked(alpha, engine)
    ring = Ring(house, "main", alpha)
    heavy.start(ring)
    queue = queues.queue(queues.HEAVY, short.connection)
    assert queue.pop_job_id() is not None
    for _ in range(3):
        heavy.start(ring)
    assert [job.args for job in queue.jobs] == [[alpha.key, str(key)]]


def test_the_next_of_its_kind_is_put_in_when_one_has_ended(
    house: House, alpha: Tenant, engine: Engine, short: Queue, answers: dict[str, Callable[[Work], None]], run_dry: Callable[..., None]
) -> None:
    answers["count"] = counts
    for _ in range(3):
        asked(alpha, engine)
    heavy.start(Ring(house, "main", alpha))
    run_dry(queues.HEAVY)
    assert counted(alpha, engine) == 3


def test_what_its_workers_die_of_is_given_up(house: House, alpha: Tenant, engine: Engine, answers: dict[str, Callable[[Work], None]]) -> None:
    answers["count"] = counts
    key = asked(alpha, engine)
    for _ in range(leases.MOST_ATTEMPTS):  # each takes it, and dies
        with inside(alpha, engine) as session:
            assert leases.take(session, key, at=now()) is not None
            session.get_one(Job, key).leased_until = now() - LATE
    heavy.run(house, alpha, key)
    assert (read(alpha, engine, key).state, counted(alpha, engine)) == ("failed", 0)


def test_a_clock_that_is_put_back_holds_up_nothing(house: House, alpha: Tenant, engine: Engine) -> None:
    ahead = now() + dt.timedelta(hours=2)
    with inside(alpha, engine) as session:
        key = asking.ask(session, "count", {}, member_id=None, at=ahead).id
        assert leases.take(session, key, at=ahead) is not None  # … and dies
        assert leases.startable(session, at=ahead + leases.LEASE / 2) == [], "another machine's clock is a little behind"
        assert leases.startable(session, at=now()) == [key]


def test_no_bell_when_nothing_is_open(house: House, alpha: Tenant, engine: Engine) -> None:
    assert heavy.start(Ring(house, "main", alpha)) is None


def test_what_ended_long_ago_is_forgotten(alpha: Tenant, engine: Engine) -> None:
    key = asked(alpha, engine)
    with inside(alpha, engine) as session:
        asking.keep_file(session, session.get_one(Job, key), "result", name="a.csv", media_type="text/csv", content=b"a", at=now())
        asking.cancel(session, session.get_one(Job, key), at=now())
        leases.forget(session, before=now() - leases.KEEP)
        assert session.scalar(select(Job.id)) == key
        leases.forget(session, before=now() + dt.timedelta(seconds=1))
    with inside(alpha, engine) as session:
        assert session.scalar(select(Job.id)) is None
