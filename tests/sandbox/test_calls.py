"""How the API behaves whatever is asked: keys, idempotency, lists, expansion, errors."""

import pytest
import stripe

from sandbox.stripe.forms import decode
from tests.world.stripe import Stripe


def test_the_same_key_is_answered_once(stripe_sandbox: Stripe) -> None:
    asked = {"name": "Once"}, {"idempotency_key": "k1"}
    first, again = stripe_sandbox.v1.customers.create(*asked), stripe_sandbox.v1.customers.create(*asked)
    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(stripe_sandbox.v1.customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        stripe_sandbox.v1.customers.create({"name": "Twice"}, {"idempotency_key": "k1"})


def test_a_declined_card_stays_declined_for_its_key(stripe_sandbox: Stripe) -> None:
    customer = stripe_sandbox.customer(None)
    rented = stripe_sandbox.subscribe(customer, stripe_sandbox.price(), collection_method="send_invoice", days_until_due=7)
    stripe_sandbox.v1.invoices.finalize_invoice(rented.latest_invoice)
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            stripe_sandbox.v1.invoices.pay(rented.latest_invoice, {"payment_method": "pm_card_chargeCustomerFail"}, {"idempotency_key": "pay"})
    assert stripe_sandbox.invoices(customer)[0]["attempt_count"] == 1


def test_nonsense_is_not_remembered_for_a_key(stripe_sandbox: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        stripe_sandbox.v1.products.create({"name": ""}, {"idempotency_key": "p"})
    assert stripe_sandbox.v1.products.create({"name": "Standard"}, {"idempotency_key": "p"}).name == "Standard"


def test_a_wrong_key_is_refused(stripe_sandbox: Stripe) -> None:
    stranger = stripe.StripeClient("sk_test_wrong", base_addresses={"api": stripe_sandbox.sandbox.address})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.customers.list()


def test_another_version_of_the_api_is_refused(stripe_sandbox: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="version"):
        stripe_sandbox.v1.customers.list({}, {"stripe_version": "2024-06-20"})


def test_what_is_not_played_is_refused_and_not_ignored(stripe_sandbox: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_sandbox.v1.customers.create({"name": "x", "cash_balance": {"settings": {"reconciliation_mode": "manual"}}})
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "cash_balance")
    assert stripe_sandbox.v1.customers.list().data == [], "and nothing was made"
    with pytest.raises(stripe.InvalidRequestError) as deeper:
        stripe_sandbox.subscribe(stripe_sandbox.customer(), stripe_sandbox.price(), trial_settings={"end_behavior": {"why": "x"}})
    assert deeper.value.param == "trial_settings[end_behavior][why]"
    with pytest.raises(stripe.InvalidRequestError, match="does not play"):
        stripe_sandbox.v1.coupons.create({"percent_off": 10})


def test_a_stray_id_is_404(stripe_sandbox: Stripe) -> None:
    for ask in (stripe_sandbox.v1.customers.retrieve, stripe_sandbox.v1.subscriptions.retrieve, stripe_sandbox.v1.invoices.retrieve):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            ask("cus_none")
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_lists_are_paged_newest_first(stripe_sandbox: Stripe) -> None:
    made = [stripe_sandbox.v1.customers.create({"name": str(number)}).id for number in range(5)]
    first = stripe_sandbox.v1.customers.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (made[:2:-1], True)
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]
    back = stripe_sandbox.v1.customers.list({"limit": 2, "ending_before": made[0]})
    assert [one.id for one in back.data] == [made[2], made[1]]


def test_objects_stand_in_the_place_of_ids_when_asked(stripe_sandbox: Stripe) -> None:
    rented = stripe_sandbox.subscribe(
        stripe_sandbox.customer(), stripe_sandbox.price(), expand=["latest_invoice.payments", "items.data.price.product"]
    )
    assert rented.latest_invoice.payments.data[0].payment.type == "payment_intent"
    assert rented["items"].data[0].price.product.name == "Standard"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        stripe_sandbox.v1.subscriptions.retrieve(rented.id, {"expand": ["nothing"]})


def test_prices_are_found_and_moved_by_their_key(stripe_sandbox: Stripe) -> None:
    old, new = stripe_sandbox.price(), stripe_sandbox.price(3900)
    stripe_sandbox.v1.prices.update(old.id, {"lookup_key": "standard"})
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        stripe_sandbox.v1.prices.update(new.id, {"lookup_key": "standard"})
    stripe_sandbox.v1.prices.update(new.id, {"lookup_key": "standard", "transfer_lookup_key": True})
    stripe_sandbox.v1.prices.update(old.id, {"active": False})
    assert [one.id for one in stripe_sandbox.v1.prices.list({"lookup_keys": ["standard"], "active": True}).data] == [new.id]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("a=1&b=%E7%A7%9F", {"a": "1", "b": "租"}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("a[0][x]=1&a[1][x]=2&a[10][x]=3", {"a": [{"x": "1"}, {"x": "2"}, {"x": "3"}]}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a=", {"a": ""}),
    ],
)
def test_forms_are_read_as_stripe_reads_them(text: str, means: object) -> None:
    assert decode(text) == means


def test_odd_forms_are_refused_and_break_nothing(stripe_sandbox: Stripe) -> None:
    import requests

    key = {"Authorization": f"Bearer {stripe_sandbox.sandbox.key}"}
    for body in ("a[b=1", "[x]=1", "name=1&name[x]=2", "&".join(f"metadata[{n}]=1" for n in range(2000)), "name[a][b][c][d][e][f][g][h][i]=1"):
        answer = requests.post(f"{stripe_sandbox.sandbox.address}/v1/customers", data=body, headers=key, timeout=5)
        assert (answer.status_code, body[:20]) == (400, body[:20])
