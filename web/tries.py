"""How often a member, or a company, may ask for what costs us much."""

from saas.identity import throttle
from saas.identity.throttle import Limit, Try
from web.database import db
from web.visit import here


def count_of_member(limit: Limit) -> None:
    """One more try of who asks, which counts whatever becomes of it. Raises `TooManyTries`."""
    _count(limit, f"{here().tenant.key} {here().actor.id}")


def count_of_company(limit: Limit) -> None:
    _count(limit, here().tenant.key)


def _count(limit: Limit, subject: str) -> None:
    database = db.session()
    throttle.count(database, [Try(limit, subject)], at=here().now)
    database.commit()
