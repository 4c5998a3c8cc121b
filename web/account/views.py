"""My account: profile, password and other ways in, devices. It belongs to a person, not to a company."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms import PasswordField

from saas.identity import oidc, sessions, throttle
from saas.identity.models import Person
from saas.identity.passwords import TooBusy, hash_password
from saas.identity.recovery import change_password
from saas.identity.rules import weakness
from saas.identity.sessions import Visitor
from tenants.values.words import Refusal
from web.account.devices import device_name, is_hand_held
from web.account.forms import FirstPasswordForm, LinkForm, PasswordForm, ProfileForm, ThemeForm
from web.database import db
from web.identity.arrival import home, open_door, welcome
from web.identity.mails import mail_confirmation, mail_password_changed
from web.identity.oidc import set_out
from web.identity.proof import prove
from web.identity.providers import client_of, label_of_issuer, providers
from web.tenancy import to_sign_in, visitor_now
from web.ui.htmx import done, leave, page, tell

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.before_request
def require_person() -> ResponseReturnValue | None:
    return None if visitor_now() else to_sign_in()


@pages.route("", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    person = _me()
    form = ProfileForm(obj=person)
    if not form.is_submitted():
        form.locale.data = form.locale.data or g.visitor.locale or "zh_Hans_CN"
    if not form.validate_on_submit():
        return _page("profile", form=form, status=422 if form.is_submitted() else 200)
    form.populate_obj(person)
    db.session.flush()
    g.pop("visitor")  # the answer is said in the language just chosen
    tell(gettext("Saved."))
    return leave(url_for(".show"))


@pages.post("/theme")
def theme() -> ResponseReturnValue:
    form = ThemeForm()
    if not form.validate():
        abort(422)
    _me().theme = form.theme.data
    return Response(status=204)


@pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    person = _me()
    form = PasswordForm() if person.password_hash else FirstPasswordForm()
    if not (form.validate_on_submit() and _accepts(form, person)):
        return _password_page(person, form, LinkForm(formdata=None), status=422 if form.is_submitted() else 200)
    return _change(person, form.password.data)


@pages.get("/sessions")
def devices() -> ResponseReturnValue:
    found = sessions.devices_of(db.session(), g.visitor.person_id, now=_now())
    return _page("sessions", devices=found, device_name=device_name, is_hand_held=is_hand_held, current=g.visitor.session_id)


@pages.post("/sessions/<uuid:session_id>/ending")
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    now, database = _now(), db.session()
    if session_id not in {device.id for device in sessions.devices_of(database, g.visitor.person_id, now=now)}:
        abort(404)
    sessions.end(database, session_id, at=now)
    tell(gettext("That browser was signed out."))
    return leave(url_for(".devices"))


@pages.post("/sessions/ending")
def end_other_sessions() -> ResponseReturnValue:
    sessions.end_all(db.session(), g.visitor.person_id, at=_now(), but=g.visitor.session_id)
    tell(gettext("All other browsers were signed out."))
    return leave(url_for(".devices"))


@pages.post("/confirmation")
def confirmation() -> ResponseReturnValue:
    """Another letter with a link to confirm the address."""
    person, database, now = _me(), db.session(), _now()
    if person.mail_confirmed_at is None:
        throttle.count(database, [throttle.Try(throttle.CONFIRM, str(person.id))], at=now)
        mail_confirmation(database, person, at=now)
    tell(gettext("An email is on its way to %(mail)s.", mail=person.mail))
    return done(url_for(".show"))  # asked for on pages of a company too: there it stays


@pages.post("/links/<provider>")
def link(provider: str) -> ResponseReturnValue:
    """Off to the provider, by a link on a page: a form may not lead to another site."""
    client_of(provider)
    person, form = _me(), LinkForm()
    if person.password_hash and not (form.validate() and _proves(form.current, person)):
        return _password_page(person, PasswordForm(formdata=None), form, status=422)
    return _page("leaving", going=_to_provider(provider))


@pages.post("/links/removal")
def unlink() -> ResponseReturnValue:
    try:
        oidc.unlink(db.session(), _me(), request.form.get("issuer", ""), request.form.get("subject", ""))
        tell(gettext("You can no longer sign in with that account."))
    except Refusal as refusal:
        tell(gettext(refusal.sentence, **refusal.params), kind="bad")
    return leave(url_for(".password"))


def _to_provider(provider: str) -> str:
    answer = set_out(provider, link_to=g.visitor.person_id)
    if not isinstance(answer, Response) or answer.location is None:
        abort(503)
    return answer.location


def _accepts(form: FirstPasswordForm, person: Person) -> bool:
    if why := weakness(form.password.data, person.name, person.mail):
        form.password.errors = [gettext(why)]
        return False
    return not isinstance(form, PasswordForm) or _proves(form.current, person)


def _proves(field: PasswordField, person: Person) -> bool:
    try:
        if prove(person.mail, field.data) is not None:
            return True
        field.errors = [gettext("This is not your current password.")]
    except (throttle.TooManyTries, TooBusy) as refusal:
        field.errors = [gettext(refusal.sentence, **refusal.params)]
    return False


def _change(person: Person, new: str) -> ResponseReturnValue:
    """This browser goes on with a new token; all others are signed out."""
    database, now = db.session(), _now()
    database.commit()
    password_hash = hash_password(new)
    change_password(database, person, password_hash, at=now)
    token = open_door(database, person.id, means="password", at=now)
    mail_password_changed(database, person, at=now)
    tell(gettext("The new password holds. All other browsers were signed out."))
    return welcome(token, person.id, url_for(".password"))


def _password_page(person: Person, form: FirstPasswordForm, link_form: LinkForm, status: int) -> Response:
    links = oidc.links_of(db.session(), person.id)
    linked = {link.issuer.rstrip("/") for link in links}
    unlinked = [one for one in providers() if one.issuer.rstrip("/") not in linked]
    has_password = person.password_hash is not None
    ways = {"links": links, "unlinked": unlinked, "label_of_issuer": label_of_issuer, "has_password": has_password, "link_form": link_form}
    return _page("password", form=form, status=status, **ways)


def _page(name: str, *, status: int = 200, **context: Any) -> Response:
    visitor: Visitor = g.visitor
    back = home(visitor.person_id)
    return page(f"account/{name}.html", status=status, visitor=visitor, me=_me(), back=back, here=name, **context)


def _me() -> Person:
    return db.session.get_one(Person, g.visitor.person_id)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
