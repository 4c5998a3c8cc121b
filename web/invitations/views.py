"""Accepting an invitation: with an account, or with a new one. Whoever has the link has read the mail, so the address is proved."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from saas.identity.invitations import accept, find_invitation
from saas.identity.models import Invitation, Person
from saas.identity.passwords import hash_password
from saas.identity.people import find_person, register
from saas.identity.sessions import Visitor, value_of
from saas.registry.crossing import crossing
from saas.registry.models import Tenant as TenantRow
from saas.registry.states import ENTERABLE
from tenants.values.words import Refusal
from tenants.wall.tenant import Tenant
from web.database import db, engine_of
from web.identity.arrival import open_door, welcome, workbench
from web.invitations.forms import NewColleagueForm
from web.languages import locale
from web.tenancy import visitor_now
from web.ui.htmx import page, tell

pages = Blueprint("invitations", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """An open invitation, as its page knows it."""

    token: str
    invitation: Invitation
    company: Tenant
    by: str
    visitor: Visitor | None

    def show(self, template: str, status: int = 200, **more: Any) -> Response:
        return page(f"invitations/{template}.html", asked=self, here=url_for("invitations.show", token=self.token), status=status, **more)


@pages.route("/invitations/<token>", methods=["GET", "POST"])
def show(token: str) -> ResponseReturnValue:
    asked = _asked(token)
    if asked is None:
        return page("invitations/gone.html", status=410)
    person = find_person(db.session(), asked.invitation.mail)
    if person is None:
        return _as_somebody_new(asked)
    if asked.visitor is None or asked.visitor.person_id != person.id:
        return asked.show("sign_in_first")
    form = FlaskForm()
    if not form.validate_on_submit():
        return asked.show("accept", sentence="")
    return _join(asked, lambda: person, lambda sentence: asked.show("accept", 422, sentence=sentence))


def _as_somebody_new(asked: Asked) -> ResponseReturnValue:
    form = NewColleagueForm()
    if not form.validate_on_submit():
        return asked.show("new_colleague", 422 if form.is_submitted() else 200, form=form)
    password_hash = hash_password(form.password.data)

    def registered() -> Person:
        # The invitation's own id: should the landlord's commit fail, the colleague whom it left in the company is the same person at the next try.
        return register(
            db.session(),
            mail=asked.invitation.mail,
            name=form.name.data,
            password_hash=password_hash,
            locale=locale(),
            at=_now(),
            key=asked.invitation.id,
        )

    def refused(sentence: str) -> Response:
        form.form_errors.append(sentence)
        return asked.show("new_colleague", 422, form=form)

    return _join(asked, registered, refused)


def _join(asked: Asked, person_of: Callable[[], Person], refused: Callable[[str], Response]) -> ResponseReturnValue:
    database, at = db.session(), _now()
    database.commit()  # the crossing is entered with no connection in hand
    try:
        with crossing():
            person = person_of()
            accept(database, asked.token, person, tenant=asked.company, engine=engine_of(asked.company.cell), at=at)
            token = open_door(database, person.id, means="invitation", at=at)
            database.commit()
    except Refusal as refusal:
        database.rollback()
        return refused(gettext(refusal.sentence, **refusal.params))
    tell(gettext("Welcome to %(company)s.", company=asked.company.name))
    return welcome(token, person.id, workbench(asked.company.slug))


def _asked(token: str) -> Asked | None:
    database = db.session()
    invitation = find_invitation(database, token, at=_now())
    row = database.get(TenantRow, invitation.tenant_id) if invitation else None
    if invitation is None or row is None or row.state not in ENTERABLE:
        return None
    company = value_of(row)
    return Asked(token, invitation, company, database.get_one(Person, invitation.invited_by_id).name, visitor_now())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
