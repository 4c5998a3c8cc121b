"""设置 · 订阅: what one has and pays, and everything that can be done about it, by the real library against the stand-in."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from saas.billing.gateway import Gateway
from saas.billing.models import Subscription
from saas.billing.values import PaymentsAway
from saas.identity.models import Person
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from tenants.timeline.models import Event
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant
from tests.web.subscription.conftest import AT, DAY, ORDER, PAGE
from tests.world.cast import fixed_id
from tests.world.door import Guest
from tests.world.stage import prop
from tests.world.stripe import Away, Stripe

Look = Callable[[], tuple[TenantRow, Subscription | None]]


def test_a_trial_says_what_it_is(alice: Guest) -> None:
    html = alice.get(PAGE).text
    assert "Rent now" in html
    assert "Trial" in html
    assert "4 taken" in html


def test_where_nothing_can_be_rented_there_is_no_such_page(client_of: Callable[[str], Guest]) -> None:
    assert client_of("alice").get(PAGE).status_code == 404
    assert "settings/subscription" not in client_of("alice").get("settings").text


def test_a_card_rents(alice: Guest, click: Callable[..., str], look: Look, engine: Engine, alpha: Tenant) -> None:
    answer = alice.post(f"{PAGE}/new", data=ORDER)
    assert answer.status_code == 303
    assert look()[0].state == "trial", "nothing is rented before Stripe says so"
    arrived = alice.get(click(answer.location), follow_redirects=True)
    assert "Rented: Standard with 5 seats" in arrived.text
    assert "¥145.00 a month" in arrived.text
    tenant, row = look()
    assert row is not None
    assert (tenant.state, tenant.plan, tenant.seats) == ("active", "standard", 5)
    assert (row.standing, row.title, row.tax_number, row.ends_at) == ("trialing", "Alpha Trading", "91330100MA27XYZ123", AT + 10 * DAY)
    with open_session(engine, landlord_plane()) as session:
        assert [one.after for one in session.scalars(select(TenantChange).where(TenantChange.tenant_id == alpha.id))][-1] == "active"
    with inside(alpha, engine) as session:
        assert "subscription.ordered" in session.scalars(select(Event.kind)).all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"plan": "standard", "seats": "5"}, "5 seats cost ¥145.00 a month."),
        ({"plan": "professional", "seats": "1"}, "1 seat costs ¥59.00 a month."),
        ({"plan": "standard", "seats": ""}, None),
        ({"plan": "standard", "seats": "-3"}, None),
        ({"plan": "standard", "seats": "99999999999"}, None),
        ({"plan": "trial", "seats": "5"}, None),
        ({}, None),
    ],
)
def test_the_month_is_reckoned_while_one_chooses(alice: Guest, asked: dict[str, str], said: str | None) -> None:
    answer = alice.get(f"{PAGE}/new/total", query_string=asked)
    assert answer.status_code == 200
    assert (said in answer.text) if said else "month" not in answer.text
    if said and asked["plan"] == "standard":
        assert "4 seats cost ¥116.00 a month." in alice.get(f"{PAGE}/new").text, "for what is proposed, without scripts too"


def test_whoever_turns_back_rents_nothing(alice: Guest, look: Look) -> None:
    alice.post(f"{PAGE}/new", data=ORDER)
    assert "not confirmed yet" in alice.get(f"{PAGE}/arrival?session=cs_nothing", follow_redirects=True).text
    assert look()[0].state == "trial"


def test_an_invoice_rents_once_however_often_it_is_asked(alice: Guest, look: Look, stripe_sandbox: Stripe) -> None:
    for _ in range(2):
        assert alice.post(f"{PAGE}/new", data=ORDER | {"means": "invoice", "once": "form-1"}).status_code == 303
    row = look()[1]
    assert row is not None
    assert row.is_sent
    assert len(stripe_sandbox.v1.subscriptions.list({"status": "all"}).data) == 1
    assert "The first invoice goes to pay@alpha.example when the trial is over" in alice.get(PAGE).text
    [bill] = stripe_sandbox.v1.invoices.list({"customer": row.payer}).data
    assert [one.value for one in bill.custom_fields] == ["Alpha Trading", "91330100MA27XYZ123"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"seats": "3"}, "4 colleagues work with Zuke"),
        ({"seats": "51"}, "at most 50 seats"),
        ({"seats": "many"}, "Not a valid integer"),
        ({"seats": ""}, "How many colleagues"),
        ({"plan": "gold"}, "Not a valid choice"),
        ({"title": " "}, "Please fill this in"),
        ({"tax_number": "12"}, "8 to 30"),
        ({"mail": "nobody"}, "not an email"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(alice: Guest, look: Look, wrong: dict[str, str], said: str) -> None:
    answer = alice.post(f"{PAGE}/new", data=ORDER | {"mail": "kept@alpha.example"} | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "mail" in wrong or "kept@alpha.example" in answer.text
    assert look()[1] is None


def test_cancelled_and_taken_up_again(alice: Guest, subscribed: Subscription, look: Look) -> None:
    answer = alice.post(f"{PAGE}/cancellation", htmx=True).text
    assert "It ends" in answer
    assert '<hx-partial hx-target="#rented"' in answer, "the toast that takes it back has no place of its own"
    row = look()[1]
    assert row is not None
    assert row.stops_at == AT + 10 * DAY
    alice.post(f"{PAGE}/resumption")
    again = look()[1]
    assert again is not None
    assert again.stops_at is None


def test_bills_are_listed_and_stripe_may_be_away(alice: Guest, subscribed: Subscription, gateway: Gateway, stripe_sandbox: Stripe) -> None:
    stripe_sandbox.pass_time(days=11)
    assert "¥145.00" in alice.get(f"{PAGE}/bills", htmx=True).text
    gateway._v1 = Away()
    assert alice.get(PAGE).status_code == 200, "the page itself asks nothing of Stripe"
    assert "does not answer" in alice.get(f"{PAGE}/bills", htmx=True).text
    again = alice.post(f"{PAGE}/cancellation")
    assert again.status_code == 422
    assert "Nothing was changed" in again.text
    assert re.search(r'href="/alpha/settings/subscription">[^<]*<svg', again.text), "and not to an address that only takes forms"
    kept = alice.post(f"{PAGE}/title", data={"title": "Alpha Holding", "tax_number": "", "mail": "new@alpha.example"})
    assert kept.status_code == 422
    assert "Alpha Holding" in kept.text
    assert "not confirmed yet" in alice.get(f"{PAGE}/arrival?session=x", follow_redirects=True).text


def test_what_is_left_of_the_order_when_somebody_turns_back(alice: Guest, stripe_sandbox: Stripe) -> None:
    alice.post(f"{PAGE}/new", data=ORDER | {"plan": "professional", "seats": "7"})
    [opened] = stripe_sandbox.v1.checkout.sessions.list({"status": "open"}).data
    html = alice.get(opened.cancel_url.partition("/alpha/")[2]).text
    assert re.search(r'name="seats"[^>]*value="7"', html)
    assert re.search(r'checked[^>]*value="professional"', html)
    assert alice.get(f"{PAGE}/new?plan=trial&seats=99999999").status_code == 200


def test_who_rents_nothing_any_more_is_told_so(alice: Guest) -> None:
    for address in ("cancellation", "resumption", "keeping"):
        answer = alice.post(f"{PAGE}/{address}")
        assert answer.status_code == 422
        assert "Nothing is rented" in answer.text


def test_the_portal_and_the_title(alice: Guest, subscribed: Subscription, look: Look) -> None:
    assert "/p/" in alice.post(f"{PAGE}/portal").location
    assert alice.post(f"{PAGE}/title", data={"title": "", "mail": "a@b.example"}).status_code == 422
    alice.post(f"{PAGE}/title", data={"title": "Alpha Holding", "tax_number": "", "mail": "new@alpha.example"})
    row = look()[1]
    assert row is not None
    assert (row.title, row.tax_number, row.mail) == ("Alpha Holding", None, "new@alpha.example")


def test_the_title_is_written_in_a_dialog(alice: Guest) -> None:
    """And not in the place of the fact, where the whole page would land."""
    link = re.search(r'<a [^>]*href="[^"]*subscription/title"[^>]*>', alice.get(PAGE).text)
    assert link is not None
    assert 'hx-target="#dialog"' in link[0]


@pytest.mark.parametrize(
    ("state", "said", "who"),
    [("trial", "The trial ends on", "alice"), ("past_due", "Please pay it by", "alice"), ("read_only", "Read only until", "rhea")],
)
def test_what_ends_is_told_on_every_page(client_of: Callable[[str], Guest], engine: Engine, alpha: Tenant, state: str, said: str, who: str) -> None:
    """From the first mail about it on; who can do nothing about it hears of it only when nothing can be written any more."""
    assert said not in client_of(who).get("customers").text
    with open_session(engine, landlord_plane()) as session:
        row = session.get_one(TenantRow, alpha.id)
        row.state, row.warned = state, f"{state} {(AT + 7 * DAY).isoformat()} 1"
        session.commit()
    assert said in client_of(who).get("customers").text
    assert (said in client_of("bob").get("customers").text) == (state == "read_only")


def test_others_do_not_see_it(client_of: Callable[[str], Guest], alice: Guest) -> None:
    for name in ("mei", "bob", "rhea"):
        assert client_of(name).get(PAGE).status_code == 403


def test_read_only_until_it_is_paid(alice: Guest, client_of: Callable[[str], Guest], engine: Engine, alpha: Tenant) -> None:
    with open_session(engine, landlord_plane()) as session:
        session.get_one(TenantRow, alpha.id).state = "read_only"
        session.commit()
    answer = alice.post("customers", data={"name": "Lost?"})
    assert answer.status_code == 402
    assert "How to pay" in answer.text
    refused = client_of("bob").post("customers", data={"name": "Lost?"})
    assert "what you typed is still there" in refused.text
    assert "settings/subscription" not in refused.text, "who may not pay is not sent to a page that refuses him"
    for address in ("notifications/preferences", f"notifications/{prop('plan', 'Bob')}/completion", "settings/bots/new"):
        assert alice.post(address).status_code == 402, address
    assert alice.post("notifications/reading").status_code == 303, "to have read something is not writing"
    assert "Read only until" in client_of("bob").get("customers").text
    assert alice.post(f"{PAGE}/new", data=ORDER).status_code == 303, "paying is not writing"


def test_the_price_of_a_month(subscribed: Subscription) -> None:
    assert subscribed.price == Decimal("29.00")
    assert subscribed.read_at is not None
    assert subscribed.read_at - AT < dt.timedelta(minutes=5)


def test_who_begins_and_is_turned_away_hinders_no_colleague(
    alice: Guest, client_of: Callable[[str], Guest], gateway: Gateway, look: Look, monkeypatch: pytest.MonkeyPatch, engine: Engine, alpha: Tenant
) -> None:
    """Stripe remembers for a day by which words a customer was asked for; our row of it is gone with the refusal."""
    with monkeypatch.context() as away:
        away.setattr(gateway, "check_out", refuse)
        assert alice.post(f"{PAGE}/new", data=ORDER).status_code == 422
    assert look()[1] is None
    with open_session(engine, landlord_plane()) as session:
        session.get_one(Person, fixed_id("alice")).mail = "alice.wang@alpha.example"
        session.commit()
    assert alice.post(f"{PAGE}/new", data=ORDER).status_code == 303


def refuse(*_: object, **__: object) -> None:
    raise PaymentsAway


def test_who_owes_a_bill_does_not_live_on_the_next(
    alice: Guest, click: Callable[..., str], look: Look, keep_up: Callable[[], object], stripe_sandbox: Stripe
) -> None:
    """Two weeks until it is due, two of grace; cancelled for the end of the month, and rented anew by the next invoice: for ever, for nothing."""
    by_invoice = ORDER | {"means": "invoice"}
    alice.post(f"{PAGE}/new", data=by_invoice)
    stripe_sandbox.pass_time(days=13)
    alice.post(f"{PAGE}/cancellation")
    stripe_sandbox.pass_time(days=40)
    keep_up()
    alice.get(f"{PAGE}/arrival?session=x")
    assert look()[0].state == "read_only"
    answer = alice.post(f"{PAGE}/new", data=by_invoice)
    assert answer.status_code == 422
    assert "pay the open invoice first" in answer.text
    assert look()[0].state == "read_only"
    alice.get(click(alice.post(f"{PAGE}/new", data=ORDER).location))
    assert look()[0].state == "active", "who pays by card is back"
