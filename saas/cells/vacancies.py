"""Schemas that stand ready. One is claimed at sign-up in a millisecond; making one takes hundreds."""

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from saas.cells.models import Schema
from tenants.values.words import N_, Refusal
from tenants.wall.bells import ring

REFILL = "vacancies"  # the bell that has the pool filled again


class NoVacancy(Refusal):
    sentence = N_("All workspaces are being prepared. Please try again in a minute.")


def claim(session: Session, *, at: dt.datetime) -> str:
    """The key of a schema that is nobody else's from now on. Two claims at once get two schemas. Raises `NoVacancy`."""
    vacant = select(Schema.key).where(Schema.state == "vacant", Schema.error.is_(None)).limit(1).with_for_update(skip_locked=True)
    taken = update(Schema).where(Schema.key == vacant.scalar_subquery()).values(state="let", claimed_at=at)
    key = session.execute(taken.returning(Schema.key).execution_options(synchronize_session=False)).scalar_one_or_none()
    if key is None:
        raise NoVacancy
    ring(session, REFILL, at)
    return key


def release(session: Session, key: str) -> None:
    """Gives a schema back that was claimed for nothing. It is taken down rather than let again: something may have been written in it."""
    session.execute(update(Schema).where(Schema.key == key).values(state="leaving").execution_options(synchronize_session=False))


def vacancies(session: Session) -> int:
    return session.scalar(select(func.count()).where(Schema.state == "vacant", Schema.error.is_(None))) or 0
