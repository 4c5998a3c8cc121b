"""What the bell rings for: the newest under it, all on a page; each opens what it is about."""

import datetime as dt
import itertools
import uuid
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tenants.followups.models import Plan
from tenants.notifications import inbox as verbs
from tenants.notifications.models import Notification
from tenants.reminders.reading import Inbox, Notice, inbox
from tenants.team.scope import with_customer
from web import pieces
from web.notifications.sentences import say
from web.tenancy import tenant_pages
from web.ui.htmx import done, is_htmx, leave, page, tell
from web.ui.paging import Cursor
from web.visit import find, here, permit

pages = tenant_pages("notifications", __name__)
NEWEST = 8  # under the bell
LONGEST_UNDO = dt.timedelta(hours=1)


@pages.get("/notifications")
def index() -> ResponseReturnValue:
    """Unread, or all with `?show=all`; for htmx the newest unread as the bell shows them."""
    cursor = Cursor.decode(request.args.get("cursor"), (dt.datetime, uuid.UUID))
    before: Any = cursor.values if cursor else None
    return page("notifications/index.html", piece="notifications/_list.html", **_list(before))


@pages.get("/notifications/newest")
def newest() -> ResponseReturnValue:
    """What unfolds under the bell."""
    visit = here()
    found = inbox(visit.session, visit.actor, unread=True, most=NEWEST)
    return page("notifications/newest.html", notices=found.notices, more=found.more, say=say)


@pages.get("/notifications/count")
def count() -> ResponseReturnValue:
    """The bell again, asked for by pages that are open: who asks is found together with the number, so that it costs no query of its own."""
    return Response(render_template("ui/bell_count.html", unread=here().actor.unread))


@pages.get("/notifications/<uuid:notification_id>")
def show(notification_id: uuid.UUID) -> ResponseReturnValue:
    """Opens what it is about, and has it as read."""
    visit, notification = here(), _find(notification_id)
    verbs.mark_read(visit.session, visit.actor.id, notification.id, at=visit.now)
    return leave(_address(notification))


@pages.post("/notifications/<uuid:notification_id>/reading")
def read(notification_id: uuid.UUID) -> ResponseReturnValue:
    visit = here()
    verbs.mark_read(visit.session, visit.actor.id, _find(notification_id).id, at=visit.now)
    return _answer()


@pages.post("/notifications/<uuid:notification_id>/completion")
def finish(notification_id: uuid.UUID) -> ResponseReturnValue:
    """The plan that it reminds of is done."""
    visit, notification = here(), _find(notification_id)
    seen = with_customer(Plan.customer_id, visit.actor, writing=True)
    plan = find(Plan, notification.subject_id or notification_id, seen, Plan.deleted_at.is_(None), Plan.customer_id.in_(pieces.LIVE_CUSTOMERS))
    permit("followup.edit")
    plan.finish(visit.session, by=visit.actor, at=visit.now)
    verbs.mark_read(visit.session, visit.actor.id, notification.id, at=visit.now)
    tell(gettext("Done: %(plan)s", plan=plan.content[:40]), undo=url_for("plans.reopen", plan_id=plan.id))
    return _answer()


@pages.post("/notifications/reading")
def read_all() -> ResponseReturnValue:
    visit = here()
    verbs.mark_all_read(visit.session, visit.actor.id, at=visit.now)
    tell(gettext("All read."), undo=url_for(".unread", at=visit.now.isoformat()))
    return _answer()


@pages.post("/notifications/unreading")
def unread() -> ResponseReturnValue:
    """Takes back the reading of them all, for an hour."""
    visit = here()
    moment = _moment(request.args.get("at", ""))
    if moment is not None and visit.now - LONGEST_UNDO < moment <= visit.now:
        verbs.mark_unread(visit.session, visit.actor.id, read_at=moment)
    return _answer()


def _moment(words: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _find(notification_id: uuid.UUID) -> Notification:
    """One's own; anybody else's answers as one that does not exist."""
    return find(Notification, notification_id, Notification.member_id == here().actor.id)


def _answer() -> ResponseReturnValue:
    """To the list, which is as it was asked for."""
    listed = _list(None)
    html = (
        render_template("notifications/_list_piece.html", **listed, unread=verbs.count_unread(here().session, here().actor.id)) if is_htmx() else ""
    )
    return done(url_for(".index", show=listed["shown"] if listed["shown"] == "all" else None), html)


def _list(before: Any) -> dict[str, Any]:
    visit = here()
    shown = "all" if request.values.get("show") == "all" else "unread"
    found = inbox(visit.session, visit.actor, unread=shown == "unread", before=before)
    return {"days": _by_day(found), "shown": shown, "older": _older(found), "say": say, "may_finish": visit.actor.may("followup.edit")}


def _by_day(found: Inbox) -> list[tuple[dt.date, list[list[Notice]]]]:
    """Days, and in each day what belongs to one customer together."""
    days = itertools.groupby(found.notices, key=lambda notice: notice.at.astimezone(here().zone).date())
    return [(day, _by_customer(list(notices))) for day, notices in days]


def _by_customer(notices: list[Notice]) -> list[list[Notice]]:
    """In the order of each customer's newest; what is about no customer stands for itself."""
    groups: dict[uuid.UUID, list[Notice]] = {}
    for notice in notices:
        groups.setdefault(notice.customer_id or notice.id, []).append(notice)
    return list(groups.values())


def _older(found: Inbox) -> str | None:
    last = found.notices[-1] if found.more else None
    return Cursor((last.at, last.id)).encode() if last else None


def _address(notification: Notification) -> str:
    """Where it leads. A kind without a place of its own leads to the list."""
    if notification.kind in ("job.done", "job.failed") and notification.subject_id:
        return url_for("jobs.show", job_id=notification.subject_id)
    if notification.kind.startswith("support."):
        return url_for("support.show")
    if notification.kind == "digest":
        return url_for("workbench.show")
    if notification.opportunity_id and notification.kind == "opportunity.assigned":
        return url_for("opportunities.show", opportunity_id=notification.opportunity_id)
    if notification.customer_id:
        anchor = f"plan-{notification.subject_id}" if notification.kind.startswith("plan.") and notification.subject_id else None
        return url_for("customers.show", customer_id=notification.customer_id, _anchor=anchor)
    if notification.kind in ("customer.assigned", "customer.graded"):
        return url_for("customers.index", scene="mine")
    if notification.kind == "opportunity.assigned":
        return url_for("opportunities.index")
    return url_for(".index", show="all")
