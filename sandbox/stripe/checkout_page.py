"""The page of a Checkout session: choose a card, perhaps pass the bank's second step, go back."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request

from sandbox.stripe import checkout
from sandbox.stripe.cards import CARDS, SENTENCES, Card
from sandbox.stripe.faults import CardRefused
from sandbox.stripe.pages import attempt, opened, shown
from sandbox.stripe.store import Thing

if TYPE_CHECKING:
    from sandbox.stripe.app import Sandbox


def add(app: Flask, sandbox: "Sandbox") -> None:
    app.add_url_rule("/c/<identity>/<secret>", view_func=partial(show, sandbox), endpoint="checkout_page")
    app.add_url_rule("/c/<identity>/<secret>", view_func=partial(pay, sandbox), endpoint="checkout_pay", methods=["POST"])


def show(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    return _page(sandbox, identity, secret)


def pay(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    card, step = chosen_card(), request.form.get("step", "")
    if card.asks != "never" and not step:
        return _page(sandbox, identity, secret, step=card)

    def act() -> str:
        if step == "failed":
            raise CardRefused(SENTENCES["authentication_required"], keeps=False, code="authentication_required")
        with sandbox.world() as world:
            session = opened(world, "checkout.session", identity, secret)
            checkout.complete(world, session, card, email=request.form.get("email") or None, stepped=step == "passed")
            return back_to(session)

    return attempt(act, lambda said: _page(sandbox, identity, secret, refusal=said))


def back_to(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def chosen_card() -> Card:
    return CARDS.get(request.form.get("card", "")) or abort(400)


def _page(sandbox: "Sandbox", identity: str, secret: str, *, step: Card | None = None, refusal: str | None = None) -> Response:
    with sandbox.world() as world:
        session = opened(world, "checkout.session", identity, secret)
        if session["status"] == "complete":
            return Response(status=303, headers={"Location": back_to(session)})
        lines = checkout.items_of(world, session)["data"]
        trial = world.store.hidden(identity).get("subscription", {})
        values = {"email": request.form.get("email", "")}
        return shown("checkout.html", session=session, lines=lines, trial=trial, cards=CARDS.values(), step=step, refusal=refusal, **values)
