"""销售简报 and what waits, in one statement. A boss sees the company, a leader the team, a salesman himself: `people` says whose work counts."""

import datetime as dt
import decimal
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, and_, func, select
from sqlalchemy.orm import Session

from tenants.customers.criteria import is_forgotten, was_given
from tenants.customers.customer import Customer, next_contact
from tenants.followups.models import Followup, Plan
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import done_by
from tenants.values.periods import Period
from tenants.workspace.models import Setting

ZERO = decimal.Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of this period beside that of the comparable part of the period before."""

    now: decimal.Decimal
    before: decimal.Decimal

    @property
    def change(self) -> decimal.Decimal:
        return self.now - self.before

    @property
    def growth(self) -> int | None:
        """In whole per cent; None when there was nothing before."""
        return round(100 * self.change / self.before) if self.before else None


@dataclass(frozen=True, slots=True)
class Brief:
    """销售简报, and how many things wait. Amounts in CNY."""

    new_customers: Figure
    followups: Figure
    new_opportunities: Figure
    won: Figure
    won_amount: Figure
    open_weighted: decimal.Decimal
    overdue_contacts: int
    contacts_today: int
    overdue_plans: int
    plans_today: int
    late_closings: int
    given_to_me: int
    forgotten: int
    first_steps: dict[str, bool]


GIVEN_WITHIN = dt.timedelta(days=7)


def brief(session: Session, actor: Actor, period: Period) -> Brief:
    """One statement. `period` carries now, in the tenant's zone."""
    before = period.before()
    day_starts = period.now.replace(hour=0, minute=0, second=0, microsecond=0)
    day_ends = day_starts + dt.timedelta(days=1)
    opportunities = _opportunity_figures(actor, period, before, day_starts).subquery()
    figures = [*_customer_figures(actor, period, before), *_followup_figures(actor, period, before), *opportunities.c]
    row = session.execute(select(*figures, *_waiting(actor, day_starts, day_ends), *_first_steps(actor))).one()._mapping
    values: dict[str, Any] = {name: Figure(decimal.Decimal(row[name] or 0), decimal.Decimal(row[f"{name}_before"] or 0)) for name in FIGURES}
    values |= {name: row[name] or 0 for name in WAITING}
    return Brief(**values, open_weighted=row["open_weighted"] or ZERO, first_steps={name: bool(row[f"did_{name}"]) for name in STEPS})


FIGURES = ("new_customers", "followups", "new_opportunities", "won", "won_amount")
WAITING = ("overdue_contacts", "contacts_today", "overdue_plans", "plans_today", "late_closings", "given_to_me", "forgotten")
STEPS = ("company", "colleague", "customer", "followup", "opportunity", "sample", "dismissed")


def within(moment: ColumnElement[dt.datetime], period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)


def _count(what: type, name: str, *where: ColumnElement[bool]) -> Label[int]:
    return select(func.count()).select_from(what).where(*where).scalar_subquery().label(name)


def _customer_figures(actor: Actor, period: Period, before: Period) -> list[Label[int]]:
    mine = (Customer.deleted_at.is_(None), done_by(Customer.owner_id, actor, "customer"))
    moment = Customer.__table__.c.created_at
    return [_count(Customer, "new_customers", *mine, within(moment, period)), _count(Customer, "new_customers_before", *mine, within(moment, before))]


def _followup_figures(actor: Actor, period: Period, before: Period) -> list[Label[int]]:
    mine = (Followup.deleted_at.is_(None), done_by(Followup.member_id, actor, "customer"))
    moment = Followup.__table__.c.at
    return [_count(Followup, "followups", *mine, within(moment, period)), _count(Followup, "followups_before", *mine, within(moment, before))]


def _opportunity_figures(actor: Actor, period: Period, before: Period, day_starts: dt.datetime) -> Select[Any]:
    """One row from one look at the index of the board, which has all that is asked for."""
    created, closed = Opportunity.__table__.c.created_at, Opportunity.__table__.c.closed_at
    is_open, won = Opportunity.outcome == "open", Opportunity.outcome == "won"
    won_now, won_before = and_(won, within(closed, period)), and_(won, within(closed, before))
    amount, weighted = func.sum(Opportunity.amount), func.sum(Opportunity.amount * Opportunity.probability / 100)
    return select(
        func.count().filter(within(created, period)).label("new_opportunities"),
        func.count().filter(within(created, before)).label("new_opportunities_before"),
        func.count().filter(won_now).label("won"),
        func.count().filter(won_before).label("won_before"),
        amount.filter(won_now).label("won_amount"),
        amount.filter(won_before).label("won_amount_before"),
        func.round(weighted.filter(is_open), 2).label("open_weighted"),
        func.count().filter(is_open, Opportunity.expected_close_on < day_starts.date()).label("late_closings"),
    ).where(Opportunity.deleted_at.is_(None), done_by(Opportunity.owner_id, actor, "opportunity"))


def _waiting(actor: Actor, day_starts: dt.datetime, day_ends: dt.datetime) -> list[Label[int]]:
    mine = (Customer.deleted_at.is_(None), done_by(Customer.owner_id, actor, "customer"))
    plans = (Plan.done_at.is_(None), Plan.deleted_at.is_(None), Plan.member_id == actor.id)
    return [
        _count(Customer, "overdue_contacts", *mine, next_contact < day_starts),
        _count(Customer, "contacts_today", *mine, next_contact >= day_starts, next_contact < day_ends),
        _count(Plan, "overdue_plans", *plans, Plan.due_at < day_starts),
        _count(Plan, "plans_today", *plans, Plan.due_at >= day_starts, Plan.due_at < day_ends),
        _count(Customer, "given_to_me", Customer.deleted_at.is_(None), Customer.owner_id == actor.id, was_given(actor, day_ends - GIVEN_WITHIN)),
        _count(Customer, "forgotten", *mine, is_forgotten(day_starts)),
    ]


def _first_steps(actor: Actor) -> list[Label[bool]]:
    """Real events, not clicks: what furnishing with sample data made does not count."""
    profile = select(Setting.value["completed"].as_boolean()).where(Setting.key == "company").scalar_subquery()
    done = {
        "company": func.coalesce(profile, False),
        "colleague": select(Member.id).where(Member.sample.is_(False), Member.person_id != actor.person_id).exists(),
        "customer": select(Customer.id).where(Customer.sample.is_(False)).exists(),
        "followup": select(Followup.id).where(Followup.sample.is_(False)).exists(),
        "opportunity": select(Opportunity.id).where(Opportunity.sample.is_(False)).exists(),
        "dismissed": select(Setting.key).where(Setting.key == "first_steps").exists(),
        "sample": select(Customer.id).where(Customer.sample).exists(),
    }
    return [expression.label(f"did_{name}") for name, expression in done.items()]
