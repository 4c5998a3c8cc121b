"""Links that are mailed: to confirm an address, to set a new password. Only the hash of a token is kept; each opens once."""

import datetime as dt
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from saas.identity.models import OneTimeLink, Person
from saas.identity.sessions import token_hash
from tenants.values.words import N_, Refusal

LIFETIMES = {"confirm": dt.timedelta(days=3), "reset": dt.timedelta(hours=1)}


class LinkExpired(Refusal):
    sentence = N_("This link has been used or is too old.")


def issue(session: Session, person: Person, purpose: str, *, at: dt.datetime) -> str:
    """The token of a new link. Older links go on working: who asks twice may open either letter."""
    token = secrets.token_urlsafe(32)
    expires_at = at + LIFETIMES[purpose]
    session.add(OneTimeLink(person_id=person.id, purpose=purpose, token_hash=token_hash(token), created_at=at, expires_at=expires_at))
    session.flush()
    return token


def person_of(session: Session, token: str, purpose: str, *, at: dt.datetime) -> Person | None:
    """Whose link this is, as long as it opens."""
    link = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at)
    return session.scalars(select(Person).join(OneTimeLink, OneTimeLink.person_id == Person.id).where(*link)).one_or_none()


def redeem(session: Session, token: str, purpose: str, *, at: dt.datetime) -> Person:
    """Uses the link up; of two at once only one gets it. Raises `LinkExpired`."""
    person = person_of(session, token, purpose, at=at)
    mine = update(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token), OneTimeLink.used_at.is_(None)).values(used_at=at)
    if person is None or session.execute(mine.returning(OneTimeLink.id)).one_or_none() is None:
        raise LinkExpired
    return person


def withdraw(session: Session, person: Person, purpose: str, *, at: dt.datetime) -> None:
    """Closes all links of this kind that are still open."""
    open_links = (OneTimeLink.person_id == person.id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
    session.execute(update(OneTimeLink).where(*open_links).values(used_at=at))
