"""Refusals and errors in the user's language: a whole page for a plain browser, a piece for htmx."""

import structlog
from flask import Flask, Response, current_app, g, render_template, url_for
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from saas.operator.rules import ENDINGS
from tenants.values.words import Refusal
from web import closed
from web.closed import Closed
from web.ui.faults import Fault
from web.ui.htmx import is_htmx
from web.ui.say import gettext
from web.visit import NotInPlan, OnlyLooking, VisitOver

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refusal, refusal)
    app.register_error_handler(StaleDataError, changed_meanwhile)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(InternalError, not_written)
    app.register_error_handler(VisitOver, visit_over)
    app.register_error_handler(Closed, closed.told)
    app.register_error_handler(OnlyLooking, only_looking)
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
    return gettext("This belongs to a larger plan. What you have made with it stays and goes on working.")


def only_looking(_: OnlyLooking | None = None) -> Response:
    """To one of our own staff who visits a company."""
    told = Fault(
        gettext("A visit only looks"),
        gettext("While you visit a company nothing can be changed or downloaded, and what is personal or secret stays closed."),
    )
    return show(403, fault=told)


def visit_over(error: VisitOver) -> Response:
    passage, why = error.passage, error.passage.over or "over"
    told = Fault(gettext("Your visit to %(company)s has ended", company=passage.tenant.name), gettext(ENDINGS[why]))
    way = None if passage.over == "staff" else (gettext("To the tenant"), url_for("operator.tenant", tenant_id=passage.tenant.id))
    return show(403, fault=told, way=way)


def not_written(error: InternalError) -> Response:
    """The second lock of a visit: a page that would write something down is refused by the database."""
    return only_looking() if isinstance(error.orig, ReadOnlySqlTransaction) else unexpected(error)


def refusal(error: Refusal, *, again: str | None = None) -> Response:
    """`again`: where one goes on from, if this very address only takes forms."""
    sentence = gettext(error.sentence, **error.params)
    return show(422, sentence, again=again, fault=Fault(gettext("That did not work"), sentence))


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


def _sees_to_the_rent() -> bool:
    visit = g.get("visit")
    return visit is not None and visit.actor.may("settings.subscription") and current_app.extensions.get("gateway") is not None


def show(
    status: int, sentence: str | None = None, *, again: str | None = None, fault: Fault | None = None, way: tuple[str, str] | None = None
) -> Response:
    """`sentence` replaces the page's own words for this status, `fault` the title too; `again` is where "Try again" leads when this very address is
    no good any longer; `way` is another way on: label and address."""
    template = "errors/piece.html" if is_htmx() else "errors/page.html"
    frame = "layouts/workspace.html" if g.get("visit") else "layouts/plain.html"
    html = render_template(template, status=status, sentence=sentence, again=again, frame=frame, instead=fault, way_on=way, pays=_sees_to_the_rent())
    return Response(html, status, content_type="text/html; charset=utf-8")
