"""Facts edited in place, one at a time: a click makes a field of it, a clash shows theirs and mine."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tenants.customers.options import SOURCES
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.page import portrait
from web.opportunities.creation import contact_choices
from web.opportunities.fields import AmountField, or_none, trimmed
from web.opportunities.record import history, top
from web.opportunities.views import found, found_to_change, pages
from web.ui.days import exact
from web.ui.htmx import is_htmx, leave, page, piece, wants
from web.ui.money import money
from web.ui.ranges import Between
from web.visit import here, permit

PLEASE = _l("Please fill this in.")

FIELDS: dict[str, Callable[[], Any]] = {
    "name": lambda: StringField(_l("Opportunity name"), [DataRequired(PLEASE), Length(max=120)], filters=[trimmed]),
    "amount": lambda: AmountField(_l("Amount"), [InputRequired(PLEASE)]),
    "expected_close_on": lambda: DateField(_l("Expected close"), [Optional()]),
    "probability": lambda: IntegerField(_l("Probability"), [InputRequired(PLEASE), Between(0, 100, _l("A number from 0 to 100."))]),
    "source": lambda: SelectField(_l("Source")),
    "products": lambda: StringField(_l("Products"), [Length(max=300)], filters=[trimmed, or_none]),
    "contact_id": lambda: SelectField(_l("Contact")),
    "remark": lambda: TextAreaField(_l("Remark"), [Length(max=2000)], filters=[trimmed, or_none]),
}


@pages.route("/opportunities/<uuid:opportunity_id>/facts/<field>", methods=["GET", "POST"])
def fact(opportunity_id: uuid.UUID, field: str) -> ResponseReturnValue:
    """GET: the field to edit it, or with `?shown=1` its value again. POST: saves."""
    opportunity = found(opportunity_id) if request.method == "GET" and "shown" in request.args else found_to_change(opportunity_id)
    if field not in FIELDS:
        abort(404)
    if "shown" in request.args and request.method == "GET":
        permit("opportunity.read")
        return piece("opportunities/_fact.html", shown=_shown(opportunity), field=field, saved=False, editable=here().actor.may("opportunity.edit"))
    permit("opportunity.edit")
    form = _form(opportunity, field)
    if request.method == "GET":
        return _field(opportunity, field, form)
    if not form.validate():
        return _field(opportunity, field, form, status=422)
    if form.version.data != str(opportunity.version):
        form.version.data = str(opportunity.version)
        return _field(opportunity, field, form, status=409)
    return _save(opportunity, field, form)


def words_of(opportunity: Opportunity, field: str, value: Any) -> str:
    """The value as people read it; empty for none."""
    if value in (None, ""):
        return ""
    if field == "amount":
        return str(money(value))
    if field == "expected_close_on":
        return str(exact(value))
    if field == "probability":
        return f"{value}%"
    if field == "source":
        return str(gettext(SOURCES.get(value, value)))
    if field == "contact_id":
        return dict(contact_choices(opportunity.customer_id)).get(str(value), "")
    return str(value)


def _form(opportunity: Opportunity, field: str) -> Any:
    """A form of this one field, and of the version that the person saw."""
    kind = type("FactForm", (FlaskForm,), {"version": HiddenField(), field: FIELDS[field]()})
    form = kind(data={"version": str(opportunity.version), field: _plain(getattr(opportunity, field))})
    if field == "source":
        form.source.choices = [("", "—"), *((code, gettext(label)) for code, label in SOURCES.items())]
    if field == "contact_id":
        form.contact_id.choices = [("", "—"), *contact_choices(opportunity.customer_id)]
    return form


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value


def _field(opportunity: Opportunity, field: str, form: Any, *, status: int = 200) -> ResponseReturnValue:
    mine: Field = form[field]
    yours = _value(form, field) if status == 409 else None
    return page(
        "opportunities/fact.html",
        piece="field",
        status=status,
        opportunity=opportunity,
        form=form,
        field=mine,
        theirs=words_of(opportunity, field, getattr(opportunity, field)),
        yours=words_of(opportunity, field, yours),
        is_clash=status == 409,
    )


def _value(form: Any, field: str) -> Any:
    value = form[field].data
    if field == "contact_id":
        return uuid.UUID(value) if value else None
    return value or None if field == "source" else value


def _save(opportunity: Opportunity, field: str, form: Any) -> ResponseReturnValue:
    visit = here()
    opportunity.edit(visit.session, {field: _value(form, field)}, by=visit.actor, at=visit.now)
    visit.session.flush()
    if not is_htmx() or wants("dialog"):
        return leave(url_for(".show", opportunity_id=opportunity.id))
    shown = _shown(opportunity)
    return piece("opportunities/_saved.html", shown=shown, field=field, saved=True, editable=True, **top(shown), **history(shown))


def _shown(opportunity: Opportunity) -> Any:
    return portrait(here().session, here().actor, opportunity.id) or abort(404)
