"""A large company for measuring: as many made-up customers as are asked for, with all that belongs to them."""

import datetime as dt
import zoneinfo

from sqlalchemy.orm import Session

from tenants.demo.furnish import Furnished, furnish
from tenants.team.actor import Actor

MANY = 100_000


def crowd(session: Session, *, by: Actor, at: dt.datetime, zone: zoneinfo.ZoneInfo, count: int = MANY) -> Furnished:
    """Chinese, since Chinese names make the longest indexes. About 1.5 million rows for 100,000 customers. Whoever measures says ANALYZE first.

    To the company they are its own records, not sample data that a click takes away.
    """
    return furnish(session, locale="zh_Hans_CN", zone=zone, by=by, at=at, count=count, is_sample=False)
