"""Coming in: a browser gets a session, and is sent on to where its person wants to be."""

import datetime as dt
import uuid
from urllib.parse import urlsplit

from flask import current_app, g, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from saas.identity import sessions
from saas.identity.memberships import companies_of
from saas.identity.rules import tidy
from web.database import db
from web.identity.cookie import keep_device, keep_token, session_token
from web.ui.htmx import leave

AGENT = 300  # characters of what a browser says it is


def open_door(database: Session, person_id: uuid.UUID, *, means: str, at: dt.datetime) -> str:
    """A new session in this browser; the one that it had is over, so that nobody goes on with a token that was known before."""
    if token := session_token():
        sessions.end_token(database, token, at=at)
    agent = tidy(request.user_agent.string)[:AGENT] or None
    return sessions.begin(database, person_id, at=at, means=means, address=request.remote_addr, agent=agent)


def welcome(token: str, person_id: uuid.UUID, target: str) -> Response:
    """Sends the browser on with its new cookies. Forms that were open before belong to nobody now."""
    session.pop("csrf_token", None)
    g.pop("visitor", None)
    return keep_device(keep_token(leave(target), token), person_id)


def let_in(person_id: uuid.UUID, *, means: str, wanted: str | None = None) -> Response:
    """Both, in the request's own transaction; then to `wanted`, or home."""
    token = open_door(db.session(), person_id, means=means, at=dt.datetime.now(dt.UTC))
    return welcome(token, person_id, local(wanted) or home(person_id))


def home(person_id: uuid.UUID) -> str:
    """The workbench of the person's only company, else the page to choose one."""
    companies = companies_of(db.session(), person_id)
    return workbench(companies[0].slug) if len(companies) == 1 else url_for("identity.companies")


def workbench(slug: str) -> str:
    return url_for("workbench.show", slug=slug) if "workbench.show" in current_app.view_functions else f"/{slug}/"


def local(target: str | None) -> str | None:
    """`target` if it is a path of ours; what a browser could read as another host is nothing."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable() or "\\" in target:
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
