"""Scores follow what people do within a second or two, and what time does within a night; whoever does it twice changes nothing."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from saas.cells.models import Bell
from tenants.customers.customer import Customer
from tenants.followups.writing import write_followup
from tenants.jobs import leases
from tenants.jobs.models import Job
from tenants.notifications.models import Notification
from tenants.scoring import keeping
from tenants.scoring.grades import Regraded
from tenants.scoring.models import Score
from tenants.scoring.telling import EACH, tell_owners
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.stage import prop
from workers import heavy, housekeeping, scores
from workers.tenancy import House, Ring, now

BOBS = prop("customer", "Bob")


@pytest.fixture
def ring(house: House, alpha: Tenant) -> Ring:
    return Ring(house, "main", alpha)


def score(engine: Engine, tenant: Tenant) -> Score:
    with inside(tenant, engine) as session:
        return session.get_one(Score, BOBS)


def bells(engine: Engine) -> list[str]:
    with open_session(engine, landlord_plane()) as session:
        return sorted(session.scalars(select(Bell.kind)))


def talk(session: Session, by: Actor) -> None:
    write_followup(session, session.get_one(Customer, BOBS), means="phone", content="They want a second machine", by=by, at=now())


def test_a_clock_that_is_put_back_hides_nothing(ring: Ring, engine: Engine, alpha: Tenant, bob: Actor) -> None:
    scores.keep_up(ring)
    before = score(engine, alpha)
    with inside(alpha, engine) as session:
        keeping.write_state(session, replace(keeping.read_state(session), since=now() + dt.timedelta(hours=2)), at=now())
        talk(session, bob)
    scores.keep_up(ring)
    assert score(engine, alpha).score > before.score


def test_whoever_is_touched_has_another_score(ring: Ring, engine: Engine, alpha: Tenant, bob: Actor) -> None:
    scores.keep_up(ring)
    before = score(engine, alpha)
    with inside(alpha, engine) as session:
        talk(session, bob)
    assert "scores" in bells(engine)
    scores.keep_up(ring)
    assert score(engine, alpha).score > before.score
    again = score(engine, alpha)
    scores.keep_up(ring)
    assert score(engine, alpha).at == again.at


def test_only_those_who_were_touched_are_looked_at(ring: Ring, engine: Engine, alpha: Tenant, bob: Actor) -> None:
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        session.execute(delete(Event))
        session.execute(update(Score).values(score=1))
        talk(session, bob)
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        assert session.get_one(Score, BOBS).score != 1
        assert session.get_one(Score, prop("customer", "Alice")).score == 1


def test_the_night_is_kept_at_two_and_not_before(ring: Ring, engine: Engine, alpha: Tenant) -> None:
    scores.keep_up(ring)
    assert bells(engine).count("scores.night") == 1
    with inside(alpha, engine) as session:
        session.execute(update(Score).values(score=1))
    assert scores.keep_night(ring) == _state(engine, alpha).night
    assert score(engine, alpha).score == 1
    with inside(alpha, engine) as session:
        keeping.write_state(session, keeping.State(since=now(), night=now()), at=now())
    scores.keep_night(ring)
    assert score(engine, alpha).score != 1
    assert (_state(engine, alpha).night or now()) > now()


def test_a_firm_that_was_never_reckoned_is_noticed_at_night(ring: Ring, engine: Engine) -> None:
    housekeeping.tidy(ring)
    assert "scores.night" in bells(engine)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_every_day_has_one_night(zone: str) -> None:
    """Also where the clocks leap over two o'clock, or pass it twice."""
    place = zoneinfo.ZoneInfo(zone)
    at, nights = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), []
    while at < dt.datetime(2027, 1, 1, tzinfo=dt.UTC):
        at = keeping.next_night(place, at, "t_0123456789abcdef")
        nights.append(at.astimezone(place).date())
    assert len(nights) == len(set(nights)) and (nights[-1] - nights[0]).days == len(nights) - 1


def test_a_large_firm_is_long_work(ring: Ring, engine: Engine, alpha: Tenant, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    monkeypatch.setattr(keeping.stretches, "__defaults__", (1,))
    scores.keep_up(ring)
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        jobs = session.scalars(select(Job)).all()
        assert [job.kind for job in jobs] == ["rescoring"], "one that waits will do"
        assert session.scalars(select(Score)).all() == []
    heavy.run(house, alpha, jobs[0].id)
    with inside(alpha, engine) as session:
        job = session.get_one(Job, jobs[0].id)
        assert job.state == "done" and job.result == {"customers": 2, "written": 4, "regraded": 2}
        assert len(session.scalars(select(Score)).all()) == 4


def test_killed_in_the_middle_it_is_done_again(house: House, engine: Engine, alpha: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping.stretches, "__defaults__", (1,))
    with inside(alpha, engine) as session:
        job_id = keeping.ask_for_all(session, at=now()).id
    first = keeping.Run.score

    def die(self: keeping.Run, *args: object) -> None:
        if self.written:
            raise SystemExit("killed")
        first(self, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(keeping.Run, "score", die)
        with pytest.raises(SystemExit):
            heavy.run(house, alpha, job_id)
    with inside(alpha, engine) as session:
        session.execute(update(Job).values(leased_until=now() - leases.LEASE))
    heavy.run(house, alpha, job_id)
    with inside(alpha, engine) as session:
        assert session.get_one(Job, job_id).state == "done"
        assert len(session.scalars(select(Score)).all()) == 4


def test_a_change_of_the_stages_touches_everybody(ring: Ring, engine: Engine, alpha: Tenant, client_of: Callable[..., object]) -> None:
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        session.add(Event(at=now(), kind="stage.edited", data={}))
        session.execute(update(Score).values(score=1))
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        assert session.get_one(Score, prop("customer", "Alice")).score != 1


def _state(engine: Engine, tenant: Tenant) -> keeping.State:
    with inside(tenant, engine) as session:
        return keeping.read_state(session)


def test_owners_hear_of_changed_grades_and_of_many_in_one_word(ring: Ring, engine: Engine, alpha: Tenant, bob: Actor) -> None:
    scores.keep_up(ring)
    at = now()
    with inside(alpha, engine) as session:
        one = [Regraded(BOBS, "x", bob.id, "C", "A", 80)]
        tell_owners(session, [*one, Regraded(BOBS, "x", bob.id, None, "B", 50), Regraded(BOBS, "x", None, "C", "B", 50)], at=at)
        tell_owners(session, one, at=at)
        tell_owners(session, one * (EACH + 1), at=at)
        told = [(row.customer_id, row.data) for row in session.scalars(select(Notification).order_by(Notification.customer_id))]
    assert told == [(BOBS, {"grade": ["C", "A"], "score": 80}), (None, {"count": EACH + 1})]


def test_a_changed_grade_is_told_by_the_worker(ring: Ring, engine: Engine, alpha: Tenant, bob: Actor) -> None:
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        session.execute(update(Customer).where(Customer.id == BOBS).values(grade="A"))
        session.execute(update(Score).where(Score.subject_id == BOBS).values(given="A"))
        talk(session, bob)
    scores.keep_up(ring)
    with inside(alpha, engine) as session:
        assert session.get_one(Customer, BOBS).grade != "A"
        assert [row.customer_id for row in session.scalars(select(Notification).where(Notification.kind == "customer.graded"))] == [BOBS]
        assert session.scalars(select(Event).where(Event.kind == "customer.graded")).one().member_id is None
