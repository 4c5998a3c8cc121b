"""The page of one customer: facts, people, history, class and grade on one screen; all details; all that was done."""

import uuid

from flask import abort, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.files import SHOWABLE
from tenants.customers.options import STATUS_LINE, STATUSES
from tenants.followups.options import MEANS
from tenants.timeline.queries import ONLY, Only
from tenants.values import phones
from tenants.values.periods import days_between
from web import pieces
from web.customers import birthdays
from web.customers.facts import FACTS, FIRST, GROUPS, shown
from web.customers.views import pages
from web.ui.htmx import page, piece, tell, wants
from web.visit import here, permit

OVERVIEW = (pieces.HEAD, pieces.HISTORY, pieces.PLANS, pieces.FACTS, pieces.PEOPLE, pieces.OPPORTUNITIES)


@pages.record_once
def words(state: BlueprintSetupState) -> None:
    """What the pieces of the page call by name."""
    state.app.jinja_env.globals.update(
        STATUSES=STATUSES,
        STATUS_LINE=STATUS_LINE,
        MEANS=MEANS,
        SHOWABLE=SHOWABLE,
        CUSTOMER_FACTS=FACTS,
        FIRST_FACTS=FIRST,
        FACT_GROUPS=GROUPS,
        fact_shown=shown,
        days_since=lambda moment: days_between(moment, here().now, here().zone),
        birthday_in=lambda person: birthdays.days_until(person, here().today),
        birthday_words=birthdays.in_words,
    )
    state.app.jinja_env.filters.update(phone=phones.pretty)


@pages.get("/customers/<uuid:customer_id>")
def show(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    if wants("history") or wants("more"):
        return _more(customer_id)
    only, before = _only(), request.args.get("before")
    return page("customers/page/show.html", **pieces.context(customer_id, *OVERVIEW, only=only, before=before))


@pages.get("/customers/<uuid:customer_id>/details")
def details(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    return page("customers/page/details.html", **pieces.context(customer_id, pieces.HEAD))


@pages.get("/customers/<uuid:customer_id>/log")
def log(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    told = pieces.journal(customer_id, before=request.args.get("before"))
    if wants("more"):
        pieces.portrait(customer_id)
        return piece("timeline/_journal.html", **told)
    return page("customers/page/log.html", **pieces.context(customer_id, pieces.HEAD), **told)


@pages.post("/customers/<uuid:customer_id>/status")
def change_status(customer_id: uuid.UUID) -> ResponseReturnValue:
    """Along the status line, by a click on a step of it."""
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    status = request.values.get("status", "")  # in the form, or in the address of an undo
    if status not in STATUSES:
        abort(400)
    old = customer.status
    customer.change_status(visit.session, status, by=visit.actor, at=visit.now)
    if old != status:
        tell(gettext("Status: %(status)s", status=gettext(STATUSES[status])), undo=url_for(".change_status", customer_id=customer_id, status=old))
    return pieces.answer(customer_id, pieces.HEAD, pieces.HISTORY)


def _more(customer_id: uuid.UUID) -> ResponseReturnValue:
    """The timeline with another filter, or its next page."""
    shown = pieces.portrait(customer_id)
    may = pieces.doable(shown, here().actor)
    told = pieces.history(customer_id, may, only=_only(), before=request.args.get("before"))
    return piece("timeline/_days.html" if wants("more") else "customers/page/_history.html", customer=shown, may=may, **told)


def _only() -> Only:
    wanted = request.args.get("only", "all")
    return next((one for one in ONLY if one == wanted), None) or abort(400)
