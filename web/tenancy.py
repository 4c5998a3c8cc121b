"""From the path to the tenant's world: /<slug>/… -> session, person, membership and tenant in one query -> inside the wall -> the member.

The answer is committed once, before it leaves; 4xx and 5xx roll back; then the doorbell is told.
"""

import datetime as dt
from contextlib import ExitStack
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request
from flask_babel import gettext
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from saas.identity.sessions import Visitor, knock, recognise, touch
from saas.operator import visits
from saas.operator.visits import Passage
from saas.registry.slugs import PATTERN, RESERVED
from tenants.team.actor import Actor, find_actor, onlooker
from tenants.wall.bells import to_be_told
from tenants.wall.session import entered, landlord_plane, open_session, tenant_plane
from tenants.wall.tenant import Tenant
from web import doorbell, errors
from web.closed import require_open
from web.database import db, engine_of
from web.identity.cookie import session_token
from web.ui.htmx import is_htmx, tell
from web.ui.htmx import leave as go
from web.visit import SAFE, SHOWN, Visit, VisitOver, admit, may_leave

UNATTENDED = frozenset({"notifications.count"})  # asked by an open page, though nobody sits before it: it keeps no session alive


class SlugConverter(BaseConverter):
    """A company's name in the URL. Words of ours (static, sign-in, …) are none, so that a wrong method there is a 405 and no company."""

    regex = f"(?!(?:{'|'.join(sorted(RESERVED))})$){PATTERN}"


def tenant_pages(name: str, import_name: str) -> Blueprint:
    """A blueprint whose pages lie behind the wall, under /<slug>/. Its views are reached only by members, and by our staff on a visit."""
    pages = Blueprint(name, import_name, url_prefix="/<slug:slug>")
    pages.before_request(enter)
    return pages


def init_app(app: Flask) -> None:
    app.url_map.converters["slug"] = SlugConverter
    app.url_value_preprocessor(_take_slug)
    app.url_defaults(_give_slug)
    app.after_request(settle)
    app.teardown_request(leave)


def enter() -> AnyResponse | None:
    now = dt.datetime.now(dt.UTC)
    token = session_token()
    arrival = knock(db.session(), token, g.slug, now=now) if token else None
    if arrival is None:
        return to_sign_in()
    visitor, tenant = arrival
    support = None if tenant else _passage(visitor, now)
    if visitor.is_stale(now) and request.endpoint not in UNATTENDED:
        touch(db.session(), visitor.session_id, now=now)
    db.session.commit()
    g.visitor = visitor
    if support is not None:
        tenant = support.tenant
        db.session().info["plane"] = landlord_plane(is_reading=True)
    if tenant is None:
        abort(404)
    g.visit = _step_in(visitor, tenant, support, now)
    require_open(db.session(), g.visit, request.blueprint)
    admit(g.visit, request.method, request.blueprint, request.endpoint)
    return None


def _passage(visitor: Visitor, now: dt.datetime) -> Passage | None:
    """For who is no member: the visit that one of our staff makes here. Raises `VisitOver` when it has ended."""
    passage = visits.at_door(db.session(), visitor, g.slug, now=now)
    if passage is not None and passage.over is not None:
        g.visitor = visitor
        raise VisitOver(passage)
    if passage is not None and request.blueprint in SHOWN:
        visits.look_into(db.session(), passage, request.blueprint)
    return passage


def _step_in(visitor: Visitor, tenant: Tenant, support: Passage | None, now: dt.datetime) -> Visit:
    """Through the wall. Who visits is an onlooker, and the database itself keeps them from writing."""
    g.world = ExitStack()
    g.world.enter_context(entered(tenant))
    plane = tenant_plane(tenant, is_reading=support is not None)
    session = g.world.enter_context(open_session(engine_of(tenant.cell), plane))
    actor: Actor | None = onlooker(support.id, visitor.name) if support else find_actor(session, visitor.person_id)
    if actor is None:
        abort(404)
    return Visit(visitor, tenant, session, actor, now, support)


def settle(response: Response) -> Response:
    visit: Visit | None = g.get("visit")
    if visit is not None and not may_leave(visit, response):
        response.close()
        response = errors.only_looking()
    succeeded = response.status_code < 400
    if visit is not None:
        visit.session.commit() if succeeded else visit.session.rollback()
        if succeeded:
            doorbell.tell(visit.tenant.key, to_be_told(visit.session))
    if db.session.registry.has():
        landlord = db.session()
        landlord.commit() if succeeded else landlord.rollback()
        if succeeded:
            doorbell.tell("saas", to_be_told(landlord))
    return response


def leave(_: BaseException | None) -> None:
    world: ExitStack | None = g.pop("world", None)
    if world is not None:
        world.close()


def to_sign_in() -> AnyResponse:
    """Signed out: a plain browser is sent to sign in and comes back here; htmx is told to send it, and comes back to the page it lay on."""
    if not is_htmx():
        return redirect(_door(request.full_path.rstrip("?") if request.method in SAFE else "/"), 303)
    tell(gettext("You were signed out in the meantime. Sign in, and you are back where you were."), kind="wait")
    answer = go(_door(_page_in_sight()))
    answer.status_code = 401
    return answer


def _door(wanted: str) -> str:
    return current_app.url_for("identity.sign_in", next=wanted if wanted != "/" else None)


def _page_in_sight() -> str:
    """Path and query of the page that a piece was asked for."""
    shown = request.headers.get("HX-Current-URL", "").partition("#")[0]
    return "/" + shown.partition("://")[2].partition("/")[2]


def visitor_now() -> Visitor | None:
    """The signed-in person on a page that belongs to no tenant, or None. Asked once a request."""
    if "visitor" not in g:
        token = session_token()
        g.visitor = recognise(db.session(), token, now=dt.datetime.now(dt.UTC)) if token else None
    visitor: Visitor | None = g.visitor
    return visitor


def _take_slug(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None and "slug" in values:
        g.slug = values.pop("slug")


def _give_slug(endpoint: str, values: dict[str, Any]) -> None:
    if "slug" not in values and "slug" in g and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        values["slug"] = g.slug
