"""Alpha on trial, the real gateway, and a Stripe that plays along on loopback."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.offers import steps
from saas.plans.catalogue import rentable
from saas.registry.models import Tenant as TenantRow
from sandbox.stripe.app import make_app
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.world.door import Guest
from tests.world.stripe import KEY, START, Stripe
from workers import rent
from workers.tenancy import House, Ring

AT = dt.datetime.fromtimestamp(START, dt.UTC)
DAY = dt.timedelta(days=1)
GOOD, BAD = "4242424242424242", "4000000000000341"
PAGE = "settings/subscription"
ORDER = {"plan": "standard", "seats": "5", "means": "card", "title": "Alpha Trading", "tax_number": "91330100MA27XYZ123", "mail": "pay@alpha.example"}


@pytest.fixture
def gateway(stripe_sandbox: Stripe, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    made = Gateway(KEY, base=stripe_sandbox.sandbox.address)
    for step in steps(rentable(), made.offers()):
        step.do(made)
    monkeypatch.setitem(app.extensions, "gateway", made)
    monkeypatch.setattr(rent, "gateway_of", lambda settings: made)
    yield made
    made.close()


@pytest.fixture
def on_trial(engine: Engine, alpha: Tenant) -> None:
    with open_session(engine, landlord_plane()) as session:
        row = session.get_one(TenantRow, alpha.id)
        row.state, row.plan, row.trial_ends_at, row.next_step_at = "trial", "trial", AT + 10 * DAY, AT + 3 * DAY
        session.commit()


@pytest.fixture
def alice(client_of: Callable[[str], Guest], gateway: Gateway, on_trial: None) -> Guest:
    return client_of("alice")


@pytest.fixture
def look(engine: Engine, alpha: Tenant) -> Callable[[], tuple[TenantRow, Subscription | None]]:
    """The landlord's two rows, as they stand now."""

    def fresh() -> tuple[TenantRow, Subscription | None]:
        with open_session(engine, landlord_plane()) as session:
            return session.get_one(TenantRow, alpha.id), session.get(Subscription, alpha.id)

    return fresh


@pytest.fixture
def click(stripe_sandbox: Stripe) -> Callable[..., str]:
    """Fills in the page that asks for the card; returns where it leads back to."""

    def through(address: str, card: str = GOOD) -> str:
        browser = make_app(stripe_sandbox.sandbox).test_client()
        answer = browser.post(address.removeprefix(stripe_sandbox.sandbox.address), data={"card": card})
        return str(answer.location).removeprefix("http://localhost")

    return through


@pytest.fixture
def subscribed(alice: Guest, click: Callable[..., str], look: Callable[[], tuple[TenantRow, Subscription | None]]) -> Subscription:
    """Five seats of Standard, the trial not yet over."""
    alice.get(click(alice.post(f"{PAGE}/new", data=ORDER).location))
    row = look()[1]
    assert row is not None
    return row


@pytest.fixture
def keep_up(house: House, gateway: Gateway) -> Callable[[], dt.datetime | None]:
    """The worker's look."""
    return lambda: rent.keep_up(Ring(house, "main", None))


@pytest.fixture
def landlord_session(engine: Engine) -> Iterator[Session]:
    with open_session(engine, landlord_plane()) as session:
        yield session
