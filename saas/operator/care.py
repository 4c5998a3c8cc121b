"""What operators do for a tenant, or to it: each with a reason, in the audit and in the tenant's history."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.living import live_on
from saas.billing.models import Subscription
from saas.operator.staff import write_down
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


def find_held(session: Session, tenant_id: uuid.UUID) -> Tenant | None:
    """The tenant's row, held until the transaction ends."""
    mine = select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(mine).one_or_none()


def extend_trial(session: Session, tenant: Tenant, days: int, *, by: uuid.UUID, at: dt.datetime, why: str) -> None:
    """From the end of the trial, or from now when it is over: `days` more. Raises `Erased`, `NotOnTrial`."""
    if tenant.state in ("active", "past_due"):
        raise NotOnTrial
    tenant.trial_ends_at = max(tenant.trial_ends_at or at, at) + dt.timedelta(days=days)
    write_down(session, "trial.extended", by=by, at=at, why=why, tenant_id=tenant.id, days=days)
    _live_on(session, tenant, by, at)


def close(session: Session, tenant: Tenant, *, by: uuid.UUID, at: dt.datetime, why: str) -> None:
    """Nobody comes in any more; the data are kept as long as those of who did not pay."""
    tenant.closed_at = at
    write_down(session, "tenant.closed", by=by, at=at, why=why, tenant_id=tenant.id)
    _live_on(session, tenant, by, at)


def reopen(session: Session, tenant: Tenant, *, by: uuid.UUID, at: dt.datetime, why: str) -> None:
    """It stands where its rent puts it. Raises `Erased`."""
    tenant.closed_at = None
    write_down(session, "tenant.reopened", by=by, at=at, why=why, tenant_id=tenant.id)
    _live_on(session, tenant, by, at)


def grant_credit(session: Session, gateway: Gateway, tenant: Tenant, amount: Decimal, *, key: str, by: uuid.UUID, at: dt.datetime, why: str) -> None:
    """CNY that the next invoices use up. Raises `NoAccount`."""
    row = session.get(Subscription, tenant.id)
    if row is None:
        raise NoAccount
    gateway.credit(row.payer, amount, why, key=key)
    write_down(session, "credit.granted", by=by, at=at, why=why, tenant_id=tenant.id, amount=str(amount))


def _live_on(session: Session, tenant: Tenant, by: uuid.UUID, at: dt.datetime) -> None:
    if tenant.state == "erased":
        raise Erased
    live_on(session, tenant, session.get(Subscription, tenant.id), at=at, by=by)
