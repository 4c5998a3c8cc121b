"""A new customer: the form as a dialog and as a page, the duplicate check while one types, suggestions."""

import datetime as dt
import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers.criteria import Criteria, live
from tenants.customers.customer import Customer
from tenants.customers.duplicates import Duplicate, find_duplicates, look_up
from tenants.customers.intake import add_contact, create_customer
from tenants.customers.options import INDUSTRIES
from tenants.customers.queries import rows
from tenants.customers.tag import Tag
from tenants.customers.tagging import add_tag
from tenants.team.queries import assignable, territory_tree
from tenants.values.regions import suggest
from tenants.values.words import Refusal
from web.customers.forms import CONTACT, CustomerForm
from web.customers.listing import midnight
from web.customers.views import pages
from web.ui.htmx import form_again, is_htmx, leave, page, piece, tell, wants
from web.visit import here, permit

# Fields of the form that are fields of a customer under the same name.
PLAIN = (
    "kind", "name", "phone", "credit_code", "status", "grade", "source", "industry", "size", "region", "address", "short_name", "website",
    "invoice_title", "business", "standing", "rivals", "remark",
)  # fmt: skip


@pages.get("/customers/new")
def new() -> ResponseReturnValue:
    permit("customer.create")
    form = CustomerForm(name=request.args.get("name", "")[:120], owner_id=str(here().actor.id))
    return page("customers/new.html", **offered(form))


@pages.post("/customers")
def create() -> ResponseReturnValue:
    permit("customer.create")
    form = CustomerForm()
    told = offered(form)
    if not form.validate_on_submit() or not parent_known(form) or _is_doubtful(form, told):
        return form_again("customers/new.html", **told)
    try:
        customer = _save(form)
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence, **refusal.params))
        return form_again("customers/new.html", **told)
    tell(gettext("%(name)s is created.", name=customer.name))
    if "another" in request.form:
        return _once_more()
    return leave(url_for("customers.show", customer_id=customer.id))


@pages.get("/customers/duplicates")
def duplicates() -> ResponseReturnValue:
    """Asked by the 查重 box with `q`, and by the form of a new customer with its fields as they are typed."""
    permit("customer.read")
    visit, args = here(), request.args
    query = args.get("q", "").replace("\0", "")[:120]
    if wants("duplicates") and "q" not in args:
        return piece("customers/_duplicates.html", found=_found(args), query="")
    found = look_up(visit.session, visit.actor, query) if query.strip() else []
    return page("customers/duplicates.html", piece="customers/_looked_up.html", found=found, query=query, actor=visit.actor)


@pages.get("/customers/regions")
def regions() -> ResponseReturnValue:
    """Options for the field of the region, as one types."""
    permit("customer.read")
    return piece("customers/_options.html", options=[(str(region), "") for region in suggest(request.args.get("region", "")[:30])])


@pages.get("/customers/names")
def customer_names() -> ResponseReturnValue:
    """Options for a field that names a customer: those that one sees."""
    permit("customer.read")
    visit, typed = here(), request.args.get("parent", "").replace("\0", "")[:60]
    found = rows(visit.session, visit.actor, Criteria(q=typed), limit=8, today=midnight()) if typed.strip() else []
    return piece("customers/_options.html", options=[(row.name, row.number) for row in found[:8]])


def offered(form: CustomerForm) -> dict[str, Any]:
    visit = here()
    session = visit.session
    owners = (
        [(str(key), name) for key, name in assignable(session)] if visit.actor.may("customer.transfer") else [(str(visit.actor.id), visit.actor.name)]
    )
    territories = [(str(one.id), "　" * one.depth + one.name) for one in territory_tree(session)]
    form.owner_id.data = form.owner_id.data or str(visit.actor.id)
    form.offer(owners=owners, territories=territories, tags=list(session.scalars(select(Tag.name).order_by(Tag.name))))
    return {"form": form, "found": [], "industries": [gettext(name) for name in INDUSTRIES], "may_contact": visit.actor.may("contact.create")}


def _is_doubtful(form: CustomerForm, told: dict[str, Any]) -> bool:
    """A customer with this credit code is there already, and nobody has said that this is another."""
    code = (form.credit_code.data or "").upper().replace(" ", "")
    certain = [one for one in find_duplicates(here().session, here().actor, credit_code=code) if one.is_certain] if code else []
    told["found"] = certain
    return bool(certain) and not form.is_another.data


def parent_known(form: CustomerForm, *, but: uuid.UUID | None = None) -> bool:
    if not form.parent.data or parent_of(form) not in (None, but):
        return True
    form.parent.errors = [*form.parent.errors, gettext("There is no customer of this name. Choose one from the list, or leave the field empty.")]
    return False


def parent_of(form: CustomerForm) -> uuid.UUID | None:
    visit, named = here(), (form.parent.data or "").strip()
    if not named:
        return None
    same = select(Customer.id).where(live(visit.actor), (Customer.name == named) | (Customer.number == named.upper())).order_by(Customer.id).limit(1)
    return visit.session.scalar(same)


def _save(form: CustomerForm) -> Customer:
    visit = here()
    values = {field: form[field].data or None for field in PLAIN} | {
        "parent_id": parent_of(form),
        "owner_id": uuid.UUID(form.owner_id.data),
        "territory_id": uuid.UUID(form.territory_id.data) if form.territory_id.data else None,
        "next_contact_at": moment(form.next_contact_at.data),
    }
    customer = create_customer(visit.session, values, by=visit.actor, at=visit.now)
    for tag in (form.tags.data or ())[:20]:
        add_tag(visit.session, customer, tag, by=visit.actor, at=visit.now)
    if form.contact_name.data and visit.actor.may("contact.create"):
        contact = {field: form[f"contact_{field}"].data for field in CONTACT}
        add_contact(visit.session, customer, contact, by=visit.actor, at=visit.now)
    return customer


def moment(local: dt.datetime | None) -> dt.datetime | None:
    return local.replace(tzinfo=here().zone) if local else None


def _once_more() -> ResponseReturnValue:
    """保存并继续添加: an empty form, with what is likely the same again."""
    fresh = CustomerForm(
        formdata=None, kind=request.form.get("kind", "company"), source=request.form.get("source", ""), owner_id=request.form.get("owner_id", "")
    )
    if not is_htmx():
        return leave(url_for(".new"))
    return page("customers/new.html", **offered(fresh))


def _found(args: Any) -> list[Duplicate]:
    visit = here()
    typed = {key: args.get(key, "").replace("\0", "")[:120] for key in ("name", "phone", "contact_mobile", "credit_code")}
    return find_duplicates(
        visit.session,
        visit.actor,
        name=typed["name"],
        phones=[typed["phone"], typed["contact_mobile"]],
        credit_code=typed["credit_code"].replace(" ", ""),
    )
