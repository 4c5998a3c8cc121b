"""What is due is told to whoever is to do it."""

import datetime as dt

from tenants.reminders import digest, due
from workers.tenancy import Ring, now


def remind(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "reminders"."""
    if ring.tenant is None:
        return None
    with ring.session() as session:
        return due.remind(session, at=now())


def greet(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "digest"."""
    if ring.tenant is None:
        return None
    with ring.session() as session:
        return digest.greet(session, at=now())
