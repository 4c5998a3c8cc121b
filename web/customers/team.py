"""Who works on one customer: collaborators, and those who keep an eye on it."""

import datetime as dt
import uuid

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from tenants.customers.customer import Customer
from tenants.customers.sharing import share, unshare
from tenants.customers.sharing import unwatch as stop_watching
from tenants.customers.sharing import watch as start_watching
from tenants.team.models import Member
from tenants.values.periods import day_bounds
from tenants.values.words import Refusal
from web import pieces
from web.customers.views import pages
from web.ui.choices import offered, offered_of
from web.ui.htmx import form_again, page, tell
from web.visit import find, here, permit


def right_choices() -> list[SelectChoice]:
    return offered(("read", gettext("read")), ("write", gettext("read and write")))


class CollaboratorForm(FlaskForm):
    member_id = SelectField(_l("Colleague"), [DataRequired(_l("Please choose a colleague."))])
    right = RadioField(_l("Rights"), choices=right_choices, default="read")
    until = DateField(_l("Until"), [Optional()])


@pages.route("/customers/<uuid:customer_id>/collaborators", methods=["GET", "POST"])
def collaborators(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = _find(customer_id)
    form = _offering(CollaboratorForm(), customer)
    if form.validate_on_submit() and _shared(form, customer):
        tell(gettext("Saved."))
        return pieces.answer(customer_id, pieces.TEAM, anchor="team")
    if form.is_submitted():
        return form_again("customers/page/collaborator.html", form=form, customer=customer)
    return page("customers/page/collaborator.html", form=form, customer=customer)


@pages.post("/customers/<uuid:customer_id>/collaborators/<uuid:member_id>/removal")
def remove_collaborator(customer_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), _find(customer_id)
    unshare(visit.session, customer, find(Member, member_id), by=visit.actor, at=visit.now)
    tell(gettext("Saved."))
    return pieces.answer(customer_id, pieces.TEAM, anchor="team")


@pages.post("/customers/<uuid:customer_id>/watch")
def watch(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    start_watching(here().session, pieces.find_visible(customer_id), by=here().actor)
    tell(gettext("You keep an eye on this customer."))
    return pieces.answer(customer_id, pieces.HEAD)


@pages.post("/customers/<uuid:customer_id>/watch/removal")
def unwatch(customer_id: uuid.UUID) -> ResponseReturnValue:
    permit("customer.read")
    stop_watching(here().session, pieces.find_visible(customer_id), by=here().actor)
    tell(gettext("You no longer watch this customer."))
    return pieces.answer(customer_id, pieces.HEAD)


def _find(customer_id: uuid.UUID) -> Customer:
    customer = pieces.find_editable(customer_id)
    permit("customer.edit")
    return customer if pieces.may_share(customer.owner_id, here().actor) else abort(403)


def _offering(form: CollaboratorForm, customer: Customer) -> CollaboratorForm:
    colleagues = (
        select(Member.id, Member.name).where(Member.deactivated_at.is_(None), Member.id.is_distinct_from(customer.owner_id)).order_by(Member.name)
    )
    form.member_id.choices = offered_of(((str(key), name) for key, name in here().session.execute(colleagues)), empty=True)
    return form


def _shared(form: CollaboratorForm, customer: Customer) -> bool:
    visit = here()
    until = _end_of(form.until.data)
    if until is not None and until <= visit.now:
        form.until.errors = [gettext("This day is over.")]
        return False
    try:
        member = visit.session.get_one(Member, uuid.UUID(form.member_id.data))
        share(visit.session, customer, member, may_write=form.right.data == "write", until=until, by=visit.actor, at=visit.now)
    except Refusal as refusal:
        form.member_id.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    return True


def _end_of(day: dt.date | None) -> dt.datetime | None:
    """The last moment of the day: it still counts."""
    return day_bounds(day, here().zone)[1] - dt.timedelta(seconds=1) if day else None
