"""The company that the bench measures."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.customers.customer import Customer
from tenants.demo import furnish
from tenants.demo.bench import crowd
from tenants.pipeline.opportunity import Opportunity
from tenants.team.actor import Actor
from tests.world.stage import prop

AT = dt.datetime(2026, 11, 24, 6, 20, tzinfo=dt.UTC)


def test_a_crowd_is_written_in_batches(inside_beta: Session, charlie: Actor) -> None:
    assert furnish.AT_ONCE < 1200
    made = crowd(inside_beta, by=charlie, at=AT, zone=ZoneInfo("Asia/Shanghai"), count=1200)
    distinct = select(func.count(Customer.number.distinct()), func.count(Customer.name.distinct()), func.max(Customer.number))
    assert tuple(inside_beta.execute(distinct.where(Customer.id != prop("customer", "Beta"))).one()) == (1200, 1200, "C001200")
    assert inside_beta.scalar(select(func.count()).where(Opportunity.id != prop("opportunity", "Beta"))) == 240
    assert not furnish.is_furnished(inside_beta)  # to the company they are its own
    ranks = inside_beta.execute(select(Opportunity.stage_id, Opportunity.rank)).all()
    assert len(set(ranks)) == len(ranks)
    assert made.customers == 1200
