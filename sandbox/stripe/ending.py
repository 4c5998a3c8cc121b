"""A subscription ends."""

from sandbox.stripe.store import Thing
from sandbox.stripe.world import World


def end(world: World, subscription: Thing, reason: str) -> Thing:
    """Now. Drafts of it go no further, its schedule is done, and it never comes back."""
    now = world.now(subscription)
    subscription |= {"status": "canceled", "ended_at": now, "canceled_at": subscription["canceled_at"] or now, "pending_update": None}
    subscription["cancellation_details"] |= {"reason": subscription["cancellation_details"]["reason"] or reason}
    if subscription["schedule"]:
        schedule = world.need("subscription_schedule", subscription["schedule"])
        schedule |= {"status": "canceled", "canceled_at": now, "current_phase": None}
        world.save(schedule)
        world.emit("subscription_schedule.canceled", schedule)
    for invoice in world.store.select("invoice", subscription["customer"]):
        if invoice["status"] in {"draft", "open"} and _is_of(invoice, subscription):
            world.save(invoice | {"auto_advance": False, "next_payment_attempt": None, "automatically_finalizes_at": None})
    world.save(subscription)
    world.settled(subscription)  # one event tells the end, not a change and an end
    world.emit("customer.subscription.deleted", subscription)
    return subscription


def expire(world: World, subscription: Thing) -> None:
    """The first invoice was not paid in a day: it was never rented."""
    from sandbox.stripe.invoicing import void

    if latest := subscription["latest_invoice"]:
        invoice = world.need("invoice", latest)
        if invoice["status"] == "open":
            void(world, invoice)
    subscription |= {"status": "incomplete_expired", "ended_at": world.now(subscription)}
    world.save(subscription)


def _is_of(invoice: Thing, subscription: Thing) -> bool:
    details = invoice["parent"] and invoice["parent"]["subscription_details"]
    return bool(details and details["subscription"] == subscription["id"])
