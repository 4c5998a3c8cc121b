"""What lies behind the present: the grades of the last quarter, and customers that have just changed hands."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from tenants.customers.customer import Evaluation
from tenants.customers.evaluations import Figures, quarter
from tenants.demo.hours import Hours
from tenants.demo.ledger import Ledger
from tenants.demo.old_ids import id_at
from tenants.demo.sample import SampleCustomer
from tenants.values.periods import Period, add_months

BUYERS = ("regular", "vip")
HANDED_OVER = 6


def grade(ledger: Ledger, customers: Sequence[SampleCustomer], ids: Sequence[uuid.UUID], now: dt.datetime) -> None:
    """Those who buy were graded at the beginning of this quarter, for the figures of the one before."""
    this = Period.around(now, "quarter")
    start = dt.datetime.combine(add_months(this.start.date(), -3), dt.time.min, now.tzinfo)
    total = sum((_won(customer, start, this.start) for customer in customers), Decimal(0))
    at = min(this.start + dt.timedelta(days=4, hours=10), now - dt.timedelta(minutes=5))
    for customer, customer_id in zip(customers, ids, strict=True):
        if customer.status in BUYERS and customer.created_at < this.start:
            amount = _won(customer, start, this.start)
            talks = sum(start <= talk.at < this.start for talk in customer.followups)
            figures = Figures(int(amount > 0), 0, amount, round(amount * 100 / total) if total else 0, talks)
            given: dict[str, Any] = {"period": quarter(start.date()), "grade": customer.grade, "remark": None}
            by = ledger.member(customer.colleague or "boss")
            evaluation_id = id_at(at)
            ledger.add(Evaluation, id=evaluation_id, customer_id=customer_id, figures=figures.plain(), member_id=by, created_at=at, **given)
            ledger.event("customer.graded", at, customer.colleague, customer_id, **(given | {"grade": [None, customer.grade]}))


def hand_over(ledger: Ledger, customers: Sequence[SampleCustomer], ids: Sequence[uuid.UUID], hours: Hours, rng: Random) -> None:
    """In the last days the managers gave some to those who now look after them."""
    given = 0
    for customer, customer_id in zip(customers, ids, strict=True):
        giver = "manager_south" if customer.colleague in ("sales_south", "boss") else "manager_east"
        at = hours.back(rng.randrange(4), rng)
        if given < HANDED_OVER and customer.colleague in ("sales_east", "sales_south", "boss") and customer.created_at < at - dt.timedelta(days=40):
            before, after = ledger.member(giver), ledger.member(customer.colleague)
            names = [ledger.house.names[key] for key in (before, after) if key]
            ledger.event("customer.transferred", at, giver, customer_id, owner=[str(before), str(after)], names=names)
            given += 1


def _won(customer: SampleCustomer, start: dt.datetime, end: dt.datetime) -> Decimal:
    deal = customer.opportunity
    return deal.amount if deal and deal.outcome == "won" and deal.closed_at and start <= deal.closed_at < end else Decimal(0)
