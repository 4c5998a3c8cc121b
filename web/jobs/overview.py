"""设置 · 任务: all long work of the company, and the mails and messages that could not be sent."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tenants.jobs.models import STATES, Job
from tenants.notifications import bots
from tenants.team.queries import names_of
from tenants.wall import outbox
from tenants.wall.models import Outbox
from web.jobs.kinds import KINDS
from web.jobs.views import pages
from web.jobs.words import STATES as STATE_WORDS
from web.ui.htmx import leave, page, tell
from web.ui.links import here_with
from web.ui.paging import Cursor, Page
from web.ui.say import gettext, ngettext
from web.visit import find, here, permit

PAGE = 50


@pages.get("/settings/jobs")
def index() -> ResponseReturnValue:
    """Asks for its rows again while something on it runs."""
    permit("settings.jobs")
    state, kind = _one_of("state", STATES), _one_of("kind", KINDS)
    query = select(Job).where(*([Job.state == state] if state else []), *([Job.kind == kind] if kind else []))
    jobs = _page(query, Job)
    asked = names_of(here().session, [job.member_id for job in jobs.rows])
    return page("jobs/index.html", piece="rows", page=jobs, names=asked, states=_states(state), kinds=_kinds(kind), is_narrow=bool(state or kind))


@pages.get("/settings/jobs/undelivered")
def undelivered() -> ResponseReturnValue:
    permit("settings.jobs")
    unsent = _page(select(Outbox).where(Outbox.failed_at.is_not(None)), Outbox)
    return page("jobs/undelivered.html", page=unsent, to=_addressees(unsent.rows))


@pages.post("/settings/jobs/undelivered/<uuid:promise_id>/retry")
def deliver_again(promise_id: uuid.UUID) -> ResponseReturnValue:
    permit("settings.jobs")
    promised = find(Outbox, promise_id, Outbox.failed_at.is_not(None))
    outbox.try_again(here().session, promised.id, at=here().now)
    tell(gettext("It is tried again."))
    return leave(url_for(".undelivered"))


def _addressees(unsent: Sequence[Outbox]) -> dict[uuid.UUID, str]:
    """Whom each was for, and what about. An address that opens a door (a bot's) is not shown."""
    session, payloads = here().session, [one.payload for one in unsent]
    known = {str(key): name for key, name in names_of(session, [uuid.UUID(told["member"]) for told in payloads if "member" in told]).items()}
    known |= {bot.id: bot.name for bot in bots.read(session)} if any("bot" in told for told in payloads) else {}
    return {one.id: _addressee(one, known) for one in unsent}


def _addressee(promised: Outbox, known: Mapping[str, str]) -> str:
    """Of notifications, the name of the member or bot, and how many: their words are written when they are sent."""
    payload = promised.payload
    told = [str(payload[key]) for key in ("to", "subject", "title") if payload.get(key)]
    if "notifications" in payload:
        count = len(payload["notifications"])
        by_mail = ngettext("%(num)s notification by mail", "%(num)s notifications by mail", count)
        to_group = ngettext("%(num)s notification to a group", "%(num)s notifications to a group", count)
        told = [known.get(payload.get("member") or payload.get("bot", ""), gettext("(gone)")), to_group if "bot" in payload else by_mail]
    return " · ".join(told) or promised.kind


def _page(query: Any, model: type[Job] | type[Outbox]) -> Page[Any]:
    """The latest first, by key: what was made later has a greater one."""
    cursor = Cursor.decode(request.args.get("cursor"), (uuid.UUID,))
    backwards, key = cursor is not None and cursor.backwards, cursor.values[0] if cursor else None
    if key is not None:
        query = query.where(model.id > key if backwards else model.id < key)
    found = list(here().session.scalars(query.order_by(model.id if backwards else model.id.desc()).limit(PAGE + 1)))
    more, rows = len(found) > PAGE, found[:PAGE][::-1] if backwards else found[:PAGE]
    at = 0 if cursor is None else max(0, cursor.at - len(rows)) if backwards else cursor.at
    has_previous, has_next = (more, True) if backwards else (cursor is not None, more)
    return Page(
        rows,
        next=Cursor((rows[-1].id,), at=at + len(rows)).encode() if rows and has_next else None,
        previous=Cursor((rows[0].id,), backwards=True, at=at).encode() if rows and has_previous else None,
        at=at,
        total=None,
    )


def _one_of(name: str, known: Any) -> str:
    value = request.args.get(name, "")
    return value if not value or value in known else abort(400)


def _states(chosen: str) -> list[dict[str, Any]]:
    """Links of a bar, each to one state."""
    labels = {"": gettext("All"), **{state: str(label) for state, (label, _) in STATE_WORDS.items()}}
    return [{"label": label, "url": here_with(state=state or None, cursor=None), "on": state == chosen} for state, label in labels.items()]


def _kinds(chosen: str) -> list[dict[str, Any]]:
    labels = {"": gettext("Every kind"), **{kind: str(one.label) for kind, one in KINDS.items()}}
    return [{"label": label, "url": here_with(kind=kind or None, cursor=None), "on": kind == chosen} for kind, label in labels.items()]
