"""What an invoice would be, before anything is changed."""

from typing import Any

from sandbox.stripe import changes, invoice_items, invoicing, items, lines
from sandbox.stripe.api import Call, post
from sandbox.stripe.faults import Fault
from sandbox.stripe.forms import Params
from sandbox.stripe.periods import after
from sandbox.stripe.proration import Draft, Rent
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


@post("/invoices/create_preview")
def create(call: Call) -> Thing:
    world, params = call.world, call.params
    said, details = params.text("subscription"), params.part("subscription_details")
    if said is None:
        customer = world.need("customer", params.need("customer"), "customer")
        return _of_new(world, customer, details)
    subscription = world.need("subscription", said, "subscription")
    params.text("customer")
    if subscription["cancel_at_period_end"] and "items" not in details:
        raise Fault("No upcoming invoices for customer: the subscription ends with its period.", code="invoice_upcoming_none")
    return _of_change(world, subscription, details)


def _of_new(world: World, customer: Thing, details: Params) -> Thing:
    """The first invoice of a subscription that is not there yet."""
    rents, now = items.wanted(world, details, []), world.now(customer)
    trial_end = details.count("trial_end")
    unkept = world.make("subscription", "sub", customer, customer=customer["id"], currency=rents[0].price["currency"])
    until = trial_end or after(now, *items.rhythm(rents[0]), 1)
    drafts = lines.renewal(unkept, rents, now, until, lines.names_of(world, rents), is_trial=trial_end is not None)
    return _shown(invoicing.assemble(world, customer, "upcoming", [lines.of_draft(one, unkept) for one in drafts], unkept), now)


def _of_change(world: World, subscription: Thing, details: Params) -> Thing:
    """With `always_invoice` what the change costs now; else the next renewal, with what waits for it."""
    asked = changes.planned(world, subscription, details)
    now = world.now(subscription)
    prorations = [lines.of_draft(one, subscription) for one in asked.drafts]
    waiting = [lines.of_item(one) for one in invoice_items.pending(world, subscription["customer"], subscription["id"])]
    if asked.prorates == "always_invoice" and "items" in details:
        return _assembled(world, subscription, [*waiting, *prorations], now)
    return _assembled(world, subscription, [*waiting, *prorations, *_renewal(world, subscription, asked.rents)], items.period_of(subscription)[1])


def _renewal(world: World, subscription: Thing, rents: list[Rent]) -> list[Thing]:
    from sandbox.stripe.subscriptions import next_period

    _, end = items.period_of(subscription)
    drafts: list[Draft] = lines.renewal(subscription, rents, end, next_period(subscription, rents, end), lines.names_of(world, rents))
    return [lines.of_draft(one, subscription) for one in drafts]


def _assembled(world: World, subscription: Thing, its_lines: list[Thing], at: int) -> Thing:
    customer = world.need("customer", subscription["customer"])
    return _shown(invoicing.assemble(world, customer, "upcoming", its_lines, subscription), at)


def _shown(invoice: Thing, at: int, **more: Any) -> Thing:
    number = invoice["id"].removeprefix("in_")
    return invoice | {"id": f"upcoming_in_{number}", "created": at, "next_payment_attempt": at, **more}
