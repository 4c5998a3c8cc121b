"""Refusals and errors in the user's language: a whole page for a plain browser, a piece for htmx."""

import structlog
from flask import Flask, current_app, g, render_template
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from tenants.values.words import Refusal
from web.ui.htmx import is_htmx
from web.visit import NotInPlan

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refusal, refusal)
    app.register_error_handler(StaleDataError, changed_meanwhile)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(Exception, unexpected)


def http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:  # a redirect is raised as an exception too
        return error
    answer = show(error.code, _not_in_plan() if isinstance(error, NotInPlan) else None)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _not_in_plan() -> str:
    return str(gettext("This belongs to a larger plan. What you have made with it stays and goes on working."))


def refusal(error: Refusal) -> Response:
    return show(422, gettext(error.sentence, **error.params))


def changed_meanwhile(_: StaleDataError) -> Response:
    return show(409)


def database_away(error: OperationalError) -> Response:
    log.error("database away", error=str(error))
    return show(503)


def unexpected(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.exception("unexpected", error=repr(error))
    return show(500)


def show(status: int, sentence: str | None = None, *, again: str | None = None) -> Response:
    """`sentence` replaces the page's own words for this status; `again` is where "Try again" leads when this very address is no good any longer."""
    template = "errors/piece.html" if is_htmx() else "errors/page.html"
    frame = "layouts/workspace.html" if g.get("visit") else "layouts/plain.html"
    html = render_template(template, status=status, sentence=sentence, again=again, frame=frame)
    return Response(html, status, content_type="text/html; charset=utf-8")
