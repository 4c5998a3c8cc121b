"""Asking for an export of what a list shows: format, columns, how many rows; then its progress, in place or on its own page."""

from typing import Any, cast

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from tenants.exports.columns import Format
from tenants.exports.order import NAMES, TooManyAsked, ask_for
from tenants.exports.reading import Reading
from web.exports.lists import Shown, shown
from web.tenancy import tenant_pages
from web.ui.htmx import form_again, is_htmx, leave, page, wants
from web.ui.say import gettext, ngettext
from web.visit import here, permit

pages = tenant_pages("exports", __name__)

BACK = {"customers": "customers.index", "contacts": "contacts.index", "opportunities": "opportunities.index"}
NEEDED = {"customers": "customer.export", "contacts": "customer.export", "opportunities": "opportunity.export"}


class ExportForm(FlaskForm):
    """`listed`: the list's address after the question mark."""

    listed = HiddenField()
    what = RadioField(_l("What"))
    columns = RadioField(
        _l("Columns"), default="shown", choices=[SelectChoice("shown", _l("As the list shows them")), SelectChoice("all", _l("All fields"))]
    )
    format = RadioField(_l("Format"), default="xlsx", choices=[SelectChoice("xlsx", _l("Excel (.xlsx)")), SelectChoice("csv", _l("Text (.csv)"))])


@pages.get("/exports/<any(customers, contacts, opportunities):of>")
def new(of: str) -> ResponseReturnValue:
    permit(NEEDED[of])
    form = ExportForm(listed=_query())
    _offer(form, shown(of, form.listed.data or ""))
    return page("exports/new.html", form=form, of=of, back=_back(of, form))


@pages.post("/exports/<any(customers, contacts, opportunities):of>")
def create(of: str) -> ResponseReturnValue:
    """In the dialog its progress takes the place of the form; without scripts it has a page."""
    permit(NEEDED[of])
    visit, form = here(), ExportForm()
    list_shown = shown(of, form.listed.data or "")
    _offer(form, list_shown)
    if not form.validate_on_submit():
        return form_again("exports/new.html", form=form, of=of, back=_back(of, form))
    order = list_shown.of(form.what.data, cast(Format, form.format.data), all_columns=form.columns.data == "all")
    try:
        job = ask_for(visit.session, order, by=visit.actor, at=visit.now)
    except TooManyAsked as many:
        form.form_errors.append(gettext(many.sentence, **many.params))
        return form_again("exports/new.html", form=form, of=of, back=_back(of, form))
    return page("exports/asked.html", job=job) if wants("dialog") else leave(url_for("jobs.show", job_id=job.id))


def _offer(form: ExportForm, list_shown: Shown) -> None:
    """What may be exported, each with its number of rows now."""
    form.what.choices = [SelectChoice(subject, _counted(list_shown, subject)) for subject in list_shown.subjects]
    form.what.data = form.what.data or list_shown.order.of


def _counted(list_shown: Shown, subject: str) -> str:
    visit = here()
    rows = Reading(visit.session, list_shown.of(subject, "csv", all_columns=True), visit.actor, visit.tenant).count()
    name = gettext(NAMES[subject]) if subject == list_shown.order.of else gettext("Their follow-ups")
    return ngettext("%(name)s: %(count)s row", "%(name)s: %(count)s rows", rows, name=name, count=format_decimal(rows))


def _query() -> str:
    """The address of the list under the dialog comes with htmx; without scripts it is in our own."""
    under = request.headers.get("HX-Current-URL", "") if is_htmx() else ""
    return under.partition("?")[2].partition("#")[0] if under else request.query_string.decode(errors="replace")


def _back(of: str, form: ExportForm) -> str:
    query: Any = form.listed.data
    return url_for(BACK[of]) + (f"?{query}" if query else "")
