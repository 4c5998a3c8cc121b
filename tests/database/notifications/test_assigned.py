"""A customer, an opportunity, a plan that a colleague gives me."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers import bulk
from tenants.customers.customer import Customer
from tenants.customers.intake import create_customer
from tenants.followups.models import Plan
from tenants.followups.writing import make_plan
from tenants.notifications.models import Notification
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.wall.models import Outbox
from tests.world.stage import prop

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def told(session: Session) -> list[tuple[object, str, object, object]]:
    rows = session.scalars(select(Notification).order_by(Notification.kind))
    return [(one.member_id, one.kind, one.data.get("by"), one.data.get("count")) for one in rows]


def test_a_customer_that_mei_gives_bob(inside_alpha: Session, mei: Actor, bob: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Alice"))
    customer.transfer(inside_alpha, inside_alpha.get_one(Member, bob.id), by=mei, at=NOW)
    assert told(inside_alpha) == [(bob.id, "customer.assigned", "Mei", 1)]
    assert inside_alpha.scalar(select(func.count()).select_from(Outbox)) == 1, "and it goes by mail"


def test_what_one_takes_oneself_and_what_nobody_gets_is_no_news(inside_alpha: Session, mei: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    customer.transfer(inside_alpha, inside_alpha.get_one(Member, mei.id), by=mei, at=NOW)
    customer.transfer(inside_alpha, None, by=mei, at=NOW)
    assert told(inside_alpha) == []


def test_many_at_once_are_one_piece_of_news(inside_alpha: Session, mei: Actor, alice: Actor) -> None:
    owner = inside_alpha.get_one(Member, mei.id)
    bulk.transfer(inside_alpha, [prop("customer", "Alice"), prop("customer", "Bob")], owner, by=alice, at=NOW, with_opportunities=True)
    assert told(inside_alpha) == [(mei.id, "customer.assigned", "Alice", 2)]


def test_a_new_customer_of_a_colleagues(inside_alpha: Session, mei: Actor, bob: Actor) -> None:
    create_customer(inside_alpha, {"name": "New", "owner_id": bob.id}, by=mei, at=NOW)
    create_customer(inside_alpha, {"name": "Mine"}, by=mei, at=NOW)
    assert told(inside_alpha) == [(bob.id, "customer.assigned", "Mei", 1)]


def test_an_opportunity(inside_alpha: Session, mei: Actor, bob: Actor) -> None:
    opportunity = inside_alpha.get_one(Opportunity, prop("opportunity", "Bob"))
    opportunity.transfer(inside_alpha, inside_alpha.get_one(Member, mei.id), by=bob, at=NOW)
    assert told(inside_alpha) == [(mei.id, "opportunity.assigned", "Bob", 1)]


def test_a_plan_for_a_colleague_and_one_that_is_passed_on(inside_alpha: Session, mei: Actor, bob: Actor) -> None:
    customer = inside_alpha.get_one(Customer, prop("customer", "Bob"))
    later = NOW + dt.timedelta(days=1)
    make_plan(inside_alpha, customer, means="phone", content="Ring", due_at=later, by=mei, at=NOW, member_id=bob.id)
    make_plan(inside_alpha, customer, means="phone", content="Mine", due_at=later, by=mei, at=NOW)
    assert told(inside_alpha) == [(bob.id, "plan.given", "Mei", None)]
    inside_alpha.get_one(Plan, prop("plan", "Bob")).edit(inside_alpha, {"member_id": mei.id}, by=bob, at=NOW)
    assert sorted(by for _, _, by, _ in told(inside_alpha)) == ["Bob", "Mei"]  # type: ignore[type-var]
