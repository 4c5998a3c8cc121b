"""What a sign-up left that was killed half-way: a schema that was claimed, for a company that never came to be."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.cells.models import Schema
from saas.cells.vacancies import release
from saas.registry.models import Tenant

AGE = dt.timedelta(hours=1)  # a sign-up takes seconds


def release_orphans(landlord: Session, cell: Session, *, at: dt.datetime) -> list[str]:
    """Gives the schemas back that were claimed over an hour ago and that no company has; returns their keys. The caretaker takes them down."""
    claimed = set(cell.scalars(select(Schema.key).where(Schema.state == "let", Schema.claimed_at < at - AGE)))
    lived_in = set(landlord.scalars(select(Tenant.key).where(Tenant.key.in_(claimed)))) if claimed else set()
    orphans = sorted(claimed - lived_in)
    for key in orphans:
        release(cell, key)
    return orphans
