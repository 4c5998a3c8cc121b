"""Edit in place: one fact of a customer at a time, with a version check that shows both values."""

import uuid

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.customer import Customer
from tenants.timeline.changes import plain
from web import pieces
from web.customers.facts import FACTS, Fact, NotAFact, choices, read, shown
from web.customers.views import pages
from web.ui.htmx import is_htmx, leave, page, tell
from web.visit import here, permit

PAGE, PIECE = "customers/page/fact.html", "customers/page/_fact.html"


@pages.route("/customers/<uuid:customer_id>/facts/<name>", methods=["GET", "POST"])
def fact(customer_id: uuid.UUID, name: str) -> ResponseReturnValue:
    """GET: the form, or with `?shown=1` the value. POST: saved, or 422, or 409 when somebody was quicker."""
    customer = pieces.find_editable(customer_id)
    permit("customer.edit")
    one = FACTS.get(name) or abort(404)
    if request.method == "GET":
        return _show(customer, one, editing="shown" not in request.args)
    typed = request.form.get("value", "")
    try:
        value = read(one, typed)
    except NotAFact as mistake:
        return _show(customer, one, editing=True, typed=typed, errors=[str(mistake)], status=422)
    if _is_stale(customer, one, value):
        return _show(customer, one, editing=True, typed=typed, clash=True, status=409)
    return _save(customer, one, value)


def _is_stale(customer: Customer, one: Fact, value: object) -> bool:
    """Somebody changed the customer since the form was made: but not this fact (`was`), or to the very same value, is no clash."""
    if request.form.get("version") == str(customer.version) or plain(getattr(customer, one.name)) == plain(value):
        return False
    return request.form.get("was") is None or request.form["was"] != str(getattr(customer, one.name) or "")


def _save(customer: Customer, one: Fact, value: object) -> ResponseReturnValue:
    visit = here()
    customer.edit(visit.session, {one.name: value}, by=visit.actor, at=visit.now)
    if not is_htmx():
        tell(gettext("Saved."))
        return leave(url_for(".show", customer_id=customer.id))
    visit.session.flush()
    return _show(customer, one, editing=False, saved=True)


def _show(
    customer: Customer,
    one: Fact,
    *,
    editing: bool,
    typed: str | None = None,
    errors: list[str] | None = None,
    clash: bool = False,
    saved: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    value = getattr(customer, one.name)
    return page(
        PAGE,
        piece=PIECE,
        status=status,
        customer=customer,
        fact=one,
        editing=editing,
        saved=saved,
        clash=clash,
        errors=errors or [],
        was="" if value is None else str(value),
        typed=("" if value is None else str(value)) if typed is None else typed,
        shown=shown(customer, one.name),
        choices=choices(one) if editing and one.kind in {"choice", "territory"} else None,
    )
