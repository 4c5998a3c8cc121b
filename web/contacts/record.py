"""One contact: shown, made, edited, gone from the post, deleted with undo."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.intake import add_contact
from tenants.customers.same_number import same_number
from tenants.followups.queries import followups_with
from tenants.team.scope import with_customer
from tenants.timeline.changes import plain
from web import pieces
from web.contacts.forms import ContactForm
from web.contacts.views import pages
from web.timeline.fields import LABELS, in_words
from web.ui.htmx import form_again, is_htmx, leave, page, tell
from web.visit import find, here, permit

CHANGED = (pieces.HEAD, pieces.PEOPLE, pieces.HISTORY)


@pages.get("/contacts/<uuid:contact_id>")
def show(contact_id: uuid.UUID) -> ResponseReturnValue:
    visit = here()
    permit("contact.read")
    contact = _find(contact_id, writing=False)
    told = pieces.context(contact.customer_id)
    followups = followups_with(visit.session, contact) if visit.actor.may("followup.read") else []
    return page("contacts/show.html", contact=contact, followups=followups, **told)


@pages.route("/customers/<uuid:customer_id>/contacts/new", methods=["GET", "POST"])
def new(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("contact.create")
    form = ContactForm()
    told: dict[str, Any] = {"form": form, "customer": customer, "contact": None, "doubles": _doubles(form)}
    if request.method == "GET":
        return page("contacts/form.html", **told)
    if not _is_fit(form, told["doubles"]):
        return form_again("contacts/form.html", **told)
    contact = add_contact(visit.session, customer, form.values, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is kept.", name=contact.name))
    return _answer(contact)


@pages.route("/contacts/<uuid:contact_id>/edit", methods=["GET", "POST"])
def edit(contact_id: uuid.UUID) -> ResponseReturnValue:
    visit, contact = here(), _find(contact_id)
    permit("contact.edit")
    form = ContactForm(obj=contact)
    told: dict[str, Any] = {"form": form, "contact": contact, "customer": visit.session.get_one(Customer, contact.customer_id)}
    told["doubles"] = _doubles(form, but=contact) if request.method == "POST" else []
    if request.method == "GET":
        return page("contacts/form.html", **told)
    if form.version.data != str(contact.version):
        form.version.data = str(contact.version)
        return page("contacts/form.html", status=409, clashes=_clashes(contact, form), **told)
    if not _is_fit(form, told["doubles"]):
        return form_again("contacts/form.html", **told)
    contact.edit(visit.session, form.values, by=visit.actor, at=visit.now)
    tell(gettext("Saved."))
    return _answer(contact)


@pages.post("/contacts/<uuid:contact_id>/departure")
def depart(contact_id: uuid.UUID) -> ResponseReturnValue:
    """No longer in post since today."""
    visit, contact = here(), _find(contact_id)
    permit("contact.edit")
    contact.edit(visit.session, {"left_at": contact.left_at or visit.today}, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s has left the post.", name=contact.name), undo=url_for(".come_back", contact_id=contact_id))
    return _answer(contact)


@pages.post("/contacts/<uuid:contact_id>/return")
def come_back(contact_id: uuid.UUID) -> ResponseReturnValue:
    visit, contact = here(), _find(contact_id)
    permit("contact.edit")
    contact.edit(visit.session, {"left_at": None}, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is in post.", name=contact.name))
    return _answer(contact)


@pages.post("/contacts/<uuid:contact_id>/removal")
def delete(contact_id: uuid.UUID) -> ResponseReturnValue:
    visit, contact = here(), _find(contact_id)
    permit("contact.delete")
    contact.discard(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is in the bin.", name=contact.name), undo=url_for(".restore", contact_id=contact_id))
    return leave(url_for("customers.show", customer_id=contact.customer_id))


@pages.post("/contacts/<uuid:contact_id>/restoration")
def restore(contact_id: uuid.UUID) -> ResponseReturnValue:
    visit, contact = here(), _find(contact_id, deleted=True)
    permit("contact.delete")
    contact.restore(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("%(name)s is back.", name=contact.name))
    return leave(url_for("customers.show", customer_id=contact.customer_id))


def _answer(contact: Contact) -> ResponseReturnValue:
    if is_htmx():
        return pieces.answer(contact.customer_id, *CHANGED)
    return leave(url_for(".show", contact_id=contact.id))


def _is_fit(form: ContactForm, doubles: list[Any]) -> bool:
    """Of the same number there may be two people; but somebody must say so."""
    return bool(form.validate() and (form.is_another.data or not doubles))


def _doubles(form: ContactForm, *, but: Contact | None = None) -> list[Any]:
    """Who bears this mobile number already; not asked again when it is not being changed."""
    mobile = form.mobile.data
    if not mobile or (but is not None and mobile == but.mobile):
        return []
    return same_number(here().session, here().actor, [mobile], but=but.id if but else None)


def _clashes(contact: Contact, form: ContactForm) -> list[dict[str, Any]]:
    """What stands there now beside what was typed, where they differ."""
    return [
        {"label": LABELS[name], "theirs": in_words(name, plain(getattr(contact, name))), "yours": in_words(name, plain(value))}
        for name, value in form.values.items()
        if getattr(contact, name) != value
    ]


def _find(contact_id: uuid.UUID, *, writing: bool = True, deleted: bool = False) -> Contact:
    seen = with_customer(Contact.customer_id, here().actor, writing=writing)
    live = () if deleted else (Contact.deleted_at.is_(None),)
    return find(Contact, contact_id, seen, Contact.customer_id.in_(pieces.LIVE_CUSTOMERS), *live)
