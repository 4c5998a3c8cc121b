"""The page of an invoice: what it is for, how it can be paid, and as a file."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from sandbox.stripe import invoicing, payment_methods, payments, standing
from sandbox.stripe.cards import CARDS, Card
from sandbox.stripe.faults import Fault, invalid
from sandbox.stripe.invoices import require_payable
from sandbox.stripe.pages import attempt, opened, shown
from sandbox.stripe.pdf import invoice_pdf
from sandbox.stripe.store import Thing
from sandbox.stripe.world import World

if TYPE_CHECKING:
    from sandbox.stripe.app import Sandbox


def add(app: Flask, sandbox: "Sandbox") -> None:
    app.add_url_rule("/i/<identity>/<secret>", view_func=partial(show, sandbox), endpoint="invoice_page")
    app.add_url_rule("/i/<identity>/<secret>", view_func=partial(pay, sandbox), endpoint="invoice_pay", methods=["POST"])
    app.add_url_rule("/i/<identity>/<secret>/pdf", view_func=partial(file, sandbox), endpoint="invoice_pdf")


def show(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    return _page(sandbox, identity, secret)


def file(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    with sandbox.world() as world:
        invoice = opened(world, "invoice", identity, secret)
    name = f"attachment; filename={invoice['number']}.pdf"
    return Response(invoice_pdf(invoice), mimetype="application/pdf", headers={"Content-Disposition": name})


def pay(sandbox: "Sandbox", identity: str, secret: str) -> Response:
    chosen, step = request.form.get("card", ""), request.form.get("step", "")
    card = CARDS.get(chosen)
    if card is not None and card.asks != "never" and not step:
        return _page(sandbox, identity, secret, step=card)

    def act() -> str:
        with sandbox.world() as world:
            invoice = opened(world, "invoice", identity, secret)
            said = _try(world, invoice, chosen, step)
        if said:
            raise Fault(said)  # outside: the try that failed stays
        return request.path

    return attempt(act, lambda said: _page(sandbox, identity, secret, refusal=said))


def _try(world: World, invoice: Thing, chosen: str, step: str) -> str | None:
    """What the bank said, if it refused."""
    require_payable(invoice)
    customer = world.need("customer", invoice["customer"])
    if chosen in CARDS:
        method = payment_methods.from_number(world, chosen)
    elif chosen in payment_methods.OTHERS:
        method = payment_methods.other(world, chosen, customer)
    else:
        raise invalid("card", "Choose how to pay.")
    if step == "failed":
        payments.confirm(world, intent := invoicing.intent_of(world, invoice), method)
        return str(payments.fail_step(world, intent)["last_payment_error"]["message"])
    paid = invoicing.attempt(world, invoice, method, on_session=step == "passed")
    if paid["status"] != "paid":
        return str(invoicing.intent_of(world, invoice)["last_payment_error"]["message"])
    _remember(world, paid, method)
    return None


def _remember(world: World, invoice: Thing, method: Thing) -> None:
    """The card that paid goes on paying, if the subscription says so."""
    subscription = standing.subscription_of(world, invoice)
    if subscription and subscription["payment_settings"]["save_default_payment_method"] == "on_subscription" and method["type"] == "card":
        payment_methods.attach(world, method, world.need("customer", invoice["customer"]))
        world.save(subscription | {"default_payment_method": method["id"]})


def _page(sandbox: "Sandbox", identity: str, secret: str, *, step: Card | None = None, refusal: str | None = None) -> Response:
    with sandbox.world() as world:
        invoice = opened(world, "invoice", identity, secret)
        return shown("invoice.html", invoice=invoice, cards=CARDS.values(), others=payment_methods.OTHERS, step=step, refusal=refusal)
