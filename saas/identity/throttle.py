"""How often something may be tried. Counted before the try, in one statement, so that a hundred tries at once are a hundred.

Who guesses at one person's password from unknown devices has few tries, from whichever address; that person's own devices have tries of their own,
so nobody is locked out by a stranger. One address has few tries as well, over all people.
"""

import datetime as dt
import hashlib
import ipaddress
import uuid
from dataclasses import dataclass

from sqlalchemy import case, func, literal, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from saas.identity.models import Throttle
from tenants.values.words import N_, Refusal


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` hits on one key from its first hit on, until `window` is over."""

    name: str
    most: int
    window: dt.timedelta


PASSWORD_SOON = Limit("password", 10, dt.timedelta(minutes=15))
PASSWORD_DAY = Limit("password-day", 30, dt.timedelta(days=1))
ADDRESS = Limit("address", 30, dt.timedelta(minutes=15))
RESET = Limit("reset", 3, dt.timedelta(hours=1))  # as long as such a link lives: who got three has one that works
RESET_ADDRESS = Limit("reset-address", 30, dt.timedelta(hours=1))
CONFIRM = Limit("confirm", 3, dt.timedelta(hours=1))
SIGNUP = Limit("sign-up", 60, dt.timedelta(hours=1))  # new companies from one address
INVITE = Limit("invite", 100, dt.timedelta(days=1))  # invitations of one company
UPLOAD = Limit("upload", 300, dt.timedelta(hours=1))  # files of one member to be imported: each is read in a process of its own
BOT_TEST = Limit("bot-test", 60, dt.timedelta(hours=1))  # test messages of one company, over all its bots


class TooManyTries(Refusal):
    """`seconds` until the next try is heard."""

    sentence = N_("That was tried too often. Please wait %(minutes)s minutes and try again.")

    def __init__(self, *, until: dt.datetime, at: dt.datetime) -> None:
        self.seconds = max(1, round((until - at).total_seconds()))
        super().__init__(minutes=-(-self.seconds // 60))


@dataclass(frozen=True, slots=True)
class Try:
    """One more hit on `subject`'s count under `limit`."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """Hashed: the table shall not tell which addresses were tried."""
        return f"{self.limit.name}:{hashlib.sha256(self.subject.encode()).hexdigest()[:40]}"


def password_tries(mail: str, *, address: str | None, device: uuid.UUID | None) -> list[Try]:
    """What a password for `mail` counts against. `device` is one on which this person has signed in before."""
    if device is not None:
        return [Try(PASSWORD_SOON, f"{mail} {device}"), Try(PASSWORD_DAY, f"{mail} {device}")]
    return [Try(ADDRESS, network(address)), Try(PASSWORD_SOON, mail), Try(PASSWORD_DAY, mail)]


def count(session: Session, tries: list[Try], *, at: dt.datetime) -> None:
    """Counts each, or raises `TooManyTries`. Commit before the try itself is made."""
    for one in sorted(tries, key=lambda each: each.key):  # in one order, so that two who count at once do not wait for each other
        hits, until = _hit(session, one, at)
        if hits > one.limit.most:
            raise TooManyTries(until=until, at=at)


def forgive(session: Session, tries: list[Try]) -> None:
    """Takes back what was counted for a try that went well."""
    for one in sorted(tries, key=lambda each: each.key):
        session.execute(update(Throttle).where(Throttle.key == one.key, Throttle.hits > 0).values(hits=Throttle.hits - 1))


def network(address: str | None) -> str:
    """What counts as one address: with IPv6 a household's or office's /64."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _hit(session: Session, one: Try, at: dt.datetime) -> tuple[int, dt.datetime]:
    fresh = insert(Throttle).values(key=one.key, hits=1, until=at + one.limit.window)
    over = Throttle.until <= at
    # It stops one above the limit: the number must not grow for ever under an attack.
    more = func.least(Throttle.hits + 1, literal(one.limit.most + 1))
    query = fresh.on_conflict_do_update(
        index_elements=[Throttle.key], set_={"hits": case((over, 1), else_=more), "until": case((over, fresh.excluded.until), else_=Throttle.until)}
    ).returning(Throttle.hits, Throttle.until)
    hits, until = session.execute(query).one()
    return hits, until
