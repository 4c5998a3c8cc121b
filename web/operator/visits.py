"""An operator visits a tenant: by its consent, or with a written reason that it is shown; and asks for the consent."""

import uuid
from types import MappingProxyType
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, ValidationError

from saas.operator import consents, visits
from saas.operator.care import find_held
from saas.operator.rules import LONGEST, is_reason
from saas.registry.models import Tenant
from tenants.values.words import Refusal
from web.database import db
from web.operator.views import on_duty, pages
from web.ui.htmx import form_again, leave, page, tell
from web.ui.say import gettext


class Sentence:
    """Something that its reader can understand."""

    field_flags = MappingProxyType({"required": True})

    def __call__(self, form: FlaskForm, field: TextAreaField) -> None:
        if not is_reason(field.data or ""):
            raise ValidationError(gettext("Please write a sentence, of ten characters at least: the company will read it."))


class ReasonForm(FlaskForm):
    why = TextAreaField(_l("Reason"), [Sentence(), Length(max=500)], filters=[lambda text: (text or "").strip()])


@pages.route("/tenants/<uuid:tenant_id>/visit", methods=["GET", "POST"])
def visit(tenant_id: uuid.UUID) -> ResponseReturnValue:
    """Under consent at once; without it first the reason."""
    duty, session = on_duty(), db.session()
    tenant, form = _tenant(tenant_id), ReasonForm()
    has_consent = consents.standing(session, tenant.id, duty.now) is not None
    if request.method == "GET" or (not has_consent and not form.validate()):
        return _form("operator/visit.html", form, tenant, has_consent=has_consent)
    try:
        visits.begin(session, tenant, visitor=duty.visitor, reason=form.why.data or None, at=duty.now)
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence))
        return _form("operator/visit.html", form, tenant, has_consent=has_consent)
    return leave(url_for("workbench.show", slug=tenant.slug))


@pages.route("/tenants/<uuid:tenant_id>/consent", methods=["GET", "POST"])
def ask(tenant_id: uuid.UUID) -> ResponseReturnValue:
    """The tenant's administrators are told, and grant or refuse."""
    duty, tenant, form = on_duty(), _tenant(tenant_id), ReasonForm()
    if request.method == "GET" or not form.validate():
        return _form("operator/ask.html", form, tenant)
    try:
        consents.ask(db.session(), tenant, name=duty.visitor.name, by=duty.visitor.person_id, at=duty.now, why=form.why.data or "")
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence))
        return _form("operator/ask.html", form, tenant)
    tell(gettext("Asked. Its administrators are told."))
    return leave(url_for(".tenant", tenant_id=tenant.id))


@pages.post("/visits/<uuid:visit_id>/ending")
def end_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """From the banner above each page of the company."""
    duty = on_duty()
    ended = visits.end(db.session(), visit_id, by=duty.visitor.person_id, at=duty.now) or abort(404)
    tell(gettext("The visit has ended."))
    return leave(url_for(".tenant", tenant_id=ended.tenant_id))


def _tenant(tenant_id: uuid.UUID) -> Tenant:
    """404 for who may only look at the fleet."""
    session = db.session()
    if not on_duty().may("act"):
        abort(404)
    return (find_held(session, tenant_id) if request.method == "POST" else session.get(Tenant, tenant_id)) or abort(404)


def _form(template: str, form: ReasonForm, tenant: Tenant, **more: object) -> ResponseReturnValue:
    given: dict[str, Any] = {"form": form, "one": tenant, "longest": int(LONGEST.total_seconds() // 60)} | more
    return form_again(template, **given) if form.is_submitted() else page(template, **given)
