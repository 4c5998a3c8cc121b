"""Is this password theirs? Asked at sign-in, at sign-up of somebody known, and before an account is changed."""

import datetime as dt

from flask import request

from saas.identity import passwords, throttle
from saas.identity.models import Person
from saas.identity.people import find_person
from web.database import db
from web.identity.cookie import device_of


def prove(mail: str, password: str) -> Person | None:
    """The person whose mail and password these are. Raises `TooManyTries`, `TooBusy`.

    Commits: the try is counted whatever comes of it, and no connection is held while the hash is made.
    """
    database, now = db.session(), dt.datetime.now(dt.UTC)
    person = find_person(database, mail)
    tries = throttle.password_tries(mail, address=request.remote_addr, device=device_of(person.id) if person else None)
    throttle.count(database, tries, at=now)
    database.commit()
    if not passwords.is_right(person.password_hash if person else None, password) or person is None:
        return None
    throttle.forgive(database, tries)
    if person.password_hash and passwords.is_dated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    return person
