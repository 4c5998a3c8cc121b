"""What Stripe tells us, kept until somebody has looked: an event is a reason to look at its customer, and nothing more."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from saas.billing.living import BELL
from saas.billing.models import StripeEvent
from saas.billing.values import Notice
from tenants.wall.bells import ring_now


@dataclass(frozen=True, slots=True)
class Told:
    """A customer of Stripe's that something happened with, and the events that say so, the earliest first."""

    payer: str
    events: list[str]


def receive(session: Session, notice: Notice, *, at: dt.datetime) -> bool:
    """Keeps it and rings. False: it was here already."""
    values = {"id": notice.id, "kind": notice.kind, "at": notice.at, "about": notice.about, "payer": notice.payer, "received_at": at}
    fresh = insert(StripeEvent).values(values).on_conflict_do_nothing().returning(StripeEvent.id)
    if session.execute(fresh).scalar_one_or_none() is None:
        return False
    ring_now(session, BELL, at)
    return True


def waiting(session: Session) -> list[Told]:
    """Events of no customer's are of no matter to us, and are done as they stand."""
    found: dict[str, list[str]] = {}
    rows = session.execute(select(StripeEvent.payer, StripeEvent.id).where(StripeEvent.applied_at.is_(None)).order_by(StripeEvent.at, StripeEvent.id))
    for payer, event in rows:
        found.setdefault(payer or "", []).append(event)
    return [Told(payer, events) for payer, events in found.items()]


def settle(session: Session, events: list[str], *, at: dt.datetime) -> None:
    done = update(StripeEvent).where(StripeEvent.id.in_(events)).values(applied_at=at)
    session.execute(done, execution_options={"synchronize_session": False})
