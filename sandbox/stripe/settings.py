"""What a stand-in on a laptop starts with: its key, and the endpoint that Zuke listens at."""

from sandbox.stripe.app import Sandbox
from sandbox.stripe.events import new_secret, register

KEY = "sk_test_sandbox"
LISTENS_TO = [
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.updated",
    "customer.subscription.trial_will_end",
    "customer.updated",
    "invoice.created",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.overdue",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.upcoming",
    "invoice.voided",
    "charge.refunded",
    "credit_note.created",
    "subscription_schedule.released",
    "subscription_schedule.updated",
]


def register_endpoint(sandbox: Sandbox, url: str, secrets: str) -> None:
    """The endpoint of Zuke on this machine, with the secret that Zuke was told. Known already, it follows."""
    if not url:
        return
    with sandbox.world() as world:
        secret = secrets.split(",", maxsplit=1)[0].strip() or new_secret()
        for known in world.store.select("webhook_endpoint"):
            if known["metadata"].get("made_by") == "bin/up":
                world.save(known | {"url": url, "enabled_events": LISTENS_TO})
                world.store.hide(known["id"], secrets=[secret])
                return
        made = world.make("webhook_endpoint", "we", url=url, enabled_events=LISTENS_TO, description="Zuke on this machine")
        register(world, made | {"metadata": {"made_by": "bin/up"}}, secret)
