"""A company that rents twice: the one too many is undone at Stripe."""

import uuid

from saas.billing.doubles import undo
from saas.billing.subscriptions import hold
from workers import rent
from workers.effects import Errand
from workers.refusals import Needless
from workers.tenancy import now


def undo_double(errand: Errand) -> None:
    """`payload`: tenant, payer, double, event. Tried again until it is done: each step asks first what has been done."""
    payload, gateway = errand.promised.payload, rent.gateway_of(errand.ring.house.settings)
    if gateway is None:
        raise Needless("nothing can be rented here any more")
    tenant = hold(errand.session, uuid.UUID(payload["tenant"]))
    at = gateway.now(now())
    if not undo(errand.session, gateway, tenant, payload["payer"], payload["double"], at=at, event=payload["event"]):
        raise Needless("it is the only one now")
