"""A closed company: who sees to its rent comes in to pay, others are told how it stands. What we closed, paying does not open."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.cells.models import Schema
from saas.operator import care
from saas.registry.models import Tenant as TenantRow
from tenants.wall.session import landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, DAY, ORDER, PAGE
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.engine_room import Inbox
from tests.world.stripe import Stripe
from web.subscription import account, views
from workers.promises import deliver
from workers.tenancy import House, Ring

Look = Callable[[], tuple[TenantRow, Subscription | None]]
ClientOf = Callable[[str], Guest]
WHY = {"why": "They asked for it."}


@pytest.fixture
def unpaid(alice: Guest, look: Look, keep_up: Callable[[], object], stripe_sandbox: Stripe) -> TenantRow:
    """The trial is over, and so are the 30 days of reading."""
    stripe_sandbox.pass_time(days=41)
    for _ in range(2):
        keep_up()
    assert look()[0].state == "closed"
    return look()[0]


def test_who_sees_to_the_rent_comes_in_to_pay_and_all_is_back(
    unpaid: TenantRow, alice: Guest, client_of: ClientOf, click: Callable[..., str], look: Look
) -> None:
    door = alice.get("customers")
    assert door.status_code == 402
    assert "The workspace of Alpha Trading is closed" in door.text
    assert "are kept until" in door.text
    assert "May 25" in door.text
    assert "How to pay" in door.text
    shown = alice.get(PAGE)
    assert shown.status_code == 200
    assert "As soon as you pay, everything is back" in shown.text
    for room in ("customers", "notifications", "palette"):
        assert f'href="/alpha/{room}' not in shown.text, "the frame leads nowhere else"
    arrived = alice.get(click(alice.post(f"{PAGE}/new", data=ORDER).location), follow_redirects=True)
    assert "Rented: Standard with 5 seats" in arrived.text
    assert look()[0].state == "active"
    assert client_of("bob").get("customers").status_code == 200


@pytest.mark.parametrize("who", ["mei", "bob", "rhea"])
def test_the_others_are_told_whom_to_ask(unpaid: TenantRow, client_of: ClientOf, who: str) -> None:
    guest = client_of(who)
    for address in ("", "customers", PAGE, f"{PAGE}/new"):
        answer = guest.get(address)
        assert answer.status_code == 402, address
        assert "Alice" in answer.text
        assert "How to pay" not in answer.text
    assert guest.post(f"{PAGE}/new", data=ORDER).status_code == 402


def test_nothing_else_is_open_even_to_who_pays(unpaid: TenantRow, alice: Guest) -> None:
    for address in ("", "settings", "notifications", "notifications/count", "settings/support"):
        assert alice.get(address).status_code == 402, address
    assert alice.post("customers", data={"name": "Lost?"}).status_code == 402
    piece = alice.get("notifications/count", htmx=True)
    assert (piece.status_code, piece.headers["HX-Redirect"]) == (402, "/alpha/"), "a page that was still open goes there"


def test_a_stranger_learns_nothing(unpaid: TenantRow, client_of: ClientOf) -> None:
    assert client_of("charlie").get("/alpha/customers").status_code == 404
    assert client_of("nobody").get("/alpha/customers").status_code == 303


def test_it_stands_among_ones_companies(unpaid: TenantRow, alice: Guest) -> None:
    html = alice.get("/companies").text
    assert "Alpha Trading" in html
    assert "closed" in html


def test_the_letter_leads_to_paying(unpaid: TenantRow, house: House, inbox: Inbox) -> None:
    for _ in range(2):
        deliver(Ring(house, "main", None))
    [mail] = [one for one in inbox.mails if "is closed" in str(one["Subject"])]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "everything is back at once" in body.get_content()
    assert f"/alpha/{PAGE}" in body.get_content()


def test_what_we_closed_paying_does_not_open(
    subscribed: Subscription, alice: Guest, client_of: ClientOf, look: Look, stripe_sandbox: Stripe, house: House, inbox: Inbox
) -> None:
    assert client_of("olga").post(f"/operator/tenants/{subscribed.tenant_id}/closing", data=WHY).status_code == 303
    ended = stripe_sandbox.v1.subscriptions.retrieve(subscribed.id)
    assert ended.status == "canceled", "who is locked out is not charged"
    row = look()[1]
    assert row is not None
    assert row.standing == "canceled"
    for address in ("customers", PAGE):
        answer = alice.get(address)
        assert answer.status_code == 403
        assert "Paying does not open it again" in answer.text
        assert "mailto:no-reply@" in answer.text
        assert WHY["why"] not in answer.text, "the reason is for the audit"
    assert alice.post(f"{PAGE}/new", data=ORDER).status_code == 403
    for _ in range(2):
        deliver(Ring(house, "main", None))
    [mail] = [one for one in inbox.mails if "is closed" in str(one["Subject"])]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "nothing is charged any more" in body.get_content()
    assert "not paid" not in body.get_content()
    assert client_of("olga").post(f"/operator/tenants/{subscribed.tenant_id}/reopening", data=WHY).status_code == 303
    assert look()[0].state == "trial", "what was left of it"
    assert alice.get("customers").status_code == 200


def test_a_page_of_checkout_that_is_open_closes_with_the_company(
    alice: Guest, client_of: ClientOf, alpha: Tenant, click: Callable[..., str], look: Look, stripe_sandbox: Stripe
) -> None:
    page = alice.post(f"{PAGE}/new", data=ORDER).location
    client_of("olga").post(f"/operator/tenants/{alpha.id}/closing", data=WHY)
    click(page)
    assert stripe_sandbox.v1.subscriptions.list({"status": "all"}).data == []


def test_where_nothing_can_be_rented_there_is_no_way_to_pay(
    client_of: ClientOf, engine: Engine, alpha: Tenant, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "gateway", None)
    with open_session(engine, landlord_plane()) as session:
        session.get_one(TenantRow, alpha.id).state = "closed"
        session.commit()
    answer = client_of("alice").get("customers")
    assert answer.status_code == 402
    assert "How to pay" not in answer.text


def test_seats_of_a_next_month_that_never_comes_are_forgotten(
    subscribed: Subscription, alice: Guest, client_of: ClientOf, look: Look, stripe_sandbox: Stripe
) -> None:
    stripe_sandbox.pass_time(days=12)
    told = alice.post(f"{PAGE}/change", data={"plan": "standard", "seats": "4", "once": "a"}).text
    words = re.findall(r'name="told" type="hidden" value="([^"]+)"', told)
    alice.post(f"{PAGE}/change", data={"plan": "standard", "seats": "4", "once": "a", "told": words[0], "yes": "1"})
    assert look()[0].seats_later == 4
    olga, address = client_of("olga"), f"/operator/tenants/{subscribed.tenant_id}"
    for deed, more in (("closing", {}), ("reopening", {}), ("trial", {"days": "14"})):
        assert olga.post(f"{address}/{deed}", data=WHY | more).status_code == 303
    assert (look()[0].state, look()[0].seats_later) == ("trial", None)


@pytest.mark.parametrize("means", ["card", "invoice"])
def test_who_is_about_to_subscribe_while_we_close_orders_nothing(
    alice: Guest, alpha: Tenant, gateway: Gateway, engine: Engine, stripe_sandbox: Stripe, monkeypatch: pytest.MonkeyPatch, means: str
) -> None:
    """Through the door, and not yet at Stripe."""

    def closing_first() -> int:
        with open_session(engine, landlord_plane()) as session:
            tenant = care.find_held(session, alpha.id)
            assert tenant is not None
            care.close(session, gateway, tenant, deed=care.Deed(fixed_id("olga"), AT, "Abuse", "a"))
            session.commit()
        return account.count_held()

    monkeypatch.setattr(views, "count_held", closing_first)
    assert alice.post(f"{PAGE}/new", data=ORDER | {"means": means}).status_code == 303
    assert stripe_sandbox.v1.subscriptions.list({"status": "all"}).data == []
    assert stripe_sandbox.v1.checkout.sessions.list({"status": "open"}).data == []
    assert alice.get(PAGE).status_code == 403


def test_who_comes_in_meanwhile_is_counted(alice: Guest, stripe_sandbox: Stripe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the form and the order somebody has accepted an invitation."""
    monkeypatch.setattr(views, "count_held", lambda: 6)
    answer = alice.post(f"{PAGE}/new", data=ORDER | {"means": "invoice"})
    assert answer.status_code == 422
    assert "6 colleagues work with Zuke" in answer.text
    assert stripe_sandbox.v1.subscriptions.list({"status": "all"}).data == []


