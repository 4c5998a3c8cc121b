"""What the workbench shows beside the brief: what to do now, the funnel, who won what, whom nobody spoke to."""

import datetime as dt
import decimal
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Label, Select, Text, Uuid, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.criteria import is_forgotten
from tenants.customers.customer import Customer
from tenants.followups.models import Plan
from tenants.insights.brief import ZERO, within
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Pipeline, Stage
from tenants.team.actor import Actor
from tenants.team.models import Member
from tenants.team.scope import done_by, visible
from tenants.values.periods import Period, add_months, days_between

LOOKED_AT = 40  # rows beyond those that are shown, to find the late ones behind a full day
KEPT_FOR_LATE = 3


@dataclass(frozen=True, slots=True)
class Task:
    """What to do now: a plan, or a customer whose next contact has come (`plan_id` None). `version` is the plan's."""

    plan_id: uuid.UUID | None
    customer_id: uuid.UUID
    customer: str
    contact: str | None
    means: str | None
    content: str | None
    due_at: dt.datetime
    version: int | None


def tasks(session: Session, actor: Actor, until: dt.datetime, *, limit: int = 8) -> list[Task]:
    """My open plans before `until`, and my customers whose next contact is due and has no plan.

    The days of `until`'s zone count: today's in order, then the late ones, the latest first; of a full day some places are kept for the late.
    """
    looked_at = limit + LOOKED_AT
    due = union_all(_planned(actor, until, looked_at), _unplanned(actor, until, looked_at)).subquery()
    rows = [Task(*row) for row in session.execute(select(due).order_by(due.c.due_at.desc()).limit(looked_at))]
    rows.sort(key=lambda task: (-task.due_at.astimezone(until.tzinfo).toordinal(), task.due_at))
    day_starts = until - dt.timedelta(days=1)
    late = [task for task in rows if task.due_at < day_starts]
    todays = rows[: len(rows) - len(late)][: max(limit - min(len(late), KEPT_FOR_LATE), 0)]
    return todays + late[: limit - len(todays)]


def _planned(actor: Actor, until: dt.datetime, limit: int) -> Select[*tuple[Any, ...]]:
    planned: Select[*tuple[Any, ...]] = (
        select(
            Plan.id,
            Customer.id.label("customer_id"),
            Customer.name,
            Contact.name.label("contact"),
            Plan.means,
            Plan.content,
            Plan.due_at,
            Plan.version,
        )
        .join(Customer, Customer.id == Plan.customer_id)
        .outerjoin(Contact, Contact.id == Plan.contact_id)
        .where(Plan.member_id == actor.id, Plan.done_at.is_(None), Plan.deleted_at.is_(None), Plan.due_at < until, Customer.deleted_at.is_(None))
        .order_by(Plan.due_at.desc())
        .limit(limit)
    )
    return planned


