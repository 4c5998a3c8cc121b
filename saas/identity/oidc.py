"""Accounts elsewhere: known by issuer and subject, never by mail, which changes hands."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from saas.identity.models import OidcLink, Person
from saas.identity.people import find_person, register
from tenants.values.words import N_, Refusal


class LinkedElsewhere(Refusal):
    sentence = N_("That account is linked to another person here.")


class SignInFirst(Refusal):
    """Somebody has this address here already, with a password: a claim of another server does not open that account."""

    sentence = N_("There is an account with this address already. Sign in with your password; then you can link the two under “My account”.")


class LastWayIn(Refusal):
    sentence = N_("This is your only way to sign in. Set a password first.")


@dataclass(frozen=True, slots=True)
class Account:
    """Who an identity provider says it is. `mail` is tidied; `has_proved_mail`: the provider has verified it."""

    issuer: str
    subject: str
    mail: str | None
    has_proved_mail: bool
    name: str


def person_behind(session: Session, account: Account, *, locale: str, at: dt.datetime) -> Person | None:
    """The person who signs in with this account, made at the first time. None when the provider told no address.

    An address that the provider has verified leads to a person here only if that one has no password and a confirmed address: such a person
    has always come through providers that we trust. Raises `SignInFirst` otherwise.
    """
    known = linked_person(session, account)
    if known is not None or account.mail is None:
        return known
    person = find_person(session, account.mail)
    if person is None:
        person = register(
            session, mail=account.mail, name=account.name, password_hash=None, locale=locale, at=at, is_confirmed=account.has_proved_mail
        )
    elif person.password_hash is not None or person.mail_confirmed_at is None or not account.has_proved_mail:
        raise SignInFirst
    link(session, account, person.id, at=at)
    return person


def linked_person(session: Session, account: Account) -> Person | None:
    mine = (OidcLink.issuer == account.issuer, OidcLink.subject == account.subject)
    return session.scalars(select(Person).join(OidcLink, OidcLink.person_id == Person.id).where(*mine)).one_or_none()


def link(session: Session, account: Account, person_id: uuid.UUID, *, at: dt.datetime) -> None:
    """Doing it again is harmless. Raises `LinkedElsewhere`."""
    there = linked_person(session, account)
    if there is not None and there.id != person_id:
        raise LinkedElsewhere
    if there is None:
        session.add(OidcLink(issuer=account.issuer, subject=account.subject, person_id=person_id, created_at=at))
        session.flush()


def links_of(session: Session, person_id: uuid.UUID) -> list[OidcLink]:
    return list(session.scalars(select(OidcLink).where(OidcLink.person_id == person_id).order_by(OidcLink.created_at)))


def unlink(session: Session, person: Person, issuer: str, subject: str) -> None:
    """Raises `LastWayIn` rather than lock the person out."""
    links = links_of(session, person.id)
    if person.password_hash is None and len(links) == 1:
        raise LastWayIn
    session.execute(delete(OidcLink).where(OidcLink.issuer == issuer, OidcLink.subject == subject, OidcLink.person_id == person.id))
