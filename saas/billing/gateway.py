"""The only module that speaks to Stripe. Values of ours go in and come out; each call has a deadline, each change a key that makes it happen once.

`key` is the caller's: the id of the outbox row or the visit that asks. Two steps of one call get two keys of it.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import stripe

from saas.billing import reading
from saas.billing.asking import card_flow, checkout, customer, lines_of, once, phases, price_of, product_id, product_of, proration, trial
from saas.billing.reading import fen, identity, moment, stamp, yuan
from saas.billing.values import (
    Bill,
    CardDeclined,
    Forged,
    GatewayMisused,
    Later,
    NoLongerThere,
    Notice,
    Offer,
    PaymentsAway,
    Place,
    Quote,
    Rented,
    Title,
)
from saas.plans.catalogue import CURRENCY

TIMEOUT = 8.0  # seconds
RETRIES = 2
TOLERANCE = 300  # seconds that a notice may be old, or its clock ahead of ours
DAYS_UNTIL_DUE = 14
LIVE = ("trialing", "active", "past_due", "unpaid", "incomplete", "paused")


class Gateway:
    def __init__(self, key: str, *, base: str | None = None) -> None:
        """`base` is the address of the sandbox, None of Stripe itself."""
        addresses: Any = {"api": base} if base else None
        self._base = base
        self._http = stripe.RequestsClient(timeout=TIMEOUT)
        self._v1: Any = stripe.StripeClient(key, base_addresses=addresses, http_client=self._http, max_network_retries=RETRIES).v1

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]

    @property
    def is_sandbox(self) -> bool:
        return self._base is not None

    # Who pays

    def open_payer(self, name: str, mail: str, *, tenant: str, key: str) -> str:
        with _refusals():
            return str(self._v1.customers.create(customer(name, mail, tenant), once(key)).id)

    def write_title(self, payer: str, title: Title, *, mail: str, key: str) -> None:
        """Stands on every invoice from now on. Chinese firms need name and number as lines of their own, too."""
        with _refusals():
            self._v1.customers.update(
                payer, {"name": title.name, "email": mail, "invoice_settings": {"custom_fields": lines_of(title)}}, once(key, "title")
            )
            known = {one.value: one.id for one in self._v1.customers.tax_ids.list(payer).data if one.type == "cn_tin"}
            for value in known.keys() - {title.tax_number}:
                self._v1.customers.tax_ids.delete(payer, known[value])
            if title.tax_number and title.tax_number not in known:
                self._v1.customers.tax_ids.create(payer, {"type": "cn_tin", "value": title.tax_number}, once(key, "number"))

    def credit(self, payer: str, amount: Decimal, why: str, *, key: str) -> str:
        """The next invoices use it up."""
        asked = {"amount": -fen(amount), "currency": CURRENCY, "description": why}
        with _refusals():
            return str(self._v1.customers.balance_transactions.create(payer, asked, once(key)).id)

    def credit_of(self, payer: str) -> Decimal:
        with _refusals():
            return max(Decimal(0), yuan(-self._v1.customers.retrieve(payer).balance))

    # Subscribing

    def check_out(
        self, payer: str, plan: str, seats: int, *, tenant: str, back: str, away: str, trial_ends_at: dt.datetime | None, at: dt.datetime, key: str
    ) -> Place:
        """A page on which a card subscribes. `back` gets the session's id in the place of {CHECKOUT_SESSION_ID}."""
        asked = checkout(payer, tenant, back, away, trial_ends_at, at)
        with _refusals():
            asked["line_items"] = [{"price": self._price(plan).id, "quantity": seats}]
            session = self._v1.checkout.sessions.create(asked, once(key))
        return Place(session.id, session.url)

    def checked_out(self, session: str) -> str | None:
        """The subscription that came of a Checkout page."""
        with _refusals():
            return identity(self._v1.checkout.sessions.retrieve(session).subscription)

    def subscribe_by_invoice(self, payer: str, plan: str, seats: int, *, tenant: str, trial_ends_at: dt.datetime | None, key: str) -> Rented:
        """Active at once; the first invoice is sent at once, and due in two weeks."""
        asked: dict[str, Any] = {"customer": payer, "collection_method": "send_invoice", "days_until_due": DAYS_UNTIL_DUE}
        asked |= {"metadata": {"tenant": tenant}, **trial(trial_ends_at)}
        with _refusals():
            asked["items"] = [{"price": self._price(plan).id, "quantity": seats}]
            made = self._v1.subscriptions.create(asked, once(key))
            invoice = self._v1.invoices.retrieve(identity(made.latest_invoice))
            if invoice.status == "draft":
                self._v1.invoices.send_invoice(invoice.id, {}, once(key, "send"))
        return reading.rented(made)

    def rented_by(self, payer: str) -> Rented | None:
        """What the customer rents; what it rented last when all has ended."""
        with _refusals():
            found = self._v1.subscriptions.list({"customer": payer, "status": "all", "limit": 20}).data
        ours = sorted((one for one in found if "tenant" in one.metadata), key=lambda one: (one.status in LIVE, one.created), reverse=True)
        return reading.rented(ours[0]) if ours else None

    def now(self, at: dt.datetime) -> dt.datetime:
        """The time by Stripe's clock when ours says `at`: a sandbox's may have been put forward, and the rent's months pass by it."""
        if self._base is None:
            return at
        with _refusals():
            content, _, _ = self._http.request("get", f"{self._base}/sandbox/clock", {})
        return moment(json.loads(content)["now"])

    def subscription(self, subscription: str) -> Rented:
        with _refusals():
            return reading.rented(self._v1.subscriptions.retrieve(subscription))

    def subscriptions(self) -> Iterator[Rented]:
        """Every one that has not ended, for the nightly comparison."""
        with _refusals():
            for one in self._v1.subscriptions.list({"status": "all", "limit": 100}).auto_paging_iter():
                if one.status in LIVE and "tenant" in one.metadata:
                    yield reading.rented(one)

    # Changing

    def quote(self, now: Rented, plan: str, seats: int, *, at: dt.datetime) -> Quote:
        """What it costs to change at `at`."""
        with _refusals():
            change = {"items": [self._item(now, plan, seats)], "proration_date": stamp(at), "proration_behavior": "always_invoice"}
            due = self._v1.invoices.create_preview({"subscription": now.id, "subscription_details": change})
            each = now.price if plan == now.plan else yuan(self._price(plan).unit_amount)
        return Quote(yuan(due.amount_due), each * seats, at)

    def _item(self, now: Rented, plan: str, seats: int) -> dict[str, Any]:
        """Who stays with a plan stays with its price, even if new subscribers pay another one."""
        return {"id": now.item, "quantity": seats, **({} if plan == now.plan else {"price": self._price(plan).id})}

    def change_now(self, now: Rented, plan: str, seats: int, *, at: dt.datetime, key: str) -> Rented:
        """More seats or a dearer plan: paid now for the rest of the month, as quoted for `at`. By card it counts only once it is paid.

        In a trial nothing is paid, and anything may change at once.
        """
        self.keep(now, key=key)
        with _refusals():
            asked = {"items": [self._item(now, plan, seats)], **proration(now, at)}
            return reading.rented(self._v1.subscriptions.update(now.id, asked, once(key, "change")))

    def change_at_renewal(self, now: Rented, plan: str, seats: int, *, key: str) -> Rented:
        """Fewer seats or a cheaper plan: what is paid stays until the month is over."""
        self.keep(now, key=key)
        with _refusals():
            price = now.price_id if plan == now.plan else self._price(plan).id
            made = self._v1.subscription_schedules.create({"from_subscription": now.id}, once(key, "schedule"))
            self._v1.subscription_schedules.update(made.id, {"phases": phases(now, price, seats), "end_behavior": "release"}, once(key, "phases"))
            return reading.rented(self._v1.subscriptions.retrieve(now.id))

    def later(self, now: Rented) -> Later | None:
        """What was asked for at the renewal."""
        if now.schedule is None:
            return None
        with _refusals():
            phases = self._v1.subscription_schedules.retrieve(now.schedule, {"expand": ["phases.items.price"]}).phases
        following = [one for one in phases if one.start_date >= stamp(now.ends_at)]
        if not following:
            return None
        [item] = following[0]["items"]
        return Later(item.price.metadata["plan"], item.quantity, moment(following[0].start_date))

    def keep(self, now: Rented, *, key: str) -> None:
        """Nothing changes at the renewal after all."""
        if now.schedule is not None:
            with _refusals():
                self._v1.subscription_schedules.release(now.schedule, {}, once(key, "release"))

    def cancel(self, now: Rented, *, key: str) -> Rented:
        """When the month that is paid is over."""
        self.keep(now, key=key)
        return self._stop(now.id, stops=True, key=key)

    def resume(self, now: Rented, *, key: str) -> Rented:
        """It goes on after all."""
        return self._stop(now.id, stops=False, key=key)

    def _stop(self, subscription: str, *, stops: bool, key: str) -> Rented:
        with _refusals():
            return reading.rented(self._v1.subscriptions.update(subscription, {"cancel_at_period_end": stops}, once(key, "stop")))

    def end(self, subscription: str, *, key: str) -> Rented:
        """Now, without anything back: the company is closed."""
        with _refusals():
            return reading.rented(self._v1.subscriptions.cancel(subscription, {}, once(key)))

    # Paying

    def portal(self, payer: str, back: str, *, card_only: bool = False) -> Place:
        """Stripe's own page for cards and invoices."""
        with _refusals():
            made = self._v1.billing_portal.sessions.create({"customer": payer, "return_url": back, **card_flow(back, card_only)})
        return Place(made.id, made.url)

    def bills(self, payer: str, most: int = 24) -> list[Bill]:
        """The newest first, drafts left out."""
        with _refusals():
            found = self._v1.invoices.list({"customer": payer, "limit": most}).data
        return [reading.bill(one) for one in found if one.status != "draft"]

    def cards(self, payer: str) -> set[str]:
        """Fingerprints: the same card is the same, whoever shows it."""
        with _refusals():
            found = self._v1.payment_methods.list({"customer": payer, "limit": 100}).data
        return {one.card.fingerprint for one in found if one.type == "card"}

    def bill(self, invoice: str) -> Bill:
        with _refusals():
            return reading.bill(self._v1.invoices.retrieve(invoice))

    # What is sold

    def offers(self) -> list[Offer]:
        """Every plan that Stripe knows of us, sold or not."""
        with _refusals():
            products = [one for one in self._v1.products.list({"limit": 100}).auto_paging_iter() if "plan" in one.metadata]
            prices = {identity(one.product): one for one in self._v1.prices.list({"limit": 100, "active": True}).auto_paging_iter() if one.lookup_key}
        return [reading.offer(one, prices.get(one.id)) for one in products]

    def _price(self, plan: str) -> Any:
        """What new subscribers of a plan pay."""
        found = self._v1.prices.list({"lookup_keys": [product_id(plan)], "active": True}).data
        if not found:
            raise GatewayMisused(f"Stripe has no price for {plan}. Bring it in line first: python -m web.cli stripe-plans --apply")
        return found[0]

    def put_product(self, plan: str, name: str, *, is_sold: bool = True) -> None:
        """Under an id of ours, so that two who do it make one."""
        asked = product_of(plan, name, is_sold)
        with _refusals():
            try:
                self._v1.products.update(product_id(plan), asked)
            except stripe.InvalidRequestError as reason:
                if reason.code != "resource_missing":
                    raise
                self._v1.products.create({"id": product_id(plan), **asked})

    def put_price(self, plan: str, amount: Decimal, *, instead_of: str | None) -> None:
        """What new subscribers pay. Who subscribed to the old price goes on paying that."""
        with _refusals():
            self._v1.prices.create(price_of(plan, amount))
            if instead_of is not None:
                self._v1.prices.update(instead_of, {"active": False})

    # What Stripe tells us

    @staticmethod
    def read(body: bytes, signature: str, secrets: list[str], *, now: dt.datetime) -> Notice:
        """A notice that was signed with one of our secrets, lately. Raises `Forged`."""
        at = reading.signed_at(signature)
        if abs(stamp(now) - at) > TOLERANCE:  # the library lets the future pass
            raise Forged
        for secret in secrets:
            try:
                stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
            return reading.notice(body)
        raise Forged


@contextmanager
def _refusals() -> Iterator[None]:
    """Stripe's errors in our words: what a person can do something about is a refusal, our own mistakes are none."""
    try:
        yield
    except stripe.CardError as reason:
        raise CardDeclined from reason
    except (stripe.APIConnectionError, stripe.RateLimitError) as reason:
        raise PaymentsAway from reason
    except stripe.InvalidRequestError as reason:
        raise (NoLongerThere() if reason.code == "resource_missing" else GatewayMisused(str(reason))) from reason
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as reason:
        raise GatewayMisused(str(reason)) from reason
    except stripe.APIError as reason:
        raise PaymentsAway from reason
