"""A new opportunity: a dialog over the board or the customer's page, a page of its own without scripts."""

import uuid
from decimal import Decimal
from typing import Any

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.customers.options import SOURCES
from tenants.customers.search import matches
from tenants.pipeline.opening import open_opportunity
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Pipeline, Stage, stages_in_use
from tenants.team.scope import editable
from web.opportunities.answers import is_on_board, moved
from web.opportunities.forms import OpportunityForm
from web.opportunities.views import pages
from web.ui.htmx import form_again, leave, page, tell
from web.visit import here, permit

PROPOSED = 20


@pages.route("/opportunities/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """`?customer_id=` and `?stage_id=` (or `?pipeline=`) are filled in."""
    permit("opportunity.create")
    visit, stages = here(), _open_stages()
    form = _form(stages)
    customer = _customer(form)
    offer_contacts(form, customer)
    if request.method == "GET":
        return page("opportunities/new.html", form=form)
    if not form.validate() or customer is None:
        return form_again("opportunities/new.html", form=form)
    stage = visit.session.get_one(Stage, uuid.UUID(form.stage_id.data))
    opportunity = open_opportunity(visit.session, customer, _values(form), by=visit.actor, at=visit.now, stage=stage)
    tell(gettext("“%(name)s” stands in “%(stage)s”.", name=opportunity.name, stage=stage.name))
    return _answer(opportunity, stage)


@pages.get("/opportunities/customers")
def find_customers() -> ResponseReturnValue:
    """For the customer field: those that the actor may work on, found by name, pinyin, initials, phone. JSON of {value, text, note}."""
    permit("opportunity.create")
    found = proposed_customers(request.args.get("q", "")[:80])
    return jsonify([{"value": str(key), "text": name, "note": number} for key, name, number in found])


@pages.get("/opportunities/contacts")
def choose_contact() -> ResponseReturnValue:
    """The contacts of the customer that has just been chosen."""
    permit("opportunity.create")
    form = OpportunityForm(request.args)
    offer_contacts(form, _customer(form))
    return page("opportunities/_contact.html", form=form)


def proposed_customers(query: str) -> list[tuple[uuid.UUID, str, str]]:
    """What matches, or those that were spoken to last."""
    wanted = select(Customer.id, Customer.name, Customer.number).where(Customer.deleted_at.is_(None), editable(Customer, here().actor))
    found = matches(Customer.search, query)
    wanted = wanted.where(found).order_by(Customer.name_key, Customer.id) if found is not None else _latest(wanted)
    return [(row.id, row.name, row.number) for row in here().session.execute(wanted.limit(PROPOSED))]


def offer_contacts(form: OpportunityForm, customer: Customer | None) -> None:
    """The live contacts of `customer`; one of another customer is forgotten."""
    theirs = contact_choices(customer.id) if customer is not None else []
    form.contact_id.choices = [("", "—"), *theirs]
    if form.contact_id.data and form.contact_id.data not in dict(theirs):
        form.contact_id.data = None


def contact_choices(customer_id: uuid.UUID) -> list[tuple[str, str]]:
    """Decision-makers first."""
    query = select(Contact.id, Contact.name, Contact.post).where(Contact.customer_id == customer_id, Contact.deleted_at.is_(None))
    rows = here().session.execute(query.order_by(Contact.is_decision_maker.desc(), Contact.id))
    return [(str(key), f"{name} · {post}" if post else name) for key, name, post in rows]


def _latest(wanted: Any) -> Any:
    return wanted.order_by(Customer.last_followup_at.desc().nulls_last(), Customer.id.desc())


def _open_stages() -> list[tuple[Pipeline, Stage]]:
    return [(pipeline, stage) for pipeline, stages in stages_in_use(here().session).items() for stage in stages if stage.is_open]


def _form(stages: list[tuple[Pipeline, Stage]]) -> OpportunityForm:
    args = request.args
    first = next((stage for pipeline, stage in stages if args.get("pipeline") in (None, "", str(pipeline.id))), stages[0][1])
    form = OpportunityForm(data={"stage_id": args.get("stage_id", str(first.id)), "customer_id": args.get("customer_id")})
    several = len({pipeline.id for pipeline, _ in stages}) > 1
    form.stage_id.choices = [
        (str(stage.id), f"{pipeline.name} · {stage.name} {stage.probability}%" if several else f"{stage.name} {stage.probability}%")
        for pipeline, stage in stages
    ]
    form.source.choices = [("", "—"), *((code, gettext(label)) for code, label in SOURCES.items())]
    return form


def _customer(form: OpportunityForm) -> Customer | None:
    """The chosen one, as long as the actor may work on it; the field says so otherwise. Fills the field's choices."""
    try:
        key = uuid.UUID(form.customer_id.data) if form.customer_id.data else None
    except ValueError:
        abort(400)
    where = (Customer.id == key, Customer.deleted_at.is_(None), editable(Customer, here().actor))
    customer = here().session.scalars(select(Customer).where(*where)).one_or_none() if key else None
    if key and customer is None:
        abort(404)
    proposed = [(str(one), name) for one, name, _ in proposed_customers("") if one != key] if customer is None else []
    form.customer_id.choices = [(str(customer.id), customer.name)] if customer else [("", ""), *proposed]
    return customer


def _values(form: OpportunityForm) -> dict[str, Any]:
    amount: Decimal = form.amount.data
    contact_id = uuid.UUID(form.contact_id.data) if form.contact_id.data else None
    names = ("name", "expected_close_on", "source", "products", "remark")
    return {name: form[name].data or None for name in names} | {"amount": amount, "contact_id": contact_id}


def _answer(opportunity: Opportunity, stage: Stage) -> ResponseReturnValue:
    if is_on_board():
        return moved(opportunity, stage.id)
    return leave(url_for(".show", opportunity_id=opportunity.id))
