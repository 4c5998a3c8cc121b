"""A subscription changes: seats, price, the end of a trial, the end of everything. What it costs, and when that is collected."""

from dataclasses import dataclass

from sandbox.stripe import invoice_items, invoicing, items, lines
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.forms import Params
from sandbox.stripe.proration import Draft, Rent, prorate
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

PRORATIONS = ("create_prorations", "always_invoice", "none")
PENDS_FOR = 23 * 3600  # seconds; then a change that was not paid is forgotten


@dataclass(frozen=True, slots=True)
class Change:
    """What a call asks of the items, and of the money for it."""

    rents: list[Rent]
    drafts: list[Draft]
    prorates: str


def change(world: World, subscription: Thing, params: Params) -> Thing:
    behavior = params.text("payment_behavior") or "allow_incomplete"
    asked = planned(world, subscription, params)
    if "cancel_at_period_end" in params or "cancel_at" in params:
        _cancel(world, subscription, params)
    if said := params.text("trial_end"):
        return _end_trial(world, subscription, params, said, behavior)
    if asked.rents == items.rents_of(world, subscription):
        return world.save(subscription)
    if behavior == "pending_if_incomplete" and asked.prorates == "always_invoice" and subscription["collection_method"] == "charge_automatically":
        return _when_paid(world, subscription, asked)
    return _at_once(world, subscription, asked, behavior)


def planned(world: World, subscription: Thing, params: Params) -> Change:
    """Works out a change without making it; a preview asks the same."""
    now, old = world.now(subscription), items.rents_of(world, subscription)
    rents = items.wanted(world, params, old) if "items" in params else old
    if items.rhythm(rents[0]) != items.rhythm(old[0]):
        raise invalid("items", "This sandbox changes prices only between those of the same billing interval.")
    prorates = params.choice("proration_behavior", *PRORATIONS) or "create_prorations"
    at = params.count("proration_date") or now
    start, end = items.period_of(subscription)
    if not start <= at <= end:
        raise invalid("proration_date", "Cannot specify proration_date outside of current period.")
    if prorates == "none" or subscription["status"] in {"trialing", "incomplete"}:
        return Change(rents, [], prorates)
    return Change(rents, prorate(old, rents, start, end, at, lines.names_of(world, [*old, *rents])), prorates)


def _at_once(world: World, subscription: Thing, asked: Change, behavior: str) -> Thing:
    """The change stands, whether it is paid or not; only `error_if_incomplete` takes it back."""
    start, end = items.period_of(subscription)
    for draft in asked.drafts:
        invoice_items.pend(world, subscription, draft)
    items.write(world, subscription, asked.rents, start, end)
    _follow_schedule(world, subscription)
    world.save(subscription)
    if asked.prorates == "always_invoice" and asked.drafts:
        invoice = invoice_pending(world, subscription, tries=behavior != "default_incomplete")
        if invoice["status"] != "paid" and behavior == "error_if_incomplete":
            from sandbox.stripe.subscriptions import refusal

            raise refusal(world, invoice)
    return world.need("subscription", subscription["id"])


def _when_paid(world: World, subscription: Thing, asked: Change) -> Thing:
    """The change waits until its invoice is paid, and is forgotten when that takes too long."""
    if subscription["pending_update"] is not None:
        _forget(world, subscription)
    kept = [{"item": one.item, "price": one.price["id"], "quantity": one.quantity} for one in asked.rents]
    expires = world.now(subscription) + PENDS_FOR
    shown: list[Thing] = []
    for one in subscription["items"]["data"]:
        shown.extend(one | {"price": rent.price, "quantity": rent.quantity} for rent in asked.rents if rent.item == one["id"])
    subscription["pending_update"] = {"billing_cycle_anchor": None, "discount": None, "discounts": None, "expires_at": expires, "metadata": None}
    subscription["pending_update"] |= {"subscription_items": shown, "trial_end": None, "trial_from_plan": None}
    world.save(subscription)
    for draft in asked.drafts:
        invoice_items.pend(world, subscription, draft)
    invoice_pending(world, subscription, waits=kept)
    world.ring(subscription, expires, "subscription.pending")
    return world.need("subscription", subscription["id"])


def forget_pending(world: World, subscription: Thing) -> None:
    """The time to pay for a change is over."""
    if subscription["pending_update"] and subscription["pending_update"]["expires_at"] <= world.now(subscription):
        _forget(world, subscription)


