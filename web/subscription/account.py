"""The company as a customer of Stripe's, for the pages of renting."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, current_app
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.subscriptions import find, hold, hold_account, look, open_account
from saas.billing.values import Rented
from saas.identity.memberships import seats_taken
from saas.plans.catalogue import CATALOGUE, Plan
from saas.registry.models import Tenant
from tenants.timeline.log import record
from tenants.values.words import N_, Refusal
from web.config import Settings
from web.database import db
from web.subscription.forms import SeatsForm
from web.visit import here

LIVE = ("trialing", "active", "past_due", "unpaid")


class NothingRented(Refusal):
    sentence = N_("Nothing is rented at the moment.")


def gateway() -> Gateway:
    """404 where nothing can be rented: this installation has no Stripe."""
    found: Gateway | None = current_app.extensions.get("gateway")
    return found or abort(404)


def connect(settings: Settings) -> Gateway | None:
    return Gateway(settings.stripe_secret_key, base=settings.stripe_api_base) if settings.stripe_secret_key else None


@dataclass(frozen=True, slots=True)
class Account:
    """`row` is None for who has never come near a payment."""

    tenant: Tenant
    row: Subscription | None
    taken: int

    @property
    def rents(self) -> bool:
        return self.row is not None and self.row.standing in LIVE

    @property
    def plan(self) -> Plan:
        return CATALOGUE[(self.row.plan if self.rents and self.row else None) or self.tenant.plan]

    @property
    def monthly(self) -> Decimal | None:
        """CNY; None while nothing is rented."""
        row = self.row if self.rents else None
        return row.price * row.seats if row and row.price is not None and row.seats else None

    @property
    def next_monthly(self) -> Decimal | None:
        """CNY that the next month costs, as far as it is known now."""
        row = self.row if self.rents else None
        if row is None or row.stops_at is not None:
            return None
        if row.later_plan and row.later_seats:
            price = row.price if row.later_plan == row.plan else CATALOGUE[row.later_plan].price
            return price * row.later_seats if price else None
        return self.monthly


def account() -> Account:
    session, tenant_id = db.session(), here().tenant.id
    return Account(session.get_one(Tenant, tenant_id), find(session, tenant_id), seats_taken(session, tenant_id))


def opened() -> Subscription:
    """With an account at Stripe, made now if there was none."""
    visit, session = here(), db.session()
    return open_account(session, gateway(), session.get_one(Tenant, visit.tenant.id), visit.visitor.mail, at=visit.now)


def count_held() -> int:
    """Seats that are taken; until the request ends nobody takes another, changes how many there are, subscribes, or closes the company."""
    session = db.session()
    row = hold_account(session, opened().tenant_id)  # before the tenant's, as whoever looks at Stripe does
    return seats_taken(session, hold(session, row.tenant_id).id)


def rented(known: Account) -> Rented:
    """Fresh from Stripe. Raises `NothingRented`: it may have ended since the page was opened."""
    if not known.rents or known.row is None or known.row.id is None:
        raise NothingRented
    return gateway().subscription(known.row.id)


def once_key(form: SeatsForm) -> str:
    """The same form, sent twice, asks for one thing."""
    return f"{here().tenant.key}-{form.once.data}"


def look_again(payer: str) -> Subscription | None:
    """After something was changed: the page shows what Stripe says now."""
    session: Session = db.session()
    return look(session, gateway(), payer, at=gateway().now(here().now))


def note(what: str, **data: Any) -> None:
    """In the company's log."""
    visit = here()
    record(visit.session, f"subscription.{what}", by=visit.actor, at=visit.now, **data)


def trial_end(known: Account, at: dt.datetime) -> dt.datetime | None:
    """What is left of the trial stays free."""
    ends_at = known.tenant.trial_ends_at
    return ends_at if ends_at is not None and ends_at > at and known.tenant.state == "trial" else None
