"""An operator visits a company: by its consent, or with a written reason that it is shown. To look, and not for long.

A visit is no membership: it takes no seat, and the person stands in no list of the company's.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from saas.identity.memberships import find_membership
from saas.identity.models import Session as SignIn
from saas.identity.sessions import Visitor, value_of
from saas.operator import consents
from saas.operator.models import Operator, SupportConsent, SupportVisit
from saas.operator.notice import VISITED, tell
from saas.operator.roles import may
from saas.operator.rules import LONGEST, Facts, why_over
from saas.operator.staff import write_down
from saas.registry.models import Tenant
from saas.registry.states import ENTERABLE
from tenants.values.words import N_, Refusal
from tenants.wall import tenant as wall

REMEMBERED = dt.timedelta(days=1)  # for which who comes back is told why the visit is over
QUIETLY = {"synchronize_session": False}


class WorksThere(Refusal):
    sentence = N_("You work there: sign in as a member.")


class ReasonNeeded(Refusal):
    sentence = N_("The company has not let us in: a visit needs a written reason, which it is shown.")


@dataclass(frozen=True, slots=True)
class Passage:
    """A visit as the door finds it. `over`: why it has ended (`rules.ENDINGS`); None while it runs."""

    id: uuid.UUID
    tenant: wall.Tenant
    name: str
    ends_at: dt.datetime
    rooms: tuple[str, ...]
    over: str | None


def begin(session: Session, tenant: Tenant, *, visitor: Visitor, reason: str | None, at: dt.datetime) -> SupportVisit:
    """The caller holds the tenant's row. Begun twice from one browser, it is begun once. Raises `NobodyIn`, `WorksThere`, `ReasonNeeded`."""
    if tenant.state not in ENTERABLE:
        raise consents.NobodyIn
    membership = find_membership(session, visitor.person_id, tenant.id)
    if membership is not None and membership.ended_at is None:
        raise WorksThere
    if (running := _running(session, tenant.id, visitor, at)) is not None:
        return running
    consent = consents.standing(session, tenant.id, at, for_update=True)
    if consent is None and not reason:
        raise ReasonNeeded
    visit = SupportVisit(
        tenant_id=tenant.id,
        person_id=visitor.person_id,
        session_id=visitor.session_id,
        name=visitor.name,
        consent_id=consent.id if consent else None,
        reason=None if consent else reason,
        began_at=at,
        ends_at=min(at + LONGEST, consent.ends_at or at) if consent else at + LONGEST,
        rooms=[],
    )
    session.add(visit)
    what, why = ("visit.consented", consent.what_for or "") if consent else ("visit.begun", reason or "")
    write_down(session, what, by=visitor.person_id, at=at, why=why, tenant_id=tenant.id)
    tell(session, VISITED, tenant.id, visit.id, at=at)
    return visit


def end(session: Session, visit_id: uuid.UUID, *, by: uuid.UUID, at: dt.datetime) -> SupportVisit | None:
    """By who makes it. None for somebody else's; one that is over already stays as it ended."""
    mine = select(SupportVisit).where(SupportVisit.id == visit_id, SupportVisit.person_id == by).with_for_update()
    visit = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if visit is not None and visit.ended_at is None and at < visit.ends_at:
        visit.ended_at, visit.ending = at, "left"
        write_down(session, "visit.ended", by=by, at=at, why="", tenant_id=visit.tenant_id)
    return visit


