"""One customer edited whole, and handed over."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.customer import Customer
from tenants.customers.rules import OwnerMissing
from tenants.team.models import Member
from tenants.team.queries import assignable
from tenants.team.scope import editable
from tenants.values.words import Refusal
from web.customers.bulk import undo_of
from web.customers.create import PLAIN, moment, offered, parent_known, parent_of
from web.customers.forms import CustomerForm
from web.customers.views import pages
from web.ui.days import exact
from web.ui.htmx import form_again, leave, page, tell
from web.visit import find, here, permit


@pages.get("/customers/<uuid:customer_id>/edit")
def edit(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = _editable(customer_id)
    permit("customer.edit")
    told = _offered(CustomerForm(data=_values(customer)))
    return page("customers/edit.html", customer=customer, version=customer.version, **told)


@pages.post("/customers/<uuid:customer_id>/edit")
def save(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), _editable(customer_id)
    permit("customer.edit")
    form = CustomerForm()
    told = _offered(form)
    if not form.validate() or not parent_known(form, but=customer.id):
        return form_again("customers/edit.html", customer=customer, version=request.form.get("version", type=int, default=0), **told)
    values = _typed(form)
    is_stale = request.form.get("version", type=int) != customer.version
    if is_stale and (clashes := _clashes(customer, values, form)):
        return page("customers/edit.html", status=409, customer=customer, version=customer.version, clashes=clashes, **told)
    try:
        customer.edit(visit.session, values, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("customers/edit.html", customer=customer, version=customer.version, **told)
    tell(gettext("Saved."))
    return leave(url_for("customers.show", customer_id=customer.id))


@pages.route("/customers/<uuid:customer_id>/handover", methods=["GET", "POST"])
def hand_over(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), _editable(customer_id)
    permit("customer.transfer")
    owners = [(str(key), name) for key, name in assignable(visit.session) if key != customer.owner_id]
    if request.method == "GET":
        return page("customers/hand_over.html", customer=customer, owners=owners, chosen="", error="")
    chosen = request.form.get("owner", "")
    if chosen not in dict(owners):
        return form_again("customers/hand_over.html", customer=customer, owners=owners, chosen=chosen, error=gettext(OwnerMissing.sentence))
    owner = find(Member, uuid.UUID(chosen), Member.deactivated_at.is_(None))
    customer.transfer(visit.session, owner, by=visit.actor, at=visit.now, with_opportunities=bool(request.form.get("with_opportunities")))
    tell(gettext("%(owner)s looks after %(name)s now.", owner=owner.name, name=customer.name), undo=undo_of("handover", ""))
    return leave(url_for("customers.show", customer_id=customer.id))


def _editable(customer_id: uuid.UUID) -> Customer:
    return find(Customer, customer_id, editable(Customer, here().actor), Customer.deleted_at.is_(None))


def _offered(form: CustomerForm) -> dict[str, Any]:
    """The form without what belongs to a new customer alone."""
    told = offered(form)
    for field in ("owner_id", "tags", "contact_name", "contact_mobile", "contact_post", "is_another"):
        delattr(form, field)
    return told


def _values(customer: Customer) -> dict[str, Any]:
    session, zone = here().session, here().zone
    parent = session.get(Customer, customer.parent_id) if customer.parent_id else None
    return {field: getattr(customer, field) for field in PLAIN} | {
        "parent": parent.number if parent else "",
        "territory_id": str(customer.territory_id or ""),
        "next_contact_at": customer.next_contact_at.astimezone(zone) if customer.next_contact_at else None,
    }


def _typed(form: CustomerForm) -> dict[str, Any]:
    return {field: form[field].data or None for field in PLAIN} | {
        "parent_id": parent_of(form),
        "territory_id": uuid.UUID(form.territory_id.data) if form.territory_id.data else None,
        "next_contact_at": moment(form.next_contact_at.data),
    }


def _clashes(customer: Customer, values: dict[str, Any], form: CustomerForm) -> list[dict[str, str]]:
    """What stands there now beside what was typed, where they differ."""
    now = _values(customer)
    told = {field: (now[field], values[field]) for field in PLAIN if (now[field] or None) != values[field]}
    if customer.parent_id != values["parent_id"]:
        told["parent"] = (now["parent"], form.parent.data)
    if customer.territory_id != values["territory_id"]:
        names = dict(form.territory_id.choices)
        told["territory_id"] = (names.get(now["territory_id"]), names.get(form.territory_id.data))
    if customer.next_contact_at != values["next_contact_at"]:
        told["next_contact_at"] = (exact(customer.next_contact_at), exact(values["next_contact_at"]))
    return [{"label": str(form[field].label.text), "theirs": theirs or "—", "yours": yours or "—"} for field, (theirs, yours) in told.items()]
