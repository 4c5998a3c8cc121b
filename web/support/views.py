"""设置 · 支持访问: whether we may look in, since when and until when, and every visit that we ever made."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from saas.operator import consents, visits
from saas.operator.care import find_held
from saas.operator.rules import LONGEST, SPANS
from saas.registry.models import Tenant
from tenants.notifications.inbox import mark_kinds_seen
from tenants.timeline.log import record
from tenants.values.words import Refusal
from web.database import db
from web.support.words import room_names
from web.tenancy import tenant_pages
from web.ui.htmx import block, done, form_again, leave, page, tell
from web.ui.paging import Cursor
from web.ui.say import gettext, ngettext
from web.visit import here, permit

pages = tenant_pages("support", __name__)
PAGE = 50


class GrantForm(FlaskForm):
    days = RadioField(
        _l("For how long?"),
        [DataRequired(_l("Please choose."))],
        choices=lambda: [SelectChoice(str(days), ngettext("%(num)s day", "%(num)s days", days)) for days in SPANS],
        default=str(SPANS[0]),
    )
    what_for = StringField(
        _l("What for?"),
        [DataRequired(_l("Please say in a few words what we should look at.")), Length(max=500)],
        filters=[lambda text: (text or "").strip()],
    )


@pages.before_request
def may_decide() -> None:
    permit("settings.company")


@pages.route("/settings/support", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    form = GrantForm()
    if not form.is_submitted():
        _see()
        return page("support/show.html", **_standing(form))
    if not form.validate():
        return form_again("support/show.html", piece="consent", **_standing(form))
    days = int(form.days.data)
    consents.grant(db.session(), _held(), days=days, what_for=form.what_for.data or "", **_by())
    _note("granted", days=days, what_for=form.what_for.data)
    tell(gettext("Zuke support may look in now. You can withdraw it at any time."))
    return _stay()


@pages.post("/settings/support/refusal")
def refuse() -> ResponseReturnValue:
    try:
        consents.refuse(db.session(), _held(), **_by())
    except Refusal as refusal:
        tell(gettext(refusal.sentence), kind="wait")
        return _stay()
    _note("refused")
    tell(gettext("Refused. Zuke support does not look in."))
    return _stay()


@pages.post("/settings/support/withdrawal")
def withdraw() -> ResponseReturnValue:
    consent = consents.withdraw(db.session(), _held(), **_by())
    if consent is not None:
        _note("withdrawn")
        tell(gettext("Withdrawn. Whoever was looking in is out."), undo=url_for(".restore", consent_id=consent.id))
    return _stay()


@pages.post("/settings/support/<uuid:consent_id>/restoration")
def restore(consent_id: uuid.UUID) -> ResponseReturnValue:
    """Takes a withdrawal back. What it ended stays ended."""
    visit = here()
    if consents.restore(db.session(), _held(), consent_id, by=visit.visitor.person_id, at=visit.now) is None:
        tell(gettext("That cannot be taken back any more. You can let us in anew."), kind="wait")
        return leave(url_for(".show"))
    _note("restored")
    tell(gettext("Zuke support may look in again."))
    return leave(url_for(".show"))


def _see() -> None:
    """Who looks at it here need not be told of it under the bell."""
    visit = here()
    if visit.actor.unread:
        mark_kinds_seen(visit.session, visit.actor.id, "support.asked", "support.visited", at=visit.now)


def _held() -> Tenant:
    tenant = find_held(db.session(), here().tenant.id)
    if tenant is None:
        raise LookupError("the company that we are in has no row")
    return tenant


def _by() -> dict[str, Any]:
    visit = here()
    return {"name": visit.actor.name, "by": visit.visitor.person_id, "at": visit.now}


def _note(what: str, **data: Any) -> None:
    """In the company's log."""
    record(here().session, f"support.{what}", by=here().actor, at=here().now, **data)


def _stay() -> ResponseReturnValue:
    db.session().flush()
    return done(url_for(".show"), block("support/show.html", "consent", **_standing(GrantForm(formdata=None))))


def _standing(form: GrantForm) -> dict[str, Any]:
    visit, session = here(), db.session()
    cursor = Cursor.decode(request.args.get("before"), (uuid.UUID,))
    before = cursor.values[0] if cursor else None
    found = visits.of_tenant(session, visit.tenant.id, before=before if isinstance(before, uuid.UUID) else None, limit=PAGE)
    question = consents.waiting(session, visit.tenant.id, visit.now)
    if question is not None and not form.is_submitted():
        form.what_for.data = question.asked_why
    return {
        "form": form,
        "consent": consents.standing(session, visit.tenant.id, visit.now),
        "question": question,
        "visits": found[:PAGE],
        "following": Cursor((found[PAGE - 1].id,)).encode() if len(found) > PAGE else None,
        "now": visit.now,
        "longest": int(LONGEST.total_seconds() // 60),
        "room_names": room_names,
    }
