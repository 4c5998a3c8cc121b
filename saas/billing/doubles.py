"""A company that rents twice: two pages were paid on at once, or somebody subscribed it by hand. One goes on; the other is ended, and paid back.

Which one: what is paid for before what is not, and then the elder (`Gateway.rentals`). Whoever looks promises that it is undone; that is done
beside the look, and again until it is, so that nothing about it keeps a tenant from following Stripe.
"""

import datetime as dt
import hashlib
import uuid

import structlog
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.living import LETTER
from saas.billing.values import GivenBack, Rented
from saas.registry.models import Tenant, TenantChange
from tenants.values.ids import new_id
from tenants.wall import outbox

log = structlog.get_logger()

UNDOING = "rent.double"  # kind of the promise
WHY = "rented twice"


def promise_to_undo(session: Session, tenant: Tenant, rented: list[Rented], *, at: dt.datetime, event: str | None) -> None:
    """All but the first of `rented`, each once. One whose first payment is still being made is left: it comes to be, or it never does."""
    for double in rented[1:]:
        if double.standing != "incomplete":
            log.error("a company rents twice", tenant=str(tenant.id), kept=rented[0].id, double=double.id)
            told = {"tenant": str(tenant.id), "payer": double.payer, "double": double.id, "event": event}
            outbox.promise(session, UNDOING, told, at=at, key=_key(UNDOING, double.id))


def undo(session: Session, gateway: Gateway, tenant: Tenant, payer: str, double_id: str, *, at: dt.datetime, event: str | None) -> bool:
    """Ended, paid back, in the tenant's history, and told to who sees to its rent. False: it has come to be the only one, and stays.

    The caller holds the tenant's row.
    """
    kept, double = gateway.rentals(payer)[0], gateway.subscription(double_id)
    if kept.id == double.id and double.ended_at is None:
        return False
    back = gateway.undo(double, since=max(kept.made_at, double.made_at))
    log.warning("rented twice: undone", tenant=str(tenant.id), double=double.id, refunded=str(back.refunded), credited=str(back.credited))
    step = {"before": tenant.state, "after": tenant.state, "why": WHY, "event": event}  # it stands where it stood
    session.add(TenantChange(id=new_id(), tenant_id=tenant.id, at=at, **step))
    outbox.promise(session, LETTER, _letter(tenant, kept, back), at=at, key=_key(LETTER, double.id))
    return True


def _letter(tenant: Tenant, kept: Rented, back: GivenBack) -> dict[str, object]:
    told: dict[str, object] = {"tenant": str(tenant.id), "state": WHY, "plan": kept.plan, "seats": kept.seats}
    return told | {"refunded": str(back.refunded), "credited": str(back.credited)}


def _key(what: str, double: str) -> uuid.UUID:
    return uuid.UUID(hashlib.sha256(f"{what} {double}".encode()).hexdigest()[:32])
