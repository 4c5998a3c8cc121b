"""A lost password, a changed one, and an address that proves to be the person's own."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from saas.identity.links import redeem, withdraw
from saas.identity.models import OidcLink, Person
from saas.identity.sessions import end_all


def confirm_mail(session: Session, token: str, *, at: dt.datetime) -> Person:
    """Raises `LinkExpired`."""
    person = redeem(session, token, "confirm", at=at)
    person.mail_confirmed_at = person.mail_confirmed_at or at
    return person


def reset_password(session: Session, token: str, password_hash: str, *, at: dt.datetime) -> Person:
    """Sets the password, and signs out every browser. Raises `LinkExpired`.

    Whoever had registered with an address that was not confirmed need not be its owner, who has proved it now: what the other one
    brought along (a link to an account elsewhere) goes.
    """
    person = redeem(session, token, "reset", at=at)
    if person.mail_confirmed_at is None:
        session.execute(delete(OidcLink).where(OidcLink.person_id == person.id))
        person.mail_confirmed_at = at
    change_password(session, person, password_hash, at=at)
    return person


def change_password(session: Session, person: Person, password_hash: str, *, at: dt.datetime) -> None:
    """Every browser is signed out, and mailed links to set a password are closed. The one that asked gets a new session from its caller."""
    person.password_hash = password_hash
    end_all(session, person.id, at=at)
    withdraw(session, person, "reset", at=at)
