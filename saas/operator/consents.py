"""Support access: a company lets us look in for some days, unasked or because an operator has asked; and takes it back whenever it likes.

The caller commits. Whoever changes anything holds the tenant's row, so that two clicks at once are one after the other.
"""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from saas.operator.models import SupportConsent, SupportVisit
from saas.operator.notice import ASKED, tell
from saas.operator.rules import PATIENCE, TAKEN_BACK
from saas.operator.staff import write_down
from saas.registry.models import Tenant
from saas.registry.states import ENTERABLE
from tenants.values.words import N_, Refusal


class NobodyIn(Refusal):
    sentence = N_("The company is closed: nobody can be let in.")


class GrantedAlready(Refusal):
    sentence = N_("The company lets us in already.")


class AskedAlready(Refusal):
    sentence = N_("It has been asked already, and has not answered yet.")


class NothingAsked(Refusal):
    sentence = N_("There is no question to be answered any more.")


def standing(session: Session, tenant_id: uuid.UUID, at: dt.datetime, *, for_update: bool = False) -> SupportConsent | None:
    """The consent that lets us in now."""
    query = select(SupportConsent).where(SupportConsent.tenant_id == tenant_id, SupportConsent.ends_at > at, SupportConsent.withdrawn_at.is_(None))
    query = query.order_by(SupportConsent.ends_at.desc()).limit(1).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if for_update else query).one_or_none()


def waiting(session: Session, tenant_id: uuid.UUID, at: dt.datetime) -> SupportConsent | None:
    """The question that has no answer yet."""
    query = select(SupportConsent).where(SupportConsent.tenant_id == tenant_id, *_is_open(at))
    return session.scalars(query.order_by(SupportConsent.id.desc()).limit(1)).one_or_none()


def last_refused(session: Session, tenant_id: uuid.UUID) -> SupportConsent | None:
    """The answer to the latest question, if it was no."""
    query = select(SupportConsent).where(SupportConsent.tenant_id == tenant_id).order_by(SupportConsent.id.desc()).limit(1)
    last = session.scalars(query).one_or_none()
    return last if last is not None and last.decided_at is not None and last.ends_at is None else None


def ask(session: Session, tenant: Tenant, *, name: str, by: uuid.UUID, at: dt.datetime, why: str) -> SupportConsent:
    """Its administrators are told. Raises `NobodyIn`, `GrantedAlready`, `AskedAlready`."""
    if tenant.state not in ENTERABLE:
        raise NobodyIn
    if standing(session, tenant.id, at):
        raise GrantedAlready
    if waiting(session, tenant.id, at):
        raise AskedAlready
    consent = SupportConsent(tenant_id=tenant.id, asked_at=at, asked_by=name, asked_why=why)
    session.add(consent)
    write_down(session, "consent.asked", by=by, at=at, why=why, tenant_id=tenant.id)
    tell(session, ASKED, tenant.id, consent.id, at=at)
    return consent


def grant(session: Session, tenant: Tenant, *, days: int, what_for: str, name: str, by: uuid.UUID, at: dt.datetime) -> SupportConsent:
    """For so many days from now; it answers a question that waits. Granted twice, it is granted once."""
    standing_one = standing(session, tenant.id, at)
    if standing_one is not None:
        return standing_one
    consent = waiting(session, tenant.id, at) or SupportConsent(tenant_id=tenant.id)
    consent.decided_at, consent.decided_by, consent.what_for, consent.ends_at = at, name, what_for, at + dt.timedelta(days=days)
    session.add(consent)
    write_down(session, "consent.granted", by=by, at=at, why=what_for, tenant_id=tenant.id, days=days)
    return consent


def refuse(session: Session, tenant: Tenant, *, name: str, by: uuid.UUID, at: dt.datetime) -> SupportConsent:
    """Raises `NothingAsked`."""
    consent = waiting(session, tenant.id, at)
    if consent is None:
        raise NothingAsked
    consent.decided_at, consent.decided_by = at, name
    write_down(session, "consent.refused", by=by, at=at, why="", tenant_id=tenant.id)
    return consent


def withdraw(session: Session, tenant: Tenant, *, name: str, by: uuid.UUID, at: dt.datetime) -> SupportConsent | None:
    """At once: the visits that stand on it end with it. None when there is nothing to withdraw."""
    consent = standing(session, tenant.id, at, for_update=True)
    if consent is None:
        return None
    consent.withdrawn_at, consent.withdrawn_by = at, name
    session.flush()
    running = (SupportVisit.consent_id == consent.id, SupportVisit.ended_at.is_(None), SupportVisit.ends_at > at)
    session.execute(update(SupportVisit).where(*running).values(ended_at=at, ending="withdrawn"), execution_options={"synchronize_session": False})
    write_down(session, "consent.withdrawn", by=by, at=at, why="", tenant_id=tenant.id)
    return consent


def restore(session: Session, tenant: Tenant, consent_id: uuid.UUID, *, by: uuid.UUID, at: dt.datetime) -> SupportConsent | None:
    """A withdrawal that was a slip of the hand is taken back; visits that it ended stay ended. None when it is too late, or another one stands."""
    mine = select(SupportConsent).where(SupportConsent.id == consent_id, SupportConsent.tenant_id == tenant.id)
    consent = session.scalars(mine.where(SupportConsent.withdrawn_at > at - TAKEN_BACK, SupportConsent.ends_at > at)).one_or_none()
    if consent is None or standing(session, tenant.id, at):
        return None
    consent.withdrawn_at = consent.withdrawn_by = None
    write_down(session, "consent.restored", by=by, at=at, why="", tenant_id=tenant.id)
    return consent


def _is_open(at: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return SupportConsent.decided_at.is_(None), SupportConsent.asked_at > at - PATIENCE
