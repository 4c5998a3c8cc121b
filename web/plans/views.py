"""待办: plans, each one click away from being done, moved or dropped."""

import datetime as dt
import uuid
from typing import Any, Literal

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import ColumnElement

from tenants.followups.models import Plan
from tenants.followups.queries import PlanRow, todo
from tenants.followups.rules import soon
from tenants.followups.writing import make_plan
from tenants.team.scope import with_customer
from web import pieces
from web.pieces import key_or_none, offering
from web.plans.forms import PlanForm
from web.tenancy import tenant_pages
from web.ui.choices import offered_of
from web.ui.htmx import done, form_again, is_htmx, page, tell
from web.visit import find, here, permit

pages = tenant_pages("plans", __name__)
DONE_DAYS = 7  # how long the list shows what was done
CHANGED = (pieces.HEAD, pieces.HISTORY, pieces.PLANS)


@pages.get("/plans")
def index() -> ResponseReturnValue:
    permit("followup.read")
    return page("plans/index.html", **_todo(_whose()))


@pages.route("/customers/<uuid:customer_id>/plans", methods=["GET", "POST"])
def make(customer_id: uuid.UUID) -> ResponseReturnValue:
    visit, customer = here(), pieces.find_editable(customer_id)
    permit("followup.create")
    told = pieces.context(customer_id, pieces.WRITE)
    form = _offering(PlanForm(), told)
    if request.method == "GET":
        form.due_at.data = soon(visit.today, visit.zone)["tomorrow"]
        form.member_id.data = str(visit.actor.id)
        return page("plans/form.html", form=form, plan=None, **told)
    if not form.validate():
        return form_again("plans/form.html", form=form, plan=None, **told)
    make_plan(visit.session, customer, by=visit.actor, at=visit.now, **_values(form))
    tell(gettext("Plan made."))
    return pieces.answer(customer_id, *CHANGED)


@pages.route("/plans/<uuid:plan_id>/edit", methods=["GET", "POST"])
def edit(plan_id: uuid.UUID) -> ResponseReturnValue:
    visit, plan = here(), _find_open(plan_id)
    permit("followup.edit")
    told = pieces.context(plan.customer_id, pieces.WRITE)
    form = _offering(PlanForm(obj=plan), told)
    if request.method == "GET":
        return page("plans/form.html", form=form, plan=plan, **told)
    if form.version.data != str(plan.version):
        form.version.data = str(plan.version)
        return page("plans/form.html", form=form, plan=plan, theirs=plan, status=409, **told)
    if not form.validate():
        return form_again("plans/form.html", form=form, plan=plan, **told)
    plan.edit(visit.session, _values(form), by=visit.actor, at=visit.now)
    tell(gettext("Saved."))
    return pieces.answer(plan.customer_id, *CHANGED)


