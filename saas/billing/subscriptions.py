"""What a tenant rents: its row follows Stripe, and the tenant's life follows the row.

Notices may come twice, late, in disorder or never: each is only a reason to look. Whoever looks holds the row, and looks after it has it, so that
what was seen later is also written later.
"""

import datetime as dt
import uuid

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from saas.billing.doubles import promise_to_undo
from saas.billing.gateway import DAYS_UNTIL_DUE, Gateway
from saas.billing.living import live_on
from saas.billing.models import Subscription
from saas.billing.values import Later, Lodger, Rented, Title
from saas.registry.life import OWING, PAYING, TRYING
from saas.registry.models import Tenant


def find(session: Session, tenant_id: uuid.UUID) -> Subscription | None:
    return session.get(Subscription, tenant_id)


def open_account(session: Session, gateway: Gateway, tenant: Tenant, mail: str, *, at: dt.datetime) -> Subscription:
    """The tenant as a customer of Stripe's. However many ask at once, the first one's counts."""
    known = find(session, tenant.id)
    if known is not None:
        return known
    payer = gateway.open_payer(tenant.name, mail, tenant=str(tenant.id), key=f"payer-{tenant.id}")
    session.execute(insert(Subscription).values(tenant_id=tenant.id, payer=payer, mail=mail, read_at=at).on_conflict_do_nothing())
    return session.get_one(Subscription, tenant.id)


def hold_account(session: Session, tenant_id: uuid.UUID) -> Subscription:
    """Until the transaction ends: one at a time subscribes, or looks."""
    mine = select(Subscription).where(Subscription.tenant_id == tenant_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(mine).one()


def write_title(gateway: Gateway, row: Subscription, title: Title, mail: str, *, at: dt.datetime) -> None:
    """工商抬头: stands on every invoice from now on."""
    if (row.title, row.tax_number, row.mail) != (title.name, title.tax_number, mail):
        gateway.write_title(row.payer, title, mail=mail, key=f"title-{row.payer}-{at.timestamp():.0f}")
        row.title, row.tax_number, row.mail = title.name, title.tax_number, mail


def look(session: Session, gateway: Gateway, payer: str, *, at: dt.datetime, event: str | None = None) -> Subscription | None:
    """Fetches what this customer of Stripe's rents now, and goes by it. None for a customer that is no tenant of ours."""
    mine = select(Subscription).where(Subscription.payer == payer).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(mine).one_or_none()
    if row is None:
        return None
    follow(session, gateway, row, at=at, event=event)
    return row


def adopt(session: Session, gateway: Gateway, lodger: Lodger, *, at: dt.datetime) -> Subscription | None:
    """What lives at Stripe, by its own word for a tenant of ours, under a customer that we do not know (a database was put back, say).

    The tenant goes by it, unless it rents otherwise already. None then, and for what is no tenant's.
    """
    tenant = session.scalars(select(Tenant).where(cast(Tenant.id, Text) == lodger.tenant)).one_or_none()
    if tenant is None or tenant.state == "erased":
        return None
    session.execute(insert(Subscription).values(tenant_id=tenant.id, payer=lodger.payer, read_at=at).on_conflict_do_nothing())
    row = hold_account(session, tenant.id)
    if row.payer != lodger.payer and any(one.standing in PAYING | OWING for one in gateway.rentals(row.payer)):
        return None
    row.payer = lodger.payer
    follow(session, gateway, row, at=at)
    return row


def follow(session: Session, gateway: Gateway, row: Subscription, *, at: dt.datetime, event: str | None = None) -> bool:
    """Writes down what Stripe says of it and lets the tenant's life follow. True: something differed."""
    before, known, found = _told(row), row.id, gateway.rentals(row.payer)
    rented = found[0] if found else None
    if rented is not None:
        _write(row, rented, gateway.later(rented) if rented.standing in PAYING | OWING else None)
    row.read_at = at
    tenant = hold(session, row.tenant_id)
    tenant.seats_later = row.later_seats
    if rented is not None and rented.standing in PAYING | OWING:
        tenant.plan, tenant.seats = rented.plan, rented.seats
        if rented.id != known:  # it has just begun: nothing is left open on which one could begin again
            gateway.close_pages(row.payer)
    live_on(session, tenant, row, at=at, event=event)
    promise_to_undo(session, tenant, found, at=at, event=event)
    session.flush()
    return _told(row) != before


def _write(row: Subscription, rented: Rented, later: Later | None) -> None:
    row.id, row.standing, row.plan, row.seats, row.price = rented.id, rented.standing, rented.plan, rented.seats, rented.price
    row.ends_at, row.stops_at = rented.ends_at, rented.stops_at
    if rented.standing not in TRYING:  # a first payment that is not made ends nothing, and nothing goes on by it
        row.ended_at = rented.ended_at
    row.is_sent, row.waits_for = rented.is_sent, rented.waits_for
    row.later_plan, row.later_seats = (later.plan, later.seats) if later else (None, None)
    row.overdue_since = _overdue_since(row, rented)


def _overdue_since(row: Subscription, rented: Rented) -> dt.datetime | None:
    """Since when the oldest unpaid month waits: a later month that is not paid either does not begin the grace anew."""
    if rented.standing not in OWING:
        return None
    due_at = rented.starts_at + dt.timedelta(days=DAYS_UNTIL_DUE if rented.is_sent else 0)
    return min(due_at, row.overdue_since or due_at)


def _told(row: Subscription) -> tuple[object, ...]:
    return row.id, row.standing, row.plan, row.seats, row.price, row.ends_at, row.stops_at, row.ended_at, row.is_sent, row.waits_for, row.later_seats


def hold(session: Session, tenant_id: uuid.UUID) -> Tenant:
    """The tenant's row, until the transaction ends."""
    mine = select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(mine).one()