def _unplanned(actor: Actor, until: dt.datetime, limit: int) -> Select[*tuple[Any, ...]]:
    planned = select(Plan.id).where(Plan.customer_id == Customer.id, Plan.done_at.is_(None), Plan.deleted_at.is_(None)).exists()
    nothing = (cast(null(), Text).label("contact"), cast(null(), Text).label("means"), cast(null(), Text).label("content"))
    return (
        select(cast(null(), Uuid).label("id"), Customer.id.label("customer_id"), Customer.name, *nothing)
        .add_columns(Customer.next_contact_at.label("due_at"), cast(null(), Integer).label("version"))
        .where(Customer.owner_id == actor.id, Customer.deleted_at.is_(None), Customer.next_contact_at < until, ~planned)
        .order_by(Customer.next_contact_at.desc())
        .limit(limit)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the funnel: what is open in it. `amount` in CNY."""

    stage_id: uuid.UUID
    name: str
    probability: int
    count: int
    amount: decimal.Decimal


def funnel(session: Session, actor: Actor) -> list[Step]:
    """The open stages of the first pipeline."""
    first = select(Pipeline.id).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id).limit(1).scalar_subquery()
    here = and_(Opportunity.stage_id == Stage.id, Opportunity.deleted_at.is_(None), visible(Opportunity, actor))
    query = (
        select(Stage.id, Stage.name, Stage.probability, func.count(Opportunity.id), func.coalesce(func.sum(Opportunity.amount), ZERO))
        .outerjoin(Opportunity, here)
        .where(Stage.pipeline_id == first, Stage.kind == "open")
        .group_by(Stage.id)
        .order_by(Stage.position)
    )
    return [Step(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Rank:
    """A member's won amount (CNY) and number of wins in a period, or a month's when `member_id` is None."""

    member_id: uuid.UUID | None
    name: str
    month: dt.date | None
    count: int
    amount: decimal.Decimal


def ranking_and_trend(session: Session, actor: Actor, period: Period, *, months: int = 12) -> tuple[list[Rank], list[Rank]]:
    """Who won how much in the period (best first, ten at most), and what was won in each of the last months. One statement."""
    mine = (Opportunity.outcome == "won", Opportunity.deleted_at.is_(None), done_by(Opportunity.owner_id, actor, "opportunity"))
    closed, zone = Opportunity.__table__.c.closed_at, str(period.now.tzinfo)
    ranked = (
        select(Opportunity.owner_id.label("member_id"), Member.name.label("name"), cast(null(), Text).label("month"), *_sums())
        .join(Member, Member.id == Opportunity.owner_id)
        .where(*mine, within(closed, period))
        .group_by(Opportunity.owner_id, Member.name)
    )
    month = func.to_char(closed.op("AT TIME ZONE")(literal(zone)), "YYYY-MM")
    first = add_months(period.now.date().replace(day=1), 1 - months)
    start = dt.datetime.combine(first, dt.time.min, period.now.tzinfo)
    trend = select(cast(null(), Uuid), literal(""), month, *_sums()).where(*mine, closed >= start).group_by(month)
    rows = [
        Rank(member_id, name, dt.date.fromisoformat(f"{text}-01") if text else None, count, amount)
        for member_id, name, text, count, amount in session.execute(union_all(ranked, trend))
    ]
    best = sorted((row for row in rows if row.month is None), key=lambda row: (-row.amount, row.name))[:10]
    by_month = {row.month: row for row in rows if row.month}
    each = [add_months(first, number) for number in range(months)]
    return best, [by_month.get(day, Rank(None, "", day, 0, ZERO)) for day in each]


def _sums() -> tuple[Label[int], Label[Any]]:
    return func.count().label("count"), func.sum(Opportunity.amount).label("amount")


@dataclass(frozen=True, slots=True)
class Forgotten:
    id: uuid.UUID
    name: str
    grade: str | None
    owner: str | None
    spoken_at: dt.datetime
    ever: bool  # False: never spoken to; `spoken_at` is then when it was created

    def days(self, now: dt.datetime) -> int:
        return days_between(self.spoken_at, now, now.tzinfo or dt.UTC)


def forgotten(session: Session, actor: Actor, day_starts: dt.datetime, *, limit: int = 5) -> list[Forgotten]:
    """Customers to whom nobody spoke for long; the better ones first."""
    grade, spoken = case((Customer.grade.is_(None), "Z"), else_=Customer.grade), func.coalesce(Customer.last_followup_at, Customer.created_at)
    # An index alone says which; only those few are then read.
    few = (
        select(Customer.id, grade.label("grade"), spoken.label("spoken_at"))
        .where(Customer.deleted_at.is_(None), done_by(Customer.owner_id, actor, "customer"), is_forgotten(day_starts))
        .order_by(grade, spoken)
        .limit(limit)
        .subquery()
    )
    query = (
        select(Customer.id, Customer.name, Customer.grade, Member.name, few.c.spoken_at, Customer.last_followup_at.is_not(None))
        .join(few, few.c.id == Customer.id)
        .outerjoin(Member, Member.id == Customer.owner_id)
        .order_by(few.c.grade, few.c.spoken_at)
    )
    return [Forgotten(*row) for row in session.execute(query)]