def _forget(world: World, subscription: Thing) -> None:
    for invoice in world.store.select("invoice", subscription["customer"]):
        if invoice["status"] == "open" and world.store.hidden(invoice["id"]).get("pending"):
            world.store.hide(invoice["id"], pending=None)
            invoicing.void(world, invoice)
    subscription["pending_update"] = None
    world.save(subscription)
    world.emit("customer.subscription.pending_update_expired", subscription)


def invoice_pending(world: World, subscription: Thing, *, tries: bool = True, waits: list[Thing] | None = None) -> Thing:
    """An invoice over everything that waits, final at once, and collected by card unless it is sent."""
    customer = world.need("customer", subscription["customer"])
    waiting = invoice_items.pending(world, customer["id"], subscription["id"])
    if not waiting:
        raise Fault("Nothing to invoice for subscription", code="invoice_no_subscription_line_items")
    invoice = invoicing.assemble(world, customer, "subscription_update", [lines.of_item(one) for one in waiting], subscription)
    invoicing.keep(world, invoice, finalizes_in=None)
    invoice_items.place(world, waiting, invoice["id"])
    world.store.hide(invoice["id"], pending=waits)
    world.save(subscription | {"latest_invoice": invoice["id"]})
    invoice = invoicing.finalize(world, invoice)
    if invoice["status"] == "open" and tries and subscription["collection_method"] == "charge_automatically":
        invoice = invoicing.attempt(world, invoice)
    return invoice


def _cancel(world: World, subscription: Thing, params: Params) -> None:
    if subscription["schedule"]:
        said = "updating any cancelation behavior directly is not allowed. Please update or release the schedule instead."
        raise Fault(
            f"The subscription is managed by the subscription schedule `{subscription['schedule']}`, and {said}", param="cancel_at_period_end"
        )
    details = params.part("cancellation_details")
    details.change(subscription["cancellation_details"], "comment", "feedback")
    if "cancel_at" in params:
        at = params.count("cancel_at")
        if at is not None and at <= world.now(subscription):
            raise invalid("cancel_at", "`cancel_at` must be a timestamp in the future.")
        _stop(world, subscription, at)
        if at:
            world.ring(subscription, at, "subscription.cancel")
    if (stops := params.truth("cancel_at_period_end")) is not None:
        cancel_at_end(world, subscription, stops=stops)


def cancel_at_end(world: World, subscription: Thing, *, stops: bool) -> None:
    """When the period that is paid is over; until then that can be taken back."""
    subscription["cancel_at_period_end"] = stops
    _stop(world, subscription, items.period_of(subscription)[1] if stops else None)


def _stop(world: World, subscription: Thing, at: int | None) -> None:
    subscription |= {"cancel_at": at, "canceled_at": world.now(subscription) if at else None}
    subscription["cancellation_details"]["reason"] = "cancellation_requested" if at else None
    if not at:
        subscription["cancel_at_period_end"] = False


def _end_trial(world: World, subscription: Thing, params: Params, said: str, behavior: str) -> Thing:
    """Now, or at another time; with other items if some are named."""
    from sandbox.stripe import renewal

    if subscription["status"] != "trialing":
        raise invalid("trial_end", "This sandbox changes trial_end only while a subscription is in its trial.")
    start, _ = items.period_of(subscription)
    until = world.now(subscription) if said == "now" else params.count("trial_end") or 0
    items.write(world, subscription, planned(world, subscription, params).rents, start, until)
    subscription |= {"trial_end": until, "billing_cycle_anchor": until}
    world.save(subscription)
    if said != "now":
        from sandbox.stripe.subscriptions import ring

        ring(world, subscription)
        return subscription
    renewal.turn(world, subscription, at_once=True)
    return world.need("subscription", subscription["id"])


def _follow_schedule(world: World, subscription: Thing) -> None:
    """The phase that runs is what the subscription is."""
    if not subscription["schedule"]:
        return
    from sandbox.stripe.schedules import phase_items

    schedule = world.need("subscription_schedule", subscription["schedule"])
    for phase in schedule["phases"]:
        if schedule["current_phase"] and phase["start_date"] == schedule["current_phase"]["start_date"]:
            phase["items"] = phase_items(items.rents_of(world, subscription))
    world.save(schedule)
