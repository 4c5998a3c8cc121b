"""What Stripe tells us is believed for its signature alone, and is only a reason to look: twice, late, in disorder or never, the end is the same."""

import datetime as dt
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from saas.billing import living
from saas.billing.gateway import Gateway
from saas.billing.models import StripeEvent, Subscription
from saas.billing.subscriptions import look as look_at
from saas.billing.values import Rented
from saas.cells.models import Bell, Schema
from saas.identity.models import Person
from saas.operator.models import OperatorDeed
from saas.outbox.models import LandlordOutbox
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from sandbox.stripe.deliveries import signature
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, DAY, ORDER, PAGE
from tests.world.door import WEBHOOK_SECRET, Guest
from tests.world.engine_room import Inbox
from tests.world.stripe import KEY, Stripe
from workers import rent_night
from workers.promises import deliver
from workers.tenancy import House, Ring

Look = Callable[[], tuple[TenantRow, Subscription | None]]
KeepUp = Callable[[], dt.datetime | None]
ORDERS = list(itertools.permutations(range(5)))


def post(browser: Guest, body: str, *, secret: str = WEBHOOK_SECRET, off: float = 0) -> int:
    at = int(dt.datetime.now(dt.UTC).timestamp() + off)
    headers = {"Stripe-Signature": signature(body, [secret], at)}
    return browser.post("/webhooks/stripe", data=body, headers=headers, token=False, content_type="application/json").status_code


def told(landlord: Engine) -> int:
    with open_session(landlord, landlord_plane()) as session:
        return session.scalar(select(func.count()).select_from(StripeEvent)) or 0


def test_120_orders_of_five_events_end_alike(
    alice: Guest, subscribed: Subscription, look: Look, keep_up: KeepUp, engine: Engine, stripe_sandbox: Stripe, client_of: Callable[[str], Guest]
) -> None:
    """Each is delivered three times, and among them come twenty times one that is forged, stale and from the future."""
    stripe_sandbox.pass_time(days=12)
    alice.post(f"{PAGE}/cancellation")
    stripe_sandbox.pass_time(days=35)
    ours = [one for one in stripe_sandbox.events() if one["type"].startswith(("customer.subscription", "invoice.paid"))]
    events = [json.dumps(one, default=str) for one in ours[-5:]]
    assert len(events) == 5
    browser, chance, ends = client_of("nobody"), random.Random(20261126), set()  # noqa: S311  # not secret
    for number, order in enumerate(ORDERS):
        _forget(engine, subscribed)
        queue = [events[place] for place in order for _ in range(3)]
        chance.shuffle(queue) if order[0] == 4 else None
        for place, body in enumerate(queue):
            assert post(browser, body) == 204
            if number % 6 == 0 and place == 7:
                lie = body.replace('"canceled"', '"active"')
                assert post(browser, lie, secret="whsec_x") == post(browser, lie, off=-1000) == post(browser, lie, off=1000) == 400
        keep_up()
        tenant, row = look()
        assert row is not None
        ends.add((tenant.state, tenant.plan, tenant.seats, row.standing, row.seats, row.ended_at, row.overdue_since))
    assert [(end[0], end[3]) for end in ends] == [("read_only", "canceled")]
    with open_session(engine, landlord_plane()) as session:
        waiting = session.scalar(select(func.count()).where(StripeEvent.applied_at.is_(None)))
    assert waiting == 0


def _forget(engine: Engine, known: Subscription) -> None:
    """As it was before the five events came."""
    with open_session(engine, landlord_plane()) as session:
        session.execute(delete(StripeEvent))
        session.execute(delete(Bell))
        session.execute(update(TenantRow).where(TenantRow.id == known.tenant_id).values(state="active", plan="standard", seats=5))
        values = {"standing": "active", "ended_at": None, "stops_at": None, "overdue_since": None}
        session.execute(update(Subscription).where(Subscription.tenant_id == known.tenant_id).values(values))
        session.commit()


def test_a_card_that_declines_and_pays_again(
    alice: Guest, click: Callable[..., str], look: Look, keep_up: KeepUp, engine: Engine, stripe_sandbox: Stripe, client_of: Callable[[str], Guest]
) -> None:
    """Grace, reading only, and back at once when it is paid."""
    alice.get(click(alice.post(f"{PAGE}/new", data=ORDER).location, "4000000000000341"))
    _, row = look()
    assert row is not None
    browser = client_of("nobody")

    def hear() -> str:
        _tell_all(browser, stripe_sandbox)
        keep_up()
        return look()[0].state

    stripe_sandbox.pass_time(days=10.2)
    assert hear() == "past_due"
    assert look()[0].next_step_at is not None
    stripe_sandbox.pass_time(days=13.9)
    assert hear() == "read_only"
    good = stripe_sandbox.v1.payment_methods.attach("pm_card_visa", {"customer": row.payer})
    for bill in stripe_sandbox.v1.invoices.list({"customer": row.payer, "status": "open"}).data:
        stripe_sandbox.v1.invoices.pay(bill.id, {"payment_method": good.id})
    assert hear() == "active"
    with open_session(engine, landlord_plane()) as session:
        changes = session.execute(select(TenantChange.after, TenantChange.event).order_by(TenantChange.at, TenantChange.id)).all()
    assert [after for after, _ in changes][-3:] == ["past_due", "read_only", "active"]
    assert changes[-1].event is not None, "which event led to it"


