"""The grade of a customer, given anew each quarter for figures that are kept with it.

The figures lie in rooms above this one, so it knows only the names of the columns it needs (as tenants.team.scope does).
"""

import datetime as dt
import re
import uuid
import zoneinfo
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, Uuid, and_, column, func, select, table
from sqlalchemy.orm import Session
from sqlalchemy.types import DateTime

from tenants.customers.customer import Customer, Evaluation
from tenants.customers.options import GRADES
from tenants.team.actor import Actor
from tenants.timeline.log import record
from tenants.values.periods import Period, add_months
from tenants.values.words import N_, Refusal

_MOMENT = DateTime(timezone=True)
_OPPORTUNITIES = table(
    "opportunities",
    column("customer_id", Uuid()),
    column("outcome", Text()),
    column("amount", Numeric(14, 2)),
    column("closed_at", _MOMENT),
    column("deleted_at", _MOMENT),
)
_FOLLOWUPS = table("followups", column("customer_id", Uuid()), column("at", _MOMENT), column("deleted_at", _MOMENT))
PERIOD = re.compile(r"(\d{4})Q([1-4])")


class NoSuchPeriod(Refusal):
    sentence = N_("A grade is given for a quarter that has begun.")


class NoSuchGrade(Refusal):
    sentence = N_("A grade is A, B or C.")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one quarter: opportunities won and lost, the amount won, its share of all that the firm won (per cent), follow-ups."""

    won: int
    lost: int
    amount: Decimal
    share: int
    followups: int

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"amount": str(self.amount)}


def quarter(day: dt.date) -> str:
    """2026-11-24 -> 2026Q4."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def bounds(period: str, zone: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a quarter, and of the next. Raises `NoSuchPeriod`."""
    parts = PERIOD.fullmatch(period)
    if parts is None or not 2000 <= int(parts[1]) <= 2999:
        raise NoSuchPeriod
    first = dt.datetime(int(parts[1]), int(parts[2]) * 3 - 2, 1, tzinfo=zone)
    whole = Period.around(first, "quarter")
    return whole.start, whole.end


def recent_quarters(today: dt.date, count: int = 4) -> list[str]:
    """The present one first."""
    return [quarter(add_months(today.replace(day=1), -3 * back)) for back in range(count)]


def figures(session: Session, customer_id: uuid.UUID, period: str, zone: zoneinfo.ZoneInfo) -> Figures:
    start, end = bounds(period, zone)
    row = session.execute(
        select(
            _closed(func.count(), "won", start, end, customer_id).label("won"),
            _closed(func.count(), "lost", start, end, customer_id).label("lost"),
            _closed(_total(), "won", start, end, customer_id).label("amount"),
            _closed(_total(), "won", start, end).label("all"),
            select(func.count())
            .select_from(_FOLLOWUPS)
            .where(_FOLLOWUPS.c.customer_id == customer_id, _FOLLOWUPS.c.at >= start, _FOLLOWUPS.c.at < end, _FOLLOWUPS.c.deleted_at.is_(None))
            .scalar_subquery()
            .label("followups"),
        )
    ).one()
    won, lost, amount, everything, followups = row
    return Figures(won, lost, Decimal(amount), _per_cent(Decimal(amount), Decimal(everything)), followups)


def evaluate(
    session: Session, customer: Customer, period: str, grade: str, *, remark: str | None, zone: zoneinfo.ZoneInfo, by: Actor, at: dt.datetime
) -> Evaluation:
    """Gives the grade of a quarter, with the figures as they are now; said again, the new word holds and the old stays in the timeline.

    The customer bears the grade of the latest quarter. Raises `NoSuchPeriod`, `NoSuchGrade`.
    """
    if grade not in GRADES:
        raise NoSuchGrade
    if bounds(period, zone)[0] > at:
        raise NoSuchPeriod
    known = session.scalars(select(Evaluation).where(Evaluation.customer_id == customer.id).order_by(Evaluation.period.desc())).all()
    given = next((one for one in known if one.period == period), None)
    counted = figures(session, customer.id, period, zone).plain()
    data: dict[str, Any] = {"period": period, "grade": [given.grade if given else None, grade], "remark": remark}
    if given is None:
        given = Evaluation(customer_id=customer.id, period=period)
        session.add(given)
    given.grade, given.figures, given.remark, given.member_id, given.created_at = grade, counted, remark, by.id, at
    if not known or period >= known[0].period:
        _bear(customer, grade, at)
    record(session, "customer.graded", by=by, at=at, customer_id=customer.id, **data)
    session.flush()
    return given


def _bear(customer: Customer, grade: str, at: dt.datetime) -> None:
    if customer.grade != grade:
        customer.grade, customer.updated_at = grade, at
        customer.version += 1


def _total() -> Any:
    return func.coalesce(func.sum(_OPPORTUNITIES.c.amount), 0)


def _closed(what: Any, outcome: str, start: dt.datetime, end: dt.datetime, customer_id: uuid.UUID | None = None) -> Any:
    one = _OPPORTUNITIES.c
    these: ColumnElement[bool] = and_(one.outcome == outcome, one.closed_at >= start, one.closed_at < end, one.deleted_at.is_(None))
    query = select(what).select_from(_OPPORTUNITIES).where(these)
    return (query.where(one.customer_id == customer_id) if customer_id else query).scalar_subquery()


def _per_cent(part: Decimal, whole: Decimal) -> int:
    return int((part * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0