def test_who_pays_in_the_last_hour_is_not_erased_though_nobody_told_us(
    unpaid: TenantRow, alice: Guest, click: Callable[..., str], look: Look, keep_up: Callable[[], object], stripe_sandbox: Stripe
) -> None:
    """The browser did not come back from the payment, and Stripe's notice is lost."""
    stripe_sandbox.pass_time(days=82)
    keep_up()
    stripe_sandbox.pass_time(days=7.9)
    click(alice.post(f"{PAGE}/new", data=ORDER).location)
    assert look()[0].state == "closed"
    stripe_sandbox.pass_time(days=0.2)
    keep_up()
    assert look()[0].state == "active"


def test_who_came_near_a_payment_and_never_paid_is_erased_too(
    alice: Guest, alpha: Tenant, gateway: Gateway, keep_up: Callable[[], object], look: Look, engine: Engine
) -> None:
    """Stripe is asked, and says that nothing is rented."""
    payer = gateway.open_payer("Alpha", "alice@alpha.example", tenant=str(alpha.id), key="payer")
    with open_session(engine, landlord_plane()) as session:
        session.add(Subscription(tenant_id=alpha.id, payer=payer))
        row = session.get_one(TenantRow, alpha.id)
        row.state, row.trial_ends_at, row.next_step_at = "closed", AT - 121 * DAY, AT - DAY
        row.warned, row.warned_at = "closed", AT - 8 * DAY
        session.commit()
    keep_up()
    assert look()[0].state == "erased"
    with open_session(engine, landlord_plane()) as session:
        assert session.scalar(select(Schema.state).where(Schema.key == alpha.key)) == "leaving"


def test_one_whose_rent_cannot_be_read_stays_and_holds_up_nobody(
    alice: Guest, alpha: Tenant, beta: Tenant, gateway: Gateway, keep_up: Callable[[], object], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(payer: str) -> object:
        raise ValueError(payer)

    monkeypatch.setattr(gateway, "rentals", broken)
    with open_session(engine, landlord_plane()) as session:
        session.add(Subscription(tenant_id=alpha.id, payer="cus_broken"))
        for number, tenant in enumerate((alpha, beta)):
            row = session.get_one(TenantRow, tenant.id)
            row.state, row.trial_ends_at, row.next_step_at = "trial", AT - DAY, AT - (2 - number) * DAY
        session.commit()
    before = dt.datetime.now(dt.UTC)
    rings_at = keep_up()
    assert isinstance(rings_at, dt.datetime)
    assert rings_at > before + dt.timedelta(seconds=30), "not again at once"
    with open_session(engine, landlord_plane()) as session:
        assert [session.get_one(TenantRow, one.id).state for one in (alpha, beta)] == ["trial", "read_only"]
