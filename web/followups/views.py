"""Follow-ups: written, edited, deleted, brought back."""

import uuid
from typing import Any

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.customers.customer import Customer
from tenants.followups.models import Followup, Plan
from tenants.followups.queries import plans_of
from tenants.followups.rules import soon
from tenants.followups.writing import write_followup
from tenants.team.scope import with_customer
from tenants.values.words import Refusal
from web import pieces
from web.followups.forms import FollowupEditForm, FollowupForm
from web.pieces import key_or_none, offering
from web.tenancy import tenant_pages
from web.ui.htmx import form_again, is_htmx, page, tell, wants
from web.visit import find, here, permit

pages = tenant_pages("followups", __name__)
CHANGED = (pieces.HEAD, pieces.HISTORY, pieces.PLANS)


@pages.route("/customers/<uuid:customer_id>/followups", methods=["GET", "POST"])
def write(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = pieces.find_editable(customer_id)
    permit("followup.create")
    told = pieces.context(customer_id, pieces.WRITE)
    form = offering(FollowupForm(), told)
    plan = _plan(customer, form)
    if request.method == "GET":
        return page("followups/write.html", form=_begun(form, plan), plan=plan, **told)
    if not (form.validate() and _written(form, customer, plan)):
        return _again(form, plan, told)
    return pieces.answer(customer_id, *CHANGED)


@pages.route("/followups/<uuid:followup_id>/edit", methods=["GET", "POST"])
def edit(followup_id: uuid.UUID) -> ResponseReturnValue:
    visit, followup = here(), _find(followup_id)
    permit("followup.edit")
    if not followup.may_be_changed_by(visit.actor):
        abort(403)
    told = pieces.context(followup.customer_id, pieces.WRITE)
    form = offering(FollowupEditForm(obj=followup), told)
    if request.method == "GET":
        return page("followups/edit.html", form=form, followup=followup, **told)
    if form.version.data != str(followup.version):
        form.version.data = str(followup.version)
        return page("followups/edit.html", form=form, followup=followup, theirs=followup, status=409, **told)
    if not form.validate():
        return form_again("followups/edit.html", form=form, followup=followup, **told)
    followup.edit(visit.session, values_of(form), by=visit.actor, at=visit.now)
    tell(gettext("Saved."))
    return pieces.answer(followup.customer_id, *CHANGED)


@pages.post("/followups/<uuid:followup_id>/deletion")
def delete(followup_id: uuid.UUID) -> ResponseReturnValue:
    visit, followup = here(), _find(followup_id)
    permit("followup.delete")
    if not followup.may_be_changed_by(visit.actor):
        abort(403)
    followup.discard(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("Follow-up deleted."), undo=url_for(".restore", followup_id=followup_id))
    return pieces.answer(followup.customer_id, *CHANGED)


@pages.post("/followups/<uuid:followup_id>/restoration")
def restore(followup_id: uuid.UUID) -> ResponseReturnValue:
    visit, followup = here(), _find(followup_id, deleted=True)
    permit("followup.delete")
    if not followup.may_be_changed_by(visit.actor):
        abort(403)
    if followup.deleted_at is not None:
        followup.restore(visit.session, by=visit.actor, at=visit.now)
        tell(gettext("The follow-up is back."))
    return pieces.answer(followup.customer_id, *CHANGED)


def values_of(form: Any) -> dict[str, Any]:
    names = [name for name in ("content", "means", "contact_id", "opportunity_id", "result", "next_contact_at", "at") if name in form]
    return {name: key_or_none(form[name].data) if name.endswith("_id") else form[name].data for name in names}


def _written(form: FollowupForm, customer: Customer, plan: Plan | None) -> bool:
    visit, values = here(), values_of(form)
    happened_at = values.pop("at")
    values["next_contact_at"] = values["next_contact_at"] or soon(visit.today, visit.zone).get(form.soon.data or "")
    try:
        write_followup(visit.session, customer, by=visit.actor, at=visit.now, happened_at=happened_at, plan=plan, **values)
    except Refusal as refusal:
        form.at.errors = [gettext(refusal.sentence, **refusal.params)]
        return False
    _offer_to_finish(customer, plan)
    return True


def _offer_to_finish(customer: Customer, plan: Plan | None) -> None:
    """A plan that is due has perhaps just been done: the page asks, and one click says so."""
    visit = here()
    due = [one for one in plans_of(visit.session, customer.id) if one.due_at.astimezone(visit.zone).date() <= visit.today]
    if plan is None and due:
        g.offer = due[0].id
    tell(gettext("Follow-up written."))


def _begun(form: FollowupForm, plan: Plan | None) -> FollowupForm:
    if plan is not None:
        form.plan_id.data, form.means.data, form.contact_id.data = plan.id, plan.means, str(plan.contact_id or "")
        form.opportunity_id.data = str(plan.opportunity_id or "")
    return form


def _plan(customer: Customer, form: FollowupForm) -> Plan | None:
    """The plan that this follow-up is about, if one was named."""
    key = key_or_none(form.plan_id.data if form.is_submitted() else request.args.get("plan"))
    return find(Plan, key, Plan.customer_id == customer.id, Plan.deleted_at.is_(None)) if key else None


def _again(form: FollowupForm, plan: Plan | None, told: dict[str, Any]) -> ResponseReturnValue:
    """In the box on the customer's page, in the dialog, or on a page of its own."""
    if is_htmx() and not wants("dialog"):
        return page("followups/write.html", piece="followups/_box_again.html", form=form, status=422, **told)
    return form_again("followups/write.html", form=form, plan=plan, **told)


def _find(followup_id: uuid.UUID, *, deleted: bool = False) -> Followup:
    """At a customer that the member may write to."""
    seen = with_customer(Followup.customer_id, here().actor, writing=True)
    live = () if deleted else (Followup.deleted_at.is_(None),)
    return find(Followup, followup_id, seen, Followup.customer_id.in_(pieces.LIVE_CUSTOMERS), *live)
