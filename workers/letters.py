"""Letters that are written when they are sent: what they say is looked up then, in the reader's language."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from saas.identity.models import Person
from tenants.notifications import mornings
from tenants.reminders.digest import Morning, morning
from tenants.reminders.reading import Notice, notices_by_id
from tenants.team.actor import Actor, find_actor
from tenants.team.models import Member
from tenants.wall.tenant import Tenant
from web.app import create_app
from web.config import Settings
from web.mail import Letter, language, write
from web.notifications import letters
from web.notifications import morning as mail_of_the_morning
from workers.effects import Errand
from workers.refusals import Needless
from workers.tenancy import House, now

_apps: dict[str, Flask] = {}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a letter, and as whom this person works here."""

    mail: str
    locale: str | None
    actor: Actor


def send(errand: Errand) -> None:
    """`payload`: member, and the ids of the notifications that the letter is about."""
    tenant = errand.ring.tenant
    if tenant is None:
        raise Needless("the landlord notifies nobody")
    reader = find_reader(errand)
    ids = [uuid.UUID(key) for key in errand.promised.payload["notifications"]]
    notices = [notice for notice in notices_by_id(errand.session, reader.actor, ids) if is_worth_telling(notice)]
    today = _morning(errand.session, reader.actor, notices)
    notices = [notice for notice in notices if notice.kind != mornings.KIND]
    if not notices and today is None:
        raise Needless("nothing of it stands any more")
    with speaking(errand.ring.house.settings, reader.locale or tenant.locale):
        written = _letter(notices, today, tenant, reader)
        errand.post.deliver(errand.promised.id, write(reader.mail, written))


def _morning(session: Session, actor: Actor, notices: Sequence[Notice]) -> Morning | None:
    """What the morning's letter says, if one is asked for, as it stands now. It may wait in quiet hours, and have nothing to say afterwards."""
    if not any(notice.kind == mornings.KIND for notice in notices):
        return None
    today = morning(session, actor, at=now())
    return None if today.is_empty else today


def _letter(notices: Sequence[Notice], today: Morning | None, tenant: Tenant, reader: Reader) -> Letter:
    if today is None:
        return letters.letter(notices, tenant, now=now())
    written = mail_of_the_morning.letter(today, tenant, reader.actor.name, now=now())
    return replace(written, lists=(*letters.letter(notices, tenant, now=now()).lists, *written.lists)) if notices else written


def is_worth_telling(notice: Notice) -> bool:
    """A plan that was done or moved meanwhile is not, nor is what its reader may no longer see."""
    return notice.stands and not notice.is_hidden


def find_reader(errand: Errand) -> Reader:
    """Raises `Needless` for who has left, and for an address that nobody has confirmed: it may be a stranger's."""
    member_id = uuid.UUID(errand.promised.payload["member"])
    person_id = errand.session.scalar(select(Member.person_id).where(Member.id == member_id, Member.deactivated_at.is_(None)))
    actor = find_actor(errand.session, person_id) if person_id else None
    person = _person(errand.ring.house, person_id) if person_id else None
    if actor is None or person is None or person.mail_confirmed_at is None:
        raise Needless("nobody is there to read it")
    return Reader(person.mail, person.locale, actor)


def _person(house: House, person_id: uuid.UUID) -> Person | None:
    with house.landlord_session() as landlord:
        return landlord.get(Person, person_id)


@contextmanager
def speaking(settings: Settings, locale: str) -> Iterator[None]:
    """In the block, words and addresses are those of our pages in this language."""
    app = _apps.get(settings.public_url)
    if app is None:
        app = _apps[settings.public_url] = create_app(settings)
    with app.test_request_context(f"/?lang={locale}", base_url=settings.public_url), language(locale):
        yield
