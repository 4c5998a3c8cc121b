"""What operators do for a tenant, or to it: each with a reason, in the audit and in the tenant's history."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.living import live_on
from saas.billing.models import Subscription
from saas.billing.subscriptions import follow
from saas.operator.staff import write_down
from saas.registry.life import OWING
from saas.registry.models import Tenant
from tenants.values.words import N_, Refusal

LONGEST = 90  # days that a trial grows by at once
MOST_CREDIT = Decimal(10_000)  # CNY


class Erased(Refusal):
    sentence = N_("The data of this company are erased; nothing brings them back.")


class NotOnTrial(Refusal):
    sentence = N_("It rents already: there is no trial to be made longer.")


class NoAccount(Refusal):
    sentence = N_("It has never come near a payment, so there is nothing to put a credit on.")


class ClosedAlready(Refusal):
    sentence = N_("An operator has closed it already.")


class NotClosedByUs(Refusal):
    sentence = N_("No operator has closed it: it opens when it pays, or when its trial is made longer.")


@dataclass(frozen=True, slots=True)
class Deed:
    """By whom, when and why; `once` is the form's, by which a deed that is sent twice is known."""

    by: uuid.UUID
    at: dt.datetime
    why: str
    once: str

    def write_down(self, session: Session, what: str, tenant: Tenant, **data: Any) -> None:
        write_down(session, what, by=self.by, at=self.at, why=self.why, tenant_id=tenant.id, once=self.once, **data)


def find_held(session: Session, tenant_id: uuid.UUID) -> Tenant | None:
    """The tenant's row, held until the transaction ends; what it rents before it, as whoever looks at Stripe does."""
    session.execute(select(Subscription.tenant_id).where(Subscription.tenant_id == tenant_id).with_for_update())
    mine = select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(mine).one_or_none()


def extend_trial(session: Session, tenant: Tenant, days: int, *, deed: Deed) -> None:
    """From the end of the trial, or from now when it is over: `days` more. Raises `Erased`, `NotOnTrial`."""
    row = session.get(Subscription, tenant.id)
    if tenant.state in ("active", "past_due") or (row is not None and row.standing in OWING):
        raise NotOnTrial
    tenant.trial_ends_at = max(tenant.trial_ends_at or deed.at, deed.at) + dt.timedelta(days=days)
    deed.write_down(session, "trial.extended", tenant, days=days)
    _live_on(session, tenant, deed)


def close(session: Session, gateway: Gateway | None, tenant: Tenant, *, deed: Deed) -> None:
    """What it rents ends at once, and nothing is charged any more; the data are kept as long as those of who did not pay. Raises `ClosedAlready`."""
    if tenant.closed_at is not None:
        raise ClosedAlready
    tenant.closed_at = deed.at
    deed.write_down(session, "tenant.closed", tenant)
    _live_on(session, tenant, deed)
    row = session.get(Subscription, tenant.id)
    if gateway is not None and row is not None:
        gateway.close_pages(row.payer)
        for rented in gateway.rentals(row.payer):
            if rented.ended_at is None:
                gateway.end(rented.id, key=f"closed-{rented.id}")
        follow(session, gateway, row, at=deed.at)


def reopen(session: Session, tenant: Tenant, *, deed: Deed) -> None:
    """It stands where its rent puts it. Raises `Erased`, `NotClosedByUs`."""
    if tenant.closed_at is None:
        raise NotClosedByUs
    tenant.closed_at = None
    deed.write_down(session, "tenant.reopened", tenant)
    _live_on(session, tenant, deed)


def grant_credit(session: Session, gateway: Gateway, tenant: Tenant, amount: Decimal, *, deed: Deed) -> None:
    """CNY that the next invoices use up. Raises `NoAccount`."""
    row = session.get(Subscription, tenant.id)
    if row is None:
        raise NoAccount
    gateway.credit(row.payer, amount, deed.why, key=f"credit-{tenant.id}-{deed.once}")
    deed.write_down(session, "credit.granted", tenant, amount=str(amount))


def _live_on(session: Session, tenant: Tenant, deed: Deed) -> None:
    if tenant.state == "erased":
        raise Erased
    live_on(session, tenant, session.get(Subscription, tenant.id), at=deed.at, by=deed.by)
