"""Follow-ups and plans, and what they mean for when a customer is spoken to."""

import datetime as dt
import threading

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.followups.models import Followup, Plan
from tenants.followups.queries import plans_of, todo
from tenants.followups.writing import NotTheirContact, NotYetHappened, make_plan, write_followup
from tenants.team.actor import Actor
from tenants.timeline.models import Event
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant
from tests.world.stage import prop

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def customer(inside_alpha: Session) -> Customer:
    """Bob's, without the plan that stands on the stage."""
    inside_alpha.delete(inside_alpha.get_one(Plan, prop("plan", "Bob")))
    inside_alpha.flush()
    return inside_alpha.get_one(Customer, prop("customer", "Bob"))


def contacts(session: Session, customer: Customer) -> tuple[dt.datetime | None, dt.datetime | None]:
    session.refresh(customer)
    return customer.last_followup_at, customer.next_contact_at


def test_a_follow_up_says_when_one_spoke_last_and_speaks_next(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    version = customer.version
    followup = write_followup(inside_alpha, customer, means="phone", content="Hello", by=bob, at=NOW, next_contact_at=NOW + DAY)
    assert contacts(inside_alpha, customer) == (NOW, NOW + DAY)
    assert (followup.member_id, followup.at, followup.created_at) == (bob.id, NOW, NOW)
    assert customer.version == version, "a form that is open on the customer must not clash"


def test_one_that_is_written_later_does_not_overrule_the_last(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    write_followup(inside_alpha, customer, means="phone", content="Today", by=bob, at=NOW, next_contact_at=NOW + DAY)
    write_followup(
        inside_alpha, customer, means="visit", content="Last week", by=bob, at=NOW, happened_at=NOW - 7 * DAY, next_contact_at=NOW + 9 * DAY
    )
    assert contacts(inside_alpha, customer) == (NOW, NOW + DAY)


def test_the_earliest_plan_comes_first(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    write_followup(inside_alpha, customer, means="phone", content="Hello", by=bob, at=NOW, next_contact_at=NOW + 5 * DAY)
    plan = make_plan(inside_alpha, customer, means="visit", content="Visit", due_at=NOW + 2 * DAY, by=bob, at=NOW)
    assert contacts(inside_alpha, customer)[1] == NOW + 2 * DAY
    plan.move(inside_alpha, NOW + 3 * DAY, by=bob, at=NOW)
    assert contacts(inside_alpha, customer)[1] == NOW + 3 * DAY
    plan.drop(inside_alpha, by=bob, at=NOW)
    assert contacts(inside_alpha, customer)[1] == NOW + 5 * DAY
    plan.reopen(inside_alpha, by=bob, at=NOW)
    plan.finish(inside_alpha, by=bob, at=NOW + 6 * DAY)
    assert contacts(inside_alpha, customer)[1] is None, "what was promised has been done"


def test_writing_may_finish_the_plan_it_is_about(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    plan = make_plan(inside_alpha, customer, means="visit", content="Visit", due_at=NOW, by=bob, at=NOW - DAY)
    followup = write_followup(inside_alpha, customer, means="visit", content="Visited", by=bob, at=NOW, plan=plan)
    assert (plan.done_at, plan.done_by_id, followup.plan_id) == (NOW, bob.id, plan.id)
    assert plans_of(inside_alpha, customer.id) == []


def test_a_deleted_one_counts_no_more_and_comes_back(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    before = contacts(inside_alpha, customer)
    followup = write_followup(inside_alpha, customer, means="phone", content="Hello", by=bob, at=NOW, next_contact_at=NOW + DAY)
    followup.discard(inside_alpha, by=bob, at=NOW)
    assert contacts(inside_alpha, customer)[1] == before[1]
    followup.restore(inside_alpha, by=bob, at=NOW)
    assert contacts(inside_alpha, customer) == (NOW, NOW + DAY)


def test_old_words_are_kept(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    followup = write_followup(inside_alpha, customer, means="phone", content="Ten pumps", by=bob, at=NOW)
    followup.edit(inside_alpha, {"content": "Two pumps", "next_contact_at": NOW + DAY}, by=bob, at=NOW + DAY)
    inside_alpha.flush()
    event = inside_alpha.scalars(select(Event).where(Event.kind == "followup.edited")).one()
    assert event.data["changes"]["content"] == ["Ten pumps", "Two pumps"]
    assert contacts(inside_alpha, customer)[1] == NOW + DAY
    assert followup.edit(inside_alpha, {"content": "Two pumps"}, by=bob, at=NOW + DAY) == {}


def test_it_tells_what_has_happened_with_somebody_who_is_there(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    with pytest.raises(NotYetHappened):
        write_followup(inside_alpha, customer, means="phone", content="?", by=bob, at=NOW, happened_at=NOW + DAY)
    for strange in (prop("contact", "Alice"), prop("customer", "Bob")):
        with pytest.raises(NotTheirContact):
            write_followup(inside_alpha, customer, means="phone", content="?", by=bob, at=NOW, contact_id=strange)
        with pytest.raises(NotTheirContact):
            make_plan(inside_alpha, customer, means="phone", content="?", due_at=NOW, by=bob, at=NOW, contact_id=strange)
    assert inside_alpha.get_one(Contact, prop("contact", "Bob")).customer_id == customer.id


def test_a_plan_done_twice_is_done_once(inside_alpha: Session, customer: Customer, bob: Actor) -> None:
    plan = make_plan(inside_alpha, customer, means="visit", content="Visit", due_at=NOW, by=bob, at=NOW)
    plan.finish(inside_alpha, by=bob, at=NOW)
    plan.finish(inside_alpha, by=bob, at=NOW + DAY)
    inside_alpha.flush()
    assert plan.done_at == NOW
    assert len(inside_alpha.scalars(select(Event).where(Event.kind == "plan.done")).all()) == 1


def test_the_list_shows_ones_own_at_customers_one_sees(inside_alpha: Session, customer: Customer, alice: Actor, bob: Actor, mei: Actor) -> None:
    mine = make_plan(inside_alpha, customer, means="visit", content="Bob's", due_at=NOW + DAY, by=bob, at=NOW)
    done = make_plan(inside_alpha, customer, means="visit", content="Done", due_at=NOW, by=bob, at=NOW)
    done.finish(inside_alpha, by=bob, at=NOW)
    alices = inside_alpha.get_one(Customer, prop("customer", "Alice"))
    hidden = make_plan(inside_alpha, alices, means="visit", content="Not seen", due_at=NOW, by=alice, at=NOW, member_id=bob.id)
    inside_alpha.flush()
    assert [row.id for row in todo(inside_alpha, bob, members=(bob.id,), done_since=NOW - DAY)] == [mine.id, done.id]
    assert [row.id for row in todo(inside_alpha, bob, members=(bob.id,), done_since=NOW + DAY)] == [mine.id]
    assert [row.id for row in todo(inside_alpha, mei, members=mei.subordinates, done_since=NOW - DAY)] == [mine.id, done.id]
    assert hidden.id in [row.id for row in todo(inside_alpha, alice, members=(bob.id,), done_since=NOW - DAY)]


def test_of_two_written_at_once_the_last_holds(alpha: Tenant, engine: Engine, bob: Actor, mei: Actor) -> None:
    """Each reckons under the lock of the customer's row, so that neither overlooks the other."""
    start = threading.Barrier(2)

    def write(who: Actor, at: dt.datetime) -> None:
        with inside(alpha, engine) as session:
            customer = session.get_one(Customer, prop("customer", "Bob"))
            start.wait()
            write_followup(session, customer, means="phone", content="At once", by=who, at=at, next_contact_at=at + DAY)

    for round_ in range(5):
        moments = [NOW + round_ * DAY, NOW + round_ * DAY + dt.timedelta(minutes=1)]
        threads = [threading.Thread(target=write, args=(who, at)) for who, at in zip((bob, mei), moments, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with inside(alpha, engine) as session:
            assert session.get_one(Customer, prop("customer", "Bob")).last_followup_at == moments[1]
            assert len(session.scalars(select(Followup).where(Followup.at.in_(moments))).all()) == 2
