"""The letters about accounts: each says what happened, what to do, and what to do if it was somebody else."""

import datetime as dt

from flask_babel import gettext
from sqlalchemy.orm import Session

from saas.identity.links import issue
from saas.identity.models import Invitation, Person
from saas.identity.people import find_person
from web.database import db
from web.languages import locale
from web.mail import Letter, language, post, public_url


def mail_confirmation(session: Session, person: Person, *, at: dt.datetime) -> None:
    """A link that proves that the address is the person's own."""
    token = issue(session, person, "confirm", at=at)
    with language(person.locale):
        letter = Letter(
            gettext("Please confirm your email address"),
            (
                gettext("Hello %(name)s,", name=person.name),
                gettext("Your workspace is ready, and you can work in it right away."),
                gettext("Confirm that this address is yours; then you can invite colleagues."),
            ),
            (gettext("Confirm my address"), public_url("identity.confirm", token=token)),
            (gettext("The link works for three days, and once. If you did not sign up, ignore this email."),),
        )
        post(session, person.mail, letter, at=at)


def mail_reset(session: Session, person: Person, *, at: dt.datetime) -> None:
    token = issue(session, person, "reset", at=at)
    with language(person.locale):
        letter = Letter(
            gettext("Set a new password"),
            (gettext("Hello %(name)s,", name=person.name), gettext("Somebody, probably you, wants to set a new password for your account.")),
            (gettext("Set a new password"), public_url("identity.reset_password", token=token)),
            (gettext("The link works for one hour, and once. If it was not you, ignore this email: your password stays as it is."),),
        )
        post(session, person.mail, letter, at=at)


def mail_known(session: Session, person: Person, *, at: dt.datetime) -> None:
    """To somebody who signed up with an address that has an account, and another password."""
    token = issue(session, person, "reset", at=at)
    with language(person.locale):
        letter = Letter(
            gettext("You have an account already"),
            (
                gettext("Hello %(name)s,", name=person.name),
                gettext("Somebody, probably you, has just signed up with this address, which has an account already. No second one was made."),
                gettext("Sign in with your password, and you can add another company. If you have forgotten it, set a new one."),
            ),
            (gettext("Set a new password"), public_url("identity.reset_password", token=token)),
            (gettext("The link works for one hour, and once. If it was not you, ignore this email: your password stays as it is."),),
        )
        post(session, person.mail, letter, at=at)


def mail_password_changed(session: Session, person: Person, *, at: dt.datetime) -> None:
    with language(person.locale):
        letter = Letter(
            gettext("Your password was changed"),
            (
                gettext("Hello %(name)s,", name=person.name),
                gettext("The password of your account has just been changed, and all other browsers were signed out."),
            ),
            (gettext("That was not me"), public_url("identity.forgotten_password")),
            (gettext("If it was you, there is nothing to do."),),
        )
        post(session, person.mail, letter, at=at)


def mail_invitation(invitation: Invitation, token: str, *, company: str, by: str) -> None:
    """In the language of whoever is invited, if we know it, else in the inviting colleague's."""
    session = db.session()
    invited = find_person(session, invitation.mail)
    with language(invited.locale if invited and invited.locale else locale()):
        letter = Letter(
            gettext("%(by)s invites you to %(company)s", by=by, company=company),
            (
                gettext("%(by)s works with Zuke at %(company)s, and would like you to join.", by=by, company=company),
                gettext("Zuke keeps customers, follow-ups and opportunities in one place."),
            ),
            (gettext("Accept the invitation"), public_url("invitations.show", token=token)),
            (gettext("The link works for seven days. If you do not know %(by)s, ignore this email.", by=by),),
        )
        post(session, invitation.mail, letter, at=dt.datetime.now(dt.UTC))
