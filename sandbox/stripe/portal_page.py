"""The customer portal in the browser: subscriptions, cards, invoices, who pays."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request, url_for

from sandbox.stripe import changes, payment_methods
from sandbox.stripe.cards import CARDS, SENTENCES, Card
from sandbox.stripe.checkout_page import chosen_card
from sandbox.stripe.ending import end
from sandbox.stripe.faults import CardRefused
from sandbox.stripe.pages import attempt, opened, shown
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

if TYPE_CHECKING:
    from sandbox.stripe.app import Sandbox


def add(app: Flask, sandbox: "Sandbox") -> None:
    place = "/p/<identity>/<secret>"
    app.add_url_rule(place, view_func=partial(_page, sandbox), endpoint="portal_page")
    app.add_url_rule(f"{place}/card", view_func=partial(change_card, sandbox), endpoint="portal_card", methods=["POST"])
    app.add_url_rule(f"{place}/payer", view_func=partial(change_payer, sandbox), endpoint="portal_payer", methods=["POST"])
    app.add_url_rule(
        f"{place}/subscriptions/<subscription>", view_func=partial(stop_or_go, sandbox), endpoint="portal_subscription", methods=["POST"]
    )


def change_card(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    """The card that pays from now on, for the customer and all its subscriptions."""
    card, step = chosen_card(), request.form.get("step", "")
    if card.asks != "never" and not step:
        return _page(sandbox, identity, secret, step=card)

    def act() -> str:
        if step == "failed":
            raise CardRefused(SENTENCES["authentication_required"], keeps=False)
        with sandbox.world() as world:
            session = opened(world, "billing_portal.session", identity, secret)
            _require(world, session, "payment_method_update")
            _use(world, session["customer"], card, stepped=step == "passed")
            return _after(session)

    return attempt(act, lambda said: _page(sandbox, identity, secret, refusal=said))


def _use(world: World, identity: str, card: Card, *, stepped: bool) -> None:
    customer = world.need("customer", identity)
    method = payment_methods.attach(world, payment_methods.from_number(world, card.number), customer)
    if stepped:
        world.store.hide(method["id"], remembered=card.asks == "once")
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    world.save(customer)
    for subscription in world.store.select("subscription", identity):
        if subscription["default_payment_method"] and subscription["status"] not in ENDED:
            world.save(subscription | {"default_payment_method": method["id"]})


def _after(session: Thing) -> str:
    """Back to whoever sent the customer for this one thing, else the portal again."""
    redirect = session["flow"] and session["flow"]["after_completion"]["redirect"]
    return str(redirect["return_url"]) if redirect else request.path.rpartition("/")[0]


def change_payer(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    def act() -> str:
        with sandbox.world() as world:
            session = opened(world, "billing_portal.session", identity, secret)
            _require(world, session, "customer_update")
            customer = world.need("customer", session["customer"])
            world.save(customer | {name: request.form.get(name, "").strip() or customer[name] for name in ("name", "email")})
        return url_for("portal_page", identity=identity, secret=secret)

    return attempt(act, lambda said: _page(sandbox, identity, secret, refusal=said))


def stop_or_go(sandbox: "Sandbox", identity: str, secret: str, subscription: str) -> Response:
    """To the end of what is paid, or on after all."""

    def act() -> str:
        with sandbox.world() as world:
            session = opened(world, "billing_portal.session", identity, secret)
            rules = _require(world, session, "subscription_cancel")
            found = world.need("subscription", subscription)
            if found["customer"] != session["customer"]:
                abort(404)
            stops = request.form.get("stops") == "1"
            if stops and rules["mode"] == "immediately":
                end(world, found, "cancellation_requested")
            else:
                changes.cancel_at_end(world, found, stops=stops)
                world.save(found)
        return url_for("portal_page", identity=identity, secret=secret)

    return attempt(act, lambda said: _page(sandbox, identity, secret, refusal=said))


def _require(world: World, session: Thing, feature: str) -> Thing:
    """What the configuration says of it; off is not there."""
    rules: Thing = world.need("billing_portal.configuration", session["configuration"])["features"][feature]
    return rules if rules["enabled"] else abort(404)


def _page(sandbox: "Sandbox", identity: str, secret: str, step: Card | None = None, refusal: str | None = None) -> Response:
    with sandbox.world() as world:
        session = opened(world, "billing_portal.session", identity, secret)
        customer = world.need("customer", session["customer"])
        features = world.need("billing_portal.configuration", session["configuration"])["features"]
        values = {
            "subscriptions": [one for one in world.store.select("subscription", customer["id"]) if one["status"] not in ENDED],
            "invoices": [one for one in world.store.select("invoice", customer["id"]) if one["number"]],
            "methods": world.store.select("payment_method", customer["id"]),
            "products": {one["id"]: one["name"] for one in world.store.select("product")},
        }
        only = session["flow"]["type"] if session["flow"] else None
        return shown(
            "portal.html",
            session=session,
            customer=customer,
            features=features,
            cards=CARDS.values(),
            step=step,
            refusal=refusal,
            only=only,
            **values,
        )
