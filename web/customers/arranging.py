"""How a member arranges the list: filters, columns, saved views. Each a dialog over the list, and a page without scripts."""

import uuid

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers.options import GRADES, INDUSTRIES, SOURCES, STATUSES
from tenants.customers.tag import Tag
from tenants.team.queries import assignable, team_tree, territory_tree
from tenants.values.words import Refusal
from tenants.workspace.views import delete_view, save_columns, save_view, saved_views
from web.customers.chips import next_labels
from web.customers.listing import COLUMNS, FILTERS, list_in_view, read_query
from web.customers.views import VIEWS_OF, pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import here, permit


@pages.get("/customers/filter")
def filter_form() -> ResponseReturnValue:
    permit("customer.read")
    session, listing = here().session, list_in_view()
    options = {
        name: [(code, gettext(label)) for code, label in codes.items()]
        for name, codes in (("status", STATUSES), ("grade", GRADES), ("source", SOURCES))
    }
    options |= {
        "owner": [("none", gettext("Nobody")), *((str(key), name) for key, name in assignable(session))],
        "team": [(str(one.id), "　" * one.depth + one.name) for one in team_tree(session)],
        "territory": [(str(one.id), "　" * one.depth + one.name) for one in territory_tree(session)],
        "tag": [(str(key), name) for key, name in session.execute(select(Tag.id, Tag.name).order_by(Tag.name))],
        "next": list(next_labels().items()),
    }
    chosen = listing.only(*FILTERS)
    industries = [gettext(name) for name in INDUSTRIES]
    return page("customers/filter.html", listing=listing, options=options, chosen=chosen, industries=industries)


@pages.get("/customers/columns")
def columns_form() -> ResponseReturnValue:
    permit("customer.read")
    visit = here()
    listing = list_in_view(saved_views(visit.session, visit.actor, VIEWS_OF)[1])
    return page("customers/columns.html", listing=listing, columns=COLUMNS)


@pages.post("/customers/columns")
def choose_columns() -> ResponseReturnValue:
    """Kept for this member; the list is shown with them."""
    permit("customer.read")
    visit = here()
    chosen = [key for key in COLUMNS if key in request.form.getlist("column")]
    save_columns(visit.session, VIEWS_OF, ",".join(chosen) or "grade", by=visit.actor, at=visit.now)
    state = read_query(request.form.get("list", "")).state
    state.pop("columns", None)
    return leave(url_for(".index", **state))


@pages.get("/customers/views")
def views() -> ResponseReturnValue:
    permit("customer.read")
    return page("customers/views.html", views=saved_views(here().session, here().actor, VIEWS_OF)[0])


@pages.get("/customers/views/new")
def new_view() -> ResponseReturnValue:
    permit("customer.read")
    return page("customers/view.html", listing=list_in_view(_my_columns()), name="", is_shared=False, error="")


@pages.post("/customers/views")
def create_view() -> ResponseReturnValue:
    permit("customer.read")
    visit, form = here(), request.form
    listing = read_query(form.get("list", ""))
    name, is_shared = form.get("name", "").replace("\0", ""), bool(form.get("is_shared"))
    try:
        save_view(visit.session, VIEWS_OF, name, listing.query, is_shared=is_shared, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        return form_again("customers/view.html", listing=listing, name=name, is_shared=is_shared, error=gettext(refusal.sentence, **refusal.params))
    tell(gettext("The view “%(name)s” is saved.", name=name))
    return leave(url_for(".index", **listing.state))


@pages.post("/customers/views/<uuid:view_id>/removal")
def delete_saved_view(view_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    if not delete_view(here().session, view_id, by=here().actor):
        abort(404)
    tell(gettext("The view is deleted."))
    return leave(url_for(".index"))


def _my_columns() -> str:
    return saved_views(here().session, here().actor, VIEWS_OF)[1]
