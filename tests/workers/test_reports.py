"""What operators are told: late perhaps, never wrong for long, and nothing personal."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, inspect, select, update
from sqlalchemy.orm import Session

from saas.cells.reports import JobReport, OutboxReport, Sweep
from tenants.jobs import asking
from tenants.jobs.models import Job
from tenants.values.ids import new_id
from tenants.values.words import Refusal
from tenants.wall import outbox
from tenants.wall.models import Outbox
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.engine_room import Inbox
from workers import heavy, queues, reports
from workers.answers import answer
from workers.sweeper import Sweeper
from workers.tenancy import House, Ring, now
from workers.work import Work

DAY = dt.timedelta(days=1)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Callable[[Work], None]]]:
    handlers: dict[str, Callable[[Work], None]] = {}
    monkeypatch.setattr(heavy, "HANDLERS", handlers)
    yield handlers


def asked(alpha: Tenant, engine: Engine) -> Job:
    with inside(alpha, engine) as session:
        return asking.ask(session, "count", {"secret": "Wang Fang"}, member_id=None, at=now())


def told(landlord: Session) -> list[tuple[str, str | None]]:
    landlord.rollback()
    return [(state, failure) for state, failure in landlord.execute(select(JobReport.state, JobReport.failure))]


def test_a_job_is_reported_from_its_asking_to_its_end(
    house: House, alpha: Tenant, engine: Engine, landlord: Session, answers: dict[str, Callable[[Work], None]]
) -> None:
    seen: list[list[tuple[str, str | None]]] = []

    def look(work: Work) -> None:
        seen.append(told(landlord))
        with work.session() as session:
            work.finish(session)

    answers["count"] = look
    job = asked(alpha, engine)
    heavy.start(Ring(house, "main", alpha))
    assert told(landlord) == [("waiting", None)]
    heavy.run(house, alpha, job.id)
    assert seen == [[("running", None)]]
    assert told(landlord) == [("done", None)]


def test_why_it_failed_is_told_without_its_figures(
    house: House, alpha: Tenant, engine: Engine, landlord: Session, answers: dict[str, Callable[[Work], None]]
) -> None:
    class NotFor(Refusal):
        sentence = "Not for %(name)s."

    def refuse(work: Work) -> None:
        raise NotFor(name="Wang Fang")

    answers["count"] = refuse
    heavy.run(house, alpha, asked(alpha, engine).id)
    assert told(landlord) == [("failed", "Not for %(name)s.")]
    stored = landlord.scalars(select(JobReport)).one()
    assert "Wang" not in str({column.key: getattr(stored, column.key) for column in inspect(JobReport).columns})


def test_an_end_that_nobody_reported_is_noticed(house: House, alpha: Tenant, engine: Engine, landlord: Session) -> None:
    """The worker was killed between the commit and its report."""
    job = asked(alpha, engine)
    reports.report_jobs(house, alpha)
    with inside(alpha, engine) as session:
        session.execute(update(Job).where(Job.id == job.id).values(state="done", finished_at=now()))
    reports.report_jobs(house, alpha)
    assert told(landlord) == [("done", None)]


def test_a_report_of_what_is_gone_goes(house: House, alpha: Tenant, engine: Engine, landlord: Session) -> None:
    job = asked(alpha, engine)
    reports.report_jobs(house, alpha)
    with inside(alpha, engine) as session:
        session.delete(session.get_one(Job, job.id))
    reports.report_jobs(house, alpha)
    assert told(landlord) == []


def test_old_reports_are_forgotten(house: House, landlord: Session) -> None:
    at = now()
    for state, days in (("done", 2), ("failed", 2), ("failed", 100), ("running", 100)):
        ended = None if state == "running" else at - days * DAY
        landlord.add(JobReport(job_id=new_id(), tenant="t_x", kind="count", state=state, attempts=1, asked_at=at - days * DAY, ended_at=ended))
    landlord.add(Sweep(sweeper="gone:1", at=at - 2 * DAY, passes=1, bells=1, lag=0))
    landlord.flush()
    reports.forget(landlord, at=at, kept_for=90 * DAY)
    assert sorted(landlord.scalars(select(JobReport.state))) == ["failed", "running"]
    assert landlord.scalars(select(Sweep)).all() == []


def test_what_could_not_be_sent_is_counted_and_cleared(house: House, alpha: Tenant, inside_alpha: Session, landlord: Session, inbox: Inbox) -> None:
    def ring() -> list[tuple[int, int]]:
        answer(house, "main", [(alpha.key, "outbox")])
        landlord.rollback()
        return [(one.open, one.failed) for one in landlord.scalars(select(OutboxReport))]

    assert ring() == []
    inbox.refuse = "451 later"
    key = outbox.promise(inside_alpha, "mail", {"to": "dora@alpha.example", "subject": "s", "text": "t"}, at=now())
    inside_alpha.commit()
    assert ring() == [(1, 0)]
    inbox.refuse = "550 no such user"
    inside_alpha.execute(update(Outbox).where(Outbox.id == key).values(due_at=now(), leased_until=None))
    inside_alpha.commit()
    assert ring() == [(0, 1)]
    inbox.refuse = None
    outbox.try_again(inside_alpha, key, at=now())
    inside_alpha.commit()
    assert ring() == []


def test_a_sweeper_says_that_it_is_there(house: House, landlord: Session) -> None:
    queue = queues.queue(queues.SHORT, queues.connect(house.settings))
    sweeper = Sweeper(house, queue)
    for _ in range(2):
        assert sweeper._sweep("main")
    sweep = landlord.scalars(select(Sweep)).one()
    assert now() - sweep.at < dt.timedelta(minutes=1) and sweep.lag < 30
    queue.connection.close()
