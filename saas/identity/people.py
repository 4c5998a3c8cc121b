"""People at the door: found, registered."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saas.identity.models import Person
from tenants.values.words import N_, Refusal


class MailTaken(Refusal):
    """For the code that called; a page must not say this to strangers."""

    sentence = N_("This email address has an account already.")


def find_person(session: Session, mail: str) -> Person | None:
    return session.scalars(select(Person).where(Person.mail == mail)).one_or_none()


def register(
    session: Session,
    *,
    mail: str,
    name: str,
    password_hash: str | None,
    locale: str,
    at: dt.datetime,
    is_confirmed: bool = False,
    key: uuid.UUID | None = None,
) -> Person:
    """A new person, with the id `key` if that matters. Raises `MailTaken`, also when another registration with the same mail is a moment quicker."""
    person = Person(mail=mail, name=name, password_hash=password_hash, locale=locale, mail_confirmed_at=at if is_confirmed else None, created_at=at)
    if key is not None:
        person.id = key
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise MailTaken from error
    return person
