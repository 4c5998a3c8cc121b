"""设置 · 日志: who changed the team, its rights and the company, who took data out, and when."""

import datetime as dt
import uuid

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select, tuple_

from tenants.team.queries import names_of
from tenants.timeline.models import Event
from web.settings.views import pages
from web.ui.htmx import page
from web.ui.paging import Cursor
from web.visit import here, permit

SHOWN = (
    "member.%",
    "role.%",
    "team.%",
    "territory.%",
    "company.%",
    "sample.%",
    "stage.%",
    "pipeline.%",
    "import.%",
    "export.%",
    "scoring.%",
    "subscription.%",
    "support.%",
)
PAGE = 50


@pages.get("/settings/log")
def log() -> ResponseReturnValue:
    permit("settings.log")
    session = here().session
    query = select(Event).where(or_(*(Event.kind.like(pattern) for pattern in SHOWN))).order_by(Event.at.desc(), Event.id.desc()).limit(PAGE + 1)
    if before := Cursor.decode(request.args.get("before"), (dt.datetime, uuid.UUID)):
        query = query.where(tuple_(Event.at, Event.id) < before.values)
    events = list(session.scalars(query))
    names = names_of(session, [event.member_id for event in events])
    last = events[PAGE - 1] if len(events) > PAGE else None
    following = Cursor((last.at, last.id)).encode() if last else None
    return page("settings/log.html", events=events[:PAGE], names=names, following=following)
