"""Tenants as the operators see them: what each rents, its history, and what can be done for it. Nothing of what stands behind its wall."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from saas.billing.gateway import Gateway
from saas.billing.values import PaymentsAway
from saas.operator import care, consents, money, staff, visits
from saas.registry.models import Tenant
from saas.registry.states import ENTERABLE, STATES
from tenants.values.words import N_, Refusal
from web.database import db
from web.operator.views import DEEDS, PAGE, on_duty, pages
from web.support.words import room_names
from web.ui.htmx import form_again, leave, page, tell
from web.ui.links import here_with
from web.ui.paging import Cursor
from web.ui.say import gettext


class SentAlready(Refusal):
    sentence = N_("This form has been sent with another figure, and that was done. Look at what stands there now, and open it again.")


class ReasonForm(FlaskForm):
    once = HiddenField(default=lambda: uuid.uuid4().hex, validators=[Length(max=64)])
    why = StringField(
        _l("Why?"), [DataRequired(_l("Please say why: it stands in the audit.")), Length(max=500)], filters=[lambda text: (text or "").strip()]
    )


class TrialForm(ReasonForm):
    days = IntegerField(_l("Days"), [InputRequired(_l("How many days?"))], default=14)

    def validate_days(self, field: IntegerField) -> None:
        if field.data is not None and not 1 <= field.data <= care.LONGEST:
            raise ValidationError(gettext("From 1 to %(num)s days.", num=care.LONGEST))


class CreditForm(ReasonForm):
    amount = DecimalField(_l("Amount"), [InputRequired(_l("How much?"))])

    def validate_amount(self, field: DecimalField) -> None:
        amount = field.data
        if amount is not None and not (amount.is_finite() and Decimal("0.01") <= amount <= care.MOST_CREDIT and amount == round(amount, 2)):
            raise ValidationError(gettext("From 0.01 to %(most)s CNY.", most=f"{care.MOST_CREDIT:,}"))


@pages.get("/tenants")
def tenants() -> ResponseReturnValue:
    state, words = request.args.get("state", ""), request.args.get("q", "").strip()[:100]
    if state and state not in STATES:
        abort(400)
    cursor = Cursor.decode(request.args.get("cursor"), (uuid.UUID,))
    before = cursor.values[0] if cursor else None
    session = db.session()
    found = money.tenants(session, state=state or None, words=words, before=before if isinstance(before, uuid.UUID) else None, limit=PAGE)
    following = Cursor((found[PAGE - 1].id,)).encode() if len(found) > PAGE else None
    given: dict[str, Any] = {"tenants": found[:PAGE], "following": following, "state": state, "words": words, "states": ("", *STATES)}
    return page("operator/tenants.html", figures=money.figures(session, _now()), here_with=here_with, **given)


@pages.get("/tenants/<uuid:tenant_id>")
def tenant(tenant_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    one = money.tenant(session, tenant_id) or abort(404)
    deeds = staff.deeds(session, tenant_id=tenant_id, limit=PAGE)
    given: dict[str, Any] = {"one": one, "steps": money.history(session, tenant_id), "deeds": deeds, "DEEDS": DEEDS, "ITSELF": staff.ITSELF}
    given |= {
        "can_credit": _gateway() is not None,
        "is_enterable": one.state in ENTERABLE,
        "is_ours": session.get_one(Tenant, tenant_id).closed_at is not None,
    }
    return page("operator/tenant.html", **given, **_support(tenant_id))


def _support(tenant_id: uuid.UUID) -> dict[str, Any]:
    """Whether it lets us in, and who has visited it."""
    session, now = db.session(), on_duty().now
    return {
        "consent": consents.standing(session, tenant_id, now),
        "question": consents.waiting(session, tenant_id, now),
        "refused": consents.last_refused(session, tenant_id),
        "visits": visits.of_tenant(session, tenant_id, limit=PAGE)[:PAGE],
        "room_names": room_names,
        "now": now,
    }


@pages.route("/tenants/<uuid:tenant_id>/trial", methods=["GET", "POST"])
def trial(tenant_id: uuid.UUID) -> ResponseReturnValue:
    def extend(one: Tenant, form: TrialForm, deed: care.Deed) -> None:
        care.extend_trial(db.session(), one, form.days.data or 0, deed=deed)

    return _act(tenant_id, TrialForm(), gettext("Make the trial longer"), extend)


@pages.route("/tenants/<uuid:tenant_id>/credit", methods=["GET", "POST"])
def credit(tenant_id: uuid.UUID) -> ResponseReturnValue:
    gateway = _gateway() or abort(404)

    def grant(one: Tenant, form: CreditForm, deed: care.Deed) -> None:
        care.grant_credit(db.session(), gateway, one, form.amount.data or Decimal(0), deed=deed)

    return _act(tenant_id, CreditForm(), gettext("Grant a credit"), grant)


@pages.route("/tenants/<uuid:tenant_id>/closing", methods=["GET", "POST"])
def closing(tenant_id: uuid.UUID) -> ResponseReturnValue:
    def close(one: Tenant, form: ReasonForm, deed: care.Deed) -> None:
        care.close(db.session(), _gateway(), one, deed=deed)

    hint = gettext("What it rents ends at once, without anything back. Its people can sign in, and are told to write to us.")
    return _act(tenant_id, ReasonForm(), gettext("Close the company"), close, hint=hint)


@pages.route("/tenants/<uuid:tenant_id>/reopening", methods=["GET", "POST"])
def reopening(tenant_id: uuid.UUID) -> ResponseReturnValue:
    return _act(tenant_id, ReasonForm(), gettext("Open the company again"), lambda one, form, deed: care.reopen(db.session(), one, deed=deed))


def _act(tenant_id: uuid.UUID, form: Any, title: str, do: Callable[..., None], *, hint: str = "") -> ResponseReturnValue:
    """A form that asks for the reason; done, and written down, in one transaction."""
    duty, session = on_duty(), db.session()
    if not duty.may("act"):
        abort(404)
    one = (care.find_held(session, tenant_id) if request.method == "POST" else session.get(Tenant, tenant_id)) or abort(404)
    given = {"form": form, "one": one, "title": title, "hint": hint}
    if not form.validate_on_submit():
        return form_again("operator/act.html", **given) if form.is_submitted() else page("operator/act.html", **given)
    deed = care.Deed(duty.visitor.person_id, _now(), form.why.data or "", form.once.data or uuid.uuid4().hex)
    try:
        if not _is_done(deed, one, form):
            do(one, form, deed)
    except Refusal as refusal:
        form.form_errors.append(gettext(refusal.sentence))
        return form_again("operator/act.html", **given)
    tell(gettext("Done."))
    return leave(url_for(".tenant", tenant_id=tenant_id))


def _is_done(deed: care.Deed, one: Tenant, form: ReasonForm) -> bool:
    """A double click did it already. An old form with another figure in it may correct the first or add to it: nobody knows. Raises `SentAlready`."""
    known = staff.deed_of(db.session(), one.id, deed.once)
    if known is None:
        return False
    said = {name: str(value) for name, value in form.data.items() if name in known.data and name != staff.ONCE}
    if said != {name: str(value) for name, value in known.data.items() if name != staff.ONCE}:
        raise SentAlready
    return True


def _now() -> dt.datetime:
    """By the clock that rent is reckoned by; by ours while it does not answer."""
    gateway, at = _gateway(), on_duty().now
    try:
        return gateway.now(at) if gateway else at
    except PaymentsAway:
        return at


def _gateway() -> Gateway | None:
    found: Gateway | None = current_app.extensions.get("gateway")
    return found
