"""Each night every subscription is compared with Stripe's. What differs is mended, and stands in the operators' audit."""

import uuid
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.subscriptions import adopt, follow
from saas.billing.values import Lodger, PaymentsAway
from saas.operator.staff import DIFFERED, STRAY, is_told, write_down
from workers import rent
from workers.tenancy import Ring, now

log = structlog.get_logger()


def reconcile(ring: Ring) -> None:
    """The answer to the bell "rent.night". What one company has wrong does not hold up the next; when Stripe is away the bell rings again."""
    gateway = rent.gateway_of(ring.house.settings)
    if gateway is None:
        return
    rent.erase_what_has_ended(ring.house)
    with ring.session() as session:
        known = {payer: tenant_id for payer, tenant_id in session.execute(select(Subscription.payer, Subscription.tenant_id))}  # noqa: C416
    for payer, tenant_id in known.items():
        _each(ring, gateway, _compare, payer, tenant=str(tenant_id))
    for lodger in gateway.lodgers():
        if lodger.payer not in known:
            _each(ring, gateway, _take_in, lodger, subscription=lodger.id)


def _each(ring: Ring, gateway: Gateway, do: Any, what: object, **who: str) -> None:
    try:
        with ring.session() as session:
            do(session, gateway, what)
    except PaymentsAway:
        raise
    except Exception:
        log.exception("a subscription cannot be compared", **who)


def _compare(session: Session, gateway: Gateway, payer: str) -> None:
    row = session.scalars(select(Subscription).where(Subscription.payer == payer).with_for_update()).one()
    before, at = _word(row), gateway.now(now())
    if follow(session, gateway, row, at=at):
        _report(session, DIFFERED, row.tenant_id, was=before, now=_word(row))


def _take_in(session: Session, gateway: Gateway, lodger: Lodger) -> None:
    """It lives at Stripe under a customer that we do not know: the company's own, if we have forgotten it. Whoever pays is not locked out."""
    row = adopt(session, gateway, lodger, at=gateway.now(now()))
    if row is not None:
        _report(session, DIFFERED, row.tenant_id, was="", now=_word(row))
    elif not is_told(session, STRAY, subscription=lodger.id):
        _report(session, STRAY, None, subscription=lodger.id, payer=lodger.payer)


def _word(row: Subscription) -> str:
    return " ".join(str(one) for one in (row.standing, row.plan, row.seats) if one is not None)


def _report(session: Session, what: str, tenant_id: uuid.UUID | None, **told: str) -> None:
    write_down(session, what, by=None, at=now(), why="", tenant_id=tenant_id, **told)
    log.error(what, tenant=str(tenant_id), **told)