def _tell_all(browser: Guest, stripe_sandbox: Stripe) -> None:
    for event in stripe_sandbox.events():
        assert post(browser, json.dumps(event, default=str)) == 204


def test_the_night_mends_what_no_event_told(subscribed: Subscription, look: Look, house: House, stripe_sandbox: Stripe, engine: Engine) -> None:
    item = stripe_sandbox.v1.subscriptions.retrieve(subscribed.id)["items"].data[0].id
    stripe_sandbox.v1.subscriptions.update(subscribed.id, {"items": [{"id": item, "quantity": 9}], "proration_behavior": "none"})
    ring = Ring(house, "main", None)
    for _ in range(2):
        rent_night.reconcile(ring)
        assert look()[0].seats == 9
    with open_session(engine, landlord_plane()) as session:
        [told] = session.scalars(select(OperatorDeed).where(OperatorDeed.what == "rent.differed")).all()
    assert (told.tenant_id, told.person_id, told.data) == (subscribed.tenant_id, None, {"was": "trialing standard 5", "now": "trialing standard 9"})


def test_who_pays_is_let_in_though_we_have_forgotten_it(
    subscribed: Subscription, look: Look, house: House, stripe_sandbox: Stripe, engine: Engine
) -> None:
    """A database that was put back, or another customer made by hand: what lives at Stripe counts, and nobody is known twice."""
    with open_session(engine, landlord_plane()) as session:
        session.execute(delete(Subscription))
        session.execute(update(TenantRow).where(TenantRow.id == subscribed.tenant_id).values(state="read_only", seats=None, plan="trial"))
        session.commit()
    stranger = stripe_sandbox.customer()
    stripe_sandbox.subscribe(stranger, stripe_sandbox.price(), metadata={"tenant": "of nobody"})
    for _ in range(2):
        rent_night.reconcile(Ring(house, "main", None))
        tenant, row = look()
        assert row is not None
        assert (tenant.state, tenant.plan, row.payer, row.id) == ("active", "standard", subscribed.payer, subscribed.id)
    with open_session(engine, landlord_plane()) as session:
        told = session.execute(select(OperatorDeed.what, OperatorDeed.tenant_id).order_by(OperatorDeed.id)).all()
    assert sorted(told, key=str) == [("rent.differed", subscribed.tenant_id), ("rent.stray", None)], "each once"


def test_a_second_customer_of_stripes_does_not_take_the_place_of_one_that_rents(
    subscribed: Subscription, look: Look, house: House, stripe_sandbox: Stripe
) -> None:
    other = stripe_sandbox.customer()
    price = stripe_sandbox.v1.prices.list({"lookup_keys": ["zuke_standard"]}).data[0]
    made = stripe_sandbox.subscribe(other, price, seats=7, metadata={"tenant": str(subscribed.tenant_id)})
    night = Ring(house, "main", None)
    rent_night.reconcile(night)
    assert (row := look()[1]) and row.payer == subscribed.payer
    stripe_sandbox.v1.subscriptions.cancel(subscribed.id)
    rent_night.reconcile(night)
    tenant, row = look()
    assert row is not None
    assert (tenant.state, tenant.seats, row.payer, row.id) == ("active", 7, other.id, made.id), "who pays is not locked out"


def test_a_stranger_to_us_changes_nothing(landlord_session: object, engine: Engine, gateway: object) -> None:
    with open_session(engine, landlord_plane()) as session:
        assert look_at(session, gateway, "cus_of_nobody", at=AT) is None  # type: ignore[arg-type]


def test_a_life_without_rent(
    alice: Guest, look: Look, keep_up: KeepUp, engine: Engine, alpha: Tenant, stripe_sandbox: Stripe, inbox: Inbox, run_dry: Callable[..., None]
) -> None:
    """Mails before each end, each once; then nothing is left of the schema, and the others stand as they stood."""
    states, days = [], 0.0
    while look()[0].state != "erased" and days < 200:
        keep_up()
        keep_up()
        states.append(look()[0].state)
        stripe_sandbox.pass_time(days=1)
        days += 1
    assert list(dict.fromkeys(states)) == ["trial", "read_only", "closed", "erased"]
    assert states.count("trial") == 10
    assert states.count("read_only") == 30
    assert states.count("closed") >= 90
    with open_session(engine, landlord_plane()) as session:
        told = select(LandlordOutbox.payload).where(LandlordOutbox.kind == living.LETTER).order_by(LandlordOutbox.created_at)
        letters = [one["state"] for one in session.scalars(told)]
        schema = session.scalar(select(Schema.state).where(Schema.key == alpha.key))
    assert letters == ["trial"] * 3 + ["read_only"] * 2 + ["closed"] * 3
    assert schema == "leaving"


