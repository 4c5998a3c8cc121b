"""The figures of the workbench, beside the same ones reckoned in plain Python over a furnished company."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.customers.criteria import FORGOTTEN_AFTER
from tenants.customers.customer import Customer
from tenants.demo.furnish import furnish
from tenants.followups.models import Followup, Plan
from tenants.insights.brief import brief
from tenants.insights.queries import forgotten, funnel, ranking_and_trend, tasks
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member, Role
from tenants.team.scope import people
from tenants.values.periods import KINDS, Kind, Period
from tenants.wall.session import inside
from tenants.wall.tenant import Tenant

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 24, 15, 30, tzinfo=ZONE)
DAY = NOW.replace(hour=0, minute=0)
TOMORROW = DAY + dt.timedelta(days=1)


class Firm:
    """Everything in the company, in lists."""

    def __init__(self, session: Session) -> None:
        self.customers = [row for row in session.scalars(select(Customer)) if row.deleted_at is None]
        self.followups = [row for row in session.scalars(select(Followup)) if row.deleted_at is None]
        self.opportunities = [row for row in session.scalars(select(Opportunity)) if row.deleted_at is None]
        self.plans = [row for row in session.scalars(select(Plan)) if row.deleted_at is None and row.done_at is None]


@pytest.fixture
def firm(alpha: Tenant, engine: Engine, alice: Actor) -> Firm:
    with inside(alpha, engine) as session:
        furnish(session, locale="en", zone=ZONE, by=alice, at=NOW)
    with inside(alpha, engine) as session:
        return Firm(session)


@pytest.fixture
def who(alpha: Tenant, engine: Engine) -> Callable[[str], Actor]:
    """The boss, a leader, a salesman of the furnished company."""

    def call(role: str) -> Actor:
        with inside(alpha, engine) as session:
            member = session.scalars(select(Member).join(Role).where(Role.key == role, Member.person_id.is_not(None)).order_by(Member.name)).first()
            assert member is not None
            assert member.person_id is not None
            actor = find_actor(session, member.person_id)
        assert actor is not None
        return actor

    return call


def counts(actor: Actor, kind: str, member_id: object) -> bool:
    ids = people(actor, kind)
    return ids is None or member_id in ids


@pytest.mark.parametrize("role", ["owner", "sales_manager", "sales"])
def test_the_brief_says_what_plain_counting_says(firm: Firm, who: Callable[[str], Actor], role: str, alpha: Tenant, engine: Engine) -> None:
    actor = who(role)
    customers = [row for row in firm.customers if counts(actor, "customer", row.owner_id)]
    followups = [row for row in firm.followups if counts(actor, "customer", row.member_id)]
    opportunities = [row for row in firm.opportunities if counts(actor, "opportunity", row.owner_id)]
    for kind in KINDS:
        period = Period.around(NOW, kind)
        with inside(alpha, engine) as session:
            said = brief(session, actor, period)
        for at, name in ((period, "now"), (period.before(), "before")):
            won = [row for row in opportunities if row.outcome == "won" and row.closed_at is not None and row.closed_at in at]
            assert getattr(said.new_customers, name) == sum(row.created_at in at for row in customers), (kind, name)
            assert getattr(said.followups, name) == sum(row.at in at for row in followups), (kind, name)
            assert getattr(said.new_opportunities, name) == sum(row.created_at in at for row in opportunities), (kind, name)
            assert getattr(said.won, name) == len(won), (kind, name)
            assert getattr(said.won_amount, name) == sum((row.amount for row in won), Decimal(0)), (kind, name)
    assert said.overdue_contacts == sum(row.next_contact_at is not None and row.next_contact_at < DAY for row in customers)
    assert said.contacts_today == sum(
        row.next_contact_at is not None and DAY <= row.next_contact_at < DAY + dt.timedelta(days=1) for row in customers
    )
    assert said.overdue_plans == sum(row.member_id == actor.id and row.due_at < DAY for row in firm.plans)
    late = [row for row in opportunities if row.outcome == "open" and row.expected_close_on and row.expected_close_on < DAY.date()]
    assert said.late_closings == len(late)


def is_forgotten(row: Customer) -> bool:
    silent = (row.last_followup_at or row.created_at) < DAY - FORGOTTEN_AFTER
    return silent and (row.next_contact_at is None or row.next_contact_at < DAY) and row.status != "lapsed"


@pytest.mark.parametrize("role", ["owner", "sales"])
def test_forgotten_customers_are_those_whom_nobody_spoke_to(
    firm: Firm, who: Callable[[str], Actor], role: str, alpha: Tenant, engine: Engine
) -> None:
    actor = who(role)
    expected = {row.id for row in firm.customers if counts(actor, "customer", row.owner_id) and is_forgotten(row)}
    with inside(alpha, engine) as session:
        assert {row.id for row in forgotten(session, actor, DAY, limit=1000)} == expected
        assert brief(session, actor, Period.around(NOW, "month")).forgotten == len(expected)


def test_the_funnel_adds_up_to_what_is_open(firm: Firm, who: Callable[[str], Actor], alpha: Tenant, engine: Engine) -> None:
    boss = who("owner")
    with inside(alpha, engine) as session:
        steps = funnel(session, boss)
    is_open = [row for row in firm.opportunities if row.outcome == "open"]
    assert sum(step.count for step in steps) == len(is_open)
    assert sum((step.amount for step in steps), Decimal(0)) == sum((row.amount for row in is_open), Decimal(0))
    assert [step.probability for step in steps] == sorted(step.probability for step in steps)


@pytest.mark.parametrize("kind", ["month", "year"])
def test_ranking_and_trend_add_up(firm: Firm, who: Callable[[str], Actor], kind: Kind, alpha: Tenant, engine: Engine) -> None:
    period = Period.around(NOW, kind)
    with inside(alpha, engine) as session:
        ranking, trend = ranking_and_trend(session, who("owner"), period)
    won = [row for row in firm.opportunities if row.outcome == "won" and row.closed_at is not None]
    assert sum((rank.amount for rank in ranking), Decimal(0)) == sum(
        (row.amount for row in won if row.closed_at and row.closed_at in period), Decimal(0)
    )
    assert [rank.amount for rank in ranking] == sorted((rank.amount for rank in ranking), reverse=True)
    assert [rank.month for rank in trend] == [dt.date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(12, 24)]
    months = {rank.month: rank.amount for rank in trend}
    for month, amount in months.items():
        there = [row.amount for row in won if row.closed_at and row.closed_at.astimezone(ZONE).date().replace(day=1) == month]
        assert amount == sum(there, Decimal(0)), month


def test_what_to_do_now_is_todays_in_order_then_the_late_ones(firm: Firm, who: Callable[[str], Actor], alpha: Tenant, engine: Engine) -> None:
    boss = who("owner")
    with inside(alpha, engine) as session:
        due = tasks(session, boss, TOMORROW, limit=200)
    plans = {row.id for row in firm.plans if row.member_id == boss.id and row.due_at < TOMORROW}
    assert {task.plan_id for task in due if task.plan_id} == plans
    planned = {row.customer_id for row in firm.plans}
    unplanned = {
        row.id
        for row in firm.customers
        if row.owner_id == boss.id and row.next_contact_at and row.next_contact_at < TOMORROW and row.id not in planned
    }
    assert {task.customer_id for task in due if not task.plan_id} == unplanned
    days = [task.due_at.astimezone(ZONE).date() for task in due]
    assert days == sorted(days, reverse=True)
    for day in set(days):
        of_the_day = [task.due_at for task in due if task.due_at.astimezone(ZONE).date() == day]
        assert of_the_day == sorted(of_the_day)
