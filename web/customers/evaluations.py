"""The grade of a customer for a quarter, given with that quarter's figures in view."""

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from tenants.customers import evaluations
from tenants.customers.options import GRADES
from web import pieces
from web.customers.views import pages
from web.ui.choices import offered_of
from web.ui.htmx import form_again, page, piece, tell, wants
from web.visit import here, permit


def grade_choices() -> list[SelectChoice]:
    return offered_of((code, gettext(label)) for code, label in GRADES.items())


class EvaluationForm(FlaskForm):
    period = SelectField(_l("Quarter"))
    grade = RadioField(_l("Grade"), [DataRequired(_l("Please choose a grade."))], choices=grade_choices)
    remark = TextAreaField(_l("Remark"), [Length(max=1000)], filters=[lambda text: (text or "").strip() or None])


@pages.route("/customers/<uuid:customer_id>/evaluations", methods=["GET", "POST"])
def evaluate(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("customer.edit")
    form = EvaluationForm(formdata=None if request.method == "GET" else request.form)
    quarters = evaluations.recent_quarters(visit.today)
    form.period.choices = offered_of((period, period) for period in quarters)
    if form.validate_on_submit():
        said = {"remark": form.remark.data, "zone": visit.zone, "by": visit.actor, "at": visit.now}
        evaluations.evaluate(visit.session, customer, form.period.data, form.grade.data, **said)
        tell(gettext("Grade given."))
        return pieces.answer(customer_id, pieces.EVALUATIONS, pieces.HEAD, pieces.HISTORY, anchor="evaluations")
    period = request.values.get("period", "")
    known = period if period in quarters else quarters[0]
    if request.method == "GET":
        form.period.data, form.grade.data = known, customer.grade
    figures = evaluations.figures(visit.session, customer_id, known, visit.zone)
    told: dict[str, Any] = {"form": form, "customer": customer, "figures": figures, "period": known}
    if wants("figures"):
        return piece("customers/page/_figures.html", **told)
    return form_again("customers/page/evaluation.html", **told) if form.is_submitted() else page("customers/page/evaluation.html", **told)
