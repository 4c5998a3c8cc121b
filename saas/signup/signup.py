"""A company signs up: in one step there is a workspace, and its owner stands in it."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saas.billing.living import live_on
from saas.cells.vacancies import NoVacancy, claim, release
from saas.identity.models import Membership, Person
from saas.identity.people import register
from saas.identity.sessions import value_of
from saas.plans.catalogue import TRIAL_DAYS
from saas.registry.crossing import crossing
from saas.registry.models import Tenant as TenantRow
from saas.registry.models import TenantChange
from tenants.founding import Translate, found
from tenants.values.ids import new_id
from tenants.values.words import N_, Refusal
from tenants.wall.session import inside, landlord_plane, open_session
from tenants.wall.tenant import Tenant

PATIENCE = 2.0  # seconds that a sign-up waits for a schema to become vacant

log = structlog.get_logger()


class SlugTaken(Refusal):
    sentence = N_("This address has just been taken. Choose another one.")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody without an account. `mail` is tidied, the password hashed."""

    mail: str
    name: str
    password_hash: str | None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """What the form says. `who` is a newcomer, or the id of a person who has an account.

    `rented_from`: now, by the clock that the rent goes by, where that is another one.
    """

    company: str
    slug: str
    locale: str
    who: Newcomer | uuid.UUID
    timezone: str = "Asia/Shanghai"
    rented_from: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A company that has just signed up. `landlord` is the transaction that makes it real."""

    landlord: Session
    tenant: Tenant
    person: Person


@dataclass(frozen=True, slots=True)
class Signup:
    """Signs companies up in the database `landlord`; they live in `cell`, whose database is `engine`."""

    landlord: Engine
    cell: str
    engine: Engine

    @contextmanager
    def of(self, application: Application, *, at: dt.datetime, say: Translate) -> Iterator[Lease]:
        """The block's own rows (a session, a mail) are committed with the company. Raises `SlugTaken`, `MailTaken`, `NoVacancy`, `Crowded`.

        The landlord's rows come first, uncommitted: of many who want one slug the database lets one go on. Then a schema is claimed and
        furnished. The landlord's commit is the last step and makes all of it real, so that whatever is killed before leaves at most
        a schema that is let to nobody, which `saas.signup.orphans` finds.
        """
        with crossing(), open_session(self.landlord, landlord_plane()) as landlord:
            person, row = self._enter(landlord, application, at)
            try:
                self._furnish(row, person, at=at, say=say)
                yield Lease(landlord, _value(row), person)
            except BaseException:
                landlord.rollback()
                self._give_back(row.key)
                raise
            # A commit that seems to fail may have happened, so from here on nothing is given back: the orphans' search asks the register.
            landlord.commit()

    def _enter(self, landlord: Session, application: Application, at: dt.datetime) -> tuple[Person, TenantRow]:
        person, begins_at = _person(landlord, application, at), application.rented_from or at
        row = TenantRow(
            id=new_id(),
            key=f"claiming {new_id()}",
            slug=application.slug,
            name=application.company,
            cell=self.cell,
            state="trial",
            locale=application.locale,
            timezone=application.timezone,
            trial_ends_at=begins_at + dt.timedelta(days=TRIAL_DAYS),
            plan="trial",
            created_at=at,
        )
        landlord.add(row)
        try:
            landlord.flush()
        except IntegrityError as error:
            raise SlugTaken from error
        landlord.add(Membership(person_id=person.id, tenant_id=row.id, created_at=at))
        live_on(landlord, row, None, at=begins_at)
        landlord.add(TenantChange(tenant_id=row.id, at=at, after="trial", why="sign-up", person_id=person.id))
        return person, row

    def _furnish(self, row: TenantRow, person: Person, *, at: dt.datetime, say: Translate) -> None:
        row.key = self._claim(at)
        with inside(_value(row), self.engine) as room:
            found(room, company=row.name, person_id=person.id, name=person.name, mail=person.mail, at=at, say=say)

    def _claim(self, at: dt.datetime) -> str:
        """Waits a little when no schema stands ready: the caretaker is making some."""
        patience_ends = time.monotonic() + PATIENCE
        while True:
            try:
                with open_session(self.engine, landlord_plane()) as cell:
                    key = claim(cell, at=at)
                    cell.commit()
                    return key
            except NoVacancy:
                if time.monotonic() > patience_ends:
                    raise
                time.sleep(0.1)

    def _give_back(self, key: str) -> None:
        if key.startswith("claiming"):
            return
        try:
            with open_session(self.engine, landlord_plane()) as cell:
                release(cell, key)
                cell.commit()
        except Exception as error:  # the failure that brought us here matters more; the orphans' search will find the schema
            log.warning("schema not given back", key=key, error=repr(error))


def _person(landlord: Session, application: Application, at: dt.datetime) -> Person:
    who = application.who
    if isinstance(who, uuid.UUID):
        return landlord.get_one(Person, who)
    return register(
        landlord, mail=who.mail, name=who.name, password_hash=who.password_hash, locale=application.locale, at=at, is_confirmed=who.is_confirmed
    )


def _value(row: TenantRow) -> Tenant:
    return value_of(row)
