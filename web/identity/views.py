"""Signing in and out, and choosing a company."""

import datetime as dt

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from saas.identity import sessions
from saas.identity.memberships import companies_of
from saas.identity.passwords import TooBusy
from saas.identity.throttle import TooManyTries
from saas.operator import staff
from web.database import db
from web.identity.arrival import home, let_in, local, workbench
from web.identity.cookie import drop_token, session_token
from web.identity.forms import SignInForm
from web.identity.proof import prove
from web.identity.providers import providers
from web.tenancy import to_sign_in, visitor_now
from web.ui.htmx import leave, page

pages = Blueprint("identity", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    wanted = local(request.args.get("next"))
    visitor = visitor_now()
    if visitor is not None and request.method == "GET":
        return leave(wanted or home(visitor.person_id))
    form = SignInForm()
    if not form.is_submitted():
        form.mail.data = request.args.get("mail", "")
        return _sign_in_page(form, 200)
    if not form.validate():
        return _sign_in_page(form, 422)
    return _try(form, wanted)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if token := session_token():
        sessions.end_token(db.session(), token, at=dt.datetime.now(dt.UTC))
    session.clear()
    answer = drop_token(leave(local(request.form.get("next")) or url_for(".sign_in")))
    answer.headers["Clear-Site-Data"] = '"storage"'  # drafts are in the browser's storage
    return answer


@pages.get("/companies")
def companies() -> ResponseReturnValue:
    visitor = visitor_now()
    if visitor is None:
        return to_sign_in()
    return page(
        "identity/companies.html",
        visitor=visitor,
        companies=companies_of(db.session(), visitor.person_id),
        workbench=workbench,
        is_operator=staff.role_of(db.session(), visitor.person_id) is not None,
    )


def _try(form: SignInForm, wanted: str | None) -> ResponseReturnValue:
    try:
        person = prove(form.mail.data, form.password.data)
    except TooManyTries as many:
        form.form_errors.append(gettext(many.sentence, **many.params))
        answer = _sign_in_page(form, 429)
        answer.headers["Retry-After"] = str(many.seconds)
        return answer
    except TooBusy as busy:
        form.form_errors.append(gettext(busy.sentence))
        return _sign_in_page(form, 503)
    if person is None:
        form.form_errors.append(gettext("Email or password is not right."))
        return _sign_in_page(form, 422)
    return let_in(person.id, means="password", wanted=wanted)


def _sign_in_page(form: SignInForm, status: int) -> Response:
    return page("identity/sign_in.html", form=form, wanted=local(request.args.get("next")), providers=providers(), status=status)