def at_door(session: Session, visitor: Visitor, slug: str, *, now: dt.datetime) -> Passage | None:
    """The visit with which this person stands before this company: the one of this browser, or else the latest. None: they have none."""
    here = case((SupportVisit.session_id == visitor.session_id, 0), else_=1)
    query = (
        select(SupportVisit, Tenant, Operator.role, SupportConsent)
        .join(Tenant, Tenant.id == SupportVisit.tenant_id)
        .outerjoin(Operator, Operator.person_id == SupportVisit.person_id)
        .outerjoin(SupportConsent, SupportConsent.id == SupportVisit.consent_id)
        .where(SupportVisit.person_id == visitor.person_id, Tenant.slug == slug, SupportVisit.began_at > now - REMEMBERED)
        .order_by(here, SupportVisit.began_at.desc(), SupportVisit.id.desc())
        .limit(1)
    )
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    visit, tenant, role, consent = row
    facts = Facts(
        ends_at=visit.ends_at,
        ending=visit.ending,
        is_same_browser=visit.session_id == visitor.session_id,
        may_act=role is not None and may(role, "act"),
        tenant_state=tenant.state,
        is_withdrawn=consent is not None and consent.withdrawn_at is not None,
        consent_ends_at=consent.ends_at if consent is not None else None,
    )
    return Passage(visit.id, value_of(tenant), visit.name, visit.ends_at, tuple(visit.rooms), why_over(facts, now))


def look_into(session: Session, passage: Passage, room: str) -> None:
    """Writes down that this room was looked into; once is enough."""
    if room not in passage.rooms:
        seen = update(SupportVisit).where(SupportVisit.id == passage.id, func.array_position(SupportVisit.rooms, room).is_(None))
        session.execute(seen.values(rooms=func.array_append(SupportVisit.rooms, room)), execution_options=QUIETLY)


class Told(NamedTuple):
    """A visit as it is shown, to us and to the company. `reason`: why, without consent; `what_for`: what the consent was given for."""

    id: uuid.UUID
    name: str
    began_at: dt.datetime
    ends_at: dt.datetime
    ended_at: dt.datetime | None
    reason: str | None
    what_for: str | None
    rooms: list[str]

    def is_running(self, at: dt.datetime) -> bool:
        return self.ended_at is None and at < self.ends_at

    def minutes(self, at: dt.datetime) -> int:
        """How long it lasted, or has lasted: begun minutes count."""
        until = min(self.ended_at or at, self.ends_at, at)
        return max(1, -int(-(until - self.began_at).total_seconds() // 60))


def of_tenant(session: Session, tenant_id: uuid.UUID, *, before: uuid.UUID | None = None, limit: int) -> list[Told]:
    """The latest first, one more than `limit` when there are more. Whoever signs out has left."""
    left_at = func.coalesce(SupportVisit.ended_at, SignIn.ended_at)
    columns = (SupportVisit.id, SupportVisit.name, SupportVisit.began_at, SupportVisit.ends_at, left_at, SupportVisit.reason)
    query = select(*columns, SupportConsent.what_for, SupportVisit.rooms).outerjoin(SupportConsent, SupportConsent.id == SupportVisit.consent_id)
    query = query.outerjoin(SignIn, SignIn.id == SupportVisit.session_id)
    query = query.where(SupportVisit.tenant_id == tenant_id).order_by(SupportVisit.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(SupportVisit.id < before)
    return [Told._make(row) for row in session.execute(query)]


def forget(session: Session, tenant_id: uuid.UUID) -> None:
    """What was said of and by a company goes with its data. That somebody visited it stays in the audit."""
    session.execute(delete(SupportVisit).where(SupportVisit.tenant_id == tenant_id), execution_options=QUIETLY)
    session.execute(delete(SupportConsent).where(SupportConsent.tenant_id == tenant_id), execution_options=QUIETLY)


def _running(session: Session, tenant_id: uuid.UUID, visitor: Visitor, at: dt.datetime) -> SupportVisit | None:
    mine = (SupportVisit.tenant_id == tenant_id, SupportVisit.person_id == visitor.person_id, SupportVisit.session_id == visitor.session_id)
    query = select(SupportVisit).where(*mine, SupportVisit.ended_at.is_(None), SupportVisit.ends_at > at)
    return session.scalars(query.order_by(SupportVisit.id.desc()).limit(1)).one_or_none()
