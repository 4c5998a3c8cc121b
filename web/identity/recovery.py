"""A forgotten password, and an address to confirm. What is answered tells nobody who has an account."""

import datetime as dt

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from saas.identity import throttle
from saas.identity.links import LinkExpired, person_of
from saas.identity.passwords import hash_password
from saas.identity.people import find_person
from saas.identity.recovery import confirm_mail
from saas.identity.recovery import reset_password as reset
from saas.identity.rules import weakness
from web.database import db
from web.identity.arrival import home, let_in
from web.identity.forms import ForgottenForm, ResetForm
from web.identity.mails import mail_password_changed, mail_reset
from web.identity.views import pages
from web.tenancy import visitor_now
from web.ui.htmx import leave, page, tell


@pages.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> ResponseReturnValue:
    form = ForgottenForm()
    if not form.validate_on_submit():
        if not form.is_submitted():
            form.mail.data = request.args.get("mail", "")
        return page("identity/forgotten_password.html", form=form, status=422 if form.is_submitted() else 200)
    _mail_a_link(form.mail.data)
    return page("identity/letter_sent.html", mail=form.mail.data)


@pages.route("/reset-password/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> ResponseReturnValue:
    now = dt.datetime.now(dt.UTC)
    person = person_of(db.session(), token, "reset", at=now)
    if person is None:
        return page("identity/link_expired.html", purpose="reset", status=410)
    form = ResetForm()
    if form.validate_on_submit() and not (why := weakness(form.password.data, person.name, person.mail)):
        return _reset(token, form.password.data)
    if form.is_submitted() and not form.password.errors:
        form.password.errors = [gettext(why)]
    return page("identity/reset_password.html", form=form, mail=person.mail, status=422 if form.is_submitted() else 200)


@pages.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Opening the page changes nothing, because mail scanners open links too; its one button does."""
    now = dt.datetime.now(dt.UTC)
    person = person_of(db.session(), token, "confirm", at=now)
    if person is None:
        return page("identity/link_expired.html", purpose="confirm", status=410)
    form = FlaskForm()
    if not form.validate_on_submit():
        return page("identity/confirm.html", mail=person.mail, status=422 if form.is_submitted() else 200)
    try:
        confirm_mail(db.session(), token, at=now)
    except LinkExpired:
        return page("identity/link_expired.html", purpose="confirm", status=410)
    tell(gettext("Thank you. %(mail)s is confirmed.", mail=person.mail))
    visitor = visitor_now()
    return leave(home(visitor.person_id) if visitor else url_for(".sign_in", mail=person.mail))


def _mail_a_link(mail: str) -> None:
    """Does nothing for an unknown address, or one that has got its letters already; the page says the same."""
    database, now = db.session(), dt.datetime.now(dt.UTC)
    try:
        throttle.count(
            database, [throttle.Try(throttle.RESET, mail), throttle.Try(throttle.RESET_ADDRESS, throttle.network(request.remote_addr))], at=now
        )
    except throttle.TooManyTries:
        database.rollback()
        return
    if person := find_person(database, mail):
        mail_reset(database, person, at=now)


def _reset(token: str, password: str) -> ResponseReturnValue:
    now, database = dt.datetime.now(dt.UTC), db.session()
    database.commit()  # no connection is held while the hash is made
    password_hash = hash_password(password)
    try:
        person = reset(database, token, password_hash, at=now)
    except LinkExpired:
        return page("identity/link_expired.html", purpose="reset", status=410)
    mail_password_changed(database, person, at=now)
    tell(gettext("The new password holds. All other browsers were signed out."))
    return let_in(person.id, means="reset")
