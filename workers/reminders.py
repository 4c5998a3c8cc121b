"""What is due is told to whoever is to do it."""

import datetime as dt

from tenants.reminders import digest, due
from tenants.wall.session import inside
from workers.tenancy import Ring, now


def remind(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "reminders"."""
    if ring.tenant is None:
        return None
    # What a crash takes back is found due again; the bell goes, and mails leave, only after commits that wait for the disk.
    with inside(ring.tenant, ring.house.cells[ring.cell], is_hurried=True) as session:
        return due.remind(session, at=now())


def greet(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "digest"."""
    if ring.tenant is None:
        return None
    with ring.session() as session:
        return digest.greet(session, at=now())
