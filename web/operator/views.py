"""The operators' room: how the whole fleet does. For everybody else it does not exist."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from saas.cells.models import Bell
from saas.cells.reports import JobReport
from saas.identity.sessions import Visitor
from saas.operator import fleet, roles, staff
from saas.plans.catalogue import CATALOGUE
from saas.registry.life import REASONS
from saas.registry.models import Tenant
from tenants.jobs.asking import BELL
from tenants.jobs.models import STATES
from tenants.values.ids import new_id
from tenants.wall.session import landlord_plane, open_session
from web import doorbell
from web.database import db, engine_of
from web.jobs.words import STATES as WORDS
from web.operator.health import cells, health
from web.tenancy import visitor_now
from web.ui.htmx import form_again, leave, page, tell
from web.ui.links import here_with
from web.ui.paging import Cursor
from web.ui.say import gettext

pages = Blueprint("operator", __name__, url_prefix="/operator")
PAGE = 50
ENDED = ("failed", "cancelled")
DEEDS: dict[str, LazyString] = {
    "operator.added": _l("Operator added"), "operator.removed": _l("Operator taken away"), "job.retried": _l("Job tried again"),
    "trial.extended": _l("Trial made longer"), "credit.granted": _l("Credit granted"),
    "rent.differed": _l("Rent differed from Stripe's, and follows it now"), "rent.stray": _l("At Stripe somebody rents whom we do not know"),
    "tenant.closed": _l("Company closed"), "tenant.reopened": _l("Company opened again"),
    "visit.begun": _l("Visit with a reason"), "visit.consented": _l("Visit by consent"), "visit.ended": _l("Visit ended"),
    "consent.asked": _l("Asked to be let in"),
    "consent.granted": _l("Let in by the company"), "consent.refused": _l("Refused by the company"),
    "consent.withdrawn": _l("Access withdrawn by the company"), "consent.restored": _l("Withdrawal taken back by the company"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duty:
    """Who looks, as what, and when."""

    visitor: Visitor
    role: str
    now: dt.datetime

    def may(self, verb: str) -> bool:
        return roles.may(self.role, verb)


class RetryForm(FlaskForm):
    why = StringField("", [DataRequired(), Length(max=500)], filters=[lambda text: (text or "").strip()])


@pages.before_request
def require_operator() -> None:
    """404, signed in or not: nobody learns that there is such a room."""
    visitor = visitor_now()
    role = staff.role_of(db.session(), visitor.person_id) if visitor else None
    if visitor is None or role is None:
        abort(404)
    g.duty = Duty(visitor, role, dt.datetime.now(dt.UTC))


@pages.context_processor
def words() -> dict[str, object]:
    tenants = {"trial": gettext("On trial"), "active": gettext("Active"), "past_due": gettext("Past due"), "read_only": gettext("Read only")}
    tenants |= {"closed": gettext("Closed down"), "erased": gettext("Erased")}
    return {
        "duty": g.get("duty"),
        "state_names": tenants,
        "plan_names": {plan.key: plan.name for plan in CATALOGUE.values()},
        "why_names": {why: gettext(sentence) for why, sentence in REASONS.items()},
        "job_states": WORDS,
        "worker_states": {"idle": gettext("Idle"), "busy": gettext("Busy"), "suspended": gettext("Suspended")},
        "reason": reason,
    }


def reason(job: JobReport | fleet.Reported) -> str:
    """Why it failed, without the figures, which stay with the tenant."""
    return gettext(job.failure) if job.failure else ""


def on_duty() -> Duty:
    duty: Duty = g.duty
    return duty


@pages.get("/")
def show() -> ResponseReturnValue:
    """Asks for itself again every few seconds."""
    return page("operator/show.html", piece="health", health=health(on_duty().now))


@pages.get("/jobs")
def jobs() -> ResponseReturnValue:
    """Long work of one state over all tenants, the latest first: cells are asked one after the other."""
    state = request.args.get("state", "failed")
    cursor = Cursor.decode(request.args.get("cursor"), (uuid.UUID,))
    if state not in STATES:
        abort(400)
    before = cursor.values[0] if cursor else None
    found: list[tuple[str, fleet.Reported]] = []
    for cell in cells():
        with cell_session(cell) as session:
            found += [(cell, job) for job in fleet.jobs(session, state, before=before if isinstance(before, uuid.UUID) else None, limit=PAGE)]
    found.sort(key=lambda one: one[1].job_id, reverse=True)
    shown = found[:PAGE]
    following = Cursor((shown[-1][1].job_id,)).encode() if len(found) > PAGE else None
    tenants = fleet.names(db.session(), [job.tenant for _, job in shown])
    return page("operator/jobs.html", jobs=shown, tenants=tenants, states=_states(state), state=state, following=following)


@pages.route("/jobs/<cell>/<uuid:job_id>/retry", methods=["GET", "POST"])
def retry(cell: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """We do not enter the tenant: the wish is written down and a bell rung, and the tenant's worker opens the work again."""
    if not on_duty().may("act") or cell not in cells():
        abort(404)
    form = RetryForm()
    with cell_session(cell) as session:
        job = session.scalar(select(JobReport).where(JobReport.job_id == job_id, JobReport.state.in_(ENDED))) or abort(404)
        tenant = db.session().scalar(select(Tenant).where(Tenant.key == job.tenant)) or abort(404)
        if not form.validate_on_submit():
            given: dict[str, Any] = {"form": form, "job": job, "tenant": tenant, "cell": cell}
            return form_again("operator/retry.html", **given) if form.is_submitted() else page("operator/retry.html", **given)
        now, why = on_duty().now, form.why.data or ""
        deed: dict[str, Any] = {"why": why, "tenant_id": tenant.id, "job": str(job_id), "kind": job.kind}
        staff.write_down(db.session(), "job.retried", by=on_duty().visitor.person_id, at=now, **deed)
        db.session().commit()  # what was meant stands in the log, whatever becomes of it
        job.again_at = now
        session.add(Bell(id=new_id(), tenant=job.tenant, kind=BELL, due_at=now))
        session.commit()
        doorbell.tell(job.tenant, [BELL])
    tell(gettext("A worker opens it again."))
    return leave(url_for(".jobs"))


@pages.get("/audit")
def audit() -> ResponseReturnValue:
    cursor = Cursor.decode(request.args.get("cursor"), (uuid.UUID,))
    before = cursor.values[0] if cursor else None
    found = staff.deeds(db.session(), before=before if isinstance(before, uuid.UUID) else None, limit=PAGE)
    following = Cursor((found[PAGE - 1].id,)).encode() if len(found) > PAGE else None
    return page("operator/audit.html", deeds=found[:PAGE], following=following, DEEDS=DEEDS, ITSELF=staff.ITSELF)


@contextmanager
def cell_session(cell: str) -> Iterator[Session]:
    """On a cell's own tables. What is not committed is rolled back."""
    with open_session(engine_of(cell), landlord_plane()) as session:
        yield session


def _states(chosen: str) -> list[dict[str, object]]:
    return [{"label": str(WORDS[state][0]), "url": here_with(state=state, cursor=None), "on": state == chosen} for state in STATES]