@pages.post("/plans/<uuid:plan_id>/completion")
def finish(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Done; what came of it can be written at once."""
    visit, plan = here(), _find(plan_id)
    permit("followup.edit")
    if plan.is_open:
        plan.finish(visit.session, by=visit.actor, at=visit.now)
        tell(gettext("Done: %(plan)s", plan=plan.content[:40]), undo=url_for(".reopen", plan_id=plan_id, **_place()))
    return _answer(plan, finished=plan)


@pages.post("/plans/<uuid:plan_id>/reopening")
def reopen(plan_id: uuid.UUID) -> ResponseReturnValue:
    visit = here()
    seen = with_customer(Plan.customer_id, visit.actor, writing=True)
    plan = find(Plan, plan_id, seen, Plan.customer_id.in_(pieces.LIVE_CUSTOMERS))
    permit("followup.edit")
    plan.reopen(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("The plan is open again."))
    return _answer(plan)


@pages.post("/plans/<uuid:plan_id>/postponement")
def move(plan_id: uuid.UUID) -> ResponseReturnValue:
    """To one of the quick choices; to any other time by the form."""
    visit, plan = here(), _find_open(plan_id)
    permit("followup.edit")
    due_at = soon(visit.today, visit.zone).get(request.form.get("to", "")) or abort(400)
    plan.move(visit.session, due_at, by=visit.actor, at=visit.now)
    tell(gettext("Moved: %(plan)s", plan=plan.content[:40]))
    return _answer(plan)


@pages.post("/plans/<uuid:plan_id>/removal")
def drop(plan_id: uuid.UUID) -> ResponseReturnValue:
    visit, plan = here(), _find_open(plan_id)
    permit("followup.delete")
    plan.drop(visit.session, by=visit.actor, at=visit.now)
    tell(gettext("Plan dropped."), undo=url_for(".reopen", plan_id=plan_id, **_place()))
    return _answer(plan)


def _answer(plan: Plan, *, finished: Plan | None = None) -> ResponseReturnValue:
    """To the list or the workbench if it was asked there, else to the customer's page."""
    if request.values.get("at") == "workbench":
        return done(url_for("workbench.show"), "")
    if not _place():
        names = (*CHANGED, pieces.WRITE) if finished else CHANGED
        return pieces.answer(plan.customer_id, *names, finished=finished, anchor="write" if finished else "")
    here().session.flush()
    whose = _whose()
    html = render_template("plans/_list_piece.html", **_todo(whose)) if is_htmx() else ""
    return done(url_for(".index", whose=whose if whose != "mine" else None), html)


def _place() -> dict[str, Any]:
    """Where the button stood: {"at": "list", "whose": …} on the list of plans."""
    at = request.values.get("at")
    return {"at": at, "whose": _whose()} if at == "list" else {"at": at} if at == "workbench" else {}


Whose = Literal["mine", "team"]


def _whose() -> Whose:
    return "team" if request.values.get("whose") == "team" and here().actor.is_leader else "mine"


def _todo(whose: Whose) -> dict[str, Any]:
    visit = here()
    members = visit.actor.subordinates if whose == "team" else (visit.actor.id,)
    rows = todo(visit.session, visit.actor, members=members, done_since=visit.now - dt.timedelta(days=DONE_DAYS))
    groups: dict[str, list[PlanRow]] = {"overdue": [], "today": [], "coming": [], "done": []}
    for row in rows:
        groups[_group(row)].append(row)
    return {"groups": groups, "whose": whose, "may_write": visit.actor.may("followup.edit"), "is_leader": visit.actor.is_leader}


def _group(row: PlanRow) -> str:
    if row.done_at is not None:
        return "done"
    day, today = row.due_at.astimezone(here().zone).date(), here().today
    return "overdue" if day < today else "today" if day == today else "coming"


def _offering(form: PlanForm, told: dict[str, Any]) -> PlanForm:
    """It is done by who is sure to see the customer: its owner, its collaborators, oneself, and who was to do it before."""
    customer, actor = told["customer"], here().actor
    chosen = form.member_id.object_data
    able = {actor.id: actor.name}
    if customer.owner_id and customer.owner_name:
        able[customer.owner_id] = customer.owner_name
    able |= {one.id: one.name for one in customer.collaborators if one.until is None or one.until > here().now}
    if chosen and chosen not in able:
        able[chosen] = gettext("The one chosen before")
    form.member_id.choices = offered_of((str(key), name) for key, name in able.items())
    form.member_id.data = str(form.member_id.data or actor.id)
    return offering(form, told)  # type: ignore[no-any-return]


def _values(form: PlanForm) -> dict[str, Any]:
    keys = {name: key_or_none(form[name].data) for name in ("member_id", "contact_id", "opportunity_id")}
    return {"content": form.content.data, "means": form.means.data, "due_at": form.due_at.data, **keys}


def _find(plan_id: uuid.UUID, *more: ColumnElement[bool]) -> Plan:
    seen = with_customer(Plan.customer_id, here().actor, writing=True)
    return find(Plan, plan_id, seen, Plan.deleted_at.is_(None), Plan.customer_id.in_(pieces.LIVE_CUSTOMERS), *more)


def _find_open(plan_id: uuid.UUID) -> Plan:
    return _find(plan_id, Plan.done_at.is_(None))
