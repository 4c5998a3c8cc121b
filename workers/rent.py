"""The rent goes on: Stripe has told us something, or a tenant's time has come. Nothing here trusts what an event says; it only makes us look."""

import datetime as dt
import uuid
from functools import cache

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.billing import events, living
from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.referrals import decide
from saas.billing.subscriptions import look
from saas.billing.values import PaymentsAway
from saas.cells.models import Schema
from saas.cells.vacancies import release
from saas.operator import visits
from saas.registry.models import Tenant
from tenants.wall import outbox
from tenants.wall.bells import ring_now
from web.config import Settings
from workers.tenancy import House, Ring, now

log = structlog.get_logger()

AWAY = dt.timedelta(minutes=1)  # until Stripe is asked again when it does not answer
CLOCK_LOOKED_AT = dt.timedelta(seconds=5)  # of a sandbox, which may be put forward at any time


def keep_up(ring: Ring) -> dt.datetime | None:
    """The answer to the bell "rent". Where nothing can be rented, nobody's trial ends."""
    gateway = gateway_of(ring.house.settings)
    if gateway is None or ring.tenant is not None:
        return None
    try:
        at = gateway.now(now())
        is_all_done = _apply(ring, gateway, at) & _live_on(ring, gateway, at)
    except PaymentsAway:
        log.warning("payments away")
        return now() + AWAY
    if gateway.is_sandbox:
        _ring_for_promises(ring)
    if not is_all_done:
        return now() + AWAY
    with ring.session() as session:
        due = living.next_step(session)
    return _by_our_clock(gateway, due, at)


def erase_what_has_ended(house: House) -> None:
    """Schemas of erased tenants are given up, should a worker have died between the one step and the other."""
    with house.landlord_session() as session:
        erased = session.execute(select(Tenant.key, Tenant.cell).where(Tenant.state == "erased")).all()
    for key, cell in erased:
        _give_up(house, key, cell)


@cache
def _gateway(key: str, base: str | None) -> Gateway:
    return Gateway(key, base=base)


def gateway_of(settings: Settings) -> Gateway | None:
    return _gateway(settings.stripe_secret_key, settings.stripe_api_base) if settings.stripe_secret_key else None


def _apply(ring: Ring, gateway: Gateway, at: dt.datetime) -> bool:
    """Customer by customer, each in a transaction of its own: the look, and that its events are done.

    What one has wrong (a subscription made by hand at Stripe, say) does not hold up the next; its events wait. False: some do.
    """
    with ring.session() as session:
        waiting = events.waiting(session)
    applied = [_apply_one(ring, gateway, told, at) for told in waiting]
    return all(applied)


def _apply_one(ring: Ring, gateway: Gateway, told: events.Told, at: dt.datetime) -> bool:
    try:
        with ring.session() as session:
            if told.payer:
                row = look(session, gateway, told.payer, at=at, event=told.events[-1])
                if row is not None:
                    decide(session, gateway, row.tenant_id, at=at)
            events.settle(session, told.events, at=now())
    except PaymentsAway:
        raise
    except Exception:
        log.exception("what Stripe has told is not applied", payer=told.payer, events=told.events)
        return False
    return True


def _live_on(ring: Ring, gateway: Gateway, at: dt.datetime) -> bool:
    """Tenant by tenant. False: one's life does not go on, and is tried again later."""
    with ring.session() as session:
        due = living.due(session, at)
    has_gone_on = [_live_on_one(ring, gateway, tenant_id, at) for tenant_id in due]
    return all(has_gone_on)


def _live_on_one(ring: Ring, gateway: Gateway, tenant_id: uuid.UUID, at: dt.datetime) -> bool:
    """Stripe is asked first: it may have been paid, and the notice lost. Time alone locks nobody out, and erases nobody, who pays."""
    try:
        with ring.session() as session:
            payer = session.scalar(select(Subscription.payer).where(Subscription.tenant_id == tenant_id))
            if payer is not None:
                look(session, gateway, payer, at=at)
                tenant = session.get(Tenant, tenant_id)
            else:
                tenant = living.step(session, tenant_id, at=at)
    except PaymentsAway:
        raise
    except Exception:
        log.exception("a tenant's life does not go on", tenant=str(tenant_id))
        return False
    if tenant is not None and tenant.state == "erased":
        _give_up(ring.house, tenant.key, tenant.cell)
    return True


def _give_up(house: House, key: str, cell: str) -> None:
    with house.landlord_session() as session:
        for tenant_id in session.scalars(select(Tenant.id).where(Tenant.key == key)).all():
            visits.forget(session, tenant_id)
    with house.landlord_session(cell) as session:
        if _is_let(session, key):
            release(session, key)
            log.warning("a company's data are erased", tenant=key)


def _is_let(session: Session, key: str) -> bool:
    return session.scalar(select(Schema.state).where(Schema.key == key)) == "let"


def _ring_for_promises(ring: Ring) -> None:
    """What was promised by a clock that runs ahead of ours is due now; its bell would ring when ours has come so far."""
    with ring.session() as session:
        if outbox.is_waiting(session, now()):
            ring_now(session, outbox.BELL, now())


def _by_our_clock(gateway: Gateway, due: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """Bells ring by the clock on our wall; a sandbox's clock runs ahead of it."""
    if gateway.is_sandbox:
        return now() + CLOCK_LOOKED_AT
    return max(due, now()) if due else None