def test_the_letters_arrive(alice: Guest, look: Look, keep_up: KeepUp, house: House, stripe_sandbox: Stripe, inbox: Inbox) -> None:
    """To whoever sees to the subscription, in their language, and to nobody else."""
    stripe_sandbox.pass_time(days=4)
    keep_up()
    for _ in range(2):
        deliver(Ring(house, "main", None))
    [mail] = inbox.mails
    assert mail["To"] == "alice@alpha.example"
    assert mail["Subject"] == "The trial of Alpha Trading ends on 2026-01-25"
    assert look()[0].state == "trial"


def test_what_a_clock_ahead_of_ours_promises_is_rung_for_now(alice: Guest, keep_up: KeepUp, engine: Engine, stripe_sandbox: Stripe) -> None:
    """Months pass by a click in the sandbox, and their mails come as they pass."""
    stripe_sandbox.pass_time(days=400)
    keep_up()
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=10)
    with open_session(engine, landlord_plane()) as session:
        rung = session.scalars(select(Bell.due_at).where(Bell.tenant == "saas", Bell.kind == "outbox")).all()
    assert min(rung) <= soon


def test_who_never_confirmed_the_address_is_written_to_when_nobody_else_is(
    alice: Guest, landlord_session: Session, keep_up: KeepUp, house: House, stripe_sandbox: Stripe, inbox: Inbox
) -> None:
    landlord_session.execute(update(Person).values(mail_confirmed_at=None))
    landlord_session.commit()
    stripe_sandbox.pass_time(days=4)
    keep_up()
    deliver(Ring(house, "main", None))
    assert [mail["To"] for mail in inbox.mails] == ["alice@alpha.example"]


def test_a_later_month_that_is_not_paid_either_begins_no_grace_anew(subscribed: Subscription, gateway: Gateway, engine: Engine) -> None:
    known = gateway.rented_by(subscribed.payer)
    assert known is not None

    class Owing(Gateway):
        months = 0

        def rentals(self, payer: str) -> list[Rented]:
            assert known is not None
            start = AT + self.months * 30 * DAY
            return [replace(known, standing="unpaid", starts_at=start, ends_at=start + 30 * DAY)]

    owing = Owing(KEY, base=gateway._base)
    for months, state in ((0, "past_due"), (1, "read_only")):
        owing.months = months
        with open_session(engine, landlord_plane()) as session:
            row = look_at(session, owing, subscribed.payer, at=AT + months * 30 * DAY + DAY)
            assert row is not None
            assert row.overdue_since == AT
            assert session.get_one(TenantRow, subscribed.tenant_id).state == state
            session.commit()
    owing.close()


def test_what_one_has_wrong_does_not_hold_up_the_others(
    subscribed: Subscription, look: Look, keep_up: KeepUp, engine: Engine, beta: Tenant, gateway: Gateway, stripe_sandbox: Stripe, house: House
) -> None:
    """Somebody has given beta a second price at Stripe by hand; alpha has more seats, and both are told of."""
    payer = gateway.open_payer("Beta", "charlie@beta.example", tenant=str(beta.id), key="beta")
    card = stripe_sandbox.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
    prices = [stripe_sandbox.v1.prices.list({"lookup_keys": [key]}).data[0].id for key in ("zuke_standard", "zuke_professional")]
    items = [{"price": price, "quantity": 1} for price in prices]
    asked = {"customer": payer, "items": items, "metadata": {"tenant": str(beta.id)}, "default_payment_method": card.id}
    stripe_sandbox.v1.subscriptions.create(asked)
    item = stripe_sandbox.v1.subscriptions.retrieve(subscribed.id)["items"].data[0].id
    stripe_sandbox.v1.subscriptions.update(subscribed.id, {"items": [{"id": item, "quantity": 9}], "proration_behavior": "none"})
    with open_session(engine, landlord_plane()) as session:
        session.add(Subscription(tenant_id=beta.id, payer=payer))
        for place, who in enumerate((payer, subscribed.payer)):
            session.add(StripeEvent(id=f"evt_{place}", kind="x", at=AT + place * DAY, about="x", payer=who, received_at=AT))
        session.commit()
    assert keep_up() is not None, "it is tried again"
    assert look()[0].seats == 9
    with open_session(engine, landlord_plane()) as session:
        assert session.scalars(select(StripeEvent.id).where(StripeEvent.applied_at.is_(None))).all() == ["evt_0"]
    rent_night.reconcile(Ring(house, "main", None))
    assert look()[0].seats == 9
